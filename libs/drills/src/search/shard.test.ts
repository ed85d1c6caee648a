// Shards: each seed is in one of them, and all together report what one search does.
import fc from 'fast-check';
import { drawSchedule } from './seeded-draw';
import { mergeReports } from './merge';
import type { MatrixRow } from './matrix-row';
import type { SeedOutcome } from './run-seed';
import { BIG_BATCH, search, type SearchReport, type SeedPool } from './search';
import { sliceOf } from './shard';
import { placesOf } from '../run/start';
import { OURS } from '../systems/ours';

const PLACES = placesOf(OURS, [{ name: 'mumbai' }, { name: 'singapore' }]);
const THINGS = ['failovers', 'conflicts', 'unasked returns'];

/** What a seed comes to is its own, whoever runs it. `broken`: one in so many. */
const outcomeOf = (seed: number, broken: number): SeedOutcome => ({
  seed,
  schedule: drawSchedule(seed, PLACES),
  violations: seed % broken === 0 ? [{ id: `check-${seed % 5}`, detail: `of ${seed}` }] : [],
  // The last of them only ever in a far seed, so that some shards never meet it.
  met: Object.fromEntries(THINGS.map((name, at) => [name, seed % (7 ** at + at) === 0 ? 1 : 0])),
  orders: [],
  invocations: 1_000 + seed,
  requests: 900 + seed,
  failed: 0,
  outages: [],
  virtualSeconds: 130,
  eventLogHash: `hash-${seed}`,
});

const poolOf = (size: number, broken: number): SeedPool => ({
  size,
  run: async (seed) => {
    for (let turns = 0; turns < size - (seed % size); turns += 1) await Promise.resolve();
    return outcomeOf(seed, broken);
  },
  shrink: (seed, id) =>
    Promise.resolve({ outcome: { ...outcomeOf(seed, broken), violations: [{ id, detail: 'smaller' }] }, tries: seed }),
  drill: () => Promise.reject<MatrixRow>(new Error('no drill here')),
});

const seedsOf = { firstSeed: fc.nat(1_000_000), seeds: fc.integer({ min: 1, max: 400 }) };

test('slices follow one another, cover every seed once, and differ by one seed at most', () => {
  fc.assert(
    fc.property(fc.record(seedsOf), fc.integer({ min: 1, max: 400 }), (whole, asked) => {
      const of = Math.min(asked, whole.seeds);
      const slices = Array.from({ length: of }, (_, at) => sliceOf(whole, { index: at + 1, of }));
      let next = whole.firstSeed;
      for (const { firstSeed, seeds } of slices) {
        expect(firstSeed).toBe(next);
        expect(seeds).toBeGreaterThan(0);
        next += seeds;
      }
      expect(next).toBe(whole.firstSeed + whole.seeds);
      const sizes = slices.map(({ seeds }) => seeds);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

const withoutTimes = (report: SearchReport): object => ({
  ...report,
  processes: 0,
  wallSeconds: 0,
  schedulesPerMinute: 0,
});

const searchOf = (whole: { firstSeed: number; seeds: number }, broken: number, size: number, isShard = false) =>
  search({
    pool: poolOf(size, broken),
    ...whole,
    shrinkTries: 60,
    stopAfter: whole.seeds + 1,
    isShard,
    wallMs: () => 0,
  });

test('the shards of any search, put together, are the search: sums, pairs, failures, what was never met', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ ...seedsOf, seeds: fc.oneof(seedsOf.seeds, fc.constant(BIG_BATCH)) }),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom(3, 17, 90, 10_000_000),
      async (whole, asked, broken) => {
        const of = Math.min(asked, whole.seeds);
        const shards = await Promise.all(
          Array.from({ length: of }, (_, at) =>
            searchOf(sliceOf(whole, { index: at + 1, of }), broken, 1 + (at % 3), true),
          ),
        );
        for (const shard of shards) expect(shard.neverMet).toEqual([]);
        const merged = mergeReports(shards);
        expect(withoutTimes(merged)).toEqual(withoutTimes(await searchOf(whole, broken, 2)));
        expect(merged.processes).toBe(shards.reduce((sum, { processes }) => sum + processes, 0));
      },
    ),
    { numRuns: 40 },
  );
}, 60_000);

test('what no shard can tell is told of the whole: none has 500 schedules, all have', async () => {
  const whole = { firstSeed: 1, seeds: BIG_BATCH };
  const never = (pool: SeedPool): SeedPool => ({
    ...pool,
    run: async (seed) => ({ ...(await pool.run(seed)), met: { failovers: 1, conflicts: 0 } }),
  });
  const shards = await Promise.all(
    [1, 2].map((index) =>
      search({
        ...{ pool: never(poolOf(1, 10_000)), ...sliceOf(whole, { index, of: 2 }), isShard: true },
        ...{ shrinkTries: 0, wallMs: () => 0 },
      }),
    ),
  );
  expect(mergeReports(shards).neverMet).toEqual(['conflicts']);
});

test('it took as long as the longest shard, as all run side by side', async () => {
  const [one, two] = await Promise.all([1, 2].map((index) => searchOf({ firstSeed: index, seeds: 1 }, 90, 1, true)));
  const merged = mergeReports([
    { ...(one as SearchReport), wallSeconds: 20 },
    { ...(two as SearchReport), wallSeconds: 30 },
  ]);
  expect(merged).toMatchObject({ wallSeconds: 30, schedulesPerMinute: 4, schedules: 2, seeds: 2 });
});

test('the time that was spent before counts', async () => {
  let now = 0;
  const pool = poolOf(1, 90);
  const report = await search({
    pool: { ...pool, run: (seed) => ((now += 1_000), pool.run(seed)) },
    ...{ firstSeed: 1, seeds: 2, shrinkTries: 0, spentMs: 58_000, wallMs: () => now },
  });
  expect(report).toMatchObject({ wallSeconds: 60, schedulesPerMinute: 2 });
});
