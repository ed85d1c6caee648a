import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import type { Sweep } from '@dr/drills';
import { DRILL_JSON, OTHER_DRILL_JSON } from './commands/drill/json-shape';
import { departures, unseen } from './terminal/json-shape';

// As scripts/bundle.mjs makes it, in a project of its own that holds no other bundle.
const project = mkdtempSync(join(tmpdir(), 'dr-main-test-'));
const root = resolve(__dirname, '../../..');

beforeAll(() => {
  buildSync({
    absWorkingDir: root,
    entryPoints: ['apps/dr/src/main.ts'],
    outfile: join(project, 'dist', 'dr', 'main.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    tsconfig: 'tsconfig.base.json',
    external: ['dynalite', 'esbuild', '@aws-sdk/*'],
    logLevel: 'error',
  });
});
afterAll(() => rmSync(project, { recursive: true }));

const dr = (...argv: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(project, 'dist/dr/main.js'), ...argv], {
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: project },
  });
  return { status, stdout, stderr };
};

test.each([
  [['drill', '--fault', 'meteor', '--json'], /^--fault "meteor": no fault has that name\. Use one of .*\n$/],
  [['drill', '--stack', 'none.json', '--json'], /^stack "none.json": there is no such file\. .*\n$/],
  [['drill', '--nonsense'], /^unknown option '--nonsense'\. Run .*\n$/],
  [['drill'], /^.*dist\/infra\/main\.js is missing: .* Run "npm run build" first\n$/],
])('fails with 2, one paragraph on stderr and nothing else for %j', (argv, message) => {
  const before = readdirSync(project);
  const { status, stdout, stderr } = dr(...argv);
  expect(stderr).toMatch(message);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(readdirSync(project)).toEqual(before);
});

test('the bundle starts and says what it can do', () => {
  expect(dr('--help')).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('drill') });
});

test('a search on the real stack ends, with processes left over that never had a seed', () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(root, 'dist/dr/main.js'), 'drill', '--seeds', '1', '--jobs', '3', '--shrink', '0', '--json'],
    { cwd: root, encoding: 'utf8', timeout: 50_000 },
  );
  const report = JSON.parse(stdout) as { search: object };
  expect(departures(report, OTHER_DRILL_JSON['--seeds, --faults matrix'])).toEqual([]);
  expect({ status, ...report.search }).toMatchObject({
    status: 0,
    schedules: 1,
    violations: 0,
    processes: 3,
  });
});

test('the report of a drill on the real stack has every field that the manual explains, and no other', () => {
  const options = ['--duration', '60', '--clients', '10', '--rate', '2', '--history', '--json'];
  const { stdout } = spawnSync(process.execPath, [join(root, 'dist/dr/main.js'), 'drill', ...options], {
    cwd: root,
    encoding: 'utf8',
    timeout: 100_000,
  });
  const report: unknown = JSON.parse(stdout);
  expect({ departures: departures(report, DRILL_JSON), unseen: unseen([report], DRILL_JSON) }).toEqual({
    departures: [],
    unseen: [],
  });
}, 110_000);

test('a sweep on the real stack finds where a region that fails a share of its requests is left, and says so as the manual does', () => {
  const options = ['--sweep', '--duration', '90', '--clients', '2', '--rate', '1', '--json'];
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'dist/dr/main.js'), 'drill', ...options], {
    cwd: root,
    encoding: 'utf8',
  });
  const sweep = JSON.parse(stdout) as Sweep;
  expect({ status, departures: departures(sweep, OTHER_DRILL_JSON['--sweep']) }).toEqual({ status: 0, departures: [] });
  const { rows, movesFrom, staysAt } = sweep;
  // The closed form says 0.66 for good; in a minute and a half chance decides around it.
  expect(movesFrom).toBeGreaterThan(0.5);
  expect(movesFrom).toBeLessThan(0.9);
  expect((movesFrom ?? 1) - (staysAt ?? 0)).toBeLessThanOrEqual(0.01);
  for (const { share, probes, failedProbes, timesMoved } of rows) {
    expect(Math.abs(failedProbes / probes - share)).toBeLessThan(0.15);
    if (share < (movesFrom ?? 1)) expect(timesMoved).toBe(0);
  }
}, 400_000);
