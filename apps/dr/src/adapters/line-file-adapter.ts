// A file of lines that outlives the process, however it ends: each line is in it whole, or is not read again.
import { asInputError, InputError } from '@dr/contracts';
import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { LineFile, Processes } from '../context';

const CHUNK_BYTES = 1 << 20;
const NEW_LINE = 0x0a;

/** A name that ends in a slash is a directory's, there or not. */
export const placeIn: Processes['placeIn'] = (path, name) =>
  /[/\\]$/.test(path) || statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, name) : path;

/** Nothing is written before the first line is appended. `given`: what named the file, e.g. `--progress`. Throws InputError. */
export function lineFile(given: string, path: string): LineFile {
  const what = `${given} "${path}"`;
  const there = statSync(path, { throwIfNoEntry: false });
  if (there && !there.isFile()) throw new InputError(what, 'is no file', 'Name a file, there or not');
  try {
    const read = there ? readLines(path) : { lines: [], torn: '', wholeBytes: 0, bytes: 0 };
    return { lines: read.lines, torn: read.torn, append: appender(what, path, read) };
  } catch (error) {
    throw asInputError(error, what) ?? error;
  }
}

interface Read {
  readonly lines: readonly string[];
  /** After the last line end: of a process that was killed while it wrote. */
  readonly torn: string;
  readonly wholeBytes: number;
  readonly bytes: number;
}

/** A long search has more than one text can hold. */
function readLines(path: string): Read {
  const file = openSync(path, 'r');
  const lines: string[] = [];
  let rest = Buffer.alloc(0);
  let bytes = 0;
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
      bytes += read;
      let text = Buffer.concat([rest, chunk.subarray(0, read)]);
      for (let end = text.indexOf(NEW_LINE); end >= 0; end = text.indexOf(NEW_LINE)) {
        lines.push(text.toString('utf8', 0, end));
        text = text.subarray(end + 1);
      }
      rest = text;
    }
  } finally {
    closeSync(file);
  }
  return { lines, torn: rest.toString(), wholeBytes: bytes - rest.length, bytes };
}

/** Each line is on the disk when this returns. What was torn is cut off before the first. */
function appender(what: string, path: string, { wholeBytes, bytes }: Read): (line: string) => void {
  let file: number | undefined;
  let expected = bytes;
  let failed: unknown;
  const open = (): number => {
    const opened = openSync(path, 'a');
    refuseAnother(what, fstatSync(opened).size, expected);
    ftruncateSync(opened, wholeBytes);
    expected = wholeBytes;
    return opened;
  };
  return (line) => {
    // A line after one that was torn would be part of it.
    if (failed !== undefined) throw failed;
    try {
      file ??= open();
      refuseAnother(what, fstatSync(file).size, expected);
      const text = Buffer.from(`${line}\n`);
      for (let written = 0; written < text.length;) written += writeSync(file, text, written);
      fdatasyncSync(file);
      expected += text.length;
    } catch (error) {
      failed = asInputError(error, what) ?? error;
      throw failed;
    }
  };
}

function refuseAnother(what: string, size: number, expected: number): void {
  if (size === expected) return;
  throw new InputError(
    what,
    'is written by another process, too',
    'Give each search and each shard a file of its own, and end the other process',
  );
}
