// What `dr preflight` and `dr status` read of an account, by the real adapter and command line from an emulated AWS.
import { BudgetsClient, CreateBudgetCommand } from '@aws-sdk/client-budgets';
import { CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateServiceLinkedRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateHostedZoneCommand, DeleteHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { awsAccount } from '../apps/dr/src/adapters/aws-account';
import type { Row } from '../apps/dr/src/operate/preflight/row';
import { CREDENTIALS, startEmulatedAws, type EmulatedAws } from './support/emulated-aws';
import { EmulatedEdge } from './support/emulated-edge';
import { ROOT } from './support/stack';

const ACCOUNT = '123456789012';
const MUMBAI = 'ap-south-1';
const ZONE = 'example.com';

let aws: EmulatedAws;
let resolver: string;
const saved = { ...process.env };

beforeAll(async () => {
  aws = await startEmulatedAws();
  const { address, port } = (await new EmulatedEdge(aws.endpoint).description()).resolver;
  resolver = `${address}:${port}`;
  // For the adapter, which takes all of this from the environment, as every AWS tool does.
  Object.assign(process.env, aws.env);
  // moto loads each service at the first call to it, which takes longer than a region is waited for.
  dr(['preflight']);
});
afterAll(async () => {
  process.env = saved;
  await aws?.stop();
});

const client = (region: string) => ({ endpoint: aws.endpoint, region, credentials: CREDENTIALS });

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function dr(args: readonly string[], env: NodeJS.ProcessEnv = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'dist', 'dr', 'main.js'), ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...aws.env, ...env },
  });
  return { code: status, out: stdout, err: stderr };
}

function rows(): readonly Row[] {
  const { out } = dr(['preflight', '--json', '--resolver', resolver]);
  return (JSON.parse(out) as { checks: readonly Row[] }).checks;
}

const verdictOf = (check: string, region: string | null = null): Row | undefined =>
  rows().find((row) => row.check === check && row.region === region);

async function makeZone(reference: string): Promise<string> {
  const made = await new Route53Client(client('us-east-1')).send(
    new CreateHostedZoneCommand({ Name: ZONE, CallerReference: reference }),
  );
  return made.HostedZone?.Id?.replace('/hostedzone/', '') ?? '';
}

const paragraphs = (text: string): number => text.trim().split('\n').length;

describe('preflight', () => {
  test('of an empty account fails for the zone and its reserved name, knows all the rest, and changes nothing', async () => {
    const { code, out, err } = dr(['preflight', '--resolver', resolver]);
    expect(code).toBe(1);
    expect(out).toMatch(/^FAIL +hosted zone +- +there is no zone named example\.com$/m);
    expect(out).toMatch(/^FAIL +names +- +set aside for documentation/m);
    expect(out).toMatch(/^\d+ checks: .* 2 failed, 2 not known$/m);
    expect(err).toMatch(/^Not ready: names: .*hosted zone: .*docs\/state\.md/m);
    // moto makes an empty list of budgets for whoever asks.
    expect(await aws.inventory()).toEqual({ 'budgets/aws/budgets': 1 });
  });

  test('of an account that is ready fails for the reserved name alone, with its zone found and delegated', async () => {
    await makeZone('first');
    const iam = new IAMClient(client('us-east-1'));
    for (const AWSServiceName of ['elasticloadbalancing.amazonaws.com', 'replication.dynamodb.amazonaws.com']) {
      await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName }));
    }
    await new BudgetsClient(client('us-east-1')).send(
      new CreateBudgetCommand({
        AccountId: ACCOUNT,
        Budget: {
          BudgetName: 'all',
          BudgetType: 'COST',
          TimeUnit: 'MONTHLY',
          BudgetLimit: { Amount: '100', Unit: 'USD' },
        },
        NotificationsWithSubscribers: [
          {
            Notification: { NotificationType: 'ACTUAL', ComparisonOperator: 'GREATER_THAN', Threshold: 80 },
            Subscribers: [{ SubscriptionType: 'EMAIL', Address: 'platform@shop.in' }],
          },
        ],
      }),
    );
    const { code, out, err } = dr(['preflight', '--json', '--account', ACCOUNT, '--resolver', resolver]);
    const told = JSON.parse(out) as { ready: boolean; account: string; checks: readonly Row[] };
    // The names in the project's own dr.config.ts are reserved ones: nobody may apply them anywhere.
    expect({ code, ready: told.ready, account: told.account }).toEqual({ code: 1, ready: false, account: ACCOUNT });
    expect(told.checks.filter(({ verdict }) => verdict === 'fail').map(({ check }) => check)).toEqual(['names']);
    expect(told.checks.filter(({ verdict }) => verdict === 'unknown')).toEqual([]);
    expect(err).toMatch(/Not ready: names: [^:]*: zone "example\.com"/);
    const verdicts = Object.fromEntries(told.checks.map(({ check, verdict }) => [check, verdict]));
    expect(verdicts).toMatchObject({
      'hosted zone': 'ok',
      'zone delegation': 'ok',
      'health checks': 'ok',
      'AWS budget': 'ok',
    });
    expect(told.checks.filter(({ check }) => check === 'service-linked role').map(({ verdict }) => verdict)).toEqual([
      'ok',
      'ok',
    ]);
  });

  test('fails on a zone that is found twice', async () => {
    const second = await makeZone('second');
    expect(verdictOf('hosted zone')).toMatchObject({
      verdict: 'fail',
      found: expect.stringMatching(/found 2 times/),
      toDo: expect.stringContaining('options.zoneId'),
    });
    await new Route53Client(client('us-east-1')).send(new DeleteHostedZoneCommand({ Id: second }));
    expect(verdictOf('hosted zone')?.verdict).toBe('ok');
  });

  test('fails where there is no room for a VPC', async () => {
    const ec2 = new EC2Client(client(MUMBAI));
    for (let made = 0; made < 4; made += 1) await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
    expect(verdictOf('VPCs', MUMBAI)).toMatchObject({ verdict: 'fail', found: '5 of 5 used; 1 more needed' });
    expect(verdictOf('VPCs', 'ap-southeast-1')?.verdict).toBe('ok');
  });

  test('does not know of a delegation that nobody answers for', () => {
    const { out } = dr(['preflight', '--json', '--resolver', '127.0.0.1:1']);
    const { checks } = JSON.parse(out) as { checks: readonly Row[] };
    expect(checks.find(({ check }) => check === 'zone delegation')).toMatchObject({ verdict: 'unknown' });
  });

  test.each<[string, readonly string[], NodeJS.ProcessEnv, RegExp]>([
    [
      'there are no credentials',
      [],
      { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined },
      /^AWS credentials .* are missing, .*AWS_PROFILE/m,
    ],
    ['they are of another account', ['--account', '210987654321'], {}, /123456789012 .* is not 210987654321/],
    ['the account is no account', ['--account', '42'], {}, /twelve digits/],
    ['the resolver is no address', ['--resolver', 'dns.example'], {}, /--resolver "dns\.example": is not the address/],
  ])('exits with 2 when %s', (_, args, env, message) => {
    const { code, out, err } = dr(['preflight', ...args], env);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
    expect(paragraphs(err.replace(/^\(node:\d+\)[^]*?was created\)\n/m, ''))).toBe(1);
  });

  test('knows buckets, opt-in regions, the sandbox and concurrency', async () => {
    const put = await fetch(`${aws.endpoint}/dr-states`, { method: 'PUT', headers: signedAs('us-east-1') });
    expect(put.status).toBe(200);
    expect(await awsAccount.bucket('us-east-1', 'dr-states')).toEqual({ region: 'us-east-1', versioned: false });
    const body = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
    await fetch(`${aws.endpoint}/dr-states?versioning`, { method: 'PUT', headers: signedAs('us-east-1'), body });
    expect(await awsAccount.bucket('us-east-1', 'dr-states')).toEqual({ region: 'us-east-1', versioned: true });
    expect(await awsAccount.bucket('us-east-1', 'dr-no-such-bucket')).toBeUndefined();
    const regions = await awsAccount.regions();
    expect([regions.get(MUMBAI), regions.get('ap-south-2')]).toEqual(['opt-in-not-required', 'not-opted-in']);
    expect(await awsAccount.inSmsSandbox(MUMBAI)).toBe(true);
    expect(await awsAccount.concurrency(MUMBAI)).toEqual({ limit: 1_000, unreserved: 1_000 });
    expect(await awsAccount.reservedConcurrency(MUMBAI, 'nobody')).toBe(0);
    expect(await awsAccount.quota(MUMBAI, { serviceCode: 'ec2', quotaCode: 'L-0263D0A3' })).toBe(5);
  });
});

const signedAs = (region: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${CREDENTIALS.accessKeyId}/20300101/${region}/s3/aws4_request`,
});

describe('status', () => {
  test('of a stack that is not applied exits with 2 and says so', () => {
    const { code, err } = dr(['status']);
    expect(code).toBe(2);
    expect(err).toMatch(/table dr-system-table in ap-south.* does not exist .* Apply the stack first/);
  });

  test('knows which subscriptions are confirmed', async () => {
    const sns = new SNSClient(client(MUMBAI));
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'dr-alerts-mumbai' }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'platform@shop.in' }));
    const found = await awsAccount.subscriptions(MUMBAI, TopicArn ?? '');
    expect(found).toEqual([{ protocol: 'email', endpoint: 'platform@shop.in', confirmed: expect.any(Boolean) }]);
  });

  test('knows a target group that is not there, and metrics that nobody sent', async () => {
    expect(await awsAccount.targets(MUMBAI, 'mumbai-dr-health')).toBeUndefined();
    const now = Date.now();
    const sums = await awsAccount.invocations(MUMBAI, ['dr-traffic-router'], now - 600_000, now);
    expect(sums.get('dr-traffic-router')).toEqual({ invocations: 0, errors: 0, throttles: 0 });
    expect(await awsAccount.replicationMs(MUMBAI, 'dr-system-table', ['ap-southeast-1'], now - 600_000, now)).toEqual(
      new Map(),
    );
  });
});
