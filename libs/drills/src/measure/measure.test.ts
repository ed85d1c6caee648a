import fc from 'fast-check';
import type { LoggedEvent } from '@dr/twin';
import {
  availability,
  clientRecoveries,
  latencyByPath,
  percentile,
  recoveryPoint,
  recoveryTime,
  requestCounts,
} from './measure';
import { failure, request, runOf } from '../testing/fixtures';

const START = 60_000;
const HEAL = 360_000;

describe('RTO of a client', () => {
  const cases: readonly [string, readonly LoggedEvent[], ReturnType<typeof clientRecoveries>][] = [
    ['is nothing without a failure', [request(START + 10), request(START + 900)], []],
    ['ignores failures before the fault', [failure(START - 1), request(START + 5)], []],
    [
      'runs from the start of the fault to the first success after the last failure',
      [
        failure(START + 5_000),
        request(START + 9_000),
        failure(START + 20_000),
        request(START + 24_000),
        request(START + 30_000),
      ],
      [{ client: 'c1', ms: 24_000, recovered: 'before-heal' }],
    ],
    [
      'counts a request that began before the fault and failed in it',
      [failure(START + 10, { startedMs: START - 2_990 }), request(START + 4_000)],
      [{ client: 'c1', ms: 4_000, recovered: 'before-heal' }],
    ],
    [
      'counts a request that began before heal and failed after it',
      [failure(START + 5_000), request(START + 9_000), failure(HEAL + 1_000), request(HEAL + 2_500)],
      [{ client: 'c1', ms: 302_500, recovered: 'after-heal' }],
    ],
    [
      'leaves out what failed wholly after heal',
      [failure(START + 5_000), request(START + 9_000), failure(HEAL + 5_000)],
      [{ client: 'c1', ms: 9_000, recovered: 'before-heal' }],
    ],
    [
      'lasts to the end of the run for a client that never recovered',
      [failure(START + 5_000), request(HEAL + 7_000, { client: 'c2' })],
      [{ client: 'c1', ms: 307_000, recovered: 'never' }],
    ],
    [
      'leaves out clients without a key',
      [failure(START + 5_000, { client: 'unauthenticated-mumbai', outcome: 'http-error' })],
      [],
    ],
  ];
  const gaps: readonly [string, readonly LoggedEvent[], ReturnType<typeof clientRecoveries>][] = [
    [
      'is the longest gap, not the time since the fault began',
      [
        failure(START + 5_000, { startedMs: START + 4_900 }),
        request(START + 6_000),
        failure(START + 20_000, { startedMs: START + 19_000 }),
        failure(START + 22_000, { startedMs: START + 21_000 }),
        request(START + 23_000),
        failure(START + 90_000, { startedMs: START + 89_500 }),
        request(START + 91_000),
      ],
      [{ client: 'c1', ms: 4_000, recovered: 'before-heal' }],
    ],
    [
      'begins with the fault, for a request that was under way',
      [failure(START + 10, { startedMs: START - 2_990 }), request(START + 1_000)],
      [{ client: 'c1', ms: 1_000, recovered: 'before-heal' }],
    ],
    [
      'lasts to the end of the run for a client that never recovered',
      [
        failure(START + 1_000, { startedMs: START + 900 }),
        request(START + 9_000),
        failure(HEAL - 10, { startedMs: HEAL - 1_000 }),
        request(HEAL + 1_000, { client: 'c2' }),
      ],
      [{ client: 'c1', ms: 2_000, recovered: 'never' }],
    ],
    [
      'ends after heal for a request that began before it',
      [failure(HEAL + 100, { startedMs: HEAL - 100 }), request(HEAL + 1_000)],
      [{ client: 'c1', ms: 1_100, recovered: 'after-heal' }],
    ],
    [
      'leaves out what failed before the fault and wholly after heal',
      [failure(START - 10), failure(HEAL + 10, { startedMs: HEAL + 1 })],
      [],
    ],
  ];
  test.each(gaps)('of a share of requests %s', (_name, events, expected) => {
    const { fault, ...rest } = runOf({ events });
    expect(clientRecoveries({ ...rest, fault: { ...fault, kind: 'gray' } })).toEqual(expected);
  });

  test.each(cases)('%s', (_name, events, expected) => {
    expect(clientRecoveries(runOf({ events }))).toEqual(expected);
  });

  test('is never shorter than the time to the last failure, for any sequence of outcomes', () => {
    const outcome = fc.record({ gapMs: fc.integer({ min: 1, max: 40_000 }), ok: fc.boolean() });
    fc.assert(
      fc.property(fc.array(outcome, { minLength: 1, maxLength: 30 }), (outcomes) => {
        let atMs = START - 20_000;
        const events = outcomes.map(({ gapMs, ok }) => {
          atMs += gapMs;
          return ok ? request(atMs) : failure(atMs);
        });
        const failures = events.filter((e) => e.outcome !== 'ok' && e.atMs >= START && e.startedMs < HEAL);
        const [recovery] = clientRecoveries(runOf({ events }));
        expect(recovery !== undefined).toBe(failures.length > 0);
        if (!recovery) return;
        const lastFailureMs = failures.at(-1)?.atMs ?? 0;
        const success = events.find((e) => e.outcome === 'ok' && e.atMs > lastFailureMs);
        if (success) expect(recovery.ms).toBe(success.atMs - START);
        else expect(recovery.recovered).toBe('never');
      }),
    );
  });

  test('is reported as null when nobody was affected, else with nearest-rank percentiles', () => {
    expect(recoveryTime([])).toBeNull();
    const many = Array.from({ length: 100 }, (_, i) => ({
      client: `c${i}`,
      ms: (i + 1) * 100,
      recovered: 'before-heal' as const,
    }));
    expect(recoveryTime(many)).toEqual({ clientsAffected: 100, p50Seconds: 5, p95Seconds: 9.5, worstSeconds: 10 });
  });
});

describe('RPO', () => {
  const write = (id: string, atMs: number): LoggedEvent[] => [
    { kind: 'item-written', atMs, region: 'mumbai', id, timestamp: `t-${id}` },
    request(atMs + 20, { method: 'PUT', itemId: id, stamp: `t-${id}` }),
  ];
  const arrives = (id: string, atMs: number): LoggedEvent => ({
    kind: 'item-replicated',
    atMs,
    region: 'singapore',
    from: 'mumbai',
    id,
    timestamp: `t-${id}`,
    lagMs: 1,
    applied: true,
  });
  const stored = (...ids: string[]) => ids.map((id) => ({ id, timestamp: `t-${id}` }));

  test('counts acknowledged writes of the lost region that were nowhere else, with their age', () => {
    const events = [
      ...write('replicated', START - 3_000),
      arrives('replicated', START - 1),
      ...write('old', START - 1_500),
      ...write('new', START - 200),
      { kind: 'item-written', atMs: START - 100, region: 'mumbai', id: 'unacknowledged', timestamp: 't' } as const,
      { kind: 'item-written', atMs: START - 100, region: 'singapore', id: 'elsewhere', timestamp: 't' } as const,
      arrives('old', HEAL + 100),
    ];
    const all = stored('replicated', 'old', 'new');
    const rpo = recoveryPoint(runOf({ events, replicas: { mumbai: all, singapore: all } }));
    expect(rpo).toEqual({
      writesAtRisk: 2,
      oldestAtRiskSeconds: 1.5,
      medianAtRiskSeconds: 0.2,
      atRiskOlderThanOneSecond: 1,
      recoveredAfterHeal: true,
    });
  });

  test('is not recovered while one write at risk is missing in a replica', () => {
    const run = runOf({ events: write('new', START - 200), replicas: { mumbai: stored('new'), singapore: [] } });
    expect(recoveryPoint(run).recoveredAfterHeal).toBe(false);
  });
});

test('requests are counted by region and outcome, and availability is their share', () => {
  const counts = requestCounts([
    request(1),
    request(2, { region: 'singapore' }),
    request(3, { outcome: 'http-error', status: 502 }),
    failure(4),
  ]);
  expect(counts).toEqual({
    total: 4,
    succeeded: 2,
    failed: 2,
    byRegion: { mumbai: { ok: 1, 'http-502': 1, 'response-timeout': 1 }, singapore: { ok: 1 } },
  });
  expect(availability(counts)).toBe(0.5);
  expect(availability({ total: 0, succeeded: 0 })).toBe(0);
});

test('latency is taken of successes, by path', () => {
  const latency = latencyByPath([
    request(100, { startedMs: 40 }),
    request(200, { startedMs: 180, method: 'PUT' }),
    failure(9_000),
  ]);
  expect(latency).toEqual({
    'GET /items/{id}': { count: 1, p50Ms: 60, p99Ms: 60 },
    'PUT /items/{id}': { count: 1, p50Ms: 20, p99Ms: 20 },
  });
});

test('a percentile is one of the values, and at least that share of them is not above it', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), fc.integer({ min: 1, max: 100 }), (values, p) => {
      const sorted = [...values].sort((a, b) => a - b);
      const found = percentile(sorted, p);
      expect(sorted).toContain(found);
      expect(sorted.filter((value) => value <= found).length).toBeGreaterThanOrEqual((p / 100) * sorted.length);
    }),
  );
});
