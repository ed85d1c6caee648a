// Names keep AWS's limits, policies are complete JSON, and a grant gives the permission and the setting together.
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { InputError } from '@dr/contracts';
import { ENV } from '@dr/contracts/system';
import { App, TerraformStack, Testing } from 'cdktf';
import * as fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlertTopic } from './alert-topic';
import { CheckTokens } from './check-tokens';
import { DeadLetters } from './dead-letters';
import { EncryptionKey } from './encryption-key';
import { RegionFunction } from './function';
import { GlobalTable } from './global-table';
import { bucketName, checkedName, NAME_LIMITS, type NamedKind } from './names';
import { policyJson } from './policy';
import type { Place } from './region';

const KINDS = Object.keys(NAME_LIMITS) as NamedKind[];
/** What S3 takes at least, and nothing else asks for more. */
const SHORTEST = 3;

test('a name passes exactly when AWS would take its length', () => {
  fc.assert(
    fc.property(fc.constantFrom(...KINDS), fc.integer({ min: SHORTEST, max: 600 }), (kind, length) => {
      const name = 'x'.repeat(length);
      const check = (): string => checkedName(kind, name);
      if (length <= NAME_LIMITS[kind]) expect(check()).toBe(name);
      else expect(check).toThrow(InputError);
    }),
  );
});

test.each<[NamedKind, string, RegExp]>([
  ['bucket', 'sthree-mumbai-audit-000000000000', /begins with "sthree-"/],
  ['load balancer', 'internal-dr-alb', /load balancer name "internal-dr-alb": begins with "internal-".*Choose another/],
  ['security group', 'sg-mumbai-alb', /begins with "sg-"/],
])('fails on the %s name %s, though it is short enough', (kind, name, message) => {
  expect(() => checkedName(kind, name)).toThrow(message);
});

test('a bucket name leaves room for the account id, which is not known yet', () => {
  expect(bucketName('x'.repeat(50), '${token}')).toBe(`${'x'.repeat(50)}-\${token}`);
  expect(() => bucketName('x'.repeat(51), '${token}')).toThrow(/bucket name/);
});

test('a policy states its version, effect and only what is given', () => {
  expect(JSON.parse(policyJson([{ actions: ['a:B'], resources: ['r'] }]))).toEqual({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['a:B'], Resource: ['r'] }],
  });
});

interface Parts {
  readonly place: Place;
  readonly fn: RegionFunction;
  readonly key: EncryptionKey;
}

/** The policy, environment and resources of one function after `act`. */
function withFunction(act: (stack: TerraformStack, parts: Parts) => void) {
  const outdir = mkdtempSync(join(tmpdir(), 'dr-constructs-'));
  try {
    const stack = new TerraformStack(new App({ outdir }), 'test');
    const provider = new AwsProvider(stack, 'aws', { region: 'ap-south-1', alias: 'mumbai' });
    const place = { system: 'dr', name: 'mumbai', awsRegion: 'ap-south-1', provider, accountId: '1', protect: true };
    const key = new EncryptionKey(stack, 'key', { place });
    const fn = new RegionFunction(stack, 'fn', {
      place,
      functionName: 'traffic-router',
      code: { path: 'code.zip', hash: 'hash' },
      timeoutSeconds: 30,
      environment: {},
      logKeyArn: key.arn,
      logRetentionDays: 7,
      commit: 'abc',
    });
    act(stack, { place, fn, key });
    const { resource } = JSON.parse(Testing.synth(stack, true));
    const [lambda] = Object.values<{ environment: { variables: object } }>(resource.aws_lambda_function);
    const [policy] = Object.values<{ policy: string }>(resource.aws_iam_role_policy);
    return { resource, environment: lambda?.environment.variables, policy: JSON.parse(policy?.policy ?? '') };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

test('a function without grants may write its log and nothing else', () => {
  const { policy, environment } = withFunction(() => undefined);
  expect(policy.Statement.map((s: { Action: string[] }) => s.Action)).toEqual([
    ['logs:CreateLogStream', 'logs:PutLogEvents'],
  ]);
  expect(environment).toEqual({ [ENV.system]: 'dr', [ENV.region]: 'mumbai' });
});

test('a grant on the table names the replica of the function’s own region, and tells the function', () => {
  const { policy, environment } = withFunction((stack, { place, fn }) => {
    const singapore = { ...place, name: 'singapore', awsRegion: 'ap-southeast-1' };
    const table = new GlobalTable(stack, 'table', { places: [singapore, place] });
    table.grant(fn, { local: ['Query'], peers: ['PutItem'] });
  });
  expect(policy.Statement.slice(1)).toMatchObject([
    { Action: ['dynamodb:Query'], Resource: [expect.stringMatching(/^arn:aws:dynamodb:ap-south-1:1:table/)] },
    { Action: ['dynamodb:PutItem'], Resource: [expect.stringMatching(/^arn:aws:dynamodb:ap-southeast-1:1:table/)] },
  ]);
  expect(environment).toHaveProperty(ENV.table);
});

/** What Terraform calls on a key and its alias over their life, each with a permission on the key (provider, service/kms). */
const TERRAFORM_ON_KEYS = [
  // Create and refresh; CreateKey and ListAliases act on no key.
  ...['EnableKeyRotation', 'DescribeKey', 'GetKeyPolicy', 'GetKeyRotationStatus', 'ListResourceTags'],
  // Update: rotation, state, description, policy, tags.
  ...['DisableKeyRotation', 'EnableKey', 'DisableKey', 'UpdateKeyDescription', 'PutKeyPolicy'],
  ...['TagResource', 'UntagResource'],
  ...['CreateAlias', 'UpdateAlias', 'DeleteAlias'],
  'ScheduleKeyDeletion',
];

test('the account may do with a key what Terraform does, undo a destruction, and use it; nothing else', () => {
  const { resource } = withFunction(() => undefined);
  const [key] = Object.values<{ policy: string }>(resource.aws_kms_key);
  const account = JSON.parse(key?.policy ?? '').Statement.find((s: { Sid: string }) => s.Sid === 'Administration');
  expect(account.Principal).toEqual({ AWS: 'arn:aws:iam::1:root' });
  const others = ['CancelKeyDeletion', 'Decrypt', 'GenerateDataKey'];
  expect([...account.Action].sort()).toEqual([...TERRAFORM_ON_KEYS, ...others].map((a) => `kms:${a}`).sort());
});

test('a queue takes what a named topic or rule could not deliver', () => {
  const { resource } = withFunction((stack, { place, key }) => {
    const deadLetters = new DeadLetters(stack, 'undelivered', { place });
    new AlertTopic(stack, 'alerts', { place, key, deadLetters, emails: [], sms: [] });
    deadLetters.take('events.amazonaws.com', 'arn:aws:events:ap-south-1:1:rule/dr-x');
  });
  const [policy] = Object.values<{ policy: string }>(resource.aws_sqs_queue_policy);
  expect(JSON.parse(policy?.policy ?? '').Statement).toMatchObject([
    {
      Principal: { Service: 'sns.amazonaws.com' },
      Condition: { ArnEquals: { 'aws:SourceArn': [expect.stringMatching(/^\$\{aws_sns_topic\.\w+\.arn\}$/)] } },
    },
    {
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { ArnEquals: { 'aws:SourceArn': ['arn:aws:events:ap-south-1:1:rule/dr-x'] } },
    },
  ]);
});

test('a grant to publish opens the topic on both sides, and the key it is encrypted with', () => {
  const { policy, resource } = withFunction((stack, { place, fn, key }) => {
    const deadLetters = new DeadLetters(stack, 'undelivered', { place });
    new AlertTopic(stack, 'alerts', { place, key, deadLetters, emails: [], sms: [] }).grantPublish(fn);
  });
  const actions = policy.Statement.flatMap((s: { Action: string[] }) => s.Action);
  expect(actions).toEqual(expect.arrayContaining(['sns:Publish', 'kms:GenerateDataKey', 'kms:Decrypt']));
  const [topicPolicy] = Object.values<{ policy: string }>(resource.aws_sns_topic_policy);
  const principals = JSON.parse(topicPolicy?.policy ?? '').Statement.map((s: { Principal: unknown }) => s.Principal);
  expect(principals).toEqual([
    { Service: 'cloudwatch.amazonaws.com' },
    { AWS: [expect.stringContaining('aws_iam_role.')] },
  ]);
});

/** What the stack of one generation makes of its two tokens, and which of them the checks send. */
function tokensOf(generation: number) {
  const stack = new TerraformStack(Testing.app(), 's');
  const tokens = new CheckTokens(stack, 'check', { generation });
  const { terraform_data: made } = (
    JSON.parse(Testing.synth(stack)) as {
      resource: { terraform_data: Record<string, { triggers_replace: number }> };
    }
  ).resource;
  return { made, path: tokens.path, setting: tokens.setting };
}

test('each generation renews the token that the one before does not use, and both are known', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), (generation) => {
      const [before, after] = [tokensOf(generation), tokensOf(generation + 1)];
      const renewed = Object.keys(after.made).filter(
        (name) => after.made[name]?.triggers_replace !== before.made[name]?.triggers_replace,
      );
      expect(renewed).toHaveLength(1);
      expect(after.path).toContain(renewed[0]);
      expect(before.path).not.toContain(renewed[0]);
      for (const { path } of [before, after]) expect(after.setting).toContain(path.slice('/health/'.length));
    }),
    { numRuns: 20 },
  );
});

test('no token stands in the synthesized JSON, and no plan shows one', () => {
  const { made, path, setting } = tokensOf(1);
  for (const one of Object.values(made)) expect(one).not.toHaveProperty('input');
  expect(path).toMatch(/^\/health\/\$\{sensitive\(terraform_data\..*\.id\)\}$/);
  expect(setting.match(/sensitive/g)).toHaveLength(2);
});
