// Schedules that EventBridge fires (EB-06).
import { InputError } from '@dr/contracts';
import fc from 'fast-check';
import { EventBridge } from '../services/eventbridge/eventbridge';
import { cronAt, rateFrom, type NextTime } from '../services/eventbridge/schedule';
import { Iam } from '../services/iam/iam';
import { answer, functionArn, functionsThat, MUMBAI, type Values } from './edge-fixture';
import { existsFromMs } from '../world';
import { graphOf, resourcesIn, worldOf } from './fixtures';

interface Options {
  readonly target?: Values;
  readonly permits?: boolean;
  readonly seed?: number;
  /** The stack is applied for the first time. @default it has long been there */
  readonly isFirstApply?: boolean;
}

function schedulesOf(values: Values, { target = {}, permits = true, seed = 1, isFirstApply = false }: Options = {}) {
  const graph = graphOf(
    resourcesIn(MUMBAI, {
      aws_cloudwatch_event_rule: { tick: { name: 'tick', ...values } },
      aws_cloudwatch_event_target: { tick: { rule: 'tick', arn: functionArn(MUMBAI), ...target } },
    }),
  );
  const world = worldOf({ seed, ...(isFirstApply ? { applied: graph } : {}) });
  const atMs: number[] = [];
  const functions = functionsThat(() => answer(200), permits);
  const invoker = { ...functions.invoker };
  invoker.invokeAsync = (...call) => {
    atMs.push(world.scheduler.now());
    functions.invoker.invokeAsync(...call);
  };
  const authorize = new Iam(world, graph);
  const bridge = new EventBridge(world, graph, { functions: invoker, authorize, deadLetters: { send: () => false } });
  bridge.start();
  return {
    world,
    calls: functions.calls,
    atMs,
    run: (minutes: number) => world.scheduler.runUntil(minutes * MINUTE_MS),
  };
}

const MINUTE_MS = 60_000;
const SEEDS = Array.from({ length: 40 }, (_, i) => i + 1);
const MOST_LATE_MS = 5_000;

test.each<[string, number, number]>([
  ['rate(1 minute)', 10, 10],
  ['rate(5 minutes)', 60, 12],
  ['rate(2 hours)', 600, 5],
  ['cron(0/15 * * * ? *)', 120, 8],
  ['cron(30 2,4 * * ? *)', 1_440, 2],
  ['cron(0-4 9-10 ? * * *)', 1_440, 10],
])('EB-06 %s fires, in %i minutes, %i times', async (schedule_expression, minutes, times) => {
  const { atMs, run, calls } = schedulesOf({ schedule_expression });
  await run(minutes);
  expect(atMs).toHaveLength(times);
  // At its own moment, and each time a little later than that: never at one second of the minute.
  const moments = atMs.map((at) => at % MINUTE_MS);
  expect(new Set(moments).size).toBe(times);
  expect(Math.max(...moments) - Math.min(...moments)).toBeLessThan(MOST_LATE_MS);
  expect(calls[0]?.event).toMatchObject({
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    region: MUMBAI,
    resources: [`arn:aws:events:${MUMBAI}:123456789012:rule/tick`],
  });
});

test('EB-06 a cron rule fires within its minute, each at a moment of its own', async () => {
  const firsts = await Promise.all(
    SEEDS.map(async (seed) => {
      const { atMs, run } = schedulesOf({ schedule_expression: 'cron(30 * * * ? *)' }, { seed });
      await run(60);
      return (atMs[0] ?? NaN) / MINUTE_MS;
    }),
  );
  expect(new Set(firsts.map(Math.floor))).toEqual(new Set([30]));
  expect(new Set(firsts).size).toBe(SEEDS.length);
});

test('EB-06 a rate counts from the creation of its rule, and the clock on the wall does not matter', async () => {
  const firsts = await Promise.all(
    SEEDS.map(async (seed) => {
      const { atMs, run } = schedulesOf({ schedule_expression: 'rate(10 minutes)' }, { seed });
      await run(21);
      expect(((atMs[1] ?? NaN) - (atMs[0] ?? NaN)) / MINUTE_MS).toBeCloseTo(10, 0);
      return Math.floor((atMs[0] ?? NaN) / MINUTE_MS);
    }),
  );
  expect(Math.min(...firsts)).toBeLessThan(3);
  expect(Math.max(...firsts)).toBeGreaterThan(6);
});

test('EB-06 in a first apply a rate is due for the first time when it has passed since the rule was made', async () => {
  const { world, atMs, run } = schedulesOf({ schedule_expression: 'rate(5 minutes)' }, { isFirstApply: true });
  const madeMs = existsFromMs(world, 'aws_cloudwatch_event_rule.tick');
  await run(20);
  expect(madeMs).toBeGreaterThan(0);
  expect(atMs).toHaveLength(3);
  atMs.forEach((at, i) => {
    const lateMs = at - madeMs - (i + 1) * 5 * MINUTE_MS;
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(lateMs).toBeLessThanOrEqual(MOST_LATE_MS);
  });
});

test('EB-06 a rule rarely runs twice for one time, with the same event', async () => {
  const minutes = 40_000;
  const { calls, run } = schedulesOf({ schedule_expression: 'rate(1 minute)' });
  await run(minutes);
  const ids = calls.map(({ event }) => (event as unknown as { readonly id: string }).id);
  const again = ids.length - new Set(ids).size;
  expect(new Set(ids).size).toBe(minutes);
  expect(again).toBeGreaterThan(0);
  expect(again).toBeLessThan(20);
});

it('hands over the input that the target gives', async () => {
  const { calls, run } = schedulesOf({ schedule_expression: 'rate(1 minute)' }, { target: { input: '{"full":true}' } });
  await run(1);
  expect(calls.map(({ event, trigger }) => [event, trigger])).toEqual([[{ full: true }, 'schedule']]);
});

it('stands still while the region is down, while disabled, and without permission', async () => {
  const expression = { schedule_expression: 'rate(1 minute)' };
  const { world, calls, run } = schedulesOf(expression);
  world.faults.start({ kind: 'region-dark', region: 'mumbai', startSeconds: 0, durationSeconds: 60 });
  await run(10);
  const disabled = schedulesOf({ ...expression, state: 'DISABLED' });
  await disabled.run(10);
  const forbidden = schedulesOf(expression, { permits: false });
  await forbidden.run(2);
  expect([calls, disabled.calls, forbidden.calls]).toEqual([[], [], []]);
  expect(forbidden.world.events.ofKind('denied')).toHaveLength(2);
});

test.each([
  'rate(1 minutes)',
  'rate(5 minute)',
  'rate(0 minutes)',
  'cron(0 9 * * * *)',
  'cron(0 9 ? * ? *)',
  'cron(0 9 * * ?)',
])('EB-06 fails on %s, which EventBridge refuses', (schedule_expression) => {
  const build = () => schedulesOf({ schedule_expression });
  expect(build).toThrow(InputError);
  expect(build).toThrow(/aws_cloudwatch_event_rule\.tick.*EventBridge refuses it/s);
});

test.each(['rate(1 fortnight)', 'cron(0 9 ? * MON *)', 'cron(60 * * * ? *)', 'at(2026-01-01T00:00:00)'])(
  'fails on %s, naming the rule',
  (schedule_expression) => {
    const build = () => schedulesOf({ schedule_expression });
    expect(build).toThrow(InputError);
    expect(build).toThrow(/aws_cloudwatch_event_rule\.tick/);
  },
);

test.each<[string, (createdMs: number) => NextTime]>([
  ['a rate', (createdMs) => rateFrom(createdMs, 60_000)],
  ['a cron expression', (offsetMs) => cronAt((after) => (Math.floor(after / 60_000) + 1) * 60_000, offsetMs % 60_000)],
])('EB-06 %s goes on from minute to minute, whatever its fraction of a millisecond rounds to', (_, timesFrom) => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (createdMs) => {
      const times = timesFrom(createdMs);
      let atMs = times(createdMs);
      for (let turn = 0; turn < 200; turn += 1) {
        const next = times(atMs);
        expect(next - atMs).toBeCloseTo(60_000, 3);
        atMs = next;
      }
    }),
  );
});
