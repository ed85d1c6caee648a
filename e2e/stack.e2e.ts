// The whole stack, applied by real Terraform to an emulated AWS, used through the AWS SDK in both regions, and destroyed.
import { CreateQueueCommand, DeleteQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { FUNCTIONS, alarmName, lambdaName, topicName } from '@dr/contracts/system';
import { unzipSync } from 'fflate';
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './support/command';
import { DEPLOYABLE, DOMAIN, layGroundwork, UNPROTECTED, type Groundwork } from './support/deployable';
import { CREDENTIALS, startEmulatedAws, type EmulatedAws } from './support/emulated-aws';
import { EmulatedEdge, type EdgeAnswer, type EdgeCall } from './support/emulated-edge';
import { invoke } from './support/lambda-client';
import { leftOver } from './support/left-over';
import { ROOT, Stack, temporaryDirectory, type Resource } from './support/stack';

/** Resources of the stack that moto cannot store: none. Give the reason beside an address that must come here. */
const NOT_STORED: readonly string[] = [];

/** What a second plan would change because of moto, `address: attributes`: nothing. At most four may come here. */
const MOTO_DIFFERENCES: readonly string[] = [];

const CONFIG = [...DEPLOYABLE, ...UNPROTECTED];
const REGIONS = { mumbai: 'ap-south-1', singapore: 'ap-southeast-1' } as const;
type RegionName = keyof typeof REGIONS;
const NAMES = Object.keys(REGIONS) as RegionName[];

const KEY = 'e2e-key';
const AUTHORIZED = { authorization: `Bearer ${KEY}` };

let aws: EmulatedAws;
let groundwork: Groundwork;
let stack: Stack;
let resources: readonly Resource[];
let bundles: string;
let settings: readonly string[];
let edge: EmulatedEdge;
/** What Terraform printed of the first apply. */
let applyLog: readonly string[];

beforeAll(async () => {
  aws = await startEmulatedAws();
  // A copy: whoever rebuilds dist/ meanwhile does not change what is tested.
  bundles = copyOfDist();
  settings = [...CONFIG, '--bundles', bundles];
  groundwork = await layGroundwork(aws);
  stack = await Stack.synthesize('dr', settings, aws.env);
  await stack.init();
  await stack.terraform(['validate']);
  applyLog = (await stack.apply('-var=commit=first')).stdout.split('\n');
  resources = await stack.applied();
  // Route 53's checkers have begun meanwhile: a region serves once it has been probed, and heard of its peer, for a while.
  edge = new EmulatedEdge(aws.endpoint);
});

afterAll(() => aws?.stop());

const SERVING_SECONDS = 180;

const call = (region: RegionName, options: EdgeCall): Promise<EdgeAnswer> => edge.call(`${region}.${DOMAIN}`, options);

const bodyOf = ({ body }: EdgeAnswer): unknown => JSON.parse(body.toString());

async function untilServing(region: RegionName): Promise<EdgeAnswer | undefined> {
  return edge.until(`${region}.${DOMAIN}`, { path: '/health' }, ({ status }) => status === 200, SERVING_SECONDS);
}

function copyOfDist(): string {
  const directory = temporaryDirectory();
  for (const name of FUNCTIONS) cpSync(join(ROOT, 'dist', name, 'index.js'), join(directory, name, 'index.js'));
  return directory;
}

test('every resource of the stack is applied', () => {
  const applied = resources.map(({ address }) => address).sort();
  expect(applied).toEqual(stack.declared().filter((address) => !NOT_STORED.includes(address)));
  expect(applied.length).toBeGreaterThan(150);
});

test('what watches is created after what it watches', () => {
  const lines = (address: RegExp, what: string): number[] =>
    applyLog.flatMap((line, at) => (address.test(line) && line.includes(what) ? [at] : []));
  const check = /^aws_route53_health_check\./;
  const watched =
    /^aws_(lb_listener_rule|lb_target_group_attachment|vpc_security_group_ingress_rule|cloudwatch_event_target|route53_record\.\w+_regional_name)/;
  expect(lines(watched, ': Creation complete').length).toBeGreaterThanOrEqual(12);
  expect(Math.min(...lines(check, ': Creating...'))).toBeGreaterThan(
    Math.max(...lines(watched, ': Creation complete')),
  );
  const alarms = lines(/^aws_cloudwatch_metric_alarm\./, ': Creating...');
  expect(Math.min(...alarms)).toBeGreaterThan(Math.max(...lines(check, ': Creation complete')));
});

test('a second plan changes nothing that is not on the list', async () => {
  const changes = await stack.plan('-var=commit=first');
  const described = changes.map(({ address, attributes }) => `${address}: ${attributes.join(', ')}`);
  expect(described).toEqual(MOTO_DIFFERENCES);
  expect(MOTO_DIFFERENCES.length).toBeLessThanOrEqual(4);
});

test.each(FUNCTIONS)('both regions run the bundle that was built: %s', (name) => {
  const functions = resources.filter(
    (r) => r.type === 'aws_lambda_function' && r.values['function_name'] === lambdaName('dr', name),
  );
  expect(functions).toHaveLength(NAMES.length);
  for (const { values } of functions) {
    const zip = readFileSync(join(stack.directory, String(values['filename'])));
    expect(createHash('sha256').update(zip).digest('base64')).toBe(values['code_sha256']);
    const built = readFileSync(join(bundles, name, 'index.js'));
    expect(built.equals(unzipSync(zip)['index.js'] ?? Buffer.alloc(0))).toBe(true);
  }
});

test('until there is a key, nobody reads an item', async () => {
  const answer = await call('mumbai', { path: '/items/x', headers: AUTHORIZED });
  expect(answer.status).toBe(503);
  expect(JSON.stringify(bodyOf(answer))).toContain('dr keys rotate');
});

describe('with a key', () => {
  beforeAll(async () => {
    const secret = resources.find(({ type }) => type === 'aws_secretsmanager_secret');
    const [, , , region] = String(secret?.values['arn']).split(':');
    const client = new SecretsManagerClient({ endpoint: aws.endpoint, region: region!, credentials: CREDENTIALS });
    const SecretString = JSON.stringify({ current: KEY });
    await client.send(new PutSecretValueCommand({ SecretId: String(secret?.values['name']), SecretString }));
    await untilKeyIsKnown();
  });

  /** A router that has found no key looks again after a minute at the latest. */
  async function untilKeyIsKnown(): Promise<void> {
    const looking = { path: '/items/none', headers: AUTHORIZED };
    for (const name of NAMES) await edge.until(`${name}.${DOMAIN}`, looking, ({ status }) => status !== 503, 80);
  }

  test.each([
    ['mumbai', 'singapore'],
    ['singapore', 'mumbai'],
  ] as const)('what %s writes, %s reads', async (writer, reader) => {
    const path = `/items/from-${writer}`;
    const written = await call(writer, {
      method: 'PUT',
      path,
      headers: { ...AUTHORIZED, 'content-type': 'application/json' },
      body: JSON.stringify({ writtenIn: writer }),
    });
    expect(written.status).toBeLessThan(300);
    const read = await call(reader, { path, headers: AUTHORIZED });
    expect(read).toMatchObject({ status: 200, headers: { 'x-data-region': reader } });
    expect(bodyOf(read)).toMatchObject({ value: { writtenIn: writer }, region: writer });
  });

  test('fails without the key', async () => {
    const wrong = { path: '/items/from-mumbai', headers: { authorization: 'Bearer wrong' } };
    expect(await call('singapore', wrong)).toMatchObject({ status: 401 });
  });

  test.each(NAMES)('the validator of %s finds the replicas equal', async (name) => {
    const report = await invoke(aws.endpoint, REGIONS[name], 'data-consistency-validator', {});
    expect(report).toMatchObject({ passed: true, peers: [{ complete: true, divergent: 0 }] });
  });
});

test("an alarm becomes a notification in a subscriber's queue", async () => {
  const client = { endpoint: aws.endpoint, region: REGIONS.singapore, credentials: CREDENTIALS };
  const [sns, sqs] = [new SNSClient(client), new SQSClient(client)];
  const topic = resources.find((r) => r.type === 'aws_sns_topic' && r.values['name'] === topicName('dr', 'singapore'));
  const TopicArn = String(topic?.values['arn']);
  const Endpoint = `arn:aws:sqs:${REGIONS.singapore}:${TopicArn.split(':')[4]}:e2e-subscriber`;
  const allowed = { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ ...allowed, Resource: Endpoint }] });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'e2e-subscriber', Attributes: { Policy } }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  const AlarmName = alarmName('dr', 'mumbai', 'route53-unhealthy');
  const alarm = { AlarmName, NewStateValue: 'ALARM', StateChangeTime: new Date().toISOString().replace('Z', '+0000') };
  await sns.send(new PublishCommand({ TopicArn, Subject: `ALARM: ${AlarmName}`, Message: JSON.stringify(alarm) }));
  const texts: string[] = [];
  for (let attempt = 0; attempt < 10 && !texts.some((text) => !text.includes('NewStateValue')); attempt += 1) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2 }));
    texts.push(...Messages.map(({ Body }) => (JSON.parse(Body ?? '{}') as { Message: string }).Message));
  }
  expect(texts.find((text) => !text.includes('NewStateValue'))).toContain('mumbai');
  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
});

test("cdktf's own command line sees the applied stack, and deploys a change of it", async () => {
  const app = `node dist/infra/main.js ${settings.map((word) => `'${word}'`).join(' ')}`;
  const cdktf = async (verb: string, ...args: string[]): Promise<string> => {
    const all = ['run', '--silent', 'cdktf', '--', verb, '--app', app, '--output', stack.out, ...args];
    const { stdout } = await run('npm', all, { cwd: ROOT, env: { ...aws.env, CI: 'true' }, timeoutSeconds: 300 });
    return stdout;
  };
  expect(await cdktf('diff', '--var=commit=first')).toContain('No changes');
  expect(await cdktf('deploy', '--auto-approve', '--var=commit=second')).toMatch(/Apply complete!.*0 added/);
  expect((await released()).commits).toEqual(['second']);
});

/** What the functions are by the state: the commits they are tagged with, and the code of each region's router. */
async function released(): Promise<{ commits: unknown[]; code: Record<RegionName, unknown> }> {
  const functions = (await stack.applied()).filter(({ type }) => type === 'aws_lambda_function');
  const codeOf = (region: RegionName): unknown =>
    functions.find(({ address }) => address.endsWith(`.${region}_traffic_router`))?.values['code_sha256'];
  return {
    commits: [...new Set(functions.map(({ values }) => (values['tags'] as { GitCommit: string }).GitCommit))],
    code: { mumbai: codeOf('mumbai'), singapore: codeOf('singapore') },
  };
}

test('both regions come to serve, and the shared name leads a client to the one near it', async () => {
  for (const name of NAMES) {
    const answer = (await untilServing(name))!;
    expect([answer.status, bodyOf(answer)]).toMatchObject([200, { status: 'pass' }]);
  }
  for (const name of NAMES) {
    const shared = await edge.ask(DOMAIN, 'A', REGIONS[name]);
    expect(shared.records.map(({ type, ttl, data }) => [type, ttl, data])).toEqual([
      ['CNAME', 10, `${name}.${DOMAIN}`],
      ['A', 60, await edge.addressOf(`${name}.${DOMAIN}`)],
    ]);
  }
});

describe('a release, region by region', () => {
  const release = (directory: string, commit: string, exitCodes: readonly number[], limitSeconds: number) =>
    run(
      'node',
      [
        'scripts/release.mjs',
        ...['--commit', commit, '--bundles', directory, '--out', stack.out, ...CONFIG],
        ...['--health-url', `${aws.endpoint}/edge/to/{region}.{domain}/health`],
        ...['--stable-seconds', '4', '--limit-seconds', String(limitSeconds)],
      ],
      { cwd: ROOT, env: aws.env, exitCodes, timeoutSeconds: 400 },
    );
  const bundlesWith = (router: string): string => {
    const directory = copyOfDist();
    writeFileSync(join(directory, 'traffic-router', 'index.js'), router);
    return directory;
  };
  test('fails on code that does not start: the first region gets back what ran, the second never changes', async () => {
    const before = await released();
    const { stdout, stderr } = await release(bundlesWith('throw new Error("bad deploy");'), 'bad', [1], 12);
    expect(stdout).toContain('singapore gets bad');
    expect(stdout).not.toContain('mumbai gets bad');
    expect(stderr).toContain('singapore was rolled back; mumbai never changed');
    expect((await released()).code).toEqual(before.code);
    expect(await untilServing('singapore')).toMatchObject({ status: 200 });
  });

  test('good code reaches both', async () => {
    const router = readFileSync(join(bundles, 'traffic-router', 'index.js'), 'utf8');
    const { stdout } = await release(bundlesWith(`${router}\n// third`), 'third', [0], 90);
    expect(stdout).toContain('all regions run third');
    const { commits, code } = await released();
    expect(commits).toEqual(['third']);
    expect(code.singapore).toBe(code.mumbai);
    const first = resources.find(({ address }) => address === 'aws_lambda_function.mumbai_traffic_router');
    expect(code.mumbai).not.toBe(first?.values['code_sha256']);
  });
});

describe("every request that was made, against AWS's own API models", () => {
  test('was read by a model', async () => {
    const { requests, operations, constrainedMembers, constraints, unread } = await aws.modelCheck();
    const counted = `${requests} requests, ${Object.keys(operations).length} operations`;
    process.stderr.write(
      `  model check: ${counted}, ${constrainedMembers} constrained members, ${constraints} constraints\n`,
    );
    expect(unread).toEqual([]);
    expect(requests).toBeGreaterThan(1_000);
    expect(constrainedMembers).toBeGreaterThan(300);
  });

  test('with each constraint broken once is refused, by the name of the member, and changes nothing', async () => {
    const { replayed, refused, accepted, dispatched, notExpressible } = await aws.replay();
    const left = `${notExpressible.length} violations that HTTP cannot express`;
    process.stderr.write(`  model check: ${replayed} violations sent, ${refused} refused, ${left}\n`);
    expect(accepted).toEqual([]);
    expect({ refused, dispatched }).toEqual({ refused: replayed, dispatched: 0 });
    // A path without its label, an empty structure in a form: nothing that a client could send.
    expect(notExpressible.length).toBeLessThan(replayed / 5);
  });
});

test('destroy leaves nothing', async () => {
  await stack.destroy();
  expect(await stack.applied()).toEqual([]);
  await groundwork.zone.destroy();
  // The bucket of the state was there before, and is there still.
  expect(leftOver(await aws.inventory(), groundwork.bucketAlone)).toEqual([]);
});
