// Rules of AWS that no defect in the stack's JSON shows: what is refused, and next to it what AWS takes.
import { CloudWatchClient, PutMetricAlarmCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  UpdateTableCommand,
  type ReplicationGroupUpdate,
  type WarmThroughput,
} from '@aws-sdk/client-dynamodb';
import {
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import {
  CreateHealthCheckCommand,
  CreateHostedZoneCommand,
  Route53Client,
  type HealthCheckConfig,
} from '@aws-sdk/client-route-53';
import { CreateSecretCommand, DeleteSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  clientsIn,
  FUNCTION_NAME,
  makeFunction,
  makeRegion,
  makeRole,
  optionsIn,
  type RegionalClients,
} from './support/edge-region';
import { startEmulatedAws, type EmulatedAws } from './support/emulated-aws';
import { unsignedCall } from './support/unsigned-call';

const REGION = 'us-east-1';
const ACCOUNT = '123456789012';

let aws: EmulatedAws;
let regional: RegionalClients;
let roleArn: string;

beforeAll(async () => {
  aws = await startEmulatedAws();
  regional = clientsIn(aws.endpoint, REGION);
  roleArn = await makeRole(aws.endpoint, 'function', 'lambda.amazonaws.com');
  await makeFunction(regional, { roleArn, eventsFile: '/dev/null' });
});

afterAll(() => aws?.stop());

const options = () => ({ ...optionsIn(aws.endpoint, REGION), maxAttempts: 1 });

test('a hosted zone is made once for a reference, and again for another one', async () => {
  const route53 = new Route53Client(options());
  const make = (CallerReference: string) =>
    route53.send(new CreateHostedZoneCommand({ Name: 'example.org', CallerReference }));
  await make('first');
  await expect(make('first')).rejects.toMatchObject({
    name: 'HostedZoneAlreadyExists',
    $metadata: { httpStatusCode: 409 },
  });
  await make('second');
});

test('the name of a secret that waits for its deletion cannot be used; one that has replicas is not deleted', async () => {
  const secrets = new SecretsManagerClient(options());
  const make = (Name: string, region?: string) => {
    const replicas = region ? { AddReplicaRegions: [{ Region: region }] } : {};
    return secrets.send(new CreateSecretCommand({ Name, ...replicas }));
  };
  const remove = (SecretId: string) => secrets.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
  await make('waiting');
  await remove('waiting');
  await expect(make('waiting')).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: expect.stringContaining('already scheduled for deletion') as string,
  });
  await make('replicated', 'us-west-2');
  await expect(remove('replicated')).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

describe('replicas of a table', () => {
  let dynamodb: DynamoDBClient;
  const update = (ReplicaUpdates: readonly ReplicationGroupUpdate[], client = dynamodb) =>
    client.send(new UpdateTableCommand({ TableName: 'items', ReplicaUpdates: [...ReplicaUpdates] }));
  const create = (RegionName: string) => ({ Create: { RegionName } });
  const remove = (RegionName: string) => ({ Delete: { RegionName } });
  const refused = (message: RegExp) => ({
    name: 'ValidationException',
    message: expect.stringMatching(message) as string,
  });

  beforeAll(async () => {
    dynamodb = new DynamoDBClient(options());
    const table = new CreateTableCommand({
      TableName: 'items',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
    await dynamodb.send(table);
  });

  test('begin with no less warm throughput than a new table has', async () => {
    const cold = new CreateTableCommand({
      TableName: 'cold',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      WarmThroughput: { ReadUnitsPerSecond: 11_999, WriteUnitsPerSecond: 4_000 },
    });
    await expect(dynamodb.send(cold)).rejects.toMatchObject(refused(/lower than initial throughput for OnDemand/));
  });

  test('come and go one by one', async () => {
    await expect(update([create('us-west-2'), create('eu-west-1')])).rejects.toMatchObject(
      refused(/more than one create or delete/),
    );
    await update([create('us-west-2')]);
    await expect(update([create('us-west-2')])).rejects.toMatchObject(refused(/already existed as tables/));
  });

  test('have the warm throughput of the table, which only grows', async () => {
    const elsewhere = new DynamoDBClient({ ...options(), region: 'us-west-2' });
    const warm = (WarmThroughput: WarmThroughput) =>
      dynamodb.send(new UpdateTableCommand({ TableName: 'items', WarmThroughput }));
    const warmIn = async (client: DynamoDBClient) =>
      (await client.send(new DescribeTableCommand({ TableName: 'items' }))).Table?.WarmThroughput;
    expect(await warmIn(elsewhere)).toMatchObject({ ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000 });
    await warm({ ReadUnitsPerSecond: 24_000 });
    await warm({ WriteUnitsPerSecond: 16_000 });
    for (const client of [dynamodb, elsewhere]) {
      const expected = { ReadUnitsPerSecond: 24_000, WriteUnitsPerSecond: 16_000, Status: 'ACTIVE' };
      expect(await warmIn(client)).toMatchObject(expected);
    }
    await expect(warm({ ReadUnitsPerSecond: 23_999 })).rejects.toMatchObject(
      refused(/ReadUnitsPerSecond .* lower than current.*decreasing WarmThroughput is not supported/),
    );
    await expect(warm({ WriteUnitsPerSecond: 40_001 })).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: expect.stringContaining('40000') as string,
    });
  });

  test('keep the stream, and the replica that they were made from', async () => {
    const withoutStream = { TableName: 'items', StreamSpecification: { StreamEnabled: false } };
    await expect(dynamodb.send(new UpdateTableCommand(withoutStream))).rejects.toMatchObject(
      refused(/Disabling Stream/),
    );
    await expect(dynamodb.send(new DeleteTableCommand({ TableName: 'items' }))).rejects.toMatchObject(
      refused(/acted as a source/),
    );
    const elsewhere = new DynamoDBClient({ ...options(), region: 'us-west-2' });
    await expect(update([remove(REGION)], elsewhere)).rejects.toMatchObject(refused(/acted as a source/));
    await dynamodb.send(new UpdateTableCommand({ TableName: 'items', DeletionProtectionEnabled: false }));
    await update([remove('us-west-2')]);
    await dynamodb.send(new DeleteTableCommand({ TableName: 'items' }));
  });
});

describe('metric math', () => {
  const metric = (Id: string): MetricDataQuery => ({
    Id,
    ReturnData: false,
    MetricStat: { Metric: { Namespace: 'Test', MetricName: Id }, Period: 60, Stat: 'Sum' },
  });
  const alarm = (Expression: string, metrics: number) =>
    new CloudWatchClient(options()).send(
      new PutMetricAlarmCommand({
        AlarmName: 'math',
        Metrics: [{ Id: 'e1', Expression }, ...Array.from({ length: metrics }, (_, at) => metric(`m${at + 1}`))],
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );

  test.each([
    ['FILL(m1, MIN(m1))', 1],
    ['FILL(METRICS(), 0)', 2],
    ['IF((m1 > 1) AND (m2 > 1), m1, 0)', 2],
    ['SUM(METRICS()) / DATAPOINT_COUNT(m1)', 10],
  ])('taken: %s', async (expression, metrics) => {
    await alarm(expression, metrics);
  });

  test.each([
    ['FILL(m1, ZERO)', 1],
    ['FILL(m1)', 1],
    ['SEARCH("{Test} Failures", "Sum", 60)', 1],
    ['m1 + m3', 2],
    ['SUM(METRICS())', 11],
  ])('refused: %s of %i', async (expression, metrics) => {
    await expect(alarm(expression, metrics)).rejects.toThrow('cloudwatch-metric-math');
  });
});

test('attributes of target groups: their ranges, and what a group for a function does not have', async () => {
  const elb = new ElasticLoadBalancingV2Client(options());
  // Only a load balancer's name must not begin so.
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({ Name: 'internal-router', TargetType: 'lambda' }),
  );
  const set = (Key: string, Value: string) =>
    elb.send(
      new ModifyTargetGroupAttributesCommand({
        TargetGroupArn: TargetGroups![0]!.TargetGroupArn!,
        Attributes: [{ Key, Value }],
      }),
    );
  await set('slow_start.duration_seconds', '0');
  await expect(set('slow_start.duration_seconds', '15')).rejects.toThrow('elbv2-attribute');
  await expect(set('deregistration_delay.timeout_seconds', '300')).rejects.toThrow('elbv2-attribute');
});

test('health checks: a path without a slash is taken; a calculated one watches no other calculated one', async () => {
  const route53 = new Route53Client(options());
  let reference = 0;
  const make = async (HealthCheckConfig: HealthCheckConfig): Promise<string> => {
    const CallerReference = `check-${(reference += 1)}`;
    const { HealthCheck } = await route53.send(new CreateHealthCheckCommand({ CallerReference, HealthCheckConfig }));
    return HealthCheck!.Id!;
  };
  const calculated = (child: string, HealthThreshold?: number) =>
    make({ Type: 'CALCULATED', ChildHealthChecks: [child], HealthThreshold });
  const endpoint = await make({ Type: 'HTTPS', FullyQualifiedDomainName: 'app.example.org', ResourcePath: 'health' });
  const one = await calculated(endpoint, 1);
  await expect(calculated(one, 1)).rejects.toThrow('route53-check-children');
  await expect(calculated(endpoint)).rejects.toThrow('route53-check-children');
});

test("a key policy's statement without an action is taken, one without a principal is not", async () => {
  const owner = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' };
  const make = (statement: object) => {
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [owner, statement] });
    const call = { endpoint: aws.endpoint, region: REGION, service: 'kms', method: 'POST', body: { Policy } };
    return unsignedCall({ ...call, target: 'TrentService.CreateKey' });
  };
  await make({ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Resource: '*' });
  await expect(make({ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' })).rejects.toThrow(
    'kms-policy-principals',
  );
});

test('a rule has a schedule on the default bus only', async () => {
  const call = (operation: string, body: object) =>
    unsignedCall({
      ...{ endpoint: aws.endpoint, region: REGION, service: 'events', method: 'POST' },
      ...{ target: `AWSEvents.${operation}`, body },
    });
  await call('CreateEventBus', { Name: 'orders' });
  const put = (Name: string, more: object) => call('PutRule', { Name, ScheduleExpression: 'rate(1 hour)', ...more });
  await put('hourly', {});
  await put('named', { EventBusName: 'default' });
  await expect(put('elsewhere', { EventBusName: 'orders' })).rejects.toThrow('events-schedule');
});

test('a function is opened to a role that exists only', async () => {
  const open = (StatementId: string, Principal: string) => {
    const permission = { FunctionName: FUNCTION_NAME, Action: 'lambda:InvokeFunction', StatementId, Principal };
    return regional.lambda.send(new AddPermissionCommand(permission));
  };
  await open('role', roleArn);
  await expect(open('nobody', `arn:aws:iam::${ACCOUNT}:role/nobody`)).rejects.toThrow('lambda-principal');
});

// Terraform waits for minutes: a role that has just been made is refused as well.
test('a function runs as a role that Lambda may assume only', async () => {
  const foreign = await makeRole(aws.endpoint, 'foreign', 'ec2.amazonaws.com');
  const made = makeFunction(regional, { roleArn: foreign, eventsFile: '/dev/null', name: 'without-its-role' });
  await expect(made).rejects.toThrow('lambda-role');
});

test('a listener has a certificate of its own region', async () => {
  const certificateArn = `arn:aws:acm:us-west-2:${ACCOUNT}:certificate/00000000-0000-4000-8000-000000000000`;
  const made = makeRegion(regional, { roleArn, eventsFile: '/dev/null', name: 'behind-it', certificateArn });
  await expect(made).rejects.toMatchObject({ name: 'CertificateNotFoundException' });
});
