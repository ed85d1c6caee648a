// Runs node with the version that the functions run on: `node scripts/lambda-node.mjs FILE [ARG...]`. Where this node is another
// one, its binary comes from npm as a platform package, without an install script.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail } from './ending.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Exact, so that two runs are the same; its major version is the runtime's (`nodejs22.x`). */
const VERSION = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).config.lambdaNode;

/** A download that was cut short, or another version in its place, does not run or says so. */
const isLambdaNode = (binary) =>
  spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout?.trim() === `v${VERSION}`;

/** Path of a node of {@link VERSION}; fetched once, then kept in node_modules/.cache. */
function lambdaNode() {
  if (process.versions.node === VERSION) return process.execPath;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const home = join(root, 'node_modules', '.cache', `lambda-node-${VERSION}`);
  const binary = join(home, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (isLambdaNode(binary)) return binary;
  mkdirSync(home, { recursive: true });
  const args = [
    'install',
    '--prefix',
    home,
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
    `${name}@${VERSION}`,
  ];
  const { status, stderr } = spawnSync('npm', args, { encoding: 'utf8', shell: process.platform === 'win32' });
  if (status !== 0 || !isLambdaNode(binary)) {
    fail(
      `lambda-node: ${name}@${VERSION} cannot be fetched. Install Node ${VERSION} by hand and run this with it.\n${stderr}`,
    );
  }
  return binary;
}

const args = process.argv.slice(2);
if (args.length === 0) fail('lambda-node: no file to run was named. Usage: node scripts/lambda-node.mjs FILE [ARG...]');
const binary = lambdaNode();
const { status } = spawnSync(binary, args, {
  stdio: 'inherit',
  env: { ...process.env, PATH: `${dirname(binary)}${delimiter}${process.env.PATH}` },
});
process.exit(status ?? 1);
