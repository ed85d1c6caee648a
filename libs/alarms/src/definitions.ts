// Every alarm of the system as data: what is measured, when it is a breach, and why missing data counts as it does.
import { METRIC_NAMESPACE, METRICS, type AlarmId } from '@dr/contracts/system';

/** What a dimension's value is, named here and resolved by the renderer. */
export type Subject =
  | 'self'
  | 'peer'
  | 'peerAwsRegion'
  | 'table'
  | 'loadBalancer'
  | 'routerTargets'
  | 'healthTargets'
  | 'healthCheck'
  | 'router'
  | 'healthChecker'
  | 'deadLetters';

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  /** A CloudWatch statistic, or a percentile such as `p99`. */
  readonly statistic: string;
  /** Dimension name -> what it is. */
  readonly dimensions: Readonly<Record<string, Subject>>;
}

/**
 * Where an alarm lives and whom it is about: `region`: in each region, about itself. `peer`: in each region, about each
 * other one. `global`: in us-east-1, about each region. `everywhere`: in each region and us-east-1, about itself.
 */
export type Scope = 'region' | 'peer' | 'global' | 'everywhere';

export interface AlarmDefinition {
  readonly id: AlarmId;
  readonly scope: Scope;
  readonly severity: 'page' | 'ticket';
  readonly summary: string;
  readonly metrics: Readonly<Record<string, Metric>>;
  /**
   * CloudWatch metric math over the keys of `metrics`; absent when there is one metric. A sum has no data where one of its
   * metrics has none, and then hides the other: FILL each. The newest minutes are then filled before their data arrive,
   * so the window of such an alarm goes back further ("Using metric math", FILL). A ratio is not filled: without a
   * denominator it has no value, and Lambda reports Errors with every invocation.
   */
  readonly expression?: string;
  readonly breach: {
    readonly is: 'above' | 'below' | 'atLeast';
    readonly threshold: number;
    readonly unit: 'percent' | 'seconds' | 'milliseconds' | 'count' | 'status';
  };
  /** So many periods must breach, of so many. */
  readonly window: { readonly breaching: number; readonly of: number; readonly periodSeconds: 10 | 60 | 300 };
  /** `missing`: the alarm goes to INSUFFICIENT_DATA, which a page announces as well. */
  readonly missingData: {
    readonly treatedAs: 'breaching' | 'notBreaching' | 'ignore' | 'missing';
    readonly because: string;
  };
}

/** Data of AWS's own metrics arrive up to two minutes late [A]: of five minutes, three are known. */
const OF_FILLED = { breaching: 2, of: 5, periodSeconds: 60 } as const;

const metric = (namespace: string, name: string, statistic: string, dimensions: Metric['dimensions']): Metric => ({
  namespace,
  name,
  statistic,
  dimensions,
});
/** One of ours, about the region that measures, and with `peer` about one that it measures. */
export const own = ({ name }: { readonly name: string }, statistic: string, peer?: 'peer'): Metric =>
  metric(METRIC_NAMESPACE, name, statistic, { Region: 'self', ...(peer ? { Peer: peer } : {}) });
const lambda = (name: string, fn: Subject): Metric => metric('AWS/Lambda', name, 'Sum', { FunctionName: fn });
export const elb = (name: string, statistic: string, targets: Subject): Metric =>
  metric('AWS/ApplicationELB', name, statistic, { TargetGroup: targets, LoadBalancer: 'loadBalancer' });
const unhealthyTargets = (targets: Subject): Metric => elb('UnHealthyHostCount', 'Maximum', targets);

const QUIET = 'no traffic is no error; a dead region is told by route53-unhealthy and peer-stale';

export const ALARM_DEFINITIONS: readonly AlarmDefinition[] = [
  {
    id: 'route53-unhealthy',
    scope: 'global',
    severity: 'page',
    summary: 'Route 53 finds the region unhealthy and sends its clients elsewhere',
    metrics: { status: metric('AWS/Route53', 'HealthCheckStatus', 'Minimum', { HealthCheckId: 'healthCheck' }) },
    breach: { is: 'below', threshold: 1, unit: 'status' },
    window: { breaching: 1, of: 1, periodSeconds: 60 },
    missingData: {
      treatedAs: 'missing',
      because:
        'a new check has no data for a few minutes, and is no loss; a check that falls silent later is told as such',
    },
  },
  {
    id: 'peer-stale',
    scope: 'peer',
    severity: 'page',
    summary:
      "The peer's heartbeat has stopped arriving or says that no client reaches it: it is down, or replication is",
    metrics: { staleness: own(METRICS.peerStaleness, 'Maximum', 'peer') },
    breach: { is: 'above', threshold: 5, unit: 'seconds' },
    window: { breaching: 2, of: 3, periodSeconds: 10 },
    missingData: {
      treatedAs: 'ignore',
      because:
        'an observer that stops looking is itself told of, by its peer and by Route 53; one that has just started, or woken, has lost nobody',
    },
  },
  {
    id: 'error-rate-high',
    scope: 'region',
    severity: 'page',
    summary: 'More than 5 % of the invocations of traffic-router fail',
    metrics: { errors: lambda('Errors', 'router'), invocations: lambda('Invocations', 'router') },
    expression: '100 * errors / invocations',
    breach: { is: 'above', threshold: 5, unit: 'percent' },
    window: { breaching: 1, of: 1, periodSeconds: 60 },
    missingData: { treatedAs: 'notBreaching', because: QUIET },
  },
  {
    id: 'latency-high',
    scope: 'region',
    severity: 'ticket',
    summary: 'The slowest 1 % of item requests take longer than 1000 ms',
    // Only the router's targets: health probes are many and fast, and would hide slow clients.
    metrics: { latency: elb('TargetResponseTime', 'p99', 'routerTargets') },
    // CloudWatch has this metric in seconds: 1 is the 1000 ms of the system that this one replaces.
    breach: { is: 'above', threshold: 1, unit: 'seconds' },
    window: { breaching: 2, of: 3, periodSeconds: 60 },
    missingData: { treatedAs: 'notBreaching', because: QUIET },
  },
  {
    id: 'table-throttled',
    scope: 'region',
    severity: 'ticket',
    summary: 'DynamoDB throttles this region; it never leaves service for that, since the peer would throttle too',
    metrics: { throttled: own(METRICS.tableThrottled, 'Sum') },
    breach: { is: 'above', threshold: 0, unit: 'count' },
    window: { breaching: 2, of: 3, periodSeconds: 60 },
    missingData: {
      treatedAs: 'notBreaching',
      because: 'it is reported only by functions that met throttling or a probe',
    },
  },
  {
    id: 'function-throttled',
    scope: 'region',
    severity: 'page',
    summary: 'Lambda refuses invocations for want of concurrency',
    metrics: { router: lambda('Throttles', 'router'), health: lambda('Throttles', 'healthChecker') },
    expression: 'FILL(router, 0) + FILL(health, 0)',
    breach: { is: 'above', threshold: 0, unit: 'count' },
    window: OF_FILLED,
    missingData: { treatedAs: 'notBreaching', because: QUIET },
  },
  {
    id: 'target-unhealthy',
    scope: 'region',
    severity: 'page',
    summary: 'The load balancer finds a function unhealthy',
    metrics: { router: unhealthyTargets('routerTargets'), health: unhealthyTargets('healthTargets') },
    expression: 'FILL(router, 0) + FILL(health, 0)',
    breach: { is: 'atLeast', threshold: 1, unit: 'count' },
    window: OF_FILLED,
    missingData: { treatedAs: 'notBreaching', because: 'a load balancer that is gone is told by route53-unhealthy' },
  },
  {
    id: 'replication-slow',
    scope: 'peer',
    severity: 'ticket',
    summary: 'Writes of this region take longer than 5 s to reach the peer',
    metrics: {
      latency: metric('AWS/DynamoDB', 'ReplicationLatency', 'Average', {
        TableName: 'table',
        ReceivingRegion: 'peerAwsRegion',
      }),
    },
    breach: { is: 'above', threshold: 5000, unit: 'milliseconds' },
    window: { breaching: 3, of: 3, periodSeconds: 60 },
    missingData: {
      treatedAs: 'ignore',
      because: 'CloudWatch ignores missing data on DynamoDB alarms whatever is set; a full stall is told by peer-stale',
    },
  },
  {
    id: 'records-bad',
    scope: 'region',
    severity: 'ticket',
    summary: 'The table holds control records that no part of this system has written so; they are ignored',
    metrics: { bad: own(METRICS.badRecords, 'Maximum') },
    breach: { is: 'above', threshold: 0, unit: 'count' },
    window: { breaching: 2, of: 3, periodSeconds: 60 },
    missingData: { treatedAs: 'notBreaching', because: 'the metric is emitted only while there are such records' },
  },
  {
    id: 'events-undelivered',
    scope: 'everywhere',
    severity: 'ticket',
    summary: 'An event found no function, or failed in it after all retries, and waits in the dead-letter queue',
    metrics: {
      waiting: metric('AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'Maximum', { QueueName: 'deadLetters' }),
    },
    breach: { is: 'above', threshold: 0, unit: 'count' },
    window: { breaching: 1, of: 1, periodSeconds: 300 },
    missingData: { treatedAs: 'notBreaching', because: 'SQS stops reporting on a queue that nobody uses' },
  },
];
