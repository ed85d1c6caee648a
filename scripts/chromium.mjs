// Where the browser is: DR_CHROMIUM names its executable; without it, the one on the PATH.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fail } from './ending.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Ends the process as for bad input where there is none. */
export function chromiumFor(script) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const chromium = process.env.DR_CHROMIUM ?? onPath.find((file) => existsSync(file));
  if (chromium !== undefined && existsSync(chromium)) return chromium;
  return fail(
    `${script}: there is no ${chromium ?? NAMES.join(', ')}. Install Debian's chromium, or name one in DR_CHROMIUM`,
  );
}
