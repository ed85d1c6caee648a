// What pipelines run refuses a config that may not be deployed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DEPLOYABLE, settings } from './support/deployable';
import { ROOT, temporaryDirectory } from './support/stack';

/** What a pipeline runs, on this config; Terraform is not reached. */
function pipeline(name: string, args: readonly string[]) {
  const out = join(temporaryDirectory(), 'out');
  const output = name === 'cdktf' ? '--output' : '--out';
  const { status, stderr } = spawnSync(process.execPath, [`scripts/${name}.mjs`, ...args, output, out], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
  });
  return { status, stderr, wrote: existsSync(out) };
}

const NODE = `'${process.execPath}' dist/infra/main.js`;
const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ');
const PIPELINES: readonly (readonly [string, string, (config: readonly string[]) => readonly string[]])[] = [
  ['a release', 'release', (config) => ['--commit', 'x', ...config]],
  ['a plan', 'plan', (config) => config],
  ['a comparison with AWS', 'plan', (config) => ['--drift', ...config]],
  ['cdktf deploy', 'cdktf', (config) => ['deploy', '--app', `${NODE} ${quoted(config)}`]],
  ['cdktf destroy', 'cdktf', (config) => ['destroy', '--app', `${NODE} ${quoted(config)}`]],
];

test.each(PIPELINES)('fails on reserved names and a local state: %s', (_, name, args) => {
  const { status, stderr, wrote } = pipeline(name, args([]));
  expect(stderr).toMatch(/may not be deployed: zone "example.com".*state.backend "local".*docs\/state.md/);
  expect({ status, wrote }).toEqual({ status: 2, wrote: false });
});

test.each(PIPELINES)('fails on a state bucket in a region of the system: %s', (_, name, args) => {
  const { status, stderr, wrote } = pipeline(name, args([...DEPLOYABLE, ...settings('state.region="ap-south-1"')]));
  expect(stderr).toMatch(/state.region = "ap-south-1": is mumbai.*third region/);
  expect({ status, wrote }).toEqual({ status: 2, wrote: false });
});
