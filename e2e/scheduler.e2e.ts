// Schedules of the emulated AWS: EventBridge Scheduler calls AWS for us, once, with a role of its own.
import { GetFunctionConcurrencyCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { CreateScheduleCommand, GetScheduleCommand, SchedulerClient, type Target } from '@aws-sdk/client-scheduler';
import {
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  CreateVpcCommand,
  DescribeNetworkAclsCommand,
} from '@aws-sdk/client-ec2';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
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
const LATE_MS = 15_000;
const ALLOWED = ['lambda:DeleteFunctionConcurrency', 'ec2:DeleteNetworkAclEntry'];

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
  trusted = await makeRole(aws.endpoint, 'ender', 'scheduler.amazonaws.com', ALLOWED);
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
  await create('open', inSeconds(2), target);
  expect(await until(async () => (await entries()) === 0)).toBe(true);
});

test('what goes on failing is tried again, and then lies in the dead-letter queue', async () => {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'undelivered' }));
  const input = { FunctionName: 'nobody' };
  await create('fails', inSeconds(1), {
    Arn: `${SDK_TARGET}:lambda:deleteFunctionConcurrency`,
    Input: JSON.stringify(input),
    RetryPolicy: { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60 },
    DeadLetterConfig: { Arn: `arn:aws:sqs:${REGION}:123456789012:undelivered` },
  });
  const received: unknown[] = [];
  await until(async () => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
    received.push(...Messages.map(({ Body }) => JSON.parse(Body!) as unknown));
    return received.length > 0;
  });
  expect(received).toEqual([input]);
  expect(await until(async () => !(await exists('fails')))).toBe(true);
});

test.each([
  ['a role that does not trust Scheduler', 'at(2030-01-01T00:00:00)', 'lambda:deleteFunctionConcurrency', 'function'],
  ['an expression that is none', 'soon', 'lambda:deleteFunctionConcurrency', 'ender'],
  ['a read-only action', 'at(2030-01-01T00:00:00)', 'lambda:getFunction', 'ender'],
  ['a service that is none', 'at(2030-01-01T00:00:00)', 'nothing:doAnything', 'ender'],
])('refused: %s', async (_, expression, action, role) => {
  const arn = `arn:aws:iam::123456789012:role/${role}`;
  const target = { Arn: `${SDK_TARGET}:${action}`, ...ofFunction };
  await expect(create('refused', expression, target, arn)).rejects.toMatchObject({ name: 'ValidationException' });
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
