// `npm run bench` as a process: what it lists and refuses, before it installs or measures anything; and that the results are those of the rows.
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseBench } from './arguments';
import { FIELD_NAMES } from './figures';
import { reachedBy, type Measured, type Row } from './results';

const ROOT = resolve(__dirname, '../..');
const RESULTS = join(ROOT, 'bench/results');
const bench = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['bench/main.mjs', ...args], { cwd: ROOT, encoding: 'utf8' });
const rows = JSON.parse(
  execFileSync(
    process.execPath,
    ['--input-type=module', '-e', "import { ROWS } from './bench/rows/index.mjs'; console.log(JSON.stringify(ROWS));"],
    { cwd: ROOT, encoding: 'utf8' },
  ),
) as readonly Row[];

test('--list names each row with its peer and its bars', () => {
  const { status, stdout } = bench('--list');
  expect(status).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.split(' ')[0])).toEqual(rows.map(({ name }) => name));
  expect(lines.find((line) => line.startsWith('synth'))).toMatch(/against `cdktf`.*CPU <= 1\.30 x$/);
});

test.each([
  [['--against', 'no-such-commit'], 'the commit "no-such-commit" is not in this repository'],
  [['--against', '--output=x'], "'--against' argument is ambiguous"],
  [['rooter'], '"rooter" is no row; it must be of drill,'],
  [['--runs', 'many'], '--runs "many" is not a whole number from 1 to 100'],
  [['drill', '--baseline', '/nowhere'], '--baseline /nowhere is no checkout of this project'],
])('fails on %j with 2, and says why', (args, says) => {
  const { status, stdout, stderr } = bench(...args);
  expect(stderr).toMatch(/^bench: /);
  expect(stderr).toContain(says);
  expect(stderr).not.toMatch(/^ +at /m);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
});

test.each(readdirSync(RESULTS))(
  '%s has what the bars of its row ask for, and nothing that the page does not show',
  (file) => {
    const { cases, ...others } = JSON.parse(readFileSync(join(RESULTS, file), 'utf8')) as Measured;
    expect(Object.keys(others)).toEqual(['machine']);
    const bars = rows.find(({ name }) => name === basename(file, '.json'))?.bars ?? [];
    expect(bars).not.toEqual([]);
    for (const bar of bars) {
      const reached = reachedBy({ bars: [bar], cases });
      expect(reached).not.toEqual([]);
      for (const { median } of reached) expect(Number.isFinite(median)).toBe(true);
      for (const name of bar.cases ?? []) expect(cases.map((one) => one.name)).toContain(name);
    }
    const fields = cases.flatMap(({ sides }) => sides.flatMap(({ runs }) => runs.flatMap(Object.keys)));
    expect([...new Set(fields)].filter((field) => !FIELD_NAMES.includes(field))).toEqual([]);
  },
);

test('the workflow asks for rows that exist, and writes a comment', () => {
  const workflow = readFileSync(join(ROOT, '.github/workflows/bench.yml'), 'utf8');
  const argv = /bench -- (.*)$/m.exec(workflow)?.[1]?.split(' ') ?? [];
  const parsed = parseBench(
    argv,
    rows.map(({ name }) => name),
  );
  expect(parsed).toMatchObject({ comment: 'bench.md', runs: 5 });
  expect(parsed).not.toMatchObject({ rows: rows.map(({ name }) => name) });
});

describe('the peers', () => {
  const packageOf = (file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as Record<string, unknown>;
  const { dependencies } = packageOf('bench/package.json') as { dependencies: Record<string, string> };

  test('are pinned exactly, and no part of the install of the project', () => {
    for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    const own = packageOf('package.json');
    expect(own['workspaces']).toBeUndefined();
    expect(Object.keys({ ...(own['dependencies'] as object), ...(own['devDependencies'] as object) })).toEqual(
      expect.not.arrayContaining(Object.keys(dependencies)),
    );
  });

  test('run nothing while they are installed, and their lock names no registry', () => {
    const lock = readFileSync(join(ROOT, 'bench/package-lock.json'), 'utf8');
    expect(lock).not.toMatch(/hasInstallScript|"resolved"|registry/);
  });
});
