// The four dashboards as data: each shows what its alarms watch, with their thresholds, and a few metrics beside them.
import { METRICS, type AlarmId } from '@dr/contracts/system';
import { elb, own, type Metric } from './definitions';

export interface DashboardDefinition {
  /** Ends the dashboard's name. */
  readonly id: string;
  readonly title: string;
  /** Alarms whose metrics it shows, in this order. */
  readonly alarms: readonly AlarmId[];
  /** Metrics no alarm watches, drawn for every region; those with a `peer` dimension for every pair. */
  readonly extra: readonly { readonly title: string; readonly metrics: readonly Metric[] }[];
}

export const DASHBOARD_DEFINITIONS: readonly DashboardDefinition[] = [
  {
    id: 'system-health-overview',
    title: 'System Health Overview',
    alarms: [
      'route53-unhealthy',
      'peer-stale',
      'target-unhealthy',
      'table-throttled',
      'records-bad',
      'events-undelivered',
    ],
    extra: [
      { title: 'Health verdict (1 = serving)', metrics: [own(METRICS.healthVerdict, 'Minimum')] },
      { title: 'Failover transitions', metrics: [own(METRICS.transitions, 'Sum')] },
    ],
  },
  {
    id: 'regional-performance-comparison',
    title: 'Regional Performance Comparison',
    alarms: ['latency-high'],
    extra: [
      { title: 'Requests', metrics: [elb('RequestCount', 'Sum', 'routerTargets')] },
      { title: 'Time of a health evaluation, ms', metrics: [own(METRICS.healthLatency, 'p99')] },
      { title: "Requests answered from the peer's replica", metrics: [own(METRICS.peerFallbacks, 'Sum')] },
    ],
  },
  {
    id: 'dynamodb-replication-lag',
    title: 'DynamoDB Replication Lag',
    alarms: ['peer-stale', 'replication-slow'],
    extra: [
      { title: 'Differences between the replicas', metrics: [own(METRICS.replicaDifferences, 'Maximum', 'peer')] },
    ],
  },
  {
    id: 'lambda-error-rates',
    title: 'Lambda Error Rates',
    alarms: ['error-rate-high', 'function-throttled'],
    extra: [],
  },
];
