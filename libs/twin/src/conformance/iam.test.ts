// IAM: what the roles of the stack allow (FN-05), what resource policies allow, and what the evaluator refuses to guess.
import { InputError } from '@dr/contracts';
import { Iam } from '../services/iam/iam';
import type { Caller } from '../services/ports';
import { graphOf, worldOf, type PlainResource } from './fixtures';

const ROLE = 'arn:aws:iam::123456789012:role/router';
const TABLE = 'arn:aws:dynamodb:ap-south-1:123456789012:table/t';
const CALLER: Caller = { roleArn: ROLE, awsRegion: 'ap-south-1', name: 'traffic-router' };

type Statement = Readonly<Record<string, unknown>>;

const allow = (more: Statement = {}): Statement => ({
  Effect: 'Allow',
  Action: ['dynamodb:GetItem'],
  Resource: [TABLE],
  ...more,
});

function iamOf(statements: readonly Statement[], more: readonly PlainResource[] = []) {
  const world = worldOf();
  const at = { awsRegion: 'us-east-1' };
  const graph = graphOf([
    { type: 'aws_iam_role', name: 'role', ...at, values: { name: 'router' } },
    { type: 'aws_iam_role', name: 'other', ...at, values: { name: 'other' } },
    {
      type: 'aws_iam_role_policy',
      name: 'policy',
      ...at,
      values: { role: 'router', policy: JSON.stringify({ Statement: statements }) },
    },
    ...more,
  ]);
  return { world, iam: new Iam(world, graph) };
}

const elsewhere = TABLE.replace('ap-south-1', 'ap-southeast-1');
const when = (Condition: object): Statement => allow({ Condition });
const deny = (more: Statement): Statement => allow({ Effect: 'Deny', ...more });

test.each<[string, Statement[], boolean, (readonly [action: string, resource: string])?]>([
  ['nothing granted', [], false],
  ['the action and resource granted', [allow()], true],
  ['another action', [allow()], false, ['dynamodb:PutItem', TABLE]],
  ['the same table in another region', [allow()], false, ['dynamodb:GetItem', elsewhere]],
  ['an index of the table, not granted', [allow()], false, ['dynamodb:GetItem', `${TABLE}/index/i`]],
  ['a wildcard action', [allow({ Action: 'dynamodb:Get*' })], true],
  ['an action in other letters', [allow({ Action: 'DynamoDB:getitem' })], true],
  ['a wildcard resource', [allow({ Resource: '*' })], true],
  ['a single-character wildcard', [allow({ Resource: `${TABLE.slice(0, -1)}?` })], true],
  ['a resource with a full stop taken for itself', [allow({ Resource: TABLE.replace('table/t', 'table.t') })], false],
  ['an explicit deny beside it', [allow(), deny({ Action: '*' })], false],
  ['a deny of something else', [allow(), deny({ Action: 'dynamodb:Put*' })], true],
  ['a condition that holds', [when({ Bool: { 'aws:SecureTransport': 'true' } })], true],
  ['a condition that does not', [when({ StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } })], false],
  ['a condition on a key the call lacks', [when({ StringLike: { 'dynamodb:LeadingKeys': '*' } })], false],
  [
    'a deny whose condition does not hold',
    [allow(), deny({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
    true,
  ],
])('FN-05 %s', (_name, statements, expected, [action, resource] = ['dynamodb:GetItem', TABLE]) => {
  const { iam, world } = iamOf(statements);
  // Twice: the second answer is remembered, and a denial is logged each time.
  expect([iam.allows(CALLER, action, resource), iam.allows(CALLER, action, resource)]).toEqual([expected, expected]);
  const denied = { kind: 'denied', atMs: 0, region: 'mumbai', role: 'router', action, resource };
  expect([...world.events]).toEqual(expected ? [] : [denied, denied]);
});

const called = (awsRegion: string): Statement => ({ 'aws:RequestedRegion': awsRegion });
const both = { Resource: [TABLE, elsewhere] };

test.each<[string, Statement[], string, boolean]>([
  ['the region called, here', [when({ StringEquals: called('ap-south-1') })], TABLE, true],
  [
    'the region called, a peer',
    [allow({ ...both, Condition: { StringEquals: called('ap-southeast-1') } })],
    elsewhere,
    true,
  ],
  [
    'the caller’s own region, calling a peer',
    [allow({ ...both, Condition: { StringEquals: called('ap-south-1') } })],
    elsewhere,
    false,
  ],
  [
    'a peer’s region, calling its own',
    [allow({ ...both, Condition: { StringEquals: called('ap-southeast-1') } })],
    TABLE,
    false,
  ],
  [
    'a denial of other regions, its own',
    [allow(both), deny({ ...both, Condition: { StringNotEquals: called('ap-south-1') } })],
    TABLE,
    true,
  ],
  [
    'a denial of other regions, a peer',
    [allow(both), deny({ ...both, Condition: { StringNotEquals: called('ap-south-1') } })],
    elsewhere,
    false,
  ],
  [
    'the account of a source: a role has none',
    [when({ StringEquals: { 'aws:SourceAccount': '123456789012' } })],
    TABLE,
    false,
  ],
  ['the ARN of a source: a role has none', [when({ ArnLike: { 'aws:SourceArn': '*' } })], TABLE, false],
  [
    'the account of a source, if there is one',
    [when({ StringEqualsIfExists: { 'aws:SourceAccount': '1' } })],
    TABLE,
    true,
  ],
  ['its own account', [when({ StringEquals: { 'aws:PrincipalAccount': '123456789012' } })], TABLE, true],
  ['its own ARN', [when({ ArnNotEquals: { 'aws:PrincipalArn': ROLE } })], TABLE, false],
])('FN-05 condition keys: %s', (_name, statements, resource, expected) => {
  const { iam } = iamOf(statements);
  expect(iam.allows(CALLER, 'dynamodb:GetItem', resource)).toBe(expected);
});

test('FN-05 a role has its own policies, those attached to it, and no others', () => {
  const own = { Statement: allow({ Action: 'sns:Publish', Resource: '*' }) };
  const arn = 'arn:aws:iam::123456789012:policy/own';
  const managed = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  const at = { awsRegion: 'us-east-1' };
  const { iam } = iamOf(
    [allow()],
    [
      { type: 'aws_iam_policy', name: 'own', ...at, values: { name: 'own', policy: JSON.stringify(own) } },
      { type: 'aws_iam_role_policy_attachment', name: 'a', ...at, values: { role: 'router', policy_arn: arn } },
      { type: 'aws_iam_role_policy_attachment', name: 'b', ...at, values: { role: 'router', policy_arn: managed } },
    ],
  );
  for (const action of ['sns:Publish', 'logs:PutLogEvents'])
    expect(iam.allows(CALLER, action, 'arn:aws:x:::y')).toBe(true);
  const other = { ...CALLER, roleArn: ROLE.replace('router', 'other') };
  expect(iam.allows(other, 'sns:Publish', 'arn:aws:x:::y')).toBe(false);
  expect(iam.allows({ ...CALLER, roleArn: `${ROLE}-unknown` }, 'sns:Publish', 'arn:aws:x:::y')).toBe(false);
});

test('what was granted and never used can be told', () => {
  const { iam } = iamOf([
    allow({ Sid: 'Table', Action: ['dynamodb:GetItem', 'dynamodb:Scan'] }),
    allow({ Sid: 'Topic', Action: 'sns:Publish' }),
  ]);
  iam.allows(CALLER, 'dynamodb:GetItem', TABLE);
  iam.allows(CALLER, 'dynamodb:GetItem', TABLE);
  iam.allows(CALLER, 'dynamodb:PutItem', TABLE);
  expect(iam.usedPermissions()).toEqual([{ roleArn: ROLE, action: 'dynamodb:GetItem', resource: TABLE }]);
  expect(iam.grantedStatements().map(({ sid, usedActions }) => [sid, usedActions])).toEqual([
    ['Table', ['dynamodb:GetItem']],
    ['Topic', []],
  ]);
});

const TOPIC = 'arn:aws:sns:ap-south-1:123456789012:alerts';
const cloudwatch = { service: 'cloudwatch.amazonaws.com' };
const fromAlarm = { 'aws:SourceArn': 'arn:aws:cloudwatch:ap-south-1:123456789012:alarm:a' };

test.each<[string, Statement, object, object, boolean]>([
  ['the service named', { Principal: { Service: 'cloudwatch.amazonaws.com' } }, cloudwatch, {}, true],
  ['another service', { Principal: { Service: ['events.amazonaws.com'] } }, cloudwatch, {}, false],
  ['everyone', { Principal: '*' }, cloudwatch, {}, true],
  ['everyone, written as AWS', { Principal: { AWS: '*' } }, cloudwatch, {}, true],
  ['the account', { Principal: { AWS: 'arn:aws:iam::123456789012:root' } }, { roleArn: ROLE }, {}, true],
  ['the account, for a service', { Principal: { AWS: '123456789012' } }, cloudwatch, {}, false],
  ['no principal', {}, cloudwatch, {}, false],
  [
    'its source',
    { Principal: '*', Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:*:123456789012:alarm:*' } } },
    cloudwatch,
    fromAlarm,
    true,
  ],
  [
    'another source',
    { Principal: '*', Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:cloudwatch:us-east-1:*' } } },
    cloudwatch,
    fromAlarm,
    false,
  ],
  [
    'any of several values',
    { Principal: '*', Condition: { StringEquals: { 'AWS:SourceAccount': ['1', '123456789012'] } } },
    cloudwatch,
    {},
    true,
  ],
  [
    'an account that a role does not act for',
    { Principal: '*', Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } } },
    { roleArn: ROLE },
    {},
    false,
  ],
  [
    'an account of its own, which a service has none',
    { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': '123456789012' } } },
    cloudwatch,
    {},
    false,
  ],
  [
    'services alone',
    { Principal: '*', Condition: { Bool: { 'aws:PrincipalIsAWSService': 'true' } } },
    cloudwatch,
    {},
    true,
  ],
  [
    'services alone, asked by a role',
    { Principal: '*', Condition: { Bool: { 'aws:PrincipalIsAWSService': 'true' } } },
    { roleArn: ROLE },
    {},
    false,
  ],
  ['its region', { Principal: '*', Condition: { StringEquals: called('ap-south-1') } }, cloudwatch, {}, true],
])('FN-05 a resource policy for %s', (_name, statement, principal, context, expected) => {
  const { iam } = iamOf([]);
  const policy = { Statement: [{ Effect: 'Allow', Action: 'sns:Publish', Resource: TOPIC, ...statement }] };
  const request = { principal, action: 'sns:Publish', resource: TOPIC, context: context as Record<string, string> };
  expect(iam.resourcePolicyAllows(policy, request)).toBe(expected);
  expect(iam.resourcePolicyAllows(JSON.stringify(policy), request)).toBe(expected);
});

test.each<[string, Statement, RegExp]>([
  ['NotAction', { Effect: 'Allow', NotAction: 'x', Resource: '*' }, /NotAction/],
  ['an unknown operator', allow({ Condition: { NumericLessThan: { 's3:max-keys': '10' } } }), /NumericLessThan/],
  ['a policy variable', allow({ Resource: 'arn:aws:s3:::b/${aws:username}' }), /variables/],
  ['no effect', { Action: 'x', Resource: '*' }, /Effect/],
])('fails on %s instead of guessing', (_name, statement, message) => {
  expect(() => iamOf([statement])).toThrow(InputError);
  expect(() => iamOf([statement])).toThrow(message);
});

test('fails on an attached policy whose content nobody knows', () => {
  const values = { role: 'router', policy_arn: 'arn:aws:iam::aws:policy/PowerUserAccess' };
  const attachment = { type: 'aws_iam_role_policy_attachment', name: 'a', awsRegion: 'us-east-1', values };
  expect(() => iamOf([], [attachment])).toThrow(/PowerUserAccess.*does not know/);
});
