// What a run leaves: each output is written by itself, so that one that fails takes no other with it.
import { InputError } from '@dr/contracts';
import type { Context } from '../context';

const NOT_WRITTEN = 2;

/** Writes the event log where one is asked for. Resolves to false, and says why, when it cannot be written. */
export function keepEvents(
  { writeFile, err }: Pick<Context, 'writeFile' | 'err'>,
  path: string | undefined,
  lines: Iterable<string>,
): boolean {
  if (path === undefined) return true;
  try {
    writeFile(path, lines);
    return true;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    err(`--events ${error.message}. The report is complete; the event log is not kept.\n`);
    return false;
  }
}

/** The answer decides; a run that passed and left less than was asked for has not done what was asked. */
export const exitCode = (passed: boolean, kept: boolean): number => (passed ? (kept ? 0 : NOT_WRITTEN) : 1);
