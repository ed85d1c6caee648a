// The project's history, as commands ask for it.
import { execFileSync } from 'node:child_process';
import type { Checkout } from '../context';

const GIT_LIMIT_MS = 5_000;

/** Of an image, which has the project without its history: the Dockerfile sets it. */
const COMMIT = 'DR_COMMIT';

export const commitOf = (directory: string): string =>
  git(directory, 'rev-parse', '--short', 'HEAD') ?? (process.env[COMMIT] || 'unknown');

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
