// Runs the command line, building first what is stale. `npm run -s dr -- <command>`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildIfStale, fail, root } from './build.mjs';

await buildIfStale();
// A simulation makes much short-lived garbage: a larger young generation spares a good part of the collector's work. The zone
// keeps local times out of what a bundle may print.
const child = spawn(
  process.execPath,
  ['--max-semi-space-size=64', join(root, 'dist', 'dr', 'main.js'), ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    env: { ...process.env, TZ: 'UTC' },
  },
);
// A terminal sends these to both; the child ends first and cleans up.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => fail(`dr cannot be started: ${error.message}`));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
