import type { FaultKind } from '@dr/contracts';
import { recordOf } from '../testing/schedule-fixtures';
import { drawSchedule } from './seeded-draw';
import { classShortfalls } from './matrix';
import type { MatrixRow } from './matrix-row';
import { losses } from '../measure/outages';
import type { SeedOutcome } from './run-seed';
import { BIG_BATCH, hasPassed, search, type SearchOptions, type SearchProgress, type SeedPool } from './search';
import { OURS } from '../systems/ours';
import { placesOf } from '../run/start';

const PLACES = placesOf(OURS, [{ name: 'mumbai' }, { name: 'singapore' }]);

const outcomeOf = (seed: number, more: Partial<SeedOutcome> = {}): SeedOutcome => ({
  seed,
  schedule: drawSchedule(seed, PLACES),
  violations: [],
  met: Object.fromEntries(Object.keys(OURS.sometimes ?? {}).map((name) => [name, 1])),
  orders: [],
  invocations: 1_000,
  requests: 900,
  failed: 0,
  outages: [],
  virtualSeconds: 130,
  eventLogHash: `hash-${seed}`,
  ...more,
});

/** Answers in an order of its own: later seeds first among those that run at once. */
function poolOf(size: number, outcome: (seed: number) => SeedOutcome) {
  const asked: number[] = [];
  const shrunk: [number, string][] = [];
  const pool: SeedPool = {
    size,
    async run(seed) {
      asked.push(seed);
      for (let turns = 0; turns < size - (seed % size); turns += 1) await Promise.resolve();
      return outcome(seed);
    },
    shrink(seed, id) {
      shrunk.push([seed, id]);
      return Promise.resolve({ outcome: outcomeOf(seed, { violations: [{ id, detail: 'smaller' }] }), tries: 7 });
    },
    drill: () => Promise.reject<MatrixRow>(new Error('no drill here')),
  };
  return { pool, asked, shrunk };
}

const searchOf = (pool: SeedPool, more: Partial<SearchOptions> = {}) =>
  search({ pool, firstSeed: 1, seeds: 10, shrinkTries: 60, wallMs: () => 0, ...more });

const isBroken =
  (id: string, ...seeds: number[]) =>
  (seed: number) =>
    outcomeOf(seed, seeds.includes(seed) ? { violations: [{ id, detail: 'd' }] } : {});

test('every seed is run once, and the sums are of all, in the order of seeds', async () => {
  const { pool, asked } = poolOf(3, outcomeOf);
  const seen: SearchProgress[] = [];
  const report = await searchOf(pool, { onProgress: (at) => void seen.push(at) });
  expect([...asked].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(report).toMatchObject({ schedules: 10, invocations: 10_000, requests: 9_000, violations: 0, processes: 3 });
  expect(report.eventLogHashes).toEqual(Array.from({ length: 10 }, (_, at) => `hash-${at + 1}`));
  expect(hasPassed(report)).toBe(true);
  // A bar from the start: the first seed takes longest.
  expect(seen[0]).toMatchObject({ phase: 'searching', done: 0, of: 10, broken: 0 });
  expect(seen.at(-1)).toMatchObject({ phase: 'searching', done: 10, of: 10 });
});

test('each kind of failure is made smaller once, and named with its seed', async () => {
  const { pool, shrunk } = poolOf(2, isBroken('I1', 3, 5));
  const report = await searchOf(pool);
  expect(shrunk).toEqual([[3, 'I1']]);
  expect(hasPassed(report)).toBe(false);
  expect(report.failures.map(({ seed, smallest }) => [seed, smallest?.tries])).toEqual([
    [3, 7],
    [5, undefined],
  ]);
});

test('it stops after as many broken seeds as were asked for, and shrinks nothing when told not to', async () => {
  const { pool, asked, shrunk } = poolOf(1, isBroken('I1', 2, 3, 4));
  const report = await searchOf(pool, { stopAfter: 1, shrinkTries: 0 });
  expect([asked, shrunk, report.schedules]).toEqual([[1, 2], [], 2]);
});

test.each([
  [BIG_BATCH, ['unasked returns'], false],
  [BIG_BATCH - 1, [], true],
])('a batch of %d that never met something: %j', async (seeds, neverMet, passed) => {
  const { pool } = poolOf(2, (seed) => outcomeOf(seed, { met: { ...outcomeOf(seed).met, 'unasked returns': 0 } }));
  const report = await searchOf(pool, { seeds });
  expect(report.neverMet).toEqual(neverMet);
  expect(hasPassed(report)).toBe(passed);
});

test('fails with the defect of a process', async () => {
  const { pool } = poolOf(2, () => {
    throw new Error('the process of seed 1 ended (9)');
  });
  await expect(searchOf(pool)).rejects.toThrow('seed 1 ended');
});

test.each<[Parameters<typeof classShortfalls>[1] & { readonly fault: FaultKind }, RegExp | undefined]>([
  [{ fault: 'cold-starts', injectedEvents: 1, rto: null, alertSeconds: null }, undefined],
  [{ fault: 'cold-starts', injectedEvents: 0, rto: null, alertSeconds: null }, /struck nothing/],
  [{ fault: 'dynamodb-errors', injectedEvents: 9, rto: 2, alertSeconds: 40 }, undefined],
  [{ fault: 'dynamodb-errors', injectedEvents: 9, rto: 2.1, alertSeconds: 40 }, /without service for 2\.1 s; 2 s is/],
  [{ fault: 'region-dark', injectedEvents: 9, rto: 52, alertSeconds: 60 }, undefined],
  [{ fault: 'region-dark', injectedEvents: 9, rto: 52, alertSeconds: 61 }, /nobody was told for 61 s; 60 s is/],
  [{ fault: 'isolated', injectedEvents: 9, rto: 52, alertSeconds: 100 }, /nobody was told for 100 s/],
  [{ fault: 'sns-down', injectedEvents: 9, rto: null, alertSeconds: null }, undefined],
  [{ fault: 'partition', injectedEvents: 9, rto: null, alertSeconds: null }, /nobody was told; 60 s is promised/],
])('a class is held to what is promised for it: %j', (row, message) => {
  const reasons = classShortfalls(OURS.promises(row.fault), row);
  expect(reasons).toHaveLength(message ? 1 : 0);
  if (message) expect(reasons[0]).toMatch(message);
});

test('a time in which nobody was served is told, a client that was not is counted', () => {
  const request = (startedMs: number, atMs: number, outcome: 'ok' | 'connect-timeout') => ({
    kind: 'request' as const,
    client: 'client-0001',
    home: 'mumbai',
    method: 'GET',
    route: 'GET /items/{id}',
    itemId: 'a',
    region: 'mumbai',
    startedMs,
    atMs,
    outcome,
  });
  const events = [
    request(1_000, 1_050, 'ok'),
    request(1_500, 4_500, 'connect-timeout'),
    request(4_400, 4_460, 'ok'),
    request(5_000, 8_000, 'connect-timeout'),
    request(9_000, 12_000, 'connect-timeout'),
    request(13_000, 13_040, 'ok'),
  ];
  expect(losses(recordOf({ events }))).toEqual({
    failed: 3,
    outages: [{ fromSeconds: 4.5, toSeconds: 13 }],
  });
  expect(losses(recordOf())).toEqual({ failed: 0, outages: [] });
});
