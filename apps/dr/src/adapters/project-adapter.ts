// Files as commands ask for them.
import { asInputError, InputError } from '@dr/contracts';
import type { PlayerAssets } from '@dr/player';
import { readGivenFile } from '@dr/terraform-json/given-file';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Processes } from '../context';
import type { Interruptions } from './interruptions';

/** Schedules are small; whatever is larger is not one. */
const MAX_BYTES = 1 << 20;

export const readTextFile: Processes['readFile'] = (given, path, maxBytes = MAX_BYTES) =>
  readGivenFile({
    path,
    maxBytes,
    refused: (why, fix, cause) => new InputError(`${given} "${path}"`, why, fix, { cause }),
  }).toString();

/**
 * As {@link readTextFile}, and a signal ends the wait for a pipe. Only there: to take listeners off loses a signal that came while this
 * process was busy, and that they are still to be told of.
 */
export const textFileReader =
  (letThrough: Interruptions['letThrough']): Processes['readFile'] =>
  (...given) =>
    isPipe(given[1]) ? letThrough(() => readTextFile(...given)) : readTextFile(...given);

function isPipe(path: string): boolean {
  try {
    return statSync(path).isFIFO();
  } catch {
    // Whoever reads it says what is wrong.
    return false;
  }
}

/** `folder` is made in `directory`; in the project beside the bundles, as nothing there is under version control. */
export function keepSchedule(directory: string, folder: string, name: string, text: string): string {
  const path = join(folder, name);
  try {
    mkdirSync(join(directory, folder), { recursive: true });
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
