// Runs the command line, building first what is stale. `npm run -s dr -- <command>`.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { buildIfStale, fail, root } from './build.mjs';

/** How often to look whether npm is still there. */
const PARENT_EVERY_MS = 500;

await buildIfStale({ withoutConfig: process.argv[2] === 'init' });
process.on('SIGXFSZ', () => undefined);
const args = process.argv.slice(2);
// A simulation makes much short-lived garbage: a larger young generation spares a good part of the collector's work, and helper threads of its
// own take more than they give. A drill that is asked to be long or heavy has to have that memory for what it keeps.
const isLong = args.some((arg) => /^--(duration|rate)\b/.test(arg));
const collector = isLong ? [] : ['--max-semi-space-size=64', '--single-threaded-gc'];
const child = spawn(process.execPath, [...collector, join(root, 'dist', 'dr', 'main.js'), ...args], {
  // The child learns by the channel when this process is gone.
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  // The zone keeps local times out of what a bundle may print.
  env: { ...process.env, TZ: 'UTC' },
});
// A terminal sends these to both; the child ends first and cleans up.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
// npm that is told to end ends its shell, which tells nobody.
const parent = process.ppid;
if (process.env.npm_lifecycle_event !== undefined) {
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), PARENT_EVERY_MS).unref();
}
child.on('error', (error) => fail(`dr cannot be started: ${error.message}`));
const hasTerminal = [0, 1, 2].some((file) => isatty(file));
child.on('exit', (code, signal) => {
  // Before Node 22.16 a process that exits sets back a terminal that is gone, and aborts over it.
  if (signal === 'SIGHUP' && hasTerminal) {
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  }
  process.exit(code ?? 128 + constants.signals[signal]);
});
