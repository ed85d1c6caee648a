// `dr objectives`: the same choice as the synthesis makes, every choice with its figures, and what could be met when nothing does.
import { ROUTINGS } from '@dr/contracts';
import { parseConfig, recoveryObjectiveOf, type DrConfigInput } from '@dr/contracts/system/config';
import { monthlyCostUsd, predict, selectSettings } from '@dr/failover';
import { priceOf } from '@dr/review';
import fc from 'fast-check';
import { configWith } from '../testing/config';
import { runIn } from '../testing/run-on';
import type { ObjectivesReport } from './objectives/report';

const run = (config: Partial<DrConfigInput>, ...more: string[]) =>
  runIn(['objectives', ...more], { config: () => configWith(config) });
const report = async (config: Partial<DrConfigInput>, ...more: string[]) => {
  const { code, out } = await run(config, ...more, '--json');
  return { code, ...(JSON.parse(out) as ObjectivesReport) };
};

test('the default objective selects what the README says, and every choice has its figures', async () => {
  const { code, met, selected, choices, arithmetic } = await report({});
  expect({ code, met }).toEqual({ code: 0, met: true });
  expect(selected).toMatchObject({ intervalSeconds: 10, failureThreshold: 3, ttlSeconds: 10, worstClientSeconds: 57 });
  expect(arithmetic).toBe('3 x (10 s interval + 4 s probe) + TTL 10 s + client wait 5 s = 57 s');
  // 2 intervals, 3 thresholds, an alias and six TTLs.
  expect(choices).toHaveLength(42);
  const objective = recoveryObjectiveOf(configWith());
  for (const choice of choices)
    expect(choice).toMatchObject({
      ...predict(choice),
      monthlyUsd: monthlyCostUsd(choice, objective),
      meets: predict(choice).worstClientSeconds <= 60,
      allowed: true,
    });
});

test('behind an accelerator there is one sum, and no table of settings', async () => {
  const found = await report({ frontDoor: 'global-accelerator' });
  expect(found).toMatchObject({ code: 0, met: true, selected: { worstClientSeconds: 49 }, couldMeet: [] });
  expect(found.choices).toHaveLength(1);
  const { out } = await run({ frontDoor: 'global-accelerator' });
  expect(out).toContain('app.example.com, Global Accelerator, 2 regions.');
  expect(out).toContain("2 x 5 s interval + 4 s time-out of the target's health check + accelerator 30 s [A]");
  expect(out).not.toMatch(/TTL by interval|resolvers/);
});

test('fails on an objective that no accelerator meets, and says what would', async () => {
  const { code, out } = await run({ frontDoor: 'global-accelerator' }, '--rto', '40');
  expect(code).toBe(1);
  expect(out).toContain('An objective of 49 s or more.');
  expect(out).toContain("With frontDoor: 'dns': 10 s x 2, TTL 5 s (CNAME) meets 40 s with 38 s.");
});

test('what is selected is what the synthesis selects, for any objective', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        rtoSeconds: fc.integer({ min: 1, max: 300 }),
        apex: fc.boolean(),
        routing: fc.constantFrom(...ROUTINGS),
        recovery: fc.record(
          {
            intervalSeconds: fc.constantFrom(10 as const, 30 as const),
            failureThreshold: fc.integer({ min: 1, max: 10 }),
            ttlSeconds: fc.integer({ min: 1, max: 300 }),
          },
          { requiredKeys: [] },
        ),
      }),
      async ({ rtoSeconds, apex, routing, recovery }) => {
        const config: Partial<DrConfigInput> = { domain: apex ? 'example.com' : 'app.example.com', routing, recovery };
        const found = await report(config, '--rto', String(rtoSeconds));
        const objective = { ...recoveryObjectiveOf(configWith(config)), rtoSeconds };
        const wanted = ((): object | null => {
          try {
            return selectSettings(objective).settings;
          } catch {
            return null;
          }
        })();
        expect(found.code).toBe(wanted === null ? 1 : 0);
        if (wanted === null) expect(found.selected).toBeNull();
        else expect(found.selected).toMatchObject(wanted);
        expect(found.choices.some(({ meets, allowed }) => meets && allowed)).toBe(wanted !== null);
        expect(found.couldMeet.length > 0).toBe(wanted === null);
      },
    ),
    { numRuns: 60 },
  );
});

test.each<[string, Partial<DrConfigInput>, string[], RegExp[]]>([
  [
    '10 s',
    {},
    ['--rto', '10'],
    [/✗ 10 s cannot be met/, /- An objective of 24 s or more \(52 s with threshold 3, 38 s/],
  ],
  [
    '60 s at the apex',
    { domain: 'example.com' },
    [],
    [/An objective of 79 s or more/, /With a domain below the zone.*10 s x 3, TTL 10 s \(CNAME\) meets 60 s with 57 s/],
  ],
  [
    'explicit settings in the way',
    { recovery: { intervalSeconds: 30, failureThreshold: 3 } },
    [],
    [
      /No choice with recovery\.intervalSeconds = 30, /,
      /Without recovery\.intervalSeconds = 30, .* meets 60 s with 57 s/,
    ],
  ],
])('%s: exit code 1, and what could be met', async (_, config, more, messages) => {
  const { code, out, err } = await run(config, ...more);
  expect({ code, err }).toEqual({ code: 1, err: '' });
  for (const message of messages) expect(out).toMatch(message);
});

test('what could be met can be: each sum is that of the synthesis', async () => {
  for (const config of [{}, { domain: 'example.com' }, { recovery: { intervalSeconds: 30 as const } }]) {
    const { couldMeet } = await report(config, '--rto', '3');
    const least = Number(/An objective of (\d+) s/.exec(couldMeet[0] ?? '')?.[1]);
    expect((await report(config, '--rto', String(least))).code).toBe(0);
    expect((await report(config, '--rto', String(least - 1))).code).toBe(1);
  }
});

test('an explicit setting that no table has is a choice of its own, and closes the others', async () => {
  const { selected, choices } = await report({ recovery: { ttlSeconds: 7 } });
  expect(selected).toMatchObject({ ttlSeconds: 7, worstClientSeconds: 54 });
  expect(choices.filter(({ allowed }) => allowed).every(({ ttlSeconds }) => ttlSeconds === 7)).toBe(true);
  expect((await run({ recovery: { ttlSeconds: 7 } })).out).toMatch(/- closed by recovery/);
});

test.each(['0', '-1', '3601'])('--rto %s is bad input', async (rto) => {
  const { code, out, err } = await run({}, '--rto', rto);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/^--rto .*: is out of range\. Give seconds above 0, up to 3600\n$/);
});

test('both tables fit in 40 columns, and no figure is told by colour alone', async () => {
  const { out } = await run({});
  const rows = out.split('\n').filter((line) => /^(TTL|\d+|detection)\b/.test(line));
  expect(rows.length).toBeGreaterThan(15);
  for (const row of rows) expect(row.length).toBeLessThanOrEqual(40);
  expect(out).toContain('57*');
  expect(out).not.toContain('\u001b');
});

test('the prices are those of the price book', () => {
  const objective = recoveryObjectiveOf(parseConfig({ ...configWith(), options: { resolvers: 1_000 } }));
  const settings = { failureThreshold: 3, ttlSeconds: 60 };
  const fast = monthlyCostUsd({ ...settings, intervalSeconds: 10, recordType: 'alias' }, objective);
  const slow = monthlyCostUsd({ ...settings, intervalSeconds: 30, recordType: 'alias' }, objective);
  const asked = monthlyCostUsd({ ...settings, intervalSeconds: 30, recordType: 'cname' }, objective);
  // 16 checkers on two endpoints in 730 hours; 1,000 resolvers, once a minute.
  const probes = (seconds: number) =>
    ((16 * 2 * 730 * 3600) / seconds / 1e6) * (priceOf('lambda-requests', 'us-east-1') ?? 0);
  expect(fast - slow).toBeCloseTo(2 * (priceOf('health-check-aws-option', 'global') ?? 0) + probes(10) - probes(30), 9);
  expect(asked - slow).toBeCloseTo(((1_000 * 730 * 60) / 1e6) * (priceOf('dns-latency-queries', 'global') ?? 0), 9);
});
