// CloudWatch, load balancers, Lambda and DynamoDB: what they take, and what one can see of them from outside.
import { DeleteAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateTableCommand,
  type ReplicationGroupUpdate,
} from '@aws-sdk/client-dynamodb';
import { CreateTargetGroupCommand, DeleteTargetGroupCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateRoleCommand, DeleteRoleCommand } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetAccountSettingsCommand,
  GetFunctionCommand,
  InvokeCommand,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { hold, refused, taken, type Row } from './row';
import type { Sandbox } from './sandbox';

async function putAlarm(sandbox: Sandbox, Period: number, AlarmActions: string[] = []): Promise<void> {
  const AlarmName = sandbox.name(`period-${Period}`);
  await sandbox.cloudwatch.send(
    new PutMetricAlarmCommand({
      ...{ AlarmName, Namespace: 'DrConformance', MetricName: 'none', Statistic: 'Sum', Period, AlarmActions },
      ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' },
    }),
  );
  sandbox.made(`alarm ${AlarmName}`, () =>
    sandbox.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] })),
  );
}

async function makeGroup(sandbox: Sandbox, of: string, HttpCode: string): Promise<void> {
  const { TargetGroups } = await sandbox.elb.send(
    new CreateTargetGroupCommand({
      ...{ Name: `dr-${sandbox.options.run}-${of}`, TargetType: 'lambda', HealthCheckEnabled: true },
      Matcher: { HttpCode },
    }),
  );
  const TargetGroupArn = TargetGroups![0]!.TargetGroupArn!;
  sandbox.made(`target group ${of}`, () => sandbox.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn })));
}

const CODE = 'exports.handler = async () => ({});';
/** A role that has just been made is not known to Lambda for some seconds. */
const ROLE_SECONDS = 60;

async function makeFunction(sandbox: Sandbox): Promise<string> {
  const name = sandbox.name('function');
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const { Role } = await sandbox.iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
    }),
  );
  sandbox.made(`role ${name}`, () => sandbox.iam.send(new DeleteRoleCommand({ RoleName: name })));
  const make = new CreateFunctionCommand({
    ...{ FunctionName: name, Role: Role!.Arn!, Runtime: 'nodejs22.x', Handler: 'index.handler' },
    Code: { ZipFile: zipSync({ 'index.js': strToU8(CODE) }) },
  });
  const isMade = await sandbox.until(async () => {
    try {
      await sandbox.lambda.send(make);
      return true;
    } catch (error) {
      if ((error as Error).name !== 'InvalidParameterValueException') throw error;
      return false;
    }
  }, ROLE_SECONDS);
  if (!isMade) throw new Error(`the role ${name} was not taken within ${ROLE_SECONDS} s`);
  sandbox.made(`function ${name}`, () => sandbox.lambda.send(new DeleteFunctionCommand({ FunctionName: name })));
  await sandbox.until(async () => {
    const { Configuration } = await sandbox.lambda.send(new GetFunctionCommand({ FunctionName: name }));
    return Configuration?.State !== 'Pending';
  }, ROLE_SECONDS);
  return name;
}

/** Writes that are waited for, and how long one may take to arrive. */
const WRITES = 50;
const ARRIVAL_SECONDS = 60;
const TABLE_SECONDS = 600;

async function makeTable(sandbox: Sandbox): Promise<string> {
  const TableName = sandbox.name('items');
  const { dynamodb, options, world } = sandbox;
  await dynamodb.send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: 'PAY_PER_REQUEST' },
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  sandbox.made(`table ${TableName}`, () => dynamodb.send(new DeleteTableCommand({ TableName })));
  const isActive = (): Promise<boolean> =>
    sandbox.until(async () => {
      const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
      const replicas = Table?.Replicas ?? [];
      return Table?.TableStatus === 'ACTIVE' && replicas.every(({ ReplicaStatus }) => ReplicaStatus === 'ACTIVE');
    }, TABLE_SECONDS);
  const update = (one: ReplicationGroupUpdate) =>
    dynamodb.send(new UpdateTableCommand({ TableName, ReplicaUpdates: [one] }));
  await isActive();
  await update({ Create: { RegionName: options.other } });
  sandbox.made(`replica of ${TableName}`, async () => {
    await update({ Delete: { RegionName: options.other } });
    await isActive();
  });
  world.say('  making a global table: some minutes');
  if (!(await isActive())) throw new Error(`${TableName} was not ready within ${TABLE_SECONDS} s`);
  return TableName;
}

/** Seconds until each write is found in the other region, the shortest first. */
async function lags(sandbox: Sandbox, TableName: string): Promise<number[]> {
  const { dynamodb, dynamodbThere, world } = sandbox;
  const found: number[] = [];
  for (let at = 0; at < WRITES; at += 1) {
    const Key = { id: { S: `lag-${at}` } };
    await dynamodb.send(new PutItemCommand({ TableName, Item: Key }));
    const startMs = world.nowMs();
    const isThere = await sandbox.until(
      async () => (await dynamodbThere.send(new GetItemCommand({ TableName, Key }))).Item !== undefined,
      ARRIVAL_SECONDS,
      0.05,
    );
    hold(isThere, `a write had not arrived after ${ARRIVAL_SECONDS} s`);
    found.push((world.nowMs() - startMs) / 1_000);
  }
  return found.sort((a, b) => a - b);
}

export const REGIONAL_ROWS: readonly Row[] = [
  {
    id: 'CW-01',
    says: 'periods of 10, 30 and 60 s are taken, 15 and 45 s are refused',
    async run(sandbox) {
      for (const period of [10, 30, 60]) await taken(`a period of ${period} s`, () => putAlarm(sandbox, period));
      for (const period of [15, 45]) await refused(`a period of ${period} s`, () => putAlarm(sandbox, period));
    },
  },
  {
    id: 'CW-04',
    says: 'an alarm of us-east-1 with a topic of another region is refused',
    async run(sandbox) {
      const topic = 'arn:aws:sns:eu-west-1:123456789012:elsewhere';
      await refused('a topic of another region', () => putAlarm(sandbox, 300, [topic]));
    },
  },
  {
    id: 'ALB-04',
    says: 'of a group of functions, a matcher from 200 to 499 is taken, and 503 is refused',
    async run(sandbox) {
      await taken('the matcher 200-499', () => makeGroup(sandbox, 'taken', '200-499'));
      await refused('the matcher 200,503', () => makeGroup(sandbox, 'refused', '200,503'));
    },
  },
  {
    id: 'FN-03',
    says: 'a reserved concurrency of 0 throttles every invocation with 429; 100 must stay unreserved',
    async run(sandbox) {
      const FunctionName = await makeFunction(sandbox);
      const { AccountLimit } = await sandbox.lambda.send(new GetAccountSettingsCommand({}));
      const reserve = (ReservedConcurrentExecutions: number) =>
        sandbox.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
      const all = AccountLimit?.ConcurrentExecutions ?? 1_000;
      await refused('a reservation that leaves 99', () => reserve(Math.max(1, all - 99)));
      await taken('a reservation of 0', () => reserve(0));
      const isThrottled = await sandbox.until(async () => {
        try {
          await sandbox.lambda.send(new InvokeCommand({ FunctionName }));
          return false;
        } catch (error) {
          return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 429;
        }
      }, ROLE_SECONDS);
      hold(isThrottled, 'a function with a reserved concurrency of 0 is invoked');
    },
  },
  {
    id: 'DDB-06',
    says: `of ${WRITES} writes, half arrive in the other region within 2.5 s`,
    async run(sandbox) {
      const seconds = await lags(sandbox, await makeTable(sandbox));
      const at = (share: number): number => seconds[Math.ceil(share * seconds.length) - 1] ?? 0;
      sandbox.world.say(`  arrived after ${at(0.5).toFixed(2)} s (median), ${at(1).toFixed(2)} s (the last)`);
      hold(at(0.5) <= 2.5, `half of the writes needed ${at(0.5).toFixed(2)} s or more`);
    },
  },
];
