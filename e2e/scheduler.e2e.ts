// Schedules of the emulated AWS: EventBridge Scheduler calls AWS for us, once, with a role of its own.
import { GetFunctionConcurrencyCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { CreateScheduleCommand, GetScheduleCommand, SchedulerClient, type Target } from '@aws-sdk/client-scheduler';
import {
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  CreateVpcCommand,
  DescribeNetworkAclsCommand,
} from '@aws-sdk/client-ec2';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient, type Message } from '@aws-sdk/client-sqs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { throttle } from './support/drill-system';
import {
  clientsIn,
  FUNCTION_NAME,
  makeFunction,
  makeRole,
  optionsIn,
  type RegionalClients,
} from './support/edge-region';
import { startEmulatedAws, type EmulatedAws } from './support/emulated-aws';

const REGION = 'ap-south-1';
const SDK_TARGET = 'arn:aws:scheduler:::aws-sdk';
const SERVICE = 'scheduler.amazonaws.com';
const ACCOUNT = '123456789012';
const LATE_MS = 40_000;

let aws: EmulatedAws;
let clients: RegionalClients;
let scheduler: SchedulerClient;
let sqs: SQSClient;
let trusted: string;

beforeAll(async () => {
  aws = await startEmulatedAws();
  clients = clientsIn(aws.endpoint, REGION);
  const options = { ...optionsIn(aws.endpoint, REGION), maxAttempts: 1 };
  scheduler = new SchedulerClient(options);
  sqs = new SQSClient(options);
  const roleArn = await makeRole(aws.endpoint, 'function', 'lambda.amazonaws.com');
  await makeFunction(clients, { roleArn, eventsFile: '/dev/null' });
  const allow = (Action: string, Resource: string) => ({ Effect: 'Allow', Action, Resource });
  trusted = await makeRole(aws.endpoint, 'ender', SERVICE, {
    statements: [
      allow('lambda:*FunctionConcurrency', `arn:aws:lambda:${REGION}:${ACCOUNT}:function:*`),
      allow('ec2:DeleteNetworkAclEntry', `arn:aws:ec2:${REGION}:${ACCOUNT}:network-acl/*`),
    ],
    condition: {
      StringEquals: { 'aws:SourceAccount': ACCOUNT },
      ArnLike: { 'aws:SourceArn': `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule-group/default` },
    },
  });
  await makeRole(aws.endpoint, 'powerless', SERVICE);
  await makeRole(aws.endpoint, 'narrow', SERVICE, {
    condition: { ArnLike: { 'aws:SourceArn': `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/refused` } },
  });
});

afterAll(() => aws?.stop());

const inSeconds = (seconds: number): string =>
  `at(${new Date(Date.now() + seconds * 1_000).toISOString().replace(/\.\d+Z$/, '')})`;

const create = (Name: string, ScheduleExpression: string, target: Omit<Target, 'RoleArn'>, RoleArn = trusted) =>
  scheduler.send(
    new CreateScheduleCommand({
      Name,
      ScheduleExpression,
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
      Target: { ...target, RoleArn },
    }),
  );

const exists = async (Name: string): Promise<boolean> => {
  try {
    await scheduler.send(new GetScheduleCommand({ Name }));
    return true;
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return false;
    throw error;
  }
};

async function until(what: () => Promise<boolean>): Promise<boolean> {
  for (const deadline = Date.now() + LATE_MS; Date.now() < deadline; await pause(200)) if (await what()) return true;
  return false;
}

const reserved = async (lambda: LambdaClient) =>
  (await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: FUNCTION_NAME }))).ReservedConcurrentExecutions;

const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;

const ofFunction = { Input: JSON.stringify({ FunctionName: FUNCTION_NAME }) };

test('a schedule lifts a throttle at its time, once, and deletes itself', async () => {
  await throttle(clients, 0);
  const target = { Arn: `${SDK_TARGET}:lambda:deleteFunctionConcurrency`, ...ofFunction };
  await create('lift', inSeconds(4), target);
  expect([await exists('lift'), await reserved(clients.lambda)]).toEqual([true, 0]);
  expect(await until(async () => (await reserved(clients.lambda)) === undefined)).toBe(true);
  expect(await until(async () => !(await exists('lift')))).toBe(true);
  await throttle(clients, 0);
  await pause(2_000);
  expect(await reserved(clients.lambda)).toBe(0);
});

test('a schedule opens a network ACL', async () => {
  const { Vpc } = await clients.ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
  const { NetworkAcl } = await clients.ec2.send(new CreateNetworkAclCommand({ VpcId: Vpc!.VpcId! }));
  const entry = { NetworkAclId: NetworkAcl!.NetworkAclId!, RuleNumber: 1, Egress: false };
  const denied = { ...entry, Protocol: '-1', RuleAction: 'deny', CidrBlock: '0.0.0.0/0' } as const;
  await clients.ec2.send(new CreateNetworkAclEntryCommand(denied));
  const entries = async () => {
    const described = new DescribeNetworkAclsCommand({ NetworkAclIds: [entry.NetworkAclId] });
    return (await clients.ec2.send(described)).NetworkAcls![0]!.Entries!.length;
  };
  expect(await entries()).toBe(1);
  const target = { Arn: `${SDK_TARGET}:ec2:deleteNetworkAclEntry`, Input: JSON.stringify(entry) };
  await create('open', inSeconds(5), target);
  expect(await until(async () => (await entries()) === 0)).toBe(true);
});

test.each([
  ['what goes on failing', 'nobody', 'ender', 'ResourceNotFoundException'],
  ['what the role may not do', FUNCTION_NAME, 'powerless', 'AccessDeniedException'],
])('%s is tried again, and then lies in the dead-letter queue', async (_, FunctionName, role, why) => {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `undelivered-${role}` }));
  const target = {
    Arn: `${SDK_TARGET}:lambda:deleteFunctionConcurrency`,
    Input: JSON.stringify({ FunctionName }),
    RetryPolicy: { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60 },
    DeadLetterConfig: { Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:undelivered-${role}` },
  };
  await create(`fails-${role}`, inSeconds(5), target, roleArn(role));
  const received: Message[] = [];
  await until(async () => {
    const wanted = { QueueUrl, WaitTimeSeconds: 1, MessageAttributeNames: ['All'] };
    received.push(...((await sqs.send(new ReceiveMessageCommand(wanted))).Messages ?? []));
    return received.length > 0;
  });
  expect(received.map(({ Body }) => Body)).toEqual([target.Input]);
  expect(received[0]?.MessageAttributes?.['ERROR_MESSAGE']?.StringValue).toContain(why);
  expect(await until(async () => !(await exists(`fails-${role}`)))).toBe(true);
});

test.each([
  ['a role that does not trust Scheduler', 'at(2030-01-01T00:00:00)', 'lambda:deleteFunctionConcurrency', 'function'],
  ['a role that trusts one schedule by name', 'at(2030-01-01T00:00:00)', 'lambda:deleteFunctionConcurrency', 'narrow'],
  ['an expression that is none', 'soon', 'lambda:deleteFunctionConcurrency', 'ender'],
  ['a read-only action', 'at(2030-01-01T00:00:00)', 'lambda:getFunction', 'ender'],
  ['a service that is none', 'at(2030-01-01T00:00:00)', 'nothing:doAnything', 'ender'],
])('refused: %s', async (_, expression, action, role) => {
  const target = { Arn: `${SDK_TARGET}:${action}`, ...ofFunction };
  await expect(create('refused', expression, target, roleArn(role))).rejects.toMatchObject({
    name: 'ValidationException',
  });
  expect(await exists('refused')).toBe(false);
});

describe('when a schedule is due', () => {
  /** All cases at once: the emulator's own module, with the times given. */
  const dueTimes = (cases: readonly (readonly [expression: string, since: string, after: string])[]): unknown => {
    const program = [
      'import json, sys',
      'from datetime import datetime',
      'from schedule_expressions import next_time',
      'def due(expression, *times):',
      '    try: return next_time(expression, *map(datetime.fromisoformat, times)).isoformat()',
      '    except ValueError: return "refused"',
      '    except AttributeError: return "never"',
      'print(json.dumps([due(*case) for case in json.load(sys.stdin)]))',
    ].join('\n');
    const cwd = join(__dirname, 'moto', 'edge');
    const { stdout, stderr } = spawnSync('python3', ['-c', program], {
      cwd,
      input: JSON.stringify(cases),
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  };
  const SINCE = '2026-11-26T10:00:30+00:00';
  const LATER = '2026-11-26T10:07:31+00:00';
  const CASES = [
    ['rate(1 minute)', SINCE, SINCE, '2026-11-26T10:01:30+00:00'],
    ['rate(1 minute)', SINCE, LATER, '2026-11-26T10:08:30+00:00'],
    ['rate(5 minutes)', SINCE, LATER, '2026-11-26T10:10:30+00:00'],
    ['rate(1 hour)', SINCE, LATER, '2026-11-26T11:00:30+00:00'],
    ['rate(1 minutes)', SINCE, SINCE, 'refused'],
    ['rate(2 minute)', SINCE, SINCE, 'refused'],
    ['rate(0 minutes)', SINCE, SINCE, 'refused'],
    ['cron(0/15 * * * ? *)', SINCE, LATER, '2026-11-26T10:15:00+00:00'],
    ['cron(0 9 ? * MON-FRI *)', SINCE, LATER, '2026-11-27T09:00:00+00:00'],
    ['cron(0 9 ? * 1 *)', SINCE, LATER, '2026-11-29T09:00:00+00:00'],
    ['cron(30 0 1 JAN,JUL ? *)', SINCE, LATER, '2027-01-01T00:30:00+00:00'],
    ['cron(0 0 L * ? *)', SINCE, LATER, '2026-11-30T00:00:00+00:00'],
    ['cron(0 0 28W * ? *)', SINCE, LATER, '2026-11-27T00:00:00+00:00'],
    ['cron(0 0 1W * ? *)', SINCE, '2027-04-30T12:00:00+00:00', '2027-05-03T00:00:00+00:00'],
    ['cron(0 0 ? * 2#1 *)', SINCE, LATER, '2026-12-07T00:00:00+00:00'],
    ['cron(0 0 ? * 6L *)', SINCE, LATER, '2026-11-27T00:00:00+00:00'],
    ['cron(0 0 ? * 8 *)', SINCE, LATER, 'refused'],
    ['cron(0 0 1 1 ? 2020)', SINCE, LATER, 'never'],
    ['cron(0 9 * * * *)', SINCE, LATER, 'refused'],
    ['cron(0 9 * * ?)', SINCE, LATER, 'refused'],
    ['cron(60 9 * * ? *)', SINCE, LATER, 'refused'],
    ['at(2026-11-26T10:08:00)', SINCE, LATER, '2026-11-26T10:08:00+00:00'],
    ['at(2026-11-26T10:07:00)', SINCE, LATER, 'never'],
    ['at(tomorrow)', SINCE, LATER, 'refused'],
  ] as const;

  test('by the table', () => {
    const due = dueTimes(CASES.map(([expression, since, after]) => [expression, since, after])) as string[];
    expect(CASES.map(([expression, since, after], i) => [expression, since, after, due[i]])).toEqual(CASES);
  });
});
