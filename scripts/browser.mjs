// Tests of the player in a real browser: checks that there is one, then runs jest on browser/.
// DR_CHROMIUM: the browser's executable; without it, the one on the PATH. Screenshots go to dist/screenshots.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { buildIfStale, fail } from './build.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const onPath = NAMES.flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)));
const chromium = process.env.DR_CHROMIUM ?? onPath.find((file) => existsSync(file));
if (chromium === undefined || !existsSync(chromium))
  fail(`browser: there is no ${chromium ?? NAMES.join(', ')}. Install Debian's chromium, or name one in DR_CHROMIUM`);

await buildIfStale();
const jest = spawn(
  'node',
  ['node_modules/jest/bin/jest.js', '--config', 'browser/jest.config.cjs', ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...process.env, DR_CHROMIUM: chromium } },
);
jest.on('exit', (code) => process.exit(code ?? 1));
