// Writes terraform/.terraform.lock.hcl: the provider's version that pipelines take, with its checksums for every platform.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { BAD_INPUT, COMMITTED_LOCK, LOCK_FILE, main, run } from './deployment.mjs';

const PLATFORMS = ['linux', 'darwin', 'windows'].flatMap((os) => ['amd64', 'arm64'].map((cpu) => `${os}_${cpu}`));
const USAGE = 'Usage: node scripts/lock.mjs [--to FILE] [--upgrade] [--platform OS_CPU]... [--fs-mirror DIR]';

function options() {
  try {
    return parseArgs({
      options: {
        to: { type: 'string', default: COMMITTED_LOCK },
        /** The newest version that the stack allows, and not the one of the file that is there. */
        upgrade: { type: 'boolean', default: false },
        platform: { type: 'string', multiple: true, default: PLATFORMS },
        'fs-mirror': { type: 'string' },
      },
    }).values;
  } catch (error) {
    console.error(`lock: ${error.message}. ${USAGE}`);
    process.exit(BAD_INPUT);
  }
}

const { to, upgrade, platform, 'fs-mirror': mirror } = options();
const scratch = mkdtempSync(join(tmpdir(), 'dr-lock-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

await main('lock', () => {
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
