// Builds what is stale, once for all who need it: `buildIfStale()`. Output of the build only when it fails.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...path) => join(root, ...path);

const OUTPUTS = [
  ...['health-checker', 'traffic-router', 'failover-orchestrator', 'data-consistency-validator'].map((app) =>
    at('dist', app, 'index.js'),
  ),
  ...['infra', 'dr'].map((app) => at('dist', app, 'main.js')),
];
const SOURCE_FILES = [
  'dr.config.ts',
  'scripts/bundle.mjs',
  'scripts/bundle-options.mjs',
  'package-lock.json',
  'tsconfig.base.json',
].map((file) => at(file));
const SOURCE_DIRECTORIES = ['apps', 'libs'].map((directory) => at(directory));
/** Time of the newest source that the last build has seen: files from the build's cache keep their old times. */
const STAMP = at('dist', '.built');
const LOCK = at('dist', '.building');
const LOCK_LIMIT_MS = 180_000;
const BAD_INPUT = 2;

const modified = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs;

function newest(directory) {
  let latest = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) latest = Math.max(latest, newest(path));
    else if (!entry.name.endsWith('.test.ts')) latest = Math.max(latest, modified(path) ?? 0);
  }
  return latest;
}

const newestSource = () =>
  Math.max(...SOURCE_FILES.map((file) => modified(file) ?? 0), ...SOURCE_DIRECTORIES.map(newest));

/** An output that is newer than every source is left alone, whoever wrote it. */
function isStale(sourceMs) {
  const stampMs = modified(STAMP) ?? 0;
  return OUTPUTS.some((output) => {
    const outputMs = modified(output);
    return outputMs === undefined || Math.max(outputMs, stampMs) < sourceMs;
  });
}

/** Ends the process as for bad input. */
export function fail(message) {
  process.stderr.write(`${message.trimEnd()}\n`);
  process.exit(BAD_INPUT);
}

const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** Two commands at once must not build into the same directory: the second waits for the first. */
function withLock(work) {
  mkdirSync(at('dist'), { recursive: true });
  for (let waitedMs = 0; ; waitedMs += 200) {
    try {
      mkdirSync(LOCK);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (Date.now() - (modified(LOCK) ?? 0) > LOCK_LIMIT_MS) rmSync(LOCK, { recursive: true, force: true });
      else if (waitedMs > LOCK_LIMIT_MS) fail(`${LOCK} has been held for too long. Remove it if no build is running`);
      else sleep(200);
    }
  }
  const unlock = () => rmSync(LOCK, { recursive: true, force: true });
  process.once('exit', unlock);
  try {
    work();
  } finally {
    unlock();
    process.removeListener('exit', unlock);
  }
}

function build() {
  const sourceMs = newestSource();
  if (!isStale(sourceMs)) return;
  const nx = at('node_modules', '.bin', 'nx');
  if (!existsSync(nx)) fail('node_modules is missing, so nothing can be built. Run "npm ci" first.');
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [realpathSync(nx), 'run-many', '-t', 'build', '--outputStyle=static'],
    { cwd: root, encoding: 'utf8', env: { ...process.env, NX_DAEMON: 'false' }, maxBuffer: 1 << 26 },
  );
  if (status !== 0) fail(`${stdout ?? ''}${stderr ?? ''}${error ?? ''}\nThe build failed; the command was not run.`);
  writeFileSync(STAMP, '');
  const seconds = Math.ceil(sourceMs) / 1000;
  utimesSync(STAMP, seconds, seconds);
}

/** Ends the process with 2, and says why, when that cannot be done. */
export function buildIfStale() {
  if (isStale(newestSource())) withLock(build);
}
