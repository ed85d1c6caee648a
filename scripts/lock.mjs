// Writes terraform/.terraform.lock.hcl: the provider's version that pipelines take, with its checksums for every platform.
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { COMMITTED_LOCK, LOCK_FILE, main, run } from './deployment.mjs';
import { fail, readOptions, temporaryDirectory } from './ending.mjs';

const PLATFORMS = ['linux', 'darwin', 'windows'].flatMap((os) => ['amd64', 'arm64'].map((cpu) => `${os}_${cpu}`));
const USAGE = 'Usage: node scripts/lock.mjs [--to FILE] [--upgrade] [--platform OS_CPU]... [--fs-mirror DIR]';

const {
  to,
  upgrade,
  platform,
  'fs-mirror': mirror,
} = readOptions(
  'lock',
  {
    to: { type: 'string', default: COMMITTED_LOCK },
    /** The newest version that the stack allows, and not the one of the file that is there. */
    upgrade: { type: 'boolean', default: false },
    platform: { type: 'string', multiple: true, default: PLATFORMS },
    'fs-mirror': { type: 'string' },
  },
  USAGE,
);

await main('lock', () => {
  const scratch = temporaryDirectory('dr-lock-');
  // The stack itself says which providers it needs; where it will be deployed is no matter here.
  run('node', ['dist/infra/main.js', '--simulate', '--out', scratch]);
  const stack = join(scratch, 'stacks', 'dr');
  if (existsSync(to) && !upgrade) copyFileSync(to, join(stack, LOCK_FILE));
  run('terraform', [
    `-chdir=${stack}`,
    'providers',
    'lock',
    ...(mirror === undefined ? [] : [`-fs-mirror=${mirror}`]),
    ...platform.map((one) => `-platform=${one}`),
  ]);
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(join(stack, LOCK_FILE), to);
  console.log(`lock: ${to} is written: review and commit it`);
});
