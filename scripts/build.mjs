// Builds what is stale, once for all who need it: `await buildIfStale()`, or by itself. A build says nothing unless it fails.
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fail, failOnSystem } from './ending.mjs';
import { APPS, changedApps, isMain, root, staleApps } from './freshness.mjs';

export { fail, root };
/** As Jest's global setup. */
export default buildIfStale;

const CONFIG = 'dr.config.ts';
const LOCK = join(root, 'dist', '.building');
const OWNER = join(LOCK, 'pid');
const LOCK_LIMIT_MS = 180_000;
const WAIT_MS = 200;

/** The process that holds the lock is gone: it was killed in the middle of a build. */
function isAbandoned() {
  try {
    process.kill(Number(readFileSync(OWNER, 'utf8')), 0);
    return false;
  } catch (error) {
    if (error.code === 'EPERM') return false;
    if (error.code === 'ESRCH') return true;
    // No owner yet, or none any more.
    const since = statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs;
    return since !== undefined && Date.now() - since > 10 * WAIT_MS;
  }
}

/** Two commands at once must not build into the same directory: the second waits for the first. */
async function withLock(work) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  for (let waitedMs = 0; ; waitedMs += WAIT_MS) {
    try {
      mkdirSync(LOCK);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (waitedMs > LOCK_LIMIT_MS) fail(`${LOCK} has been held for too long. Remove it if no build is running`);
      if (isAbandoned()) rmSync(LOCK, { recursive: true, force: true });
      else await pause(WAIT_MS);
    }
  }
  const unlock = () => rmSync(LOCK, { recursive: true, force: true });
  process.once('exit', unlock);
  try {
    writeFileSync(OWNER, String(process.pid));
    await work();
  } finally {
    unlock();
    process.removeListener('exit', unlock);
  }
}

/** `dr.config.ts:1:7: Could not resolve "nowhere".` */
const placed = ({ text, location }) =>
  `${location ? `${location.file}:${location.line}:${location.column + 1}: ` : ''}${text.trim().replace(/[.]?$/, '.')}`;

async function build() {
  const stale = staleApps();
  if (stale.length === 0) return;
  if (!existsSync(join(root, 'node_modules', 'esbuild')))
    fail('node_modules is missing, so nothing can be built. Run "npm ci" first.');
  const { bundle } = await import('./bundle.mjs');
  try {
    await bundle(stale, { logLevel: 'silent' });
  } catch (error) {
    failOnSystem(error);
    if (!error.errors) throw error;
    fail(`${error.errors.map(placed).join(' ')} The build failed, and the command was not run.`);
  }
}

/** Ends the process with 2, and says why, when that cannot be done. `withoutConfig`: for a command that writes it. */
export async function buildIfStale({ withoutConfig = false } = {}) {
  if (!existsSync(join(root, 'apps'))) return checkHandedOver();
  const config = statSync(join(root, CONFIG), { throwIfNoEntry: false });
  if (!withoutConfig && !config?.isFile()) {
    fail(
      `${CONFIG} is ${config ? 'no file' : 'missing'}, and nothing is known of your system without it. Restore it, or write it anew: npm run -s dr -- init`,
    );
  }
  if (staleApps().length === 0) return;
  try {
    await withLock(build);
  } catch (error) {
    failOnSystem(error);
    throw error;
  }
}

/** A pipeline hands over bundles without their sources. */
function checkHandedOver() {
  const [changed] = changedApps(APPS);
  if (changed !== undefined)
    fail(`dist/${changed} is not as it was built. Hand over what the build has written, whole.`);
}

if (isMain(import.meta.url)) await buildIfStale();
