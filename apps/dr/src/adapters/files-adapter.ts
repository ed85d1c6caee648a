// Files: written whole or not at all; temporary directories that never outlive the process.
import { InputError } from '@dr/contracts';
import { closeSync, existsSync, mkdtempSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const CHUNK_CHARACTERS = 1 << 20;

export function checkWritable(path: string): void {
  const directory = dirname(resolve(path));
  if (existsSync(directory) && statSync(directory).isDirectory() && !(existsSync(path) && statSync(path).isDirectory()))
    return;
  throw new InputError(
    `--events "${path}"`,
    'is not a place to write a file',
    'Name a file in a directory that exists',
  );
}

/** Beside the target first, then renamed: a reader never sees half of it. */
export function writeFile(path: string, lines: Iterable<string>): void {
  checkWritable(path);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = openSync(temporary, 'w');
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
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
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
