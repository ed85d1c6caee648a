// Custom metrics: handlers emit them in the CloudWatch embedded metric format, alarms and dashboards name them.

export const METRIC_NAMESPACE = 'DR/System';

/** Dimension `Region` is the short name of the region that measured; `Peer` the one it measured. */
export const METRICS = {
  /** 1 when /health said 200, else 0. Dimensions: Region. */
  healthVerdict: { name: 'HealthVerdict', unit: 'Count' },
  /** Milliseconds the whole health evaluation took. Dimensions: Region. */
  healthLatency: { name: 'HealthLatencyMs', unit: 'Milliseconds' },
  /** Seconds since the peer's heartbeat was first seen to change, less the heartbeat's own 5 s. Dimensions: Region, Peer. */
  peerStaleness: { name: 'PeerStalenessSeconds', unit: 'Seconds' },
  /** Local table calls refused for throttling in the interval. Dimensions: Region. */
  tableThrottled: { name: 'TableThrottled', unit: 'Count' },
  /** Records that cannot be read: control records, and those of items that a request meets. Nothing while there is none. Dimensions: Region. */
  badRecords: { name: 'BadRecords', unit: 'Count' },
  /** Requests answered from the peer's replica. Dimensions: Region. */
  peerFallbacks: { name: 'PeerFallbacks', unit: 'Count' },
  /** For how long this region has waited for an order to serve again. Nothing while it does not wait. Dimensions: Region. */
  failbackWaiting: { name: 'FailbackWaitingSeconds', unit: 'Seconds' },
  /** Transitions of the failover state machine. Dimensions: Region. */
  transitions: { name: 'FailoverTransitions', unit: 'Count' },
  /** Differences between the replicas that are not in flight. Dimensions: Region, Peer. */
  replicaDifferences: { name: 'ReplicaDifferences', unit: 'Count' },
} as const;

export interface MetricDefinition {
  readonly name: string;
  readonly unit: 'Count' | 'Seconds' | 'Milliseconds';
}
