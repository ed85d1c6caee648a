// What a long run seldom reads, in a file instead of in memory.
import type { Keep } from '@dr/twin';
import { mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The twin's own, which a command that needs no twin should not load. */
const keepInMemory: Keep = (bytes) => () => bytes;

/**
 * The file is made when there is something to keep, and has no name from then on: it is gone with the process, however that ends.
 * Where no file can be made or it takes no more, the rest stays in memory.
 */
export function keepInFile(parent = tmpdir()): Keep {
  let keep: Keep = (bytes) => {
    keep = keepIn(parent);
    return keep(bytes);
  };
  return (bytes) => keep(bytes);
}

function keepIn(parent: string): Keep {
  let file: number;
  try {
    file = openWithoutName(parent);
  } catch {
    return keepInMemory;
  }
  let end = 0;
  let isFull = false;
  return (bytes) => {
    const at = end;
    // What is returned must not hold on to the bytes.
    const { length } = bytes;
    try {
      if (!isFull) writeAll(file, bytes, at);
    } catch {
      isFull = true;
    }
    if (isFull) return keepInMemory(bytes);
    end += length;
    return () => readAll(file, at, length);
  };
}

function openWithoutName(parent: string): number {
  const directory = mkdtempSync(join(parent, 'dr-'));
  try {
    return openSync(join(directory, 'kept'), 'wx+', 0o600);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function writeAll(file: number, bytes: Buffer, at: number): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done, bytes.length - done, at + done);
}

/** Throws when the file is shorter than it was written. */
function readAll(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let done = 0; done < length;) {
    const read = readSync(file, bytes, done, length - done, at + done);
    if (read === 0) throw new Error('a file of this process has lost its end');
    done += read;
  }
  return bytes;
}
