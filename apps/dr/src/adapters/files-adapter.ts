// Files: written whole or not at all; temporary directories that never outlive the process.
import { asInputError, InputError } from '@dr/contracts';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const CHUNK_CHARACTERS = 1 << 20;

export function checkWritable(path: string, option = 'events'): void {
  const directory = dirname(resolve(path));
  const fix = 'Name a file in a directory that exists';
  const fail = (why: string, mend = fix): never => {
    throw new InputError(`--${option} "${path}"`, why, mend);
  };
  if (path.trim() === '') fail('is not a place to write a file');
  if (!isDirectory(directory)) fail(`is not a place to write a file: there is no directory "${dirname(path)}"`);
  if (isDirectory(path)) fail('is not a place to write a file: it is a directory', 'Name a file in it');
  try {
    accessSync(existsSync(path) ? path : directory, constants.W_OK);
  } catch {
    fail('may not be written', 'Name a place that may be written');
  }
}

/** What a report's JSON begins with, so that nothing else is ever replaced by one. */
export const REPORT_JSON_BEGINS = '{"schema":1,"kind":"report"';

/**
 * Where the JSON beside a report goes: `run.html` -> `run.json`; undefined when the report goes to a device or a pipe. Throws InputError
 * when either cannot be written, or when something else stands there.
 */
export function besideReport(path: string, option: string): string | undefined {
  checkWritable(path, option);
  if (existsSync(path) && !statSync(path).isFile()) return undefined;
  const beside = `${path.replace(/\.html?$/i, '')}.json`;
  if (/\.json$/i.test(path))
    throw new InputError(
      `--${option} "${path}"`,
      'is no name for a page, which has a JSON file of that name beside it',
      'Name a file that ends in .html',
    );
  if (existsSync(beside) && !isReportJson(beside))
    throw new InputError(
      `--${option} "${path}"`,
      `would put its JSON in the place of "${beside}", which is no report`,
      'Name another file, or move that one',
    );
  checkWritable(beside, option);
  return beside;
}

function isReportJson(path: string): boolean {
  if (!statSync(path).isFile()) return false;
  const file = openSync(path, 'r');
  try {
    const first = Buffer.alloc(REPORT_JSON_BEGINS.length);
    readSync(file, first, 0, first.length, 0);
    return first.toString() === REPORT_JSON_BEGINS;
  } finally {
    closeSync(file);
  }
}

/** Both names lead to one file, there or not. */
export function samePlace(one: string, other: string): boolean {
  const placeOf = (path: string): string => (existsSync(path) ? realpathSync(path) : resolve(path));
  return placeOf(one) === placeOf(other);
}

const isDirectory = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/** Beside the target first, then renamed: a reader never sees half of it. */
export function writeFile(path: string, lines: Iterable<string>): void {
  checkWritable(path);
  try {
    writeWhole(path, lines);
  } catch (error) {
    throw asInputError(error, `"${path}"`) ?? error;
  }
}

function writeWhole(path: string, lines: Iterable<string>): void {
  const there = statSync(path, { throwIfNoEntry: false });
  // A device or a pipe takes what is written; a file renamed over it would be in its place for everyone.
  if (there && !there.isFile()) return writeInto(path, lines);
  const target = there ? realpathSync(path) : path;
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    writeInto(temporary, lines);
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function writeInto(path: string, lines: Iterable<string>): void {
  const file = openSync(path, 'w');
  try {
    let chunk = '';
    for (const line of lines) {
      chunk += line;
      if (chunk.length < CHUNK_CHARACTERS) continue;
      writeFileSync(file, chunk);
      chunk = '';
    }
    writeFileSync(file, chunk);
  } finally {
    closeSync(file);
  }
}

export class TemporaryDirectories {
  private readonly made: string[] = [];

  make(): string {
    const directory = mkdtempSync(join(tmpdir(), 'dr-'));
    this.made.push(directory);
    return directory;
  }

  removeAll(): void {
    for (const directory of this.made.splice(0)) rmSync(directory, { recursive: true, force: true });
  }
}
