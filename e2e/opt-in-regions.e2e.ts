// A system in ap-south-1 and ap-south-2: what carries alarms to the opt-in region, applied by real Terraform and used.
import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { AddPermissionCommand, LambdaClient, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { GLOBAL_REGION } from '@dr/contracts';
import { alarmName, CONTROL_ID, failoverKey, LIVE_ALIAS, tableName } from '@dr/contracts/system';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { applyZone } from './support/deployable';
import { CREDENTIALS, startEmulatedAws, type EmulatedAws } from './support/emulated-aws';
import { EmulatedEdge } from './support/emulated-edge';
import { Stack, type Resource } from './support/stack';

const REGIONS = { mumbai: 'ap-south-1', hyderabad: 'ap-south-2' } as const;
type RegionName = keyof typeof REGIONS;
const CONFIG = Object.entries(REGIONS).map(([name, awsRegion]) => ({ name, awsRegion }));
const SETTINGS = ['--set', 'options.protect=false', '--set', `regions=${JSON.stringify(CONFIG)}`];
/** What the alarms and their ways need; Terraform adds what these refer to. */
const WANTED =
  /^(aws_cloudwatch_event_target\.\w+_alarm_events|aws_sns_topic_subscription\.\w+_failover|aws_lambda_function_event_invoke_config\.\w+_failover|aws_cloudwatch_metric_alarm\.\w+_route53_unhealthy)/;
const ATTEMPTS = 40;
const SERVING_SECONDS = 240;

let aws: EmulatedAws;
let stack: Stack;
let targets: readonly string[];
let applied: readonly Resource[];

beforeAll(async () => {
  aws = await startEmulatedAws();
  await applyZone(aws);
  stack = await Stack.synthesize('dr', SETTINGS, aws.env);
  targets = stack
    .declared()
    .filter((address) => WANTED.test(address))
    .map((address) => `-target=${address}`);
  await stack.init();
  await stack.apply(...targets);
  applied = await stack.applied();
  // An alarm about a region that has never served is no loss, and nobody takes it down.
  const edge = new EmulatedEdge(aws.endpoint);
  for (const region of Object.keys(REGIONS)) {
    const answer = await edge.until(`${region}.app.example.com`, { path: '/health' }, isOk, SERVING_SECONDS);
    expect(answer?.status).toBe(200);
  }
});

const isOk = ({ status }: { readonly status: number }): boolean => status === 200;

afterAll(() => aws?.stop());

const client = (awsRegion: string) => ({ endpoint: aws.endpoint, region: awsRegion, credentials: CREDENTIALS });
const topicArn = (name: string): string =>
  String(applied.find((r) => r.type === 'aws_sns_topic' && r.address.includes(name))?.values['arn']);

/** What the orchestrator of `writer` has heard of Route 53's alarm about a region, once it is `wanted` or time is up. */
async function heard(writer: RegionName, about: RegionName, wanted: string, attempts = ATTEMPTS): Promise<unknown> {
  const table = new DynamoDBClient(client(REGIONS[writer]));
  const Key = { id: { S: CONTROL_ID }, timestamp: { S: failoverKey(writer) } };
  let state: unknown;
  for (let attempt = 0; attempt < attempts && state !== wanted; attempt += 1) {
    if (attempt > 0) await pause(500);
    const { Item } = await table.send(new GetItemCommand({ TableName: tableName('dr'), Key }));
    state = Item?.['regions']?.M?.[about]?.M?.['route53']?.M?.['state']?.S;
  }
  return state;
}

test('the resources of the way over EventBridge are applied, and a second plan changes nothing', async () => {
  const types = applied.filter(({ address }) => address.includes('hyderabad_alarm_events')).map(({ type }) => type);
  expect(types.sort()).toEqual([
    'aws_cloudwatch_event_bus',
    'aws_cloudwatch_event_bus_policy',
    ...Array.from({ length: 3 }, () => 'aws_cloudwatch_event_rule'),
    ...Array.from({ length: 3 }, () => 'aws_cloudwatch_event_target'),
    'aws_iam_role',
    'aws_iam_role_policy',
  ]);
  expect(await stack.plan(...targets)).toEqual([]);
});

test('the alarm in us-east-1 reaches both orchestrators, each by its way', async () => {
  const StateReason = 'end to end';
  const AlarmName = alarmName('dr', 'mumbai', 'route53-unhealthy');
  const cloudwatch = new CloudWatchClient(client(GLOBAL_REGION));
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason }));
  expect(await heard('hyderabad', 'mumbai', 'ALARM')).toBe('ALARM');
  expect(await heard('mumbai', 'mumbai', 'ALARM')).toBe('ALARM');
});

test("a topic of the opt-in region reaches the other region's function under its own principal only", async () => {
  const sns = new SNSClient(client(REGIONS.hyderabad));
  const publish = (state: string) => {
    const AlarmName = alarmName('dr', 'hyderabad', 'route53-unhealthy');
    const StateChangeTime = new Date().toISOString().replace('Z', '+0000');
    const Message = JSON.stringify({ AlarmName, NewStateValue: state, StateChangeTime });
    return sns.send(new PublishCommand({ TopicArn: topicArn('hyderabad_alerts'), Message }));
  };
  await publish('ALARM');
  expect(await heard('mumbai', 'hyderabad', 'ALARM')).toBe('ALARM');

  const permission = applied.find(
    ({ address }) => address === 'aws_lambda_permission.mumbai_failover_orchestrator_from_topic_hyderabad',
  )?.values;
  expect(permission?.['principal']).toBe('sns.ap-south-2.amazonaws.com');
  const lambda = new LambdaClient(client(REGIONS.mumbai));
  const where = { FunctionName: String(permission?.['function_name']), Qualifier: LIVE_ALIAS };
  await lambda.send(new RemovePermissionCommand({ ...where, StatementId: String(permission?.['statement_id']) }));
  await lambda.send(
    new AddPermissionCommand({
      ...where,
      StatementId: 'general',
      Action: 'lambda:InvokeFunction',
      Principal: 'sns.amazonaws.com',
      SourceArn: topicArn('hyderabad_alerts'),
    }),
  );
  await publish('OK');
  expect(await heard('mumbai', 'hyderabad', 'OK', 8)).toBe('ALARM');
});

test.each([
  ['us_east_1_alerts', GLOBAL_REGION, /AWS doesn't support cross-region delivery to Lambda/],
  ['mumbai_alerts', REGIONS.mumbai, /AWS doesn't support cross-region delivery to Lambda/],
])('a subscription of %s to the function in the opt-in region is refused', async (topic, awsRegion, message) => {
  const alias = applied.find(({ address }) => address === 'aws_lambda_alias.hyderabad_failover_orchestrator_live');
  const Endpoint = String(alias?.values['arn']);
  const subscribe = new SubscribeCommand({ TopicArn: topicArn(topic), Protocol: 'lambda', Endpoint });
  await expect(new SNSClient(client(awsRegion)).send(subscribe)).rejects.toThrow(message);
});

test.each<[string, (target: Record<string, unknown>) => object, RegExp]>([
  ['no role', (target) => ({ ...target, role_arn: undefined }), /RoleArn is required/],
  [
    'a queue of another region',
    (target) => ({ ...target, dead_letter_config: { arn: '${aws_sqs_queue.mumbai_undelivered.arn}' } }),
    /is no standard queue of us-east-1/,
  ],
  [
    'a function of another region',
    (target) => ({ ...target, arn: '${aws_lambda_alias.hyderabad_failover_orchestrator_live.arn}' }),
    /Cross-region target/,
  ],
])('a target in us-east-1 with %s is refused as it is applied', async (_name, plant, message) => {
  const address = 'aws_cloudwatch_event_target.hyderabad_alarm_events_from_us_east_1_target';
  const [type = '', id = ''] = address.split('.');
  const file = join(stack.directory, 'cdk.tf.json');
  const text = readFileSync(file, 'utf8');
  const json = JSON.parse(text) as { resource: Record<string, Record<string, Record<string, unknown>>> };
  try {
    const resources = json.resource[type] ?? {};
    resources[id] = plant(resources[id] ?? {}) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify(json));
    const { stderr } = await stack.terraform(['apply', '-input=false', '-auto-approve', `-target=${address}`], [1]);
    expect(stderr.replace(/\s*│?\s+/g, ' ')).toMatch(message);
  } finally {
    writeFileSync(file, text);
  }
});
