// Tests of the player in a real browser: checks that there is one, then runs jest on browser/. Screenshots go to dist/screenshots.
import { spawn } from 'node:child_process';
import { buildIfStale } from './build.mjs';
import { chromiumFor } from './chromium.mjs';

const chromium = chromiumFor('browser');
await buildIfStale();
const jest = spawn(
  'node',
  ['node_modules/jest/bin/jest.js', '--config', 'browser/jest.config.cjs', ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...process.env, DR_CHROMIUM: chromium } },
);
jest.on('exit', (code) => process.exit(code ?? 1));
