// What `npm run e2e` says when something that it needs is missing: which, how to get it, exit code 2.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT, temporaryDirectory } from './support/stack';

const onPath = (program: string): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((directory) => join(directory, program))
    .find((file) => spawnSync('test', ['-x', file]).status === 0);

/** A PATH of the real programs, but for those given as shell scripts; '' leaves a program out. */
function pathWith(scripts: Readonly<Record<string, string>>): string {
  const directory = temporaryDirectory();
  for (const program of ['node', 'npm', 'python3', 'terraform', 'sh', 'env', 'bash']) {
    const real = onPath(program);
    if (!(program in scripts) && real) symlinkSync(real, join(directory, program));
  }
  for (const [program, script] of Object.entries(scripts).filter(([, text]) => text !== '')) {
    writeFileSync(join(directory, program), `#!/bin/sh\n${script}\n`);
    chmodSync(join(directory, program), 0o755);
  }
  return directory;
}

function preflight(env: NodeJS.ProcessEnv) {
  const temporary = temporaryDirectory();
  const { status, stderr } = spawnSync(process.execPath, ['scripts/e2e.mjs', '--listTests'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: temporary, ...env },
  });
  return { status, stderr, left: readdirSync(temporary) };
}

const emptyMirror = (): string => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'registry.terraform.io'));
  return directory;
};

test.each([
  ['no terraform', () => ({ PATH: pathWith({ terraform: '' }) }), /terraform is not on the PATH.*developer.hashicorp/],
  [
    'a terraform whose lock file is experimental',
    () => ({ PATH: pathWith({ terraform: `echo '{"terraform_version":"1.10.5"}'` }) }),
    /terraform is 1\.10\.5.*1\.11/,
  ],
  ['no python', () => ({ PATH: pathWith({ python3: '' }) }), /python3 .*is not on the PATH/],
  [
    'no moto',
    () => ({ PATH: pathWith({ python3: 'case "$2" in *moto*) exit 1;; esac' }) }),
    /moto_server cannot be imported.*pip install/,
  ],
  ['no provider', () => ({ DR_TF_MIRROR: emptyMirror() }), /AWS provider .*cannot be installed.*DR_TF_MIRROR/s],
  [
    'no provider of the version asked for',
    () => ({ DR_TF_MIRROR: emptyMirror(), DR_AWS_PROVIDER_VERSION: '5.99.0' }),
    /AWS provider = 5\.99\.0 cannot/,
  ],
])('fails with the fix when there is %s', (_, env, message) => {
  const { status, stderr, left } = preflight(env());
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(status).toBe(2);
  expect(left).toEqual([]);
});
