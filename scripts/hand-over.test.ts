// What a job with credentials is handed: it runs with no package beside it, and not at all where a bundle was changed.
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'dr-hand-over-test-'));
const there = join(scratch, 'there');
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const run = (cwd: string, ...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
};

test('the archive is known by its digest, and runs by itself', () => {
  const archive = join(scratch, 'hand-over.tar');
  const { status, stdout } = run(root, 'scripts/hand-over.mjs', archive);
  expect(status).toBe(0);
  expect(stdout).toBe(`${createHash('sha256').update(readFileSync(archive)).digest('hex')}\n`);
  mkdirSync(there);
  spawnSync('tar', ['-xf', archive, '-C', there]);
  for (const args of [
    ['scripts/release.mjs', '--commit', 'x'],
    ['scripts/plan.mjs'],
    ['scripts/plan.mjs', '--drift'],
  ]) {
    expect(run(there, ...args)).toMatchObject({ status: 2, stderr: expect.stringMatching(/may not be deployed/) });
  }
  expect(run(there, 'dist/account/main.js', '--help')).toMatchObject({ status: 0, stderr: '' });
});

test('a bundle that was changed on the way is not run', () => {
  appendFileSync(join(there, 'dist', 'infra', 'main.js'), '\n');
  expect(run(there, 'scripts/plan.mjs')).toEqual({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(/^dist\/infra is not as it was built\. /),
  });
});
