// What an alarm publishes gets through a topic only where the topic, its key, the queue and its key let the services in.
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { AddPermissionCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { linesOf } from './support/drill-system';
import { clientsIn, FUNCTION_NAME, makeFunction, makeRole, optionsIn } from './support/edge-region';
import { startEmulatedAws, type EmulatedAws } from './support/emulated-aws';
import { temporaryDirectory } from './support/stack';
import { unsignedCall } from './support/unsigned-call';

const REGION = 'us-east-1';
const ACCOUNT = '123456789012';
const KEY_ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey'];
/** A key of AWS's own, whose policy nobody can change. */
const MANAGED_KEY = 'alias/aws/sns';

let aws: EmulatedAws;
let cloudwatch: CloudWatchClient;
let sns: SNSClient;
let sqs: SQSClient;

beforeAll(async () => {
  aws = await startEmulatedAws();
  const options = optionsIn(aws.endpoint, REGION);
  [cloudwatch, sns, sqs] = [new CloudWatchClient(options), new SNSClient(options), new SQSClient(options)];
});

afterAll(() => aws?.stop());

const document = (...statements: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const lets = (service: string, actions: readonly string[], condition?: object): object => ({
  Effect: 'Allow',
  Principal: { Service: `${service}.amazonaws.com` },
  Action: actions,
  Resource: '*',
  ...(condition ? { Condition: condition } : {}),
});

/** The ARN of a key of the account's own, whose policy has these statements as well. */
async function makeKey(...statements: object[]): Promise<string> {
  const owner = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' };
  const body = { Policy: document(owner, ...statements) };
  const call = { endpoint: aws.endpoint, region: REGION, service: 'kms', method: 'POST', body };
  const { KeyMetadata } = await unsignedCall({ ...call, target: 'TrentService.CreateKey' });
  return (KeyMetadata as { Arn: string }).Arn;
}

interface Way {
  /** @default the topic's own, which lets the account's alarms in */
  readonly topicPolicy?: string;
  readonly topicKey?: () => Promise<string>;
  readonly queueKey?: () => Promise<string>;
}

let made = 0;

/** How many messages there are in the queue after an alarm has gone off. */
async function delivered({ topicPolicy, topicKey, queueKey }: Way): Promise<number> {
  made += 1;
  const name = `way-${made}`;
  const topic = { KmsMasterKeyId: await topicKey?.(), Policy: topicPolicy };
  const queue = { KmsMasterKeyId: await queueKey?.(), Policy: document(lets('sns', ['sqs:SendMessage'])) };
  const given = (values: object) => JSON.parse(JSON.stringify(values)) as Record<string, string>;
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: name, Attributes: given(topic) }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: given(queue) }));
  const Endpoint = `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
  await sns.send(new SubscribeCommand({ TopicArn: TopicArn!, Protocol: 'sqs', Endpoint }));
  const metric = { Namespace: 'Test', MetricName: 'Failures', Statistic: 'Sum', Period: 60 } as const;
  const judged = { EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' } as const;
  await cloudwatch.send(
    new PutMetricAlarmCommand({ AlarmName: name, ...metric, ...judged, AlarmActions: [TopicArn!] }),
  );
  const change = { AlarmName: name, StateValue: 'ALARM', StateReason: 'as asked' } as const;
  await cloudwatch.send(new SetAlarmStateCommand(change));
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: QueueUrl! }));
  return Messages?.length ?? 0;
}

const ofTheAccount = { StringEquals: { 'aws:SourceAccount': ACCOUNT } };
const cloudwatchKey = () => makeKey(lets('cloudwatch', KEY_ACTIONS, ofTheAccount));

test.each<[string, Way]>([
  ['a topic without encryption', {}],
  [
    'a topic whose policy names CloudWatch',
    { topicPolicy: document(lets('cloudwatch', ['sns:Publish'], ofTheAccount)) },
  ],
  ['a topic whose key lets CloudWatch in', { topicKey: cloudwatchKey }],
  ['a queue whose key lets SNS in', { queueKey: () => makeKey(lets('sns', KEY_ACTIONS)) }],
])('an alarm gets through %s', async (_, way) => {
  expect(await delivered(way)).toBe(1);
});

test.each<[string, Way]>([
  ['a topic whose policy names another service', { topicPolicy: document(lets('events', ['sns:Publish'])) }],
  ['a topic whose key names nobody', { topicKey: () => makeKey() }],
  ['a topic whose key lets CloudWatch decrypt only', { topicKey: () => makeKey(lets('cloudwatch', ['kms:Decrypt'])) }],
  ["a topic with AWS's own key", { topicKey: async () => MANAGED_KEY }],
  ['a queue whose key names nobody', { queueKey: () => makeKey() }],
])('an alarm is dropped by %s', async (_, way) => {
  expect(await delivered(way)).toBe(0);
});

test('a topic of an opt-in region reaches a function of another region under its own principal only', async () => {
  const eventsFile = join(temporaryDirectory(), 'deliveries.jsonl');
  writeFileSync(eventsFile, '');
  const clients = clientsIn(aws.endpoint, REGION);
  const roleArn = await makeRole(aws.endpoint, 'listener', 'lambda.amazonaws.com');
  const Endpoint = await makeFunction(clients, { roleArn, eventsFile });
  const letIn = (StatementId: string, Principal: string) => {
    const permission = { FunctionName: FUNCTION_NAME, Qualifier: 'live', StatementId, Principal };
    return clients.lambda.send(new AddPermissionCommand({ ...permission, Action: 'lambda:InvokeFunction' }));
  };
  const far = new SNSClient(optionsIn(aws.endpoint, 'ap-south-2'));
  const { TopicArn } = await far.send(new CreateTopicCommand({ Name: 'far' }));
  await far.send(new SubscribeCommand({ TopicArn: TopicArn!, Protocol: 'lambda', Endpoint }));
  const publish = (Message: string) => far.send(new PublishCommand({ TopicArn: TopicArn!, Message }));
  await letIn('everywhere', 'sns.amazonaws.com');
  await publish('dropped');
  const everywhere = { FunctionName: FUNCTION_NAME, Qualifier: 'live', StatementId: 'everywhere' };
  await clients.lambda.send(new RemovePermissionCommand(everywhere));
  await letIn('opt-in', 'sns.ap-south-2.amazonaws.com');
  await publish('heard');
  for (let attempt = 0; attempt < 60 && linesOf(eventsFile).length === 0; attempt += 1) await pause(500);
  expect(linesOf(eventsFile)).toMatchObject([{ Records: [{ Sns: { TopicArn, Message: 'heard' } }] }]);
});
