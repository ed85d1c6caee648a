// How a script ends: bad input in one paragraph, a signal as the shell counts it, and nothing left in the temporary directory.
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export const BAD_INPUT = 2;

/** Ends the process as for bad input. */
export function fail(message) {
  process.stderr.write(`${message.trimEnd()}\n`);
  process.exit(BAD_INPUT);
}

/** What the machine refuses, and what to do about it. */
const SYSTEM = {
  EACCES: 'permission is denied. Give this user the right to it, or work in a copy of your own',
  EDQUOT: 'the quota of the disk is used up. Make room, then run it again',
  EFBIG: 'files may not grow that large here (ulimit -f). Raise the limit, then run it again',
  ENOENT: 'there is no such file or directory. Make it first, or name one that exists',
  ENOSPC: 'no space is left on the disk. Make room, then run it again',
  ENOTDIR: 'a file is where a directory must be. Name a directory',
  EPERM: 'it is not permitted. Give this user the right to it, or work in a copy of your own',
  EROFS: 'the file system may only be read. Work in a copy that may be written',
};

/** The sentence for an error of the operating system; undefined for any other. */
export function explainSystem(error) {
  const why = SYSTEM[error?.code];
  return why === undefined ? undefined : `${error.path ?? error.syscall ?? 'A file'}: ${why} (${error.code}).`;
}

/** Ends the process for an error of the operating system, and returns for any other. */
export function failOnSystem(error) {
  const said = explainSystem(error);
  if (said !== undefined) fail(said);
}

/** Signals end the process by way of its exit handlers. While a program runs for it, after that one has ended. */
function endOnSignals(end) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(128 + constants.signals[signal]));
}

/** A new directory that is gone when the process ends, by a signal too; `end(code)` is called at a signal. */
export function temporaryDirectory(prefix, end = (code) => process.exit(code)) {
  try {
    const directory = mkdtempSync(join(tmpdir(), prefix));
    process.on('exit', () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 }));
    endOnSignals(end);
    return directory;
  } catch (error) {
    const why = SYSTEM[error.code];
    if (why === undefined) throw error;
    return fail(`The directory for temporary files (TMPDIR), ${tmpdir()}: ${why} (${error.code}).`);
  }
}

/** The options, as util.parseArgs gives them. Ends the process for one that is unknown, has no value, or takes one and is given twice. */
export function readOptions(script, options, usage) {
  const refuse = (why) => fail(`${script}: ${why}. ${usage}`);
  try {
    const { values, tokens } = parseArgs({ options, tokens: true });
    const seen = new Set();
    for (const { kind, name } of tokens) {
      const { type, multiple } = (kind === 'option' && options[name]) || {};
      if (type !== 'string' || multiple) continue;
      if (seen.has(name)) return refuse(`--${name} is given twice, and takes one value: give it once`);
      seen.add(name);
    }
    return values;
  } catch (error) {
    return refuse(error.message.replaceAll('\n', ' ').replace(/\.$/, ''));
  }
}

/** A whole number of that option, at least `from` and of nine digits at most. */
export function wholeNumber(script, name, text, from = 1) {
  if (/^\d{1,9}$/.test(text) && Number(text) >= from) return Number(text);
  return fail(`${script}: --${name} "${text}" is not a whole number from ${from} to 999999999`);
}
