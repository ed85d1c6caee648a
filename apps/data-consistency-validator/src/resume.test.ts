// A run goes through as many invocations as it takes and may be killed at any call: the result is that of a run that nobody
// disturbed, and no page is read twice but the one in flight.
import { compareNaively, type ReplicaItem } from '@dr/consistency';
import { MemoryTable } from '@dr/handler-core';
import fc from 'fast-check';
import { Interrupted, WorkClock, type Kill } from './testing/interrupted';
import { largeRun } from './testing/large-run';

const START_MS = new WorkClock().now();
const stampAt = (ms: number, region: string): string =>
  `${new Date(START_MS + ms).toISOString()}#${region}#0000000a-000001`;

const row = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'control-of-others'),
  ms: fc.integer({ min: -60_000, max: 60_000 }),
  region: fc.constantFrom('mumbai', 'singapore'),
  previous: fc.constantFrom(null, stampAt(-30_000, 'mumbai'), stampAt(-1, 'singapore')),
  values: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)),
});
type Row = typeof row extends fc.Arbitrary<infer R> ? R : never;

function itemsOf(rows: readonly Row[], at: 0 | 1 | 2): ReplicaItem[] {
  return rows
    .filter(({ values }) => values[at] > 0)
    .map(({ id, ms, region, previous, values }) => ({
      id,
      timestamp: stampAt(ms, region),
      region,
      previous,
      value: values[at],
    }));
}

function system(rows: readonly Row[], pageItems: number, pageMs: number) {
  const unique = [...new Map(rows.map((one) => [`${one.id} ${stampAt(one.ms, one.region)}`, one])).values()];
  const replicas = ([0, 1, 2] as const).map((at) => itemsOf(unique, at));
  const [here, ...peers] = replicas.map((items) => {
    const table = new MemoryTable(pageItems);
    for (const item of items) table.apply(item);
    return table;
  }) as [MemoryTable, MemoryTable, MemoryTable];
  const validator = new Interrupted({
    clock: new WorkClock(),
    pageMs,
    callMs: 7,
    here,
    peers: peers.map((table, at) => ({ name: ['singapore', 'tokyo'][at] ?? '', table })),
  });
  return { validator, replicas, here };
}

const kills = fc.array(
  fc.option(fc.record({ atCall: fc.integer({ min: 1, max: 30 }), afterEffect: fc.boolean() }), {
    nil: undefined,
    freq: 4,
  }),
  { maxLength: 12 },
);

it('comes to the same result, killed anywhere, as a run that is not, and as all of both replicas in memory', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 40 }),
      fc.integer({ min: 1, max: 9 }),
      // A page takes so long that an invocation reads 1 to 20 rounds of them.
      fc.integer({ min: 400, max: 20_000 }),
      kills,
      async (rows, pageItems, pageMs, ends) => {
        const undisturbed = system(rows, pageItems, pageMs);
        const expected = await undisturbed.validator.runThrough();
        expect(undisturbed.validator.readTwice()).toEqual([]);
        const { validator, replicas } = system(rows, pageItems, pageMs);
        const report = await validator.runThrough(ends);
        // Killed before the run was stored, it begins later, and there is more to compare.
        if (report.startedAt === expected.startedAt) {
          expect([report.peers, report.newer, report.progress.pages]).toEqual([
            expected.peers,
            expected.newer,
            expected.progress.pages,
          ]);
        }
        expect(validator.readTwice()).toEqual([]);
        for (const [at, peer] of report.peers.entries()) {
          const startedAtMs = Date.parse(report.startedAt ?? '');
          const { differences, ...counts } = compareNaively(replicas[0] ?? [], replicas[at + 1] ?? [], startedAtMs);
          expect(peer).toMatchObject({ complete: true, inFlight: 0, ...counts });
          expect(peer.samples).toEqual(differences.slice(0, 20));
        }
        // At most once for each peer; a report at least once, when there is something to report.
        expect(validator.differencesCounted().length).toBeLessThanOrEqual(2);
        expect(validator.notifier.sent.length > 0).toBe(!report.passed);
      },
    ),
    { numRuns: 150 },
  );
});

it('gives a failback that waits, and asks every minute, one run that began after the recovery, however long that takes', async () => {
  const rows = Array.from({ length: 60 }, (_, n): Row => {
    return { id: 'abcde'[n % 5] as Row['id'], ms: -60_000 + n, region: 'mumbai', previous: null, values: [1, 1, 1] };
  });
  const { validator, here } = system(rows, 2, 4_000);
  await validator.invoke({ sinceMs: validator.startedAtMs, settleSeconds: 0 });
  const before = (await validator.head())?.run?.id;
  const sinceMs = validator.startedAtMs + 30_000;
  const runs = new Set<unknown>();
  const outcome = () => here.all().find(({ id, timestamp }) => id === 'control' && timestamp === 'run#mumbai');
  for (let minute = 0; minute < 30 && !outcome(); minute += 1) {
    validator.passTo(sinceMs + minute * 60_000);
    const kill = minute % 4 === 1 ? { atCall: 5, afterEffect: true } : undefined;
    const event = { source: 'failover-orchestrator', reason: 'recovering', sinceMs, settleSeconds: 0 };
    await validator.invoke(minute % 3 === 2 ? { source: 'aws.events', 'detail-type': 'Scheduled Event' } : event, kill);
    runs.add((await validator.head())?.run?.id);
  }
  expect(runs.size).toBe(1);
  expect(runs.has(before)).toBe(false);
  expect(validator.invocations).toBeGreaterThan(6);
  expect(outcome()).toMatchObject({ passed: true });
  expect(outcome()?.['startedAtMs']).toBeGreaterThanOrEqual(sinceMs);
});

it('compares 10^5 versions through many invocations, some of them killed, and keeps what it must in chunks', async () => {
  const undisturbed = await largeRun(100_000, []);
  const ends: Kill[] = [3, 90, 200, 57, 131, 8, 220, 31].map((atCall, at) => ({ atCall, afterEffect: at % 2 === 0 }));
  const disturbed = await largeRun(100_000, ends);
  for (const { report, expected, readTwice } of [undisturbed, disturbed]) {
    expect(readTwice).toEqual([]);
    expect(report.peers).toMatchObject([{ complete: true, inFlight: 0, ...expected }]);
    expect(report.peers[0]?.conflicting).toBeGreaterThan(100_000 / 16);
  }
  expect(disturbed.report.peers).toEqual(undisturbed.report.peers);
  expect(disturbed.kills).toBe(ends.length);
  expect(disturbed.invocations).toBeGreaterThanOrEqual(5 + ends.length - 3);
});
