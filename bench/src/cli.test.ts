// `npm run bench` as a process: what it lists and refuses, before it installs or measures anything; and that the results are of today's rows.
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { FIELD_NAMES } from './figures';
import type { Result, Row } from './results';

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

test.each(readdirSync(RESULTS))('%s is a result of the row as it is today', (file) => {
  const result = JSON.parse(readFileSync(join(RESULTS, file), 'utf8')) as Result;
  const { name, work, does, peer, bars } = rows.find((row) => row.name === basename(file, '.json')) ?? ({} as Row);
  expect(result).toMatchObject({ name, work, does, peer, bars });
  const fields = result.cases.flatMap(({ sides }) => sides.flatMap(({ runs }) => runs.flatMap(Object.keys)));
  expect([...new Set(fields)].filter((field) => !FIELD_NAMES.includes(field))).toEqual([]);
});
