// What a job with credentials is handed: it runs with no package beside it, and not at all where a bundle was changed.
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

test('a game day is rehearsed there: the twin runs, and what the bundles hold is recorded', () => {
  const asked = 'drill --fault lambda-throttled --duration 60 --clients 4 --rate 2 --json'.split(' ');
  const drill = run(there, 'dist/account/main.js', ...asked);
  expect(drill).toMatchObject({ status: 0, stderr: '' });
  expect(JSON.parse(drill.stdout)).toMatchObject({ passed: true, fault: { kind: 'lambda-throttled' } });
  const record = readFileSync(join(there, 'dist', 'traffic-router', 'build.json'), 'utf8');
  expect((JSON.parse(record) as { packages: string[] }).packages.join()).toMatch(/@aws-sdk\/client-dynamodb@3\./);
  expect(run(there, 'dist/account/main.js', 'gameday', '--whose-turn')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/no game day\. dr\.config\.ts: options\.gameDay = false/),
  });
  expect(run(there, 'dist/account/main.js', 'gameday', '--region', 'mumbai', '--yes')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^dr\.config\.ts: options\.gameDay = false/),
  });
});

describe('an approval', () => {
  const approvals = join(scratch, 'approvals.json');
  const approval = (text: string, ...args: readonly string[]) => {
    writeFileSync(approvals, text);
    return run(there, 'scripts/approval.mjs', approvals, ...args);
  };
  const by = (state: string, environment: string) =>
    JSON.stringify([
      { state, user: { login: 'ann' }, comment: 'no release today', environments: [{ name: environment }] },
    ]);

  test('names who gave it', () => {
    expect(approval(by('approved', 'game-day'), 'game-day')).toEqual({
      status: 0,
      stdout: 'game-day was approved by ann: no release today\n',
      stderr: '',
    });
  });

  test.each([
    ['of nobody', '[]'],
    ['that was refused', by('rejected', 'game-day')],
    ['of another environment', by('approved', 'production')],
  ])('%s is none: the environment has no reviewers, and nothing may run', (_, text) => {
    const { status, stdout, stderr } = approval(text, 'game-day');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /^Nobody has approved game-day, so nothing is run\. .*required reviewers.*docs\/guides\/operations\.md/,
    );
  });

  test.each([
    ['what is no JSON', '{'],
    ['an answer of another kind', '{"message":"Not Found"}'],
  ])('%s is bad input', (_, text) => {
    const { status, stdout, stderr } = approval(text, 'game-day');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('is asked of an environment', () => {
    expect(approval('[]')).toMatchObject({ status: 2, stderr: expect.stringMatching(/^Usage: /) });
  });
});

test('a bundle that was changed on the way is not run', () => {
  appendFileSync(join(there, 'dist', 'infra', 'main.js'), '\n');
  expect(run(there, 'scripts/plan.mjs')).toEqual({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(/^dist\/infra is not as it was built\. /),
  });
});
