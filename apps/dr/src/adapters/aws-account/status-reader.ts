// Subscriptions, targets, metrics and tables of an applied system.
import type { Invocations, StatusReader } from '../../operate/status/reader';
import { orAbsent, service } from '../sdk';
import { elb, sns } from './account-reader';
import { ask, pages } from './ask';
import { checkerReports, healthChecks } from './route53-reader';
import { identity } from './sts-reader';

const cloudWatch = service('cloudwatch', async () => (await import('@aws-sdk/client-cloudwatch')).CloudWatch, {
  calling: ask,
});
const dynamoDb = service('dynamodb', async () => (await import('@aws-sdk/client-dynamodb')).DynamoDB, { calling: ask });

type Metric = readonly [name: string, dimensions: Readonly<Record<string, string>>];

const PERIOD_SECONDS = 60;

/** Values of each metric, newest first. One request: it takes 500 metrics. */
async function metricData(
  awsRegion: string,
  Namespace: string,
  Stat: 'Sum' | 'Average',
  metrics: readonly Metric[],
  fromMs: number,
  toMs: number,
): Promise<readonly (readonly number[])[]> {
  const { MetricDataResults } = await cloudWatch(awsRegion, 'metrics').getMetricData({
    StartTime: new Date(fromMs),
    EndTime: new Date(toMs),
    ScanBy: 'TimestampDescending',
    MetricDataQueries: metrics.map(([MetricName, dimensions], at) => {
      const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
      return {
        Id: `m${at}`,
        MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: PERIOD_SECONDS, Stat },
      };
    }),
  });
  return metrics.map((_, at) => MetricDataResults?.find(({ Id }) => Id === `m${at}`)?.Values ?? []);
}

const COUNTS = ['Invocations', 'Errors', 'Throttles'] as const;

export const statusReader: StatusReader = {
  identity,
  healthChecks,
  checkerReports,

  invocations: async (awsRegion, functionNames, fromMs, toMs) => {
    const metrics = functionNames.flatMap((FunctionName) => COUNTS.map((name): Metric => [name, { FunctionName }]));
    const values = await metricData(awsRegion, 'AWS/Lambda', 'Sum', metrics, fromMs, toMs);
    const sums = values.map((counts) => counts.reduce((total, one) => total + one, 0));
    return new Map(
      functionNames.map((name, at): [string, Invocations] => {
        const [calls = 0, errors = 0, throttles = 0] = sums.slice(at * COUNTS.length);
        return [name, { invocations: calls, errors, throttles }];
      }),
    );
  },

  replicationMs: async (awsRegion, TableName, towards, fromMs, toMs) => {
    const metrics = towards.map((to): Metric => ['ReplicationLatency', { TableName, ReceivingRegion: to }]);
    const values = await metricData(awsRegion, 'AWS/DynamoDB', 'Average', metrics, fromMs, toMs);
    return new Map(
      towards.flatMap((region, at): [string, number][] => {
        const newest = values[at]?.[0];
        return newest === undefined ? [] : [[region, newest]];
      }),
    );
  },

  subscriptions: (awsRegion, TopicArn) =>
    pages(async (from) => {
      const asked = sns(awsRegion, `topic ${TopicArn}`).listSubscriptionsByTopic({ TopicArn, NextToken: from });
      const { Subscriptions = [], NextToken } = await asked;
      const items = Subscriptions.map(({ Protocol = '', Endpoint = '', SubscriptionArn }) => ({
        protocol: Protocol,
        endpoint: Endpoint,
        // In the place of an ARN AWS says `PendingConfirmation`, or `Deleted`.
        confirmed: SubscriptionArn?.startsWith('arn:') === true,
      }));
      return { items, next: NextToken };
    }),

  targets: async (awsRegion, groupName) => {
    const groups = elb(awsRegion, `target group ${groupName}`);
    const found = await orAbsent(
      ['TargetGroupNotFoundException', 'TargetGroupNotFound'],
      groups.describeTargetGroups({ Names: [groupName] }),
    );
    const TargetGroupArn = found?.TargetGroups?.[0]?.TargetGroupArn;
    if (TargetGroupArn === undefined) return undefined;
    const { TargetHealthDescriptions = [] } = await groups.describeTargetHealth({ TargetGroupArn });
    return TargetHealthDescriptions.map(({ TargetHealth: { State = 'unknown', Reason = null } = {} }) => ({
      state: State,
      reason: Reason,
    }));
  },

  tableStatus: async (awsRegion, TableName) => {
    const { Table } = await dynamoDb(awsRegion, `table ${TableName}`).describeTable({ TableName });
    return {
      status: Table?.TableStatus ?? 'unknown',
      items: Table?.ItemCount ?? 0,
      replicas: (Table?.Replicas ?? []).map(({ RegionName = '', ReplicaStatus = 'unknown' }) => ({
        awsRegion: RegionName,
        status: ReplicaStatus,
      })),
    };
  },
};
