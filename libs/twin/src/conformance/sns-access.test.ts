// SNS: who may publish (SNS-01), encrypted topics (SNS-02), and what a topic that is down takes.
import type { FaultKind } from '@dr/contracts';
import { MUMBAI, SINGAPORE, type Values } from './edge-fixture';
import { policy, resourcesIn } from './fixtures';
import { account, cloudwatch, EMAIL, FUNCTION, KEY, snsOf, statement, TOPIC, useKey, type Stack } from './sns-fixture';

const ROLE = 'arn:aws:iam::123456789012:role/orchestrator';

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
  const decrypts = useKey(cloudwatch, 'kms:Decrypt');
  test.each<[string, string, string | null | undefined, boolean]>([
    ['the AWS-managed key', 'alias/aws/sns', undefined, false],
    ['a key that lets CloudWatch use it', KEY, policy(useKey(cloudwatch, ...useBoth)), true],
    ['a key that lets it decrypt only', KEY, policy(decrypts), false],
    ['a key with a wildcard for data keys', KEY, policy(decrypts, useKey(cloudwatch, 'kms:GenerateDataKey*')), true],
    ['a key that names the account only', KEY, policy(useKey(account, 'kms:*')), false],
    ['a key without a policy', KEY, null, false],
    ['a key of another stack', KEY, undefined, false],
  ])('an alarm and %s', (_name, kms_master_key_id, keyPolicy, allowed) => {
    const { publish, world } = snsOf({ topic: { kms_master_key_id }, keyPolicy });
    expect('messageId' in publish()).toBe(allowed);
    if (!allowed) expect(world.events.ofKind('denied')[0]?.action).toMatch(/^kms:/);
  });

  it('an alias stands for its key, and a policy may be a resource of its own', () => {
    const more = resourcesIn(MUMBAI, {
      aws_kms_alias: { a: { name: 'alias/dr', target_key_id: 'k' } },
      aws_kms_key: { key: { arn: KEY, key_id: 'k' } },
      aws_kms_key_policy: { kp: { key_id: 'k', policy: policy(useKey(cloudwatch, ...useBoth)) } },
    });
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
