// Files as commands ask for them.
import { asInputError, InputError } from '@dr/contracts';
import type { PlayerAssets } from '@dr/player';
import { readGivenFile } from '@dr/terraform-json/given-file';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Processes } from '../context';

/** Schedules are small; whatever is larger is not one. */
const MAX_BYTES = 1 << 20;

export const readTextFile: Processes['readFile'] = (given, path, maxBytes = MAX_BYTES) =>
  readGivenFile({
    path,
    maxBytes,
    refused: (why, fix, cause) => new InputError(`${given} "${path}"`, why, fix, { cause }),
  }).toString();

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
