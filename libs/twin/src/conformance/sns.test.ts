// SNS: rows SNS-01 to SNS-04, deliveries with their retries, and the schedules that EventBridge fires.
import { InputError, type FaultKind } from '@dr/contracts';
import { CloudWatch } from '../services/cloudwatch/cloudwatch';
import { EventBridge } from '../services/eventbridge/eventbridge';
import { Iam } from '../services/iam/iam';
import type { Caller } from '../services/ports';
import { Sns } from '../services/sns/sns';
import type { Disorder } from '../services/sns/delivery';
import { Queues } from '../services/sns/sqs';
import { answer, functionArn, functionsThat, MUMBAI, resource, SINGAPORE, type Values } from './edge-fixture';
import { graphOf, worldOf, type PlainResource } from './fixtures';

const TOPIC = `arn:aws:sns:${MUMBAI}:123456789012:alerts`;
const KEY = `arn:aws:kms:${MUMBAI}:123456789012:key/k`;
const ROLE = 'arn:aws:iam::123456789012:role/orchestrator';
const CALLER: Caller = { roleArn: ROLE, awsRegion: MUMBAI, name: 'failover-orchestrator' };
const ALARM = {
  name: 'stale',
  service: 'cloudwatch.amazonaws.com',
  sourceArn: `arn:aws:cloudwatch:${MUMBAI}:1:alarm:stale`,
};
const MESSAGE = { subject: 'ALARM: "stale"', body: '{"AlarmName":"stale"}' };

const statement = (more: Values): Values => ({ Effect: 'Allow', Action: 'sns:Publish', Resource: TOPIC, ...more });
const policy = (...statements: Values[]): string => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const cloudwatch = { Principal: { Service: 'cloudwatch.amazonaws.com' } };
const account = { Principal: { AWS: 'arn:aws:iam::123456789012:root' } };
const useKey = (who: Values, ...actions: string[]): Values => statement({ ...who, Action: actions, Resource: '*' });

interface Stack {
  readonly topic?: Values;
  readonly topicPolicy?: string;
  readonly keyPolicy?: string | null;
  readonly rolePolicy?: string;
  readonly subscriptions?: readonly Values[];
  readonly more?: readonly PlainResource[];
  readonly permits?: boolean;
  readonly disorder?: Disorder;
}

function snsOf(stack: Stack = {}) {
  const world = worldOf();
  const { topicPolicy, keyPolicy, rolePolicy } = stack;
  const key = keyPolicy === undefined ? [] : [resource('aws_kms_key', 'key', { arn: KEY, policy: keyPolicy }, MUMBAI)];
  const graph = graphOf([
    resource('aws_sns_topic', 'alerts', { name: 'alerts', ...stack.topic }, MUMBAI),
    ...(topicPolicy === undefined
      ? []
      : [resource('aws_sns_topic_policy', 'p', { arn: TOPIC, policy: topicPolicy }, MUMBAI)]),
    ...key,
    resource('aws_iam_role', 'role', { name: 'orchestrator' }),
    ...(rolePolicy === undefined
      ? []
      : [resource('aws_iam_role_policy', 'rp', { role: 'orchestrator', policy: rolePolicy })]),
    ...(stack.subscriptions ?? []).map((values, i) =>
      resource('aws_sns_topic_subscription', `s${i}`, { topic_arn: TOPIC, ...values }, MUMBAI),
    ),
    ...(stack.more ?? []),
  ]);
  const functions = functionsThat(() => answer(200), stack.permits);
  const authorize = new Iam(world, graph);
  const metrics = new CloudWatch(world, graph);
  const queues = new Queues(world, graph, { metrics, authorize });
  queues.start();
  const ports = { functions: functions.invoker, authorize, deadLetters: queues };
  const sns = new Sns(world, graph, ports, stack.disorder);
  const run = (seconds: number): Promise<void> => world.scheduler.runUntil(seconds * 1_000);
  const publish = () => sns.publish(TOPIC, MESSAGE, ALARM);
  const fault = (kind: FaultKind, region: string) => ({ kind, region, startSeconds: 0, durationSeconds: 60 });
  const call = async (form: Readonly<Record<string, string>>, awsRegion = MUMBAI) => {
    const body = Buffer.from(new URLSearchParams({ Action: 'Publish', TopicArn: TOPIC, ...form }).toString());
    const pending = sns.handle(awsRegion, CALLER, { method: 'POST', path: '/', headers: {}, body });
    await world.scheduler.runUntil(world.scheduler.now() + 5_000);
    const response = await pending;
    const text = response.body.toString();
    return {
      status: response.status,
      code: /<Code>(\w+)/.exec(text)?.[1],
      messageId: /<MessageId>([^<]+)/.exec(text)?.[1],
    };
  };
  return { world, sns, functions, queues, metrics, run, publish, fault, call };
}

const EMAIL = { protocol: 'email', endpoint: 'ops@example.com' };
const FUNCTION = { protocol: 'lambda', endpoint: functionArn(MUMBAI, 'failover-orchestrator') };
const FAR = { protocol: 'lambda', endpoint: functionArn(SINGAPORE, 'failover-orchestrator') };

describe('SNS-01 who publishes', () => {
  test.each<[string, string | undefined, boolean]>([
    ['no policy of its own', undefined, true],
    ['one that names CloudWatch', policy(statement(cloudwatch)), true],
    ['one that names another service', policy(statement({ Principal: { Service: 'events.amazonaws.com' } })), false],
    ['one that names the account only', policy(statement(account)), false],
    ['one for another action', policy(statement({ ...cloudwatch, Action: 'sns:Subscribe' })), false],
    ['one that denies as well', policy(statement(cloudwatch), statement({ ...cloudwatch, Effect: 'Deny' })), false],
    [
      'one for alarms of this account',
      policy(statement({ ...cloudwatch, Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } } })),
      true,
    ],
    [
      'one for another alarm',
      policy(statement({ ...cloudwatch, Condition: { ArnLike: { 'aws:SourceArn': '*:alarm:other' } } })),
      false,
    ],
  ])('an alarm, under %s', (_name, topicPolicy, allowed) => {
    const { world, publish } = snsOf(topicPolicy === undefined ? {} : { topicPolicy });
    expect('messageId' in publish()).toBe(allowed);
    expect(world.events.ofKind('published')).toHaveLength(allowed ? 1 : 0);
    expect(world.events.ofKind('denied')).toHaveLength(allowed ? 0 : 1);
  });

  const grant = policy(statement({}));
  const deny = policy(statement({ Effect: 'Deny', Principal: { AWS: ROLE } }));
  test.each<[string, Stack, number, string | undefined]>([
    ['its role allows', { rolePolicy: grant }, 200, undefined],
    ['its role does not', {}, 403, 'AuthorizationError'],
    [
      'its role allows and the topic does not mention it',
      { rolePolicy: grant, topicPolicy: policy(statement(cloudwatch)) },
      200,
      undefined,
    ],
    ['its role allows and the topic denies', { rolePolicy: grant, topicPolicy: deny }, 403, 'AuthorizationError'],
  ])('a function, when %s', async (_name, stack, status, code) => {
    const { world, call } = snsOf(stack);
    const response = await call({ Message: 'm', Subject: 's' });
    expect([response.status, response.code]).toEqual([status, code]);
    const published = world.events.ofKind('published');
    expect(published.map(({ messageId, publisher, topic }) => [messageId, publisher, topic])).toEqual(
      status === 200 ? [[response.messageId, 'failover-orchestrator', 'alerts']] : [],
    );
  });

  test.each<[string, Readonly<Record<string, string>>, string | undefined, number, string]>([
    ['a topic of another region', {}, SINGAPORE, 400, 'InvalidParameter'],
    ['no such topic', { TopicArn: TOPIC.replace('alerts', 'gone') }, undefined, 404, 'NotFound'],
    ['an empty message', { Message: '' }, undefined, 400, 'InvalidParameter'],
    ['a message of more than 256 KB', { Message: 'x'.repeat(262_145) }, undefined, 400, 'InvalidParameter'],
    ['a subject of 101 characters', { Subject: 'x'.repeat(101) }, undefined, 400, 'InvalidParameter'],
    ['a subject of two lines', { Subject: 'a\nb' }, undefined, 400, 'InvalidParameter'],
    ['another action', { Action: 'CreateTopic' }, undefined, 400, 'InvalidAction'],
  ])('fails on %s', async (_name, form, awsRegion, status, code) => {
    const { call } = snsOf({ rolePolicy: grant });
    expect(await call({ Message: 'm', ...form }, awsRegion)).toMatchObject({ status, code });
  });

  it('e-mail waits for confirmation: pending ones are told', () => {
    const { sns } = snsOf({ subscriptions: [EMAIL, FUNCTION] });
    expect(sns.pendingConfirmations()).toEqual([{ topicArn: TOPIC, endpoint: 'ops@example.com' }]);
  });
});

describe('SNS-02 encrypted topics', () => {
  const useBoth = ['kms:Decrypt', 'kms:GenerateDataKey'];
  test.each<[string, Stack, boolean]>([
    ['the AWS-managed key', { topic: { kms_master_key_id: 'alias/aws/sns' } }, false],
    [
      'a key that lets CloudWatch use it',
      { topic: { kms_master_key_id: KEY }, keyPolicy: policy(useKey(cloudwatch, ...useBoth)) },
      true,
    ],
    [
      'a key that lets it decrypt only',
      { topic: { kms_master_key_id: KEY }, keyPolicy: policy(useKey(cloudwatch, 'kms:Decrypt')) },
      false,
    ],
    [
      'a key with a wildcard for data keys',
      {
        topic: { kms_master_key_id: KEY },
        keyPolicy: policy(useKey(cloudwatch, 'kms:Decrypt', 'kms:GenerateDataKey*')),
      },
      true,
    ],
    [
      'a key that names the account only',
      { topic: { kms_master_key_id: KEY }, keyPolicy: policy(useKey(account, 'kms:*')) },
      false,
    ],
    ['a key without a policy', { topic: { kms_master_key_id: KEY }, keyPolicy: null }, false],
    ['a key of another stack', { topic: { kms_master_key_id: KEY } }, false],
  ])('an alarm and %s', (_name, stack, allowed) => {
    const { publish, world } = snsOf(stack);
    expect('messageId' in publish()).toBe(allowed);
    if (!allowed) expect(world.events.ofKind('denied')[0]?.action).toMatch(/^kms:/);
  });

  it('an alias stands for its key, and a policy may be a resource of its own', () => {
    const more = [
      resource('aws_kms_alias', 'a', { name: 'alias/dr', target_key_id: 'k' }, MUMBAI),
      resource('aws_kms_key', 'key', { arn: KEY, key_id: 'k' }, MUMBAI),
      resource('aws_kms_key_policy', 'kp', { key_id: 'k', policy: policy(useKey(cloudwatch, ...useBoth)) }, MUMBAI),
    ];
    expect(snsOf({ topic: { kms_master_key_id: 'alias/dr' }, more }).publish()).toHaveProperty('messageId');
  });

  test.each<[string, readonly Values[], number]>([
    ['may use the key', [statement({}), { ...useKey({}, ...useBoth), Resource: KEY }], 200],
    ['may not', [statement({})], 400],
  ])('a function whose role %s', async (_name, statements, status) => {
    const keyPolicy = policy(useKey(account, 'kms:*'));
    const { call } = snsOf({ topic: { kms_master_key_id: KEY }, keyPolicy, rolePolicy: policy(...statements) });
    expect(await call({ Message: 'm' })).toMatchObject({
      status,
      code: status === 200 ? undefined : 'KMSAccessDenied',
    });
  });
});

describe('deliveries', () => {
  it('reach functions of both regions and people, soon', async () => {
    const { world, functions, publish, run } = snsOf({ subscriptions: [FUNCTION, FAR, EMAIL] });
    const accepted = publish();
    await run(2);
    expect(functions.calls.map(({ functionArn: arn, trigger }) => [arn, trigger]).sort()).toEqual([
      [FUNCTION.endpoint, 'sns'],
      [FAR.endpoint, 'sns'],
    ]);
    const messageId = 'messageId' in accepted ? accepted.messageId : '';
    expect(world.events.ofKind('delivered')).toMatchObject([
      { ...EMAIL, region: 'mumbai', topic: 'alerts', messageId },
    ]);
    expect(functions.calls[0]?.event).toMatchObject({
      Records: [
        {
          EventSource: 'aws:sns',
          Sns: { MessageId: messageId, TopicArn: TOPIC, Subject: MESSAGE.subject, Message: MESSAGE.body },
        },
      ],
    });
  });

  it('a function that does not permit the topic gets nothing', async () => {
    const { world, functions, publish, run } = snsOf({ subscriptions: [FUNCTION], permits: false });
    publish();
    await run(60);
    expect(functions.calls).toEqual([]);
    expect(world.events.ofKind('denied')).toMatchObject([{ role: 'sns.amazonaws.com', resource: FUNCTION.endpoint }]);
  });

  test.each<[string, FaultKind, string, boolean]>([
    ['its region is dark', 'region-dark', 'singapore', true],
    ['the regions are cut off from each other', 'partition', 'mumbai', true],
    ['SNS of the topic is down', 'sns-down', 'mumbai', true],
    ['SNS of its own region is down', 'sns-down', 'singapore', false],
  ])('to a function are tried again while %s', async (_name, kind, region, waits) => {
    const { world, functions, publish, run, fault } = snsOf({ subscriptions: [FAR] });
    const active = fault(kind, region);
    publish();
    world.faults.start(active);
    await run(300);
    expect(functions.calls).toHaveLength(waits ? 0 : 1);
    world.faults.end(active);
    await run(330);
    expect(functions.calls).toHaveLength(1);
  });

  const QUEUE = `arn:aws:sqs:${MUMBAI}:123456789012:undelivered`;
  const redriven = { ...FAR, redrive_policy: JSON.stringify({ deadLetterTargetArn: QUEUE }) };
  const queueFor = (...services: string[]): PlainResource[] => [
    resource('aws_sqs_queue', 'q', { name: 'undelivered', id: 'q' }, MUMBAI),
    resource(
      'aws_sqs_queue_policy',
      'p',
      {
        queue_url: 'q',
        policy: policy({
          Effect: 'Allow',
          Principal: { Service: services },
          Action: 'sqs:SendMessage',
          Resource: QUEUE,
        }),
      },
      MUMBAI,
    ),
  ];

  it('give up after an hour, and leave the message in the queue for it', async () => {
    const stack = { subscriptions: [redriven], more: queueFor('sns.amazonaws.com') };
    const { world, functions, queues, metrics, publish, run, fault } = snsOf(stack);
    const active = fault('region-dark', 'singapore');
    world.faults.start(active);
    publish();
    await run(3_500);
    expect(queues.waiting()).toEqual({});
    await run(3_700);
    world.faults.end(active);
    await run(4_020);
    expect(functions.calls).toEqual([]);
    expect(queues.waiting()).toEqual({ undelivered: 1 });
    const metric = { awsRegion: MUMBAI, namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible' };
    const dimensions = { QueueName: 'undelivered' };
    expect(metrics.read({ metric: { ...metric, dimensions }, statistic: 'Maximum', periodMs: 60_000 }, 4_020_000)).toBe(
      1,
    );
  });

  test.each([
    ['sns.amazonaws.com', { undelivered: 1 }, 1],
    ['events.amazonaws.com', {}, 2],
  ])('what a function refuses goes to the queue at once, when that lets %s in', async (service, waiting, denials) => {
    const { world, queues, publish, run } = snsOf({
      subscriptions: [redriven],
      permits: false,
      more: queueFor(service),
    });
    publish();
    await run(2);
    expect(queues.waiting()).toEqual(waiting);
    expect(world.events.ofKind('denied')).toHaveLength(denials);
  });

  it('people hear from an isolated region once it is reached again', async () => {
    const { world, publish, run, fault } = snsOf({ subscriptions: [EMAIL] });
    const active = fault('isolated', 'mumbai');
    world.faults.start(active);
    publish();
    await run(120);
    expect(world.events.ofKind('delivered')).toEqual([]);
    world.faults.end(active);
    await run(150);
    expect(world.events.ofKind('delivered')).toHaveLength(1);
  });

  it('come twice or late when a drill asks for it, under one id', async () => {
    const disorder = { duplicateShare: 1, lateShare: 1 };
    const { world, functions, publish, run } = snsOf({ subscriptions: [FUNCTION], disorder });
    publish();
    await run(30);
    expect(functions.calls).toEqual([]);
    await run(200);
    expect(functions.calls).toHaveLength(2);
    expect(functions.calls[0]?.event).toEqual(functions.calls[1]?.event);
    expect(world.events.ofKind('published')).toHaveLength(1);
  });
});

describe('opt-in regions', () => {
  /** A topic of one region and a function of another, which lets one principal in. */
  function across(from: string, to: string, principal: string) {
    const world = worldOf({
      regions: [
        { name: 'from', awsRegion: from },
        { name: 'to', awsRegion: to },
      ],
    });
    const topicArn = `arn:aws:sns:${from}:123456789012:alerts`;
    const endpoint = functionArn(to, 'failover-orchestrator');
    const queueArn = `arn:aws:sqs:${from}:123456789012:undelivered`;
    const lets = { ...statement({ Principal: '*' }), Action: 'sqs:SendMessage', Resource: queueArn };
    const graph = graphOf([
      resource('aws_sns_topic', 'alerts', { name: 'alerts' }, from),
      resource(
        'aws_sns_topic_subscription',
        's',
        {
          topic_arn: topicArn,
          protocol: 'lambda',
          endpoint,
          redrive_policy: JSON.stringify({ deadLetterTargetArn: queueArn }),
        },
        from,
      ),
      resource('aws_sqs_queue', 'q', { name: 'undelivered', policy: policy(lets) }, from),
    ]);
    const functions = functionsThat(() => answer(200));
    const invoker = { ...functions.invoker, permits: (_arn: string, by: string) => by === principal };
    const authorize = new Iam(world, graph);
    const queues = new Queues(world, graph, { metrics: new CloudWatch(world, graph), authorize });
    const sns = new Sns(world, graph, { functions: invoker, authorize, deadLetters: queues });
    const publish = async (): Promise<number> => {
      expect(sns.publish(topicArn, MESSAGE, ALARM)).toHaveProperty('messageId');
      await world.scheduler.runUntil(60_000);
      return functions.calls.length;
    };
    return { publish, world, queues };
  }

  const GENERAL = 'sns.amazonaws.com';
  test.each([
    ['SNS-03', 'ap-south-2', 'ap-south-1', 'sns.ap-south-2.amazonaws.com', 1],
    ['SNS-03', 'ap-south-2', 'ap-south-1', GENERAL, 0],
    ['SNS-03', 'ap-south-2', 'ap-south-1', 'sns.ap-south-1.amazonaws.com', 0],
    ['SNS-03', 'ap-south-1', 'ap-southeast-1', GENERAL, 1],
    ['SNS-03', 'ap-south-2', 'ap-south-2', GENERAL, 1],
    ['SNS-04', 'us-east-1', 'ap-south-2', GENERAL, 0],
    ['SNS-04', 'ap-south-1', 'ap-south-2', 'sns.ap-south-2.amazonaws.com', 0],
    ['SNS-04', 'me-south-1', 'ap-south-2', 'sns.me-south-1.amazonaws.com', 0],
  ])('%s from %s to a function in %s that lets %s in: %i delivered', async (_id, from, to, principal, delivered) => {
    const { publish, world, queues } = across(from, to, principal);
    expect(await publish()).toBe(delivered);
    expect(world.events.ofKind('denied')).toHaveLength(1 - delivered);
    expect(queues.waiting()).toEqual(delivered === 1 ? {} : { undelivered: 1 });
  });
});

test.each<[FaultKind, string]>([
  ['sns-down', 'mumbai'],
  ['region-dark', 'mumbai'],
])('a topic takes nothing under %s', async (kind, region) => {
  const { world, publish, call, fault } = snsOf({ rolePolicy: policy(statement({})) });
  world.faults.start(fault(kind, region));
  expect(publish()).toHaveProperty('refused');
  expect(await call({ Message: 'm' })).toMatchObject({ status: 500, code: 'InternalFailure' });
  expect(world.events.ofKind('published')).toEqual([]);
});

test.each<[string, Values, RegExp]>([
  [
    'of a topic in another region',
    { topic_arn: `arn:aws:sns:${SINGAPORE}:123456789012:far` },
    /is a topic in ap-southeast-1/,
  ],
  ['of no topic', { topic_arn: 'arn:gone' }, /no topic of this stack/],
  ['that filters', { ...EMAIL, filter_policy: '{}' }, /filter_policy/],
  [
    'with a dead-letter queue in another region',
    { ...EMAIL, redrive_policy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:1:q"}' },
    /outside ap-south-1/,
  ],
  ['to a queue', { protocol: 'sqs', endpoint: 'arn:aws:sqs:::q' }, /"sqs"/],
])('fails on a subscription %s', (_name, values, message) => {
  const more = [resource('aws_sns_topic', 'far', { name: 'far' }, SINGAPORE)];
  const build = () => snsOf({ subscriptions: [values], more });
  expect(build).toThrow(InputError);
  expect(build).toThrow(message);
});

describe('schedules', () => {
  function schedulesOf(values: Values, target: Values = {}, permits = true) {
    const world = worldOf();
    const graph = graphOf([
      resource('aws_cloudwatch_event_rule', 'tick', { name: 'tick', ...values }, MUMBAI),
      resource('aws_cloudwatch_event_target', 'tick', { rule: 'tick', arn: functionArn(MUMBAI), ...target }, MUMBAI),
    ]);
    const atMs: number[] = [];
    const functions = functionsThat(() => answer(200), permits);
    const invoker = { ...functions.invoker };
    invoker.invokeAsync = (...call) => {
      atMs.push(world.scheduler.now());
      functions.invoker.invokeAsync(...call);
    };
    const bridge = new EventBridge(world, graph, { functions: invoker, authorize: new Iam(world, graph) });
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
});
