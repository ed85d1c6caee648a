// Files: written whole or not at all; temporary directories that never outlive the process.
import { asInputError, InputError } from '@dr/contracts';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
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
  const fail = (why: string): never => {
    throw new InputError(`--${option} "${path}"`, why, fix);
  };
  if (path.trim() === '' || !isDirectory(directory) || isDirectory(path)) fail('is not a place to write a file');
  try {
    accessSync(existsSync(path) ? path : directory, constants.W_OK);
  } catch {
    fail('may not be written');
  }
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
