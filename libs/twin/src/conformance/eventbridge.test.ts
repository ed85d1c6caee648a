// EventBridge: rows EB-01 to EB-05. Rules on events, and the way of an alarm's state change to a bus of another region.
import { InputError } from '@dr/contracts';
import { EventBridge } from '../services/eventbridge/eventbridge';
import { readPattern } from '../services/eventbridge/pattern';
import { CloudWatch } from '../services/cloudwatch/cloudwatch';
import { Iam } from '../services/iam/iam';
import { Queues } from '../services/sns/sqs';
import { answer, functionArn, functionsThat, MUMBAI, resource, type Values } from './edge-fixture';
import { graphOf, policy, queueIn, resourcesIn, worldOf, type PlainResource } from './fixtures';

const HYDERABAD = 'ap-south-2';
const REGIONS = [
  { name: 'mumbai', awsRegion: MUMBAI },
  { name: 'hyderabad', awsRegion: HYDERABAD },
];
const bus = (awsRegion: string, name: string): string => `arn:aws:events:${awsRegion}:123456789012:event-bus/${name}`;
const ruleArn = (awsRegion: string, name: string): string => `arn:aws:events:${awsRegion}:123456789012:rule/${name}`;
const BUS = bus(HYDERABAD, 'alarms');
const ROLE = 'arn:aws:iam::123456789012:role/events';
const QUEUE = `arn:aws:sqs:${MUMBAI}:123456789012:undelivered`;
const PATTERN = JSON.stringify({
  source: ['aws.cloudwatch'],
  'detail-type': ['CloudWatch Alarm State Change'],
  detail: { alarmName: [{ prefix: 'dr-' }] },
});
const ALARM_EVENT = {
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm State Change',
  resources: ['arn:aws:cloudwatch:ap-south-1:123456789012:alarm:dr-stale'],
  detail: { alarmName: 'dr-stale', state: { value: 'ALARM' } },
};
const putEvents = { Effect: 'Allow', Action: 'events:PutEvents', Resource: BUS };
const lets = (sourceArn: string): string =>
  policy({
    ...putEvents,
    Principal: { AWS: 'arn:aws:iam::123456789012:root' },
    Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } },
  });

interface Way {
  readonly rule?: Values;
  readonly target?: Values;
  readonly received?: Values;
  readonly rolePolicy?: string;
  readonly busPolicy?: string | null;
  readonly more?: readonly PlainResource[];
  readonly permits?: boolean;
}

/** Mumbai's default bus -> the bus `alarms` in Hyderabad -> a function there. */
function wayOf(way: Way = {}) {
  const world = worldOf({ regions: REGIONS });
  const { busPolicy = lets(ruleArn(MUMBAI, 'out')) } = way;
  const received = {
    name: 'in',
    event_bus_name: 'alarms',
    arn: ruleArn(HYDERABAD, 'alarms/in'),
    event_pattern: PATTERN,
  };
  const graph = graphOf([
    ...resourcesIn(MUMBAI, {
      aws_cloudwatch_event_rule: { out: { name: 'out', event_pattern: PATTERN, ...way.rule } },
      aws_cloudwatch_event_target: {
        out: { rule: 'out', arn: BUS, role_arn: ROLE, dead_letter_config: [{ arn: QUEUE }], ...way.target },
      },
      aws_iam_role: { events: { name: 'events' } },
      aws_iam_role_policy: { events: { role: 'events', policy: way.rolePolicy ?? policy(putEvents) } },
    }),
    ...resourcesIn(HYDERABAD, {
      aws_cloudwatch_event_bus: { alarms: { name: 'alarms', arn: BUS } },
      aws_cloudwatch_event_bus_policy:
        busPolicy === null ? {} : { alarms: { event_bus_name: 'alarms', policy: busPolicy } },
      aws_cloudwatch_event_rule: { in: { ...received, ...way.received } },
      aws_cloudwatch_event_target: { in: { rule: 'in', event_bus_name: 'alarms', arn: functionArn(HYDERABAD) } },
    }),
    ...queueIn(MUMBAI, 'undelivered', 'events.amazonaws.com'),
    ...(way.more ?? []),
  ]);
  const functions = functionsThat(() => answer(200), way.permits);
  const authorize = new Iam(world, graph);
  const queues = new Queues(world, graph, { metrics: new CloudWatch(world, graph), authorize });
  const bridge = new EventBridge(world, graph, { functions: functions.invoker, authorize, deadLetters: queues });
  bridge.start();
  const run = (seconds: number): Promise<void> => world.scheduler.runUntil(world.scheduler.now() + seconds * 1_000);
  return { world, bridge, functions, queues, run, emit: () => bridge.emit(MUMBAI, ALARM_EVENT) };
}

describe('EB-01 the bus of another region', () => {
  it('gets the event as it was emitted, and hands it to the function of its own rule', async () => {
    const { emit, functions, run } = wayOf();
    emit();
    await run(20);
    expect(functions.calls).toHaveLength(1);
    expect(functions.calls[0]).toMatchObject({
      functionArn: functionArn(HYDERABAD),
      trigger: 'eventbridge',
      event: { ...ALARM_EVENT, version: '0', account: '123456789012', region: MUMBAI },
    });
    expect(functions.calls[0]?.event['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it('is tried again until its region answers, then gets what waited', async () => {
    const { world, emit, functions, run } = wayOf();
    const dark = { kind: 'region-dark', region: 'hyderabad', startSeconds: 0, durationSeconds: 60 } as const;
    world.faults.start(dark);
    emit();
    await run(120);
    expect(functions.calls).toEqual([]);
    world.faults.end(dark);
    await run(600);
    expect(functions.calls).toHaveLength(1);
  });

  it('loses to the dead-letter queue what no one took in 185 tries', async () => {
    const { world, emit, queues, run } = wayOf();
    world.faults.start({ kind: 'region-dark', region: 'hyderabad', startSeconds: 0, durationSeconds: 60 });
    emit();
    await run(26 * 3_600);
    expect(queues.waiting()).toEqual({ undelivered: 1 });
  });

  it('does not send it on to a third bus', async () => {
    const third = bus(HYDERABAD, 'third');
    const more = resourcesIn(HYDERABAD, {
      aws_cloudwatch_event_bus: { third: { name: 'third', arn: third } },
      aws_cloudwatch_event_rule: { third: { name: 'third', event_bus_name: 'third', event_pattern: PATTERN } },
      aws_cloudwatch_event_target: {
        on: { rule: 'in', event_bus_name: 'alarms', arn: third },
        third: { rule: 'third', event_bus_name: 'third', arn: functionArn(HYDERABAD, 'third') },
      },
    });
    const { emit, functions, run } = wayOf({ more });
    emit();
    await run(20);
    expect(functions.calls.map(({ functionArn: arn }) => arn)).toEqual([functionArn(HYDERABAD)]);
  });
});

describe('EB-02 event patterns', () => {
  const event = {
    source: 'aws.cloudwatch',
    detail: { alarmName: 'dr-stale', n: 3, none: null },
    resources: ['a', 'b'],
  };
  test.each<[string, unknown, boolean]>([
    ['an exact value', { source: ['aws.ec2', 'aws.cloudwatch'] }, true],
    ['another value', { source: ['aws.ec2'] }, false],
    ['two fields of which one differs', { source: ['aws.cloudwatch'], detail: { n: [4] } }, false],
    ['a number, not its text', { detail: { n: ['3'] } }, false],
    ['null', { detail: { none: [null] } }, true],
    ['one of a list of the event', { resources: ['b'] }, true],
    ['a prefix', { detail: { alarmName: [{ prefix: 'dr-' }] } }, true],
    ['another prefix', { detail: { alarmName: [{ prefix: 'x-' }] } }, false],
    ['a suffix', { detail: { alarmName: [{ suffix: 'stale' }] } }, true],
    ['another case', { detail: { alarmName: [{ 'equals-ignore-case': 'DR-STALE' }] } }, true],
    ['anything but others', { detail: { alarmName: [{ 'anything-but': ['x', 'y'] }] } }, true],
    ['anything but it', { detail: { alarmName: [{ 'anything-but': 'dr-stale' }] } }, false],
    ['a field that is there', { detail: { n: [{ exists: true }] } }, true],
    ['a field that is not', { detail: { more: [{ exists: false }] } }, true],
    ['a field that is not, by value', { detail: { more: ['x'] } }, false],
  ])('%s', (_name, pattern, expected) => {
    expect(readPattern('rule', JSON.stringify(pattern))(event)).toBe(expected);
  });

  test.each([
    ['no JSON', 'source=x', /rule: event_pattern.*not JSON/],
    ['nothing', '{}', /must be an object or an array/],
    ['a bare value', '{"source":"x"}', /event_pattern.source.*must be an object or an array/],
    ['an empty list', '{"source":[]}', /empty list/],
    ['a comparison that the twin does not read', '{"detail":{"n":[{"numeric":[">",1]}]}}', /detail.n.*numeric/],
    ['an operator between fields', '{"$or":[]}', /\$or/],
  ])('fails on %s, naming the rule and the field', (_name, pattern, message) => {
    expect(() => readPattern('rule', pattern)).toThrow(InputError);
    expect(() => readPattern('rule', pattern)).toThrow(message);
  });
});

describe('EB-03 who may put events on a bus', () => {
  test.each<[string, Way]>([
    ['the role lacks events:PutEvents', { rolePolicy: policy({ ...putEvents, Action: 'events:PutRule' }) }],
    ['the role is for another bus', { rolePolicy: policy({ ...putEvents, Resource: bus(HYDERABAD, 'other') }) }],
  ])('%s: denied, kept in the queue of the rule, not tried again', async (_name, way) => {
    const { emit, functions, queues, world, run } = wayOf(way);
    emit();
    await run(60);
    expect(functions.calls).toEqual([]);
    expect(queues.waiting()).toEqual({ undelivered: 1 });
    expect(world.events.ofKind('denied').map(({ action }) => action)).toContain('events:PutEvents');
  });

  test.each<[string, Way]>([
    ['has no policy', { busPolicy: null }],
    ['lets in another rule only', { busPolicy: lets(ruleArn(MUMBAI, 'other')) }],
    ['lets in a rule of another region only', { busPolicy: lets(ruleArn('us-east-1', 'out')) }],
  ])('fails on a target whose bus %s', (_name, way) => {
    expect(() => wayOf(way)).toThrow(InputError);
    expect(() => wayOf(way)).toThrow(/aws_cloudwatch_event_target\.out.*EventBridge denies the target/);
  });

  it('a function without permission is not invoked', async () => {
    const { emit, functions, world, run } = wayOf({ permits: false });
    emit();
    await run(20);
    expect(functions.calls).toEqual([]);
    expect(world.events.ofKind('denied').map(({ action }) => action)).toEqual(['lambda:InvokeFunction']);
  });
});

test.each<[string, Way, RegExp]>([
  ['a function of another region', { target: { arn: functionArn(HYDERABAD) } }, /through their event buses only/],
  ['a far bus without a role', { target: { role_arn: undefined } }, /role_arn.*reached through a role/],
  [
    'a queue of another region',
    { target: { dead_letter_config: [{ arn: QUEUE.replace(MUMBAI, HYDERABAD) }] } },
    /same|region in which the rule/,
  ],
  ['a topic', { target: { arn: `arn:aws:sns:${MUMBAI}:123456789012:t` } }, /no Lambda function or event bus/],
  ['a changed event', { target: { input_path: '$.detail' } }, /input_path/],
  ['a bus that is not there', { rule: { event_bus_name: 'gone' } }, /no event bus of this stack in ap-south-1/],
  [
    'a schedule on a bus of its own',
    { received: { schedule_expression: 'rate(1 minute)' } },
    /only on the default event bus/,
  ],
])('EB-04 fails on %s', (_name, way, message) => {
  expect(() => wayOf(way)).toThrow(InputError);
  expect(() => wayOf(way)).toThrow(message);
});

it('EB-04 a rule for what nothing here emits is left alone, whatever its target', () => {
  const rule = { event_pattern: '{"source":["aws.ec2"]}' };
  expect(() => wayOf({ rule, target: { arn: `arn:aws:sns:${MUMBAI}:123456789012:t` } })).not.toThrow();
});

test('EB-05 every change of an alarm is emitted in its region, whatever its actions', async () => {
  const world = worldOf({ regions: REGIONS });
  const alarm = {
    alarm_name: 'dr-busy',
    alarm_description: 'busy',
    actions_enabled: false,
    namespace: 'N',
    metric_name: 'M',
    statistic: 'Sum',
    period: 60,
    evaluation_periods: 1,
    threshold: 1,
    comparison_operator: 'GreaterThanThreshold',
    treat_missing_data: 'notBreaching',
  };
  const cloudwatch = new CloudWatch(world, graphOf([resource('aws_cloudwatch_metric_alarm', 'busy', alarm, MUMBAI)]));
  const seen: unknown[] = [];
  cloudwatch.start(
    { publish: () => ({ messageId: '1' }) },
    { emit: (region, event) => seen.push({ region, ...event }) },
  );
  await world.scheduler.runUntil(70_000);
  cloudwatch.put({ awsRegion: MUMBAI, namespace: 'N', name: 'M', dimensions: {}, value: 5 });
  await world.scheduler.runUntil(300_000);
  expect(seen).toMatchObject([
    {
      region: MUMBAI,
      source: 'aws.cloudwatch',
      'detail-type': 'CloudWatch Alarm State Change',
      resources: ['arn:aws:cloudwatch:ap-south-1:123456789012:alarm:dr-busy'],
      detail: {
        alarmName: 'dr-busy',
        configuration: {
          description: 'busy',
          metrics: [
            { metricStat: { metric: { namespace: 'N', name: 'M' }, period: 60, stat: 'Sum' }, returnData: true },
          ],
        },
        state: {
          value: 'ALARM',
          timestamp: expect.stringMatching(/\+0000$/),
          reason: expect.stringContaining('[5 (05/01/26 00:01:00)]'),
        },
        previousState: { value: 'OK' },
      },
    },
    { detail: { state: { value: 'OK' }, previousState: { value: 'ALARM' } } },
  ]);
});
