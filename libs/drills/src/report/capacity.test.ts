// What a drill of a load reports of the limits that its requests met.
import { makeWorld } from '@dr/twin';
import type { DrillRun } from '../run/run-record';
import type { LoadPlan } from '../schedule/load-plan';
import type { RunningStack } from '../system-under-drill';
import { capacityOf, overCapacity } from './capacity';
import { capacityLines, limitRows } from './capacity-text';

const PLAN: LoadPlan = {
  ...{ requestsPerSecond: 10_000, perRequest: 100 },
  ...{ peakRequestsPerSecond: 0, accountConcurrency: 1_000 },
};
const FAULT = { kind: 'region-dark', region: 'mumbai', startSeconds: 60, durationSeconds: 100 } as const;

/** A world whose meters a test fills, and a run of two regions of which Mumbai is lost from 60 to 160 s. */
function drilled(outcomes: readonly string[] = []) {
  const regions = [
    { name: 'mumbai', awsRegion: 'ap-south-1' },
    { name: 'singapore', awsRegion: 'ap-southeast-1' },
  ];
  const world = makeWorld({ regions, seed: 1, load: { perRequest: 100 } });
  const { limits } = world;
  if (!limits) throw new Error('a load is metered');
  const events = outcomes.map((outcome, index) => ({
    ...{ kind: 'request', client: `c-${index}`, region: 'singapore', startedMs: 100_000, atMs: 100_100, outcome },
  }));
  const run = { fault: FAULT, regions: ['mumbai', 'singapore'], events } as unknown as DrillRun;
  return { limits, report: () => capacityOf(run, { world } as RunningStack, PLAN) };
}

test('the share that a limit throttles is of what met it while the fault was in force, and beside it that before', () => {
  const { limits, report } = drilled();
  const requests = limits.counter('lambda-requests', 'ap-southeast-1', 'the account', () => 10_000);
  for (let second = 0; second < 160; second += 1) {
    const isLost = second >= 100;
    requests.ask(second * 1_000, isLost ? 10_000 : 9_900, false);
    requests.ask(second * 1_000, isLost ? 10_000 : 100, true);
    requests.use(second * 1_000, isLost ? 20_000 : 10_000);
  }
  const [limit] = report().limits;
  expect(limit).toMatchObject({
    ...{ region: 'singapore', used: 20_000, usedShare: 2, fromSeconds: 0, toSeconds: 160 },
    throttledBeforeShare: 0.01,
    throttledShare: Math.round((1e4 * (40 * 100 + 60 * 10_000)) / (40 * 10_000 + 60 * 20_000)) / 1e4,
    avoidedBy: { what: expect.stringContaining('a quota of 2400 executions at once'), oneTimeUsd: 0, monthlyUsd: 0 },
  });
  expect(overCapacity(report(), 'mumbai')).toEqual([
    'singapore throttles 37.8 % of what meets the requests a second of the account',
  ]);
  expect(overCapacity(report(), 'singapore')).toEqual([]);
});

test('a table that throttles is to be warm for what was asked, in every replica, once paid by the unit', () => {
  const { limits, report } = drilled();
  const counters = ['ap-south-1', 'ap-southeast-1'].map((region) =>
    limits.counter('table-writes', region, 'items', () => 4_000),
  );
  for (let second = 60; second < 160; second += 1) {
    counters[1]?.ask(second * 1_000, 6_000, true);
    counters[1]?.ask(second * 1_000, 4_000, false);
    counters[1]?.use(second * 1_000, 4_000);
  }
  const [limit] = report().limits;
  // 4,000 of 10,000 were let in, and a fifth is added: 12,000, of which 8,000 are new, in two regions.
  expect(limit?.avoidedBy).toEqual({
    what: 'warm_throughput of 12000 write units a second on the table, which AWS gives to all 2 replicas',
    oneTimeUsd: Math.ceil(8_000 * 0.00074 * 2 * 100) / 100,
    monthlyUsd: 0,
  });
});

test('no capacity that one can buy cools a hot partition, which is named', () => {
  const { limits, report } = drilled();
  const partition = limits.counter('partition-writes', 'ap-southeast-1', 'items', () => 1_000);
  partition.ask(70_000, 100, false);
  partition.ask(70_000, 100, true);
  partition.refuse('control', 100);
  const [limit] = report().limits;
  expect(limit).toMatchObject({ hottestPartition: 'control', throttledShare: 0.5 });
  expect(limit?.avoidedBy?.what).toMatch(/^another partition key for control/);
});

test('what throttles nothing is not to be avoided, and what is far from full is not shown', () => {
  const { limits, report } = drilled(['ok', 'ok', 'ok', 'http-error']);
  limits.counter('table-reads', 'ap-southeast-1', 'items', () => 12_000).ask(70_000, 100, false);
  expect(report()).toMatchObject({
    survivors: [{ region: 'singapore', failedShare: 0.25 }],
    limits: [{ throttledShare: 0, fromSeconds: null, avoidedBy: null }],
  });
  expect(limitRows(report())).toHaveLength(1);
  expect(capacityLines(report())).toEqual([
    '10,000 requests a second in each region, one simulated for 100; 1,000 executions at once; new tables',
    'singapore: 25.0 % of the requests that it got failed',
  ]);
});
