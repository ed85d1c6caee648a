// SNS-05: how often and how long SNS tries a delivery again, by the kind of endpoint.
import { InputError } from '@dr/contracts';
import { randomSource } from '../kernel/random';
import { pausesBetween } from '../services/sns/retries';
import { MUMBAI } from './edge-fixture';
import { queueIn } from './fixtures';
import { EMAIL, FAR, snsOf } from './sns-fixture';

const DAY_S = 86_400;
const WEB = { protocol: 'https', endpoint: 'https://pager.example.com/hook' };
const SMS = { protocol: 'sms', endpoint: '+15550100' };

const pausesOf = (protocol: string): number[] => [...pausesBetween(protocol, randomSource(1).stream('test'))];
const hours = (pauses: readonly number[]): number => pauses.reduce((sum, ms) => sum + ms, 0) / 3_600_000;
/** Each within a fifth of what is wanted, in seconds. */
const near = (pauses: readonly number[], wanted: readonly number[]): boolean =>
  pauses.length === wanted.length &&
  pauses.every((ms, i) => Math.abs(ms / 1_000 - (wanted[i] ?? NaN)) <= 0.2001 * (wanted[i] ?? NaN));

test('SNS-05 a function: 3 times at once, twice a second apart, 10 times from 1 to 20 s, then each 20 s, 23 days in all', () => {
  const pauses = pausesOf('lambda');
  expect(pauses).toHaveLength(100_015);
  expect(near(pauses.slice(0, 6), [0, 0, 0, 1, 1, 1])).toBe(true);
  expect(near(pauses.slice(14, 17), [20, 20, 20])).toBe(true);
  const growth = pauses.slice(5, 15).map((ms, i) => ms / (1_000 * 20 ** (i / 9)));
  expect(Math.min(...growth)).toBeGreaterThanOrEqual(0.8);
  expect(Math.max(...growth)).toBeLessThanOrEqual(1.2);
  expect(hours(pauses) / 24).toBeGreaterThan(23);
  expect(hours(pauses) / 24).toBeLessThan(23.5);
});

test.each(['email', 'email-json', 'sms', 'application'])(
  'SNS-05 %s: twice 10 s apart, 10 times from 10 to 600 s, 38 times each 600 s, more than 6 hours in all',
  (protocol) => {
    const pauses = pausesOf(protocol);
    expect(pauses).toHaveLength(50);
    expect(near(pauses.slice(0, 3), [10, 10, 10])).toBe(true);
    expect(near(pauses.slice(11, 14), [600, 600, 600])).toBe(true);
    expect(hours(pauses)).toBeGreaterThan(6);
    expect(hours(pauses)).toBeLessThan(8);
  },
);

test.each(['http', 'https'])('SNS-05 %s: 3 times, 20 s apart', (protocol) => {
  expect(near(pausesOf(protocol), [20, 20, 20])).toBe(true);
});

const QUEUE = `arn:aws:sqs:${MUMBAI}:123456789012:undelivered`;
const redrive_policy = JSON.stringify({ deadLetterTargetArn: QUEUE });
const stack = (subscription: object) => ({
  subscriptions: [{ ...subscription, redrive_policy }],
  more: queueIn(MUMBAI, 'undelivered', 'sns.amazonaws.com'),
});

test.each([
  ['a function of a dark region after 23 days', FAR, 'region-dark', 'singapore', 22.9 * DAY_S, 23.5 * DAY_S],
  ['an e-mail after 6 hours', EMAIL, 'isolated', 'mumbai', 6 * 3_600, 8 * 3_600],
  ['an SMS after 6 hours', SMS, 'isolated', 'mumbai', 6 * 3_600, 8 * 3_600],
  ['a request to the web after a minute', WEB, 'isolated', 'mumbai', 45, 75],
] as const)(
  'SNS-05 gives up on %s, and leaves the message in the queue',
  async (_name, to, kind, region, notYet, by) => {
    const { world, functions, queues, metrics, publish, run, fault } = snsOf(stack(to));
    const active = fault(kind, region);
    world.faults.start(active);
    publish();
    await run(notYet);
    expect(queues.waiting()).toEqual({});
    await run(by);
    expect(queues.waiting()).toEqual({ undelivered: 1 });
    world.faults.end(active);
    await run(by + 3_600);
    expect([functions.calls, world.events.ofKind('delivered')]).toEqual([[], []]);
    const metric = { awsRegion: MUMBAI, namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible' };
    const read = {
      metric: { ...metric, dimensions: { QueueName: 'undelivered' } },
      statistic: 'Maximum',
      periodMs: 60_000,
    };
    // CloudWatch has a minute of SQS two minutes after it has ended (CW-01).
    expect(metrics.read(read, (Math.floor((by + 3_600) / 60) - 2) * 60_000)).toBe(1);
  },
);

test('SNS-05 people hear from an isolated region at the next try after it is reached again', async () => {
  const { world, publish, run, fault } = snsOf({ subscriptions: [EMAIL] });
  const active = fault('isolated', 'mumbai');
  world.faults.start(active);
  publish();
  await run(120);
  world.faults.end(active);
  expect(world.events.ofKind('delivered')).toEqual([]);
  await run(240);
  const [delivered] = world.events.ofKind('delivered');
  // Tries come after 10, 20, 30, 46, 71, 110 and 171 s, each a fifth of its pause sooner or later.
  expect(delivered?.atMs).toBeGreaterThan(125_000);
});

test('SNS-05 while SNS itself is down nothing is tried, so no try is used up', async () => {
  const { world, publish, run, fault } = snsOf(stack(WEB));
  publish();
  const active = fault('sns-down', 'mumbai');
  world.faults.start(active);
  await run(3_600);
  expect(world.events.ofKind('delivered')).toEqual([]);
  world.faults.end(active);
  await run(3_610);
  expect(world.events.ofKind('delivered')).toHaveLength(1);
});

test.each([
  ['the subscription', { delivery_policy: '{}' }, {}],
  ['the topic', {}, { delivery_policy: '{}' }],
])('fails on a delivery policy of %s, where it would hold', (_name, subscription, topic) => {
  const build = (to: object) => () => snsOf({ subscriptions: [{ ...to, ...subscription }], topic });
  expect(build(WEB)).toThrow(InputError);
  expect(build(WEB)).toThrow(/delivery_policy/);
  // It says nothing of other protocols.
  expect(build(EMAIL)).not.toThrow();
});
