// Schedules that EventBridge fires.
import { InputError } from '@dr/contracts';
import { EventBridge } from '../services/eventbridge/eventbridge';
import { Iam } from '../services/iam/iam';
import { answer, functionArn, functionsThat, MUMBAI, type Values } from './edge-fixture';
import { graphOf, resourcesIn, worldOf } from './fixtures';

function schedulesOf(values: Values, target: Values = {}, permits = true) {
  const world = worldOf();
  const graph = graphOf(
    resourcesIn(MUMBAI, {
      aws_cloudwatch_event_rule: { tick: { name: 'tick', ...values } },
      aws_cloudwatch_event_target: { tick: { rule: 'tick', arn: functionArn(MUMBAI), ...target } },
    }),
  );
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
    run: (minutes: number) => world.scheduler.runUntil(minutes * 60_000),
  };
}

test.each<[string, number, number]>([
  ['rate(1 minute)', 10, 10],
  ['rate(5 minutes)', 60, 12],
  ['rate(2 hours)', 600, 5],
  ['cron(0/15 * * * ? *)', 120, 8],
  ['cron(30 2,4 * * ? *)', 1_440, 2],
  ['cron(0-4 9-10 ? * * *)', 1_440, 10],
])('%s fires, in %i minutes, %i times', async (schedule_expression, minutes, times) => {
  const { atMs, run, calls } = schedulesOf({ schedule_expression });
  await run(minutes);
  expect(atMs).toHaveLength(times);
  expect(new Set(atMs.map((at) => at % 60_000)).size).toBe(1);
  expect(calls[0]?.event).toMatchObject({
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    region: MUMBAI,
    resources: [`arn:aws:events:${MUMBAI}:123456789012:rule/tick`],
  });
});

it('hands over the input that the target gives', async () => {
  const { calls, run } = schedulesOf({ schedule_expression: 'rate(1 minute)' }, { input: '{"full":true}' });
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
  const forbidden = schedulesOf(expression, {}, false);
  await forbidden.run(2);
  expect([calls, disabled.calls, forbidden.calls]).toEqual([[], [], []]);
  expect(forbidden.world.events.ofKind('denied')).toHaveLength(2);
});

test.each([
  'rate(0 minutes)',
  'rate(1 fortnight)',
  'cron(0 9 ? * MON *)',
  'cron(60 * * * ? *)',
  'at(2026-01-01T00:00:00)',
])('fails on %s, naming the rule', (schedule_expression) => {
  const build = () => schedulesOf({ schedule_expression });
  expect(build).toThrow(InputError);
  expect(build).toThrow(/aws_cloudwatch_event_rule\.tick/);
});
