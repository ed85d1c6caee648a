// Preflight from the command line: its table, its exit codes, and what it says when the account is not as it must be.
import { InputError } from '@dr/contracts';
import type { DrConfigInput } from '@dr/contracts/system/config';
import { join } from 'node:path';
import type { Operator } from '../operate/operator';
import type { PreflightReader } from '../operate/preflight/reader';
import type { Row } from '../operate/preflight/row';
import { accountWith, dark, denied, NAME_SERVERS } from '../testing/fake-account';
import { systemOf } from '../testing/run-on';

const GOLDEN = join(__dirname, '..', '..', '..', '..', 'golden', 'cdk.tf.json');
const NOW = Date.UTC(2026, 10, 26);

interface Given {
  readonly account?: Partial<PreflightReader>;
  readonly config?: Partial<DrConfigInput>;
  readonly told?: readonly string[];
  readonly flags?: string;
}

async function preflight({ account = {}, config = {}, told = NAME_SERVERS, flags = '' }: Given = {}) {
  const { dr } = systemOf({
    config: { zone: 'shop.in', domain: 'app.shop.in', ...config },
    context: {
      account: accountWith(account),
      publicDns: () => ({ nameServers: async () => told }),
      temporaryDirectory: () => '/nowhere',
      synthesize: async () => GOLDEN,
      operator: { now: () => NOW } as unknown as Operator,
    },
  });
  return dr(`preflight${flags}`);
}

async function rowsOf(given: Given): Promise<readonly Row[]> {
  const { out } = await preflight({ ...given, flags: ' --json' });
  return (JSON.parse(out) as { checks: Row[] }).checks;
}

test('an account that has everything is ready, and each check has one line', async () => {
  const { code, out, err } = await preflight();
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^ok +credentials +- +account 123456789012/m);
  expect(out).toMatch(/^ok +Lambda concurrency +ap-south-1 +quota 1000/m);
  expect(out).toMatch(/^WARN +Lambda runtime/m);
  expect(out).toMatch(/\n\d+ checks: \d+ ok, \d+ to look at, 0 failed, 0 not known\n$/);
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
});

test('JSON has the same rows', async () => {
  const { code, out } = await preflight({ flags: ' --json' });
  const told = JSON.parse(out) as { ready: unknown; account: string; checks: Row[] };
  expect(code).toBe(0);
  expect(told).toMatchObject({ ready: true, account: '123456789012' });
  expect(Object.keys(told.checks[0] ?? {})).toEqual(['check', 'region', 'found', 'verdict', 'toDo']);
});

test.each<[string, Given, RegExp]>([
  ['a region that is not enabled', { account: { regions: async () => new Map() } }, /enable-region/],
  ['a zone that is found twice', { account: { zones: twice } }, /found 2 times: Z1, Z2.*options\.zoneId/],
  ['a zone that is not delegated', { told: [] }, /not delegated yet.*dig \+short NS shop\.in/],
  [
    'reserved names',
    { config: { zone: 'example.com', domain: 'app.example.com' } },
    /zone "example\.com".*of your own/,
  ],
  ['too little concurrency', { account: { concurrency: async () => ({ limit: 10, unreserved: 10 }) } }, /quota 10/],
  ['no room for a VPC', { account: { vpcs: async () => Array(5).fill({ system: null }) } }, /VPCs.*L-F678F1CE/],
  ['a cost above the objective', { config: { objectives: { rtoSeconds: 60, monthlyBudgetUsd: 9 } } }, /fixed cost/],
])('fails with 1 and one paragraph with the fix for %s', async (_, given, paragraph) => {
  const { code, out, err } = await preflight(given);
  expect(code).toBe(1);
  expect(out).toMatch(/^FAIL /m);
  expect(err).toMatch(paragraph);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(await preflight({ ...given, flags: ' --json' })).toMatchObject({ code: 1 });
});

async function twice() {
  return ['Z1', 'Z2'].map((id) => ({ id, private: false, records: 2 }));
}

test.each<[string, Given, RegExp]>([
  ['another account', { flags: ' --account 210987654321' }, /123456789012.*is not 210987654321.*Use credentials/],
  [
    'another account than the config names',
    { config: { options: { accountId: '210987654321' } } },
    /is not 210987654321/,
  ],
  ['an account that is none', { flags: ' --account 12' }, /--account "12".*twelve digits/],
  [
    'no credentials',
    { account: { identity: () => Promise.reject(new InputError('AWS credentials', 'are missing', 'Sign in')) } },
    /AWS credentials: are missing\. Sign in/,
  ],
])('fails with 2 and one paragraph for %s, and looks no further', async (_, given, paragraph) => {
  const { code, out, err } = await preflight({ ...given, account: { regions: fails, ...given.account } });
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(paragraph);
  expect(err.trim().split('\n')).toHaveLength(1);
});

async function fails(): Promise<never> {
  throw new Error('the account was read');
}

test('--account comes before options.accountId', async () => {
  const given = { config: { options: { accountId: '210987654321' } }, flags: ' --account 123456789012' };
  expect((await preflight(given)).err).not.toContain('210987654321');
});

test.each([
  ['on', 'ok', /on for dr-system-table/],
  ['none', 'ok', /not there yet; the stack turns it on/],
  ['off', 'warn', /no bad write can be undone there/],
] as const)('point-in-time recovery that is %s is %s, in each region with a replica', async (state, verdict, found) => {
  const rows = await rowsOf({ account: { tableRecovery: async () => state } });
  const told = rows.filter(({ check }) => check === 'point-in-time recovery');
  expect(told.map(({ region }) => region)).toEqual(['ap-south-1', 'ap-southeast-1']);
  for (const row of told) expect(row).toMatchObject({ verdict, found: expect.stringMatching(found) as string });
});

/** Every question but whose the credentials are, with the permission that it takes. */
const QUESTIONS: readonly [keyof PreflightReader, string][] = [
  ['regions', 'ec2:DescribeRegions'],
  ['concurrency', 'lambda:GetAccountSettings'],
  ['zones', 'route53:ListHostedZonesByName'],
  ['nameServers', 'route53:GetHostedZone'],
  ['recordLimit', 'route53:GetHostedZoneLimit'],
  ['healthCheckLimit', 'route53:GetAccountLimit'],
  ['healthCheckHosts', 'route53:ListHealthChecks'],
  ['hasRole', 'iam:GetRole'],
  ['quota', 'servicequotas:GetServiceQuota'],
  ['vpcs', 'ec2:DescribeVpcs'],
  ['loadBalancers', 'elasticloadbalancing:DescribeLoadBalancers'],
  ['budgets', 'budgets:ViewBudget'],
  ['bucket', 's3:GetBucketVersioning'],
  ['inSmsSandbox', 'sns:GetSMSSandboxAccountStatus'],
  ['tableRecovery', 'dynamodb:DescribeContinuousBackups'],
];
const EVERYTHING: Partial<DrConfigInput> = {
  state: { backend: 's3', bucket: 'states', region: 'us-east-1' },
  alerts: { sms: ['+919812345678'] },
};

test.each(QUESTIONS)('%s denied is unknown, with its permission; the rest is told', async (question, action) => {
  const whole = await rowsOf({ config: EVERYTHING });
  const rows = await rowsOf({ config: EVERYTHING, account: { [question]: denied(action) } });
  const unknown = rows.filter(({ verdict }) => verdict === 'unknown');
  expect(rows).toHaveLength(whole.length);
  expect(unknown.length).toBeGreaterThan(0);
  expect(unknown.some(({ found, toDo }) => found.includes(action) && toDo?.includes(action))).toBe(true);
  for (const row of rows.filter(({ verdict }) => verdict !== 'unknown')) expect(whole).toContainEqual(row);
});

test.each(QUESTIONS)('%s unanswered is unknown, and never good news', async (question) => {
  const { code, out } = await preflight({ config: EVERYTHING, account: { [question]: dark }, flags: ' --json' });
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ ready: null });
});

test('a region that is not enabled is asked nothing else', async () => {
  const asked: string[] = [];
  const rows = await rowsOf({
    account: {
      regions: async () =>
        new Map([
          ['us-east-1', 'opt-in-not-required'],
          ['ap-south-1', 'opted-in'],
        ]),
      concurrency: async (awsRegion) => {
        asked.push(awsRegion);
        return { limit: 1_000, unreserved: 1_000 };
      },
    },
  });
  expect(asked).toEqual(['ap-south-1']);
  expect(rows.find(({ check, region }) => check === 'Lambda concurrency' && region === 'ap-southeast-1')).toMatchObject(
    {
      verdict: 'unknown',
      found: 'the region is not enabled',
    },
  );
});
