// SNS: deliveries with their retries, rows SNS-03 and SNS-04, and the subscriptions that the twin refuses.
import { InputError, type FaultKind } from '@dr/contracts';
import { CloudWatch } from '../services/cloudwatch/cloudwatch';
import { Iam } from '../services/iam/iam';
import { Sns } from '../services/sns/sns';
import { Queues } from '../services/sns/sqs';
import { answer, functionArn, functionsThat, MUMBAI, resource, SINGAPORE, type Values } from './edge-fixture';
import { graphOf, queueIn, resourcesIn, worldOf } from './fixtures';
import { ALARM, EMAIL, FAR, FUNCTION, KEY, MESSAGE, snsOf, TOPIC } from './sns-fixture';

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
  test.each([
    ['sns.amazonaws.com', { undelivered: 1 }, 1],
    ['events.amazonaws.com', {}, 2],
  ])('what a function refuses goes to the queue at once, when that lets %s in', async (service, waiting, denials) => {
    const { world, queues, publish, run } = snsOf({
      subscriptions: [redriven],
      permits: false,
      more: queueIn(MUMBAI, 'undelivered', service),
    });
    publish();
    await run(2);
    expect(queues.waiting()).toEqual(waiting);
    expect(world.events.ofKind('denied')).toHaveLength(denials);
  });

  it('come twice or late when a drill asks for it, under one id', async () => {
    const { world, functions, publish, run, fault } = snsOf({ subscriptions: [FUNCTION] });
    world.faults.start({ ...fault('sns-disorder', 'mumbai'), intensity: 1 });
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
    const redrive_policy = JSON.stringify({ deadLetterTargetArn: `arn:aws:sqs:${from}:123456789012:undelivered` });
    const graph = graphOf([
      ...resourcesIn(from, {
        aws_sns_topic: { alerts: { name: 'alerts' } },
        aws_sns_topic_subscription: { s: { topic_arn: topicArn, protocol: 'lambda', endpoint, redrive_policy } },
      }),
      ...queueIn(from, 'undelivered', 'sns.amazonaws.com'),
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

// A drill that ends in the middle of its fault has shown nothing, so what cannot be read is refused before it begins.
test.each<[string, Parameters<typeof snsOf>[0], RegExp]>([
  ['topic', { topicPolicy: '{"Statement":[{"Effect":"Maybe"}]}' }, /Effect is "Maybe"/],
  ['topic, in its own argument', { topic: { policy: '{}' } }, /no Statement/],
  [
    'key',
    { topic: { kms_master_key_id: KEY }, keyPolicy: '{"Statement":[{"Effect":"Allow","NotAction":"*"}]}' },
    /NotAction/,
  ],
  [
    'queue',
    { more: [resource('aws_sqs_queue', 'q', { name: 'q', policy: 'no JSON' }, MUMBAI)] },
    /arn:aws:sqs:ap-south-1:\d+:q.*it is not JSON/,
  ],
])('fails on the policy of a %s that cannot be read, before anything happens', (_name, stack, message) => {
  expect(() => snsOf(stack)).toThrow(InputError);
  expect(() => snsOf(stack)).toThrow(message);
});
