// The project's files and history, as commands ask for them.
import { asInputError, InputError } from '@dr/contracts';
import type { PlayerAssets } from '@dr/player';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkout } from '../context';

/** Schedules are small; whatever is larger is not one. */
const MAX_BYTES = 1 << 20;
const GIT_LIMIT_MS = 5_000;

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'is a directory',
  EACCES: 'may not be read',
};

export function readTextFile(given: string, path: string, maxBytes = MAX_BYTES): string {
  try {
    // A file is refused by its size; what has none, a pipe, once it is read.
    if (statSync(path).size <= maxBytes) {
      const content = readFileSync(path);
      if (content.length <= maxBytes) return content.toString('utf8');
    }
  } catch (cause) {
    const why = UNREADABLE[(cause as NodeJS.ErrnoException).code ?? ''] ?? 'cannot be read';
    throw new InputError(`${given} "${path}"`, why, 'Name a file that exists and may be read', { cause });
  }
  const fix = 'Name a file that is meant for it';
  throw new InputError(`${given} "${path}"`, `is larger than ${maxBytes >> 20} MB`, fix);
}

export const commitOf = (directory: string): string => git(directory, 'rev-parse', '--short', 'HEAD') ?? 'unknown';

export function checkoutOf(directory: string): Checkout {
  const changes = git(directory, 'status', '--porcelain', '--untracked-files=no');
  return changes === undefined ? 'unknown' : changes === '' ? 'clean' : 'changed';
}

/** undefined: there is no git, or nothing that it knows. */
function git(cwd: string, ...args: readonly string[]): string | undefined {
  try {
    const options = { cwd, timeout: GIT_LIMIT_MS, stdio: ['ignore', 'pipe', 'ignore'] as 'pipe'[] };
    return execFileSync('git', [...args], options)
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}

/** Beside the bundles: nothing there is under version control. */
export function keepSchedule(directory: string, name: string, text: string): string {
  const path = join('dist', 'schedules', name);
  try {
    mkdirSync(join(directory, 'dist', 'schedules'), { recursive: true });
    writeFileSync(join(directory, path), text);
  } catch (error) {
    throw asInputError(error) ?? error;
  }
  return path;
}

/** The player as it was built, beside the bundle of the command line. Throws InputError where it is not. */
export function playerIn(directory: string): PlayerAssets {
  try {
    return JSON.parse(readFileSync(join(directory, 'player.json'), 'utf8')) as PlayerAssets;
  } catch (cause) {
    throw new InputError('the player', 'is not beside this command', 'Run it from the project, which builds it', {
      cause,
    });
  }
}
