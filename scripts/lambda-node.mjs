// Runs node with the version that the functions run on: `node scripts/lambda-node.mjs FILE [ARG...]`. Where this node is another
// one, its binary comes from npm as a platform package, without an install script.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BAD_INPUT = 2;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Exact, so that two runs are the same; its major version is the runtime's (`nodejs22.x`). */
const VERSION = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).config.lambdaNode;

function fail(what, fix) {
  console.error(`lambda-node: ${what}. ${fix}`);
  process.exit(BAD_INPUT);
}

/** Path of a node of {@link VERSION}; fetched once, then kept in node_modules/.cache. */
function lambdaNode() {
  if (process.versions.node === VERSION) return process.execPath;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const home = join(root, 'node_modules', '.cache', `lambda-node-${VERSION}`);
  const binary = join(home, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(binary)) return binary;
  mkdirSync(home, { recursive: true });
  const args = ['install', '--prefix', home, '--no-save', '--no-package-lock', '--ignore-scripts', `${name}@${VERSION}`];
  const { status, stderr } = spawnSync('npm', args, { encoding: 'utf8', shell: process.platform === 'win32' });
  if (status !== 0 || !existsSync(binary)) {
    fail(`${name}@${VERSION} cannot be fetched`, `Install Node ${VERSION} by hand and run this with it.\n${stderr}`);
  }
  return binary;
}

const args = process.argv.slice(2);
if (args.length === 0) fail('no file to run was named', 'Usage: node scripts/lambda-node.mjs FILE [ARG...]');
const binary = lambdaNode();
const { status } = spawnSync(binary, args, {
  stdio: 'inherit',
  env: { ...process.env, PATH: `${dirname(binary)}${delimiter}${process.env.PATH}` },
});
process.exit(status ?? 1);
