// What the operating system refuses is no defect: the disk is full, a directory is not there, a file may only be read.
import { InputError } from './input-error';

interface SystemError {
  readonly code?: unknown;
  readonly path?: unknown;
  readonly syscall?: unknown;
}

const NAME_ANOTHER = 'Name a place that may be written';
const EXPLAINED: Readonly<Record<string, readonly [why: string, fix: string]>> = {
  EACCES: ['permission is denied', NAME_ANOTHER],
  EDQUOT: ['the quota of the disk is used up', 'Make room, then run it again'],
  EFBIG: ['files may not grow that large here', 'Raise the limit (ulimit -f), then run it again'],
  EIO: ['the disk or terminal fails', 'Look at it, then run it again'],
  EISDIR: ['a directory is in its place', 'Name a file'],
  ELOOP: ['its links lead in a circle', 'Name another'],
  EMFILE: ['too many files are open', 'Raise the limit (ulimit -n), then run it again'],
  ENAMETOOLONG: ['the name is too long', 'Name a shorter one'],
  ENFILE: ['too many files are open on this machine', 'Close some, then run it again'],
  ENOENT: ['there is no such file or directory', 'Make it first, or name one that exists'],
  ENOSPC: ['no space is left on the disk', 'Make room, then run it again'],
  ENOTDIR: ['a file is where a directory must be', 'Name a directory'],
  EPERM: ['it is not permitted', NAME_ANOTHER],
  EROFS: ['the file system may only be read', NAME_ANOTHER],
};

/** The InputError for an error of the operating system about files; undefined for any other. `what` is named in place of its path. */
export function asInputError(error: unknown, what?: string): InputError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path, syscall } = error as SystemError;
  const explained = typeof code === 'string' && typeof syscall === 'string' ? EXPLAINED[code] : undefined;
  if (explained === undefined) return undefined;
  const [why, fix] = explained;
  return new InputError(what ?? placeOf(path, syscall), `${why} (${String(code)})`, fix, { cause: error });
}

function placeOf(path: unknown, syscall: unknown): string {
  if (typeof path !== 'string') return 'output';
  return syscall === 'mkdtemp'
    ? `directory for temporary files (TMPDIR) "${path.replace(/[\\/][^\\/]*$/, '')}"`
    : `"${path}"`;
}
