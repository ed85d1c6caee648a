// A search that was ended goes on where it was, and comes to what it would have come to.
import type { SeedOutcome, SeedPool, ShrunkOutcome } from '@dr/drills';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { lineFile } from '../../adapters/line-file-adapter';
import { keptSearch } from './kept-search';
import type { SearchIdentity } from './search-identity';

const directory = mkdtempSync(join(tmpdir(), 'dr-kept-test-'));
afterAll(() => rmSync(directory, { recursive: true }));
const at = (name: string): string => join(directory, name);

const IDENTITY: SearchIdentity = {
  ...{ program: 'dr 1.2.3', commit: 'abc1234', codeSha256: 'c0de', stackSha256: '57ac', seed: 1, seeds: 10 },
};
const open = (name: string, identity: SearchIdentity = IDENTITY) =>
  keptSearch(lineFile('--progress', at(name)), `--progress "${name}"`, identity);

function poolOf() {
  const asked: string[] = [];
  const outcomeOf = (seed: number): SeedOutcome => ({ seed, violations: [], eventLogHash: `hash-${seed}` }) as never;
  const pool: SeedPool = {
    size: 3,
    run: (seed) => (asked.push(`run ${seed}`), Promise.resolve(outcomeOf(seed))),
    shrink: (seed, id) => {
      asked.push(`shrink ${seed} ${id}`);
      return Promise.resolve<ShrunkOutcome>({ outcome: outcomeOf(seed), tries: 7 });
    },
    drill: () => Promise.reject(new Error('no drill here')),
  };
  return { pool, asked };
}

test('what was found is asked of nobody again, and the time that it took counts', async () => {
  const first = poolOf();
  const kept = open('again.jsonl').around(first.pool, () => 1_500);
  const answers = [await kept.run(3), await kept.run(1), await kept.shrink(3, 'I1', 60)];
  const second = poolOf();
  const again = open('again.jsonl');
  expect(again).toMatchObject({ spentMs: 1_500, seeds: 2 });
  const pool = again.around(second.pool, () => 500);
  expect([await pool.run(3), await pool.run(1), await pool.shrink(3, 'I1', 60)]).toEqual(answers);
  expect(second.asked).toEqual([]);
  await pool.run(2);
  await pool.shrink(3, 'I2', 60);
  expect(second.asked).toEqual(['run 2', 'shrink 3 I2']);
  expect(open('again.jsonl')).toMatchObject({ spentMs: 2_000, seeds: 3 });
});

test('wherever in the file a kill fell, what is whole is kept, and the rest is run again', async () => {
  const { pool } = poolOf();
  const kept = open('cut.jsonl').around(pool, () => 0);
  for (const seed of [1, 2, 3]) await kept.run(seed);
  const whole = readFileSync(at('cut.jsonl'));
  for (let bytes = 0; bytes <= whole.length; bytes += 1) {
    writeFileSync(at('cut.jsonl'), whole.subarray(0, bytes));
    const { pool: anew, asked } = poolOf();
    const again = open('cut.jsonl');
    const lines = whole.subarray(0, bytes).toString().split('\n').length - 1;
    expect(again.seeds).toBe(Math.max(0, lines - 1));
    for (const seed of [1, 2, 3]) await again.around(anew, () => 0).run(seed);
    expect(asked).toHaveLength(3 - again.seeds);
    expect(readFileSync(at('cut.jsonl'))).toEqual(whole);
  }
});

test.each<[string, string, RegExp]>([
  ['notes', 'buy milk\n', /"notes": holds something else than the progress of a search\. Name another file/],
  ['notes without an end', 'buy milk', /holds something else than the progress/],
  ['JSON', '{"schema":1}\n', /holds something else than the progress/],
  ['a later schema', '{"kind":"search","schema":2,"search":{}}\n', /has schema 2; this version reads 1/],
])('fails on %s, and leaves the file as it is', (name, text, message) => {
  writeFileSync(at(name), text);
  expect(() => open(name)).toThrow(message);
  expect(readFileSync(at(name), 'utf8')).toBe(text);
});

test.each<[keyof SearchIdentity, SearchIdentity, string]>([
  ['commit', { ...IDENTITY, commit: 'fff0000' }, 'its commit is "abc1234", and this one\'s is "fff0000"'],
  ['codeSha256', { ...IDENTITY, codeSha256: 'beef' }, 'its codeSha256 is "c0de", and'],
  ['seeds', { ...IDENTITY, seeds: 11 }, "its seeds is 10, and this one's is 11"],
  ['shard', { ...IDENTITY, shard: { index: 1, of: 2 } }, 'its shard is none, and this one\'s is {"index":1,"of":2}'],
])('fails on a file of another search: of another %s', async (key, identity, said) => {
  const name = `${key}.jsonl`;
  await open(name)
    .around(poolOf().pool, () => 0)
    .run(1);
  expect(() => open(name, identity)).toThrow(`is of another search: ${said}`);
});

test('fails on a line in the middle that no search has written', async () => {
  await open('middle.jsonl')
    .around(poolOf().pool, () => 0)
    .run(1);
  appendFileSync(at('middle.jsonl'), '{"kind":"seed"}\n');
  expect(() => open('middle.jsonl')).toThrow('line 3: is not what a search has written. Move the file away');
});

const root = resolve(__dirname, '../../../../..');
const EXAMPLE = 'docs/guides/system-example';

function drill(...more: readonly string[]) {
  const options = ['--seeds', '6', '--jobs', '1', '--shrink', '0', '--json', ...more];
  const given = ['--stack', `${EXAMPLE}/plan.json`, '--system', `${EXAMPLE}/system.json`];
  const child = spawn(process.execPath, ['dist/dr/main.js', 'drill', ...given, ...options], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  return { child, ended: once(child, 'close').then(([code, signal]) => ({ code, signal, out })) };
}

const linesOf = (path: string): string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];

const figures = (out: string): unknown => {
  const { search, ...rest } = JSON.parse(out) as Record<string, object>;
  return { ...rest, writtenAt: 0, search: { ...search, wallSeconds: 0, schedulesPerMinute: 0 } };
};

test('a search that is killed twice, and torn in the middle of a line, comes to the end of one that was not', async () => {
  const whole = await drill().ended;
  const path = at('killed.jsonl');
  for (const seeds of [1, 3]) {
    const { child, ended } = drill('--progress', path);
    while (linesOf(path).length < 1 + seeds && child.exitCode === null) await pause(20);
    child.kill('SIGKILL');
    expect(await ended).toMatchObject({ code: null, signal: 'SIGKILL', out: '' });
    appendFileSync(path, '{"kind":"seed","wallSeco');
  }
  const before = linesOf(path).length - 1;
  const resumed = await drill('--progress', path).ended;
  expect(resumed.code).toBe(0);
  expect(figures(resumed.out)).toEqual(figures(whole.out));
  const seeds = linesOf(path)
    .slice(1)
    .map((line) => (JSON.parse(line) as { outcome: SeedOutcome }).outcome.seed);
  expect(before).toBeLessThan(6);
  expect(seeds).toEqual([1, 2, 3, 4, 5, 6]);
}, 240_000);
