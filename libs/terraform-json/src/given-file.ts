// A file that somebody named, read whole: never a device, and no more of it than is allowed, whatever it says of its size.
import type { InputError } from '@dr/contracts';
import { closeSync, openSync, readSync, statSync, type Stats } from 'node:fs';

export interface GivenFile {
  readonly path: string;
  readonly maxBytes: number;
  /** It is read more than once, which a pipe is not. @default false */
  readonly again?: boolean;
  /** The error, in the words of who was given the file. */
  refused(why: string, fix: string, cause?: unknown): InputError;
}

const EXISTING = 'Name a file that exists and may be read';
const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'may not be read',
};
const CHUNK_BYTES = 1 << 16;

/** Waits for a pipe until its writer ends it. Throws what `refused` makes. */
export function readGivenFile(file: GivenFile): Buffer {
  const { path, maxBytes, refused } = file;
  const found = orRefused(file, () => statSync(path));
  const wrong = wrongKind(found, file);
  if (wrong) throw refused(...wrong);
  const content = found.size > maxBytes ? undefined : orRefused(file, () => upTo(maxBytes, path));
  if (content) return content;
  throw refused(`is larger than ${megabytes(maxBytes)} MB`, 'Name a file that is meant for it');
}

const megabytes = (bytes: number): number => Math.round((bytes / (1 << 20)) * 10) / 10;

function wrongKind(found: Stats, { again = false }: GivenFile): [why: string, fix: string] | undefined {
  if (found.isFile()) return undefined;
  if (found.isDirectory()) return ['is a directory', EXISTING];
  if (found.isFIFO())
    return again ? ['is a pipe, and would have to be read more than once', 'Write it into a file first'] : undefined;
  if (found.isSocket()) return ['is a socket', 'Name a file or a pipe'];
  return ['is a device, which may never end', again ? 'Name a file' : 'Name a file or a pipe'];
}

function orRefused<Result>({ refused }: GivenFile, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    throw refused(UNREADABLE[(cause as NodeJS.ErrnoException).code ?? ''] ?? 'cannot be read', EXISTING, cause);
  }
}

/** undefined: there is more. */
function upTo(maxBytes: number, path: string): Buffer | undefined {
  const file = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let bytes = 0; bytes <= maxBytes;) {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const length = readSync(file, chunk);
      if (length === 0) return Buffer.concat(chunks, bytes);
      chunks.push(chunk.subarray(0, length));
      bytes += length;
    }
    return undefined;
  } finally {
    closeSync(file);
  }
}
