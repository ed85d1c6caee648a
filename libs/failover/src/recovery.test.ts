// Recovery arithmetic as worked examples, and as properties over every reachable objective. README's table is held in apps/dr, beside its other figures.
import { InputError, ROUTINGS } from '@dr/contracts';
import fc from 'fast-check';
import { explain, monthlyCostUsd, monthlyProbes, predict, selectSettings, type RecoveryObjective } from './recovery';

const objective = (overrides: Partial<RecoveryObjective> = {}): RecoveryObjective => ({
  rtoSeconds: 60,
  apex: false,
  routing: 'latency',
  resolvers: 20,
  regions: 2,
  ...overrides,
});

describe('selectSettings', () => {
  it.each([
    [24, 10, 1, 5, 'cname'],
    [40, 10, 2, 5, 'cname'],
    [60, 10, 3, 10, 'cname'],
    [77, 10, 3, 30, 'cname'],
    [107, 10, 3, 60, 'alias'],
    [170, 30, 3, 60, 'alias'],
  ])('%i s: %i x %i, TTL %i, %s', (rtoSeconds, intervalSeconds, failureThreshold, ttlSeconds, recordType) => {
    expect(selectSettings(objective({ rtoSeconds })).settings).toEqual({
      intervalSeconds,
      failureThreshold,
      ttlSeconds,
      recordType,
    });
  });

  it('warns about false alarms when only threshold 1 meets the objective', () => {
    expect(selectSettings(objective({ rtoSeconds: 24 })).warnings).toHaveLength(1);
    expect(selectSettings(objective()).warnings).toHaveLength(0);
  });

  it('keeps explicit settings that meet the objective', () => {
    const overrides = { intervalSeconds: 10, failureThreshold: 2, ttlSeconds: 20 };
    expect(selectSettings(objective({ overrides })).settings).toEqual({ ...overrides, recordType: 'cname' });
  });

  it.each([
    ['10 s', { rtoSeconds: 10 }, /24 s at best.*Set rtoSeconds to 24 or more/],
    [
      '60 s at the apex',
      { apex: true },
      /only an alias.*107 s with threshold 3, 93 s with threshold 2, 79 s with threshold 1.*79 or more/,
    ],
    [
      'explicit settings that miss it',
      { rtoSeconds: 40, overrides: { intervalSeconds: 30 } },
      /Set rtoSeconds to 44 or more/,
    ],
  ])('fails on %s, with the arithmetic and the nearest that can be met', (_name, overrides, message) => {
    expect(() => selectSettings(objective(overrides))).toThrow(InputError);
    expect(() => selectSettings(objective(overrides))).toThrow(message);
  });

  it('always meets the objective, with the highest threshold that can and no cheaper choice at that threshold', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 24, max: 400 }),
        fc.constantFrom(...ROUTINGS),
        fc.integer({ min: 1, max: 5000 }),
        (rtoSeconds, routing, resolvers) => {
          const wanted = objective({ rtoSeconds, routing, resolvers });
          const { settings, predicted } = selectSettings(wanted);
          expect(predicted.worstClientSeconds).toBeLessThanOrEqual(rtoSeconds);
          for (const failureThreshold of [1, 2, 3])
            for (const intervalSeconds of [10, 30])
              for (const ttlSeconds of [5, 10, 15, 20, 30, 60]) {
                const other = {
                  intervalSeconds,
                  failureThreshold,
                  ttlSeconds,
                  recordType: ttlSeconds === 60 ? ('alias' as const) : ('cname' as const),
                };
                if (predict(other).worstClientSeconds > rtoSeconds) continue;
                expect(failureThreshold).toBeLessThanOrEqual(settings.failureThreshold);
                if (failureThreshold === settings.failureThreshold)
                  expect(monthlyCostUsd(other, wanted)).toBeGreaterThanOrEqual(monthlyCostUsd(settings, wanted) - 1e-9);
              }
        },
      ),
    );
  });
});

it('counts the probes a month: 16 checkers, each endpoint', () => {
  expect(monthlyProbes(10, 2)).toBe(8_409_600);
  expect(monthlyProbes(30, 2)).toBe(2_803_200);
});

it('explains the sum in one line, for any probe', () => {
  const settings = { intervalSeconds: 10, failureThreshold: 3, ttlSeconds: 10 };
  expect(explain(settings)).toBe('3 x (10 s interval + 4 s probe) + TTL 10 s + client wait 5 s = 57 s');
  expect(explain(settings, predict(settings, 6))).toBe(
    '3 x (10 s interval + 6 s probe) + TTL 10 s + client wait 5 s = 63 s',
  );
});
