// Roles as they are listed: of our own stack, and of stacks in every form in which a policy can be given to a role.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runIn } from '../../testing/run-on';
import type { Role } from './roles';
import type { Wildcard } from './text';

const GOLDEN = join(__dirname, '..', '..', '..', '..', '..', 'golden', 'cdk.tf.json');
const directory = mkdtempSync(join(tmpdir(), 'dr-permissions-test-'));
afterAll(() => rmSync(directory, { recursive: true }));

interface Answer {
  readonly roles: readonly Role[];
  readonly wildcards: readonly Wildcard[];
  readonly unknown: readonly string[];
}

const permissions = (stack: string, ...flags: readonly string[]) => runIn(['permissions', stack, ...flags], {});

async function answerFor(resource: object, variable: object = {}): Promise<Answer> {
  const stack = join(directory, 'stack.tf.json');
  writeFileSync(stack, JSON.stringify({ provider: { aws: [{ region: 'us-east-1' }] }, variable, resource }));
  const { code, out, err } = await permissions(stack, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as Answer;
}

const policy = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });
const READ = { Sid: 'Read', Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/b' };
const assumedBy = (principal: object): string =>
  policy({ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' });
const role = { name: 'reader', assume_role_policy: assumedBy({ Service: 'lambda.amazonaws.com' }) };

describe('of our own stack', () => {
  const { resource } = JSON.parse(readFileSync(GOLDEN, 'utf8')) as {
    resource: Record<string, Record<string, { name: string; policy: string }>>;
  };

  test('every role is there with every action and every statement of its policies', async () => {
    const { roles, unknown } = JSON.parse((await permissions(GOLDEN, '--json')).out) as Answer;
    expect(unknown).toEqual([]);
    expect(roles.map(({ name }) => name).sort()).toEqual(
      Object.values(resource['aws_iam_role'] ?? {})
        .map(({ name }) => name)
        .sort(),
    );
    const written = Object.values(resource['aws_iam_role_policy'] ?? {})
      .flatMap((one) => (JSON.parse(one.policy) as { Statement: { Action: string[] }[] }).Statement)
      .flatMap(({ Action: actions }) => actions);
    const listed = roles.flatMap(({ statements }) => statements.flatMap(({ actions }) => actions));
    expect(listed.sort()).toEqual(written.sort());
    expect(roles.every(({ trust }) => trust.some(({ principals }) => principals.length > 0))).toBe(true);
  });

  /** Streams of its own log group, and the six letters that Secrets Manager adds to the secret's name. */
  const MEANT = /^arn:aws:(logs:.*:log-group:\/aws\/lambda\/dr-[a-z-]+:\*|secretsmanager:.*:secret:dr-api-keys-\?{6})$/;
  test('no function may do every action, or one on every resource: the patterns are known', async () => {
    const { roles, wildcards } = JSON.parse((await permissions(GOLDEN, '--json')).out) as Answer;
    expect(wildcards.map(({ allows }) => allows).filter((one) => !MEANT.test(one))).toEqual([]);
    expect(wildcards.filter(({ statement }) => statement === 'Logs')).toHaveLength(roles.length);
  });

  test('as text each role says who takes it on, what it may do and on what', async () => {
    const { out } = await permissions(GOLDEN);
    expect(out).toMatch(/^8 roles, \d+ statements, 12 wildcards, 0 not known\n/);
    expect(out).toMatch(
      /\ndr-mumbai-traffic-router \(aws_iam_role\.[^)]*\)\n {2}taken on by {2}lambda\.amazonaws\.com\n {2}allow {8}logs:/,
    );
    expect(out).toMatch(/\n {4}on {9}arn:aws:dynamodb:ap-south-1:123456789012:table\/dr-system-table\n/);
    expect(out).toMatch(/\nWildcards: .*\n {2}dr-mumbai-\S+, Logs:\s+arn:aws:logs:/);
  });
});

describe('a policy is found', () => {
  test.each<[string, object]>([
    ['of its own', { aws_iam_role_policy: { p: { role: '${aws_iam_role.r.id}', policy: policy(READ) } } }],
    ['named by the role', { aws_iam_role_policy: { p: { role: 'reader', policy: policy(READ) } } }],
    [
      'that is attached',
      {
        aws_iam_policy: { p: { name: 'p', policy: policy(READ) } },
        aws_iam_role_policy_attachment: {
          a: { role: '${aws_iam_role.r.name}', policy_arn: '${aws_iam_policy.p.arn}' },
        },
      },
    ],
    [
      'that is attached to several',
      {
        aws_iam_policy: { p: { name: 'p', policy: policy(READ) } },
        aws_iam_policy_attachment: {
          a: { name: 'a', roles: ['${aws_iam_role.r.name}'], policy_arn: '${aws_iam_policy.p.arn}' },
        },
      },
    ],
  ])('%s', async (_, others) => {
    const { roles, unknown } = await answerFor({ aws_iam_role: { r: role }, ...others });
    expect(roles).toHaveLength(1);
    expect(roles[0]?.statements).toEqual([
      expect.objectContaining({
        sid: 'Read',
        actions: ['s3:GetObject'],
        resources: ['arn:aws:s3:::a/b'],
        wildcards: [],
      }),
    ]);
    expect(unknown).toEqual([]);
  });

  test('in the role itself', async () => {
    const inline = { ...role, inline_policy: [{ name: 'p', policy: policy(READ) }] };
    const { roles } = await answerFor({ aws_iam_role: { r: inline } });
    expect(roles[0]?.statements).toEqual([expect.objectContaining({ sid: 'Read' })]);
  });

  test('of another role only there', async () => {
    const { roles } = await answerFor({
      aws_iam_role: { r: role, s: { ...role, name: 'other' } },
      aws_iam_role_policy: { p: { role: '${aws_iam_role.s.id}', policy: policy(READ) } },
    });
    expect(roles.map(({ name, statements }) => [name, statements.length])).toEqual([
      ['reader', 0],
      ['other', 1],
    ]);
  });
});

describe('a wildcard is named', () => {
  test.each<[object, readonly string[]]>([
    [{ Action: '*' }, ['every action']],
    [{ Action: 's3:*' }, ['s3:*']],
    [{ Action: ['s3:GetObject', 's3:Get?'] }, ['s3:Get?']],
    [{ Resource: '*' }, ['every resource']],
    [{ Resource: 'arn:aws:s3:::a/*' }, ['arn:aws:s3:::a/*']],
    [{ Action: undefined, NotAction: ['iam:*'] }, ['every action but iam:*']],
    [{ Resource: undefined, NotResource: 'arn:aws:s3:::a' }, ['every resource but arn:aws:s3:::a']],
    [{ Action: '*', Resource: '*' }, ['every action', 'every resource']],
    [{ Effect: 'Deny', Action: '*', Resource: '*' }, []],
  ])('%j', async (over, allows) => {
    const { wildcards } = await answerFor({
      aws_iam_role: { r: role },
      aws_iam_role_policy: { p: { role: 'reader', policy: policy({ ...READ, ...over }) } },
    });
    expect(wildcards).toEqual(allows.map((one) => ({ role: 'reader', statement: 'Read', allows: one })));
  });
});

test('conditions, a boundary and whoever takes the role on are told', async () => {
  const { roles } = await answerFor({
    aws_iam_role: {
      r: {
        ...role,
        permissions_boundary: 'arn:aws:iam::123456789012:policy/limit',
        assume_role_policy: policy({
          Effect: 'Allow',
          Principal: { AWS: ['arn:aws:iam::1:root', 'arn:aws:iam::2:root'] },
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: { 'aws:SourceAccount': ['1', '2'] },
            Bool: { 'aws:MultiFactorAuthPresent': true },
          },
        }),
      },
    },
  });
  expect(roles[0]).toMatchObject({
    boundary: 'arn:aws:iam::123456789012:policy/limit',
    trust: [
      {
        effect: 'Allow',
        principals: ['arn:aws:iam::1:root', 'arn:aws:iam::2:root'],
        conditions: ['StringEquals aws:SourceAccount: 1 or 2', 'Bool aws:MultiFactorAuthPresent: true'],
      },
    ],
  });
});

describe('what cannot be told is said, and never taken for nothing', () => {
  test.each<[string, object, RegExp]>([
    [
      'a policy of AWS',
      {
        aws_iam_role_policy_attachment: {
          a: { role: 'reader', policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
        },
      },
      /^aws_iam_role_policy_attachment\.a: what arn:aws:iam::aws:policy\/AdministratorAccess allows does not stand/,
    ],
    [
      'a policy that only an apply tells',
      { aws_iam_role_policy: { p: { role: 'reader', policy: '${var.policy}' } } },
      /^aws_iam_role_policy\.p: unknown before an apply: var\.policy/,
    ],
    [
      'a text that is no policy',
      { aws_iam_role_policy: { p: { role: 'reader', policy: '{"Statement":[]}' } } },
      /^aws_iam_role_policy\.p: it is no policy document$/,
    ],
    [
      'a role that is not in the stack',
      { aws_iam_role_policy: { p: { role: 'somebody', policy: policy(READ) } } },
      /^aws_iam_role_policy\.p: its role is not in the stack/,
    ],
  ])('%s', async (_, others, sentence) => {
    const { roles, unknown } = await answerFor(
      { aws_iam_role: { r: role }, ...others },
      { policy: { type: 'string' } },
    );
    expect(roles[0]?.statements).toEqual([]);
    expect(unknown).toEqual([expect.stringMatching(sentence)]);
    const { out } = await permissions(join(directory, 'stack.tf.json'));
    expect(out).toMatch(/, 1 not known\n/);
    expect(out).toMatch(/\nNot known: nobody can tell it from the stack\n {2}aws_iam_role_policy/);
  });

  test('the name of a role', async () => {
    const { roles } = await answerFor({ aws_iam_role: { r: { ...role, name: '${var.name}' } } }, { name: {} });
    expect(roles[0]).toMatchObject({ address: 'aws_iam_role.r', name: null });
  });
});

test.each([
  ['a file that is not there', join(directory, 'none.json'), /there is no such file/],
  ['a file that is no Terraform', __filename, /is not JSON/],
])('fails with 2 and one paragraph for %s', async (_, file, why) => {
  const { code, out, err } = await permissions(file);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(why);
  expect(err.trim().split('\n')).toHaveLength(1);
});
