// What status reads of an applied system beside its control records. Methods reject as those of preflight's reader do.
import type { Identity } from '../preflight/reader';

export interface Subscription {
  /** `email`, `sms`, `lambda` ... */
  readonly protocol: string;
  readonly endpoint: string;
  readonly confirmed: boolean;
}

export interface Target {
  /** `healthy`, `unhealthy`, `initial`, `unavailable` ... */
  readonly state: string;
  /** AWS's code of the reason, such as `Target.ResponseCodeMismatch`. */
  readonly reason: string | null;
}

export interface Invocations {
  readonly invocations: number;
  readonly errors: number;
  readonly throttles: number;
}

export interface TableStatus {
  /** `ACTIVE`, `UPDATING` ... */
  readonly status: string;
  /** AWS counts every six hours or so. */
  readonly items: number;
  /** Replicas in other regions. */
  readonly replicas: readonly { readonly awsRegion: string; readonly status: string }[];
}

export interface HealthCheck {
  readonly id: string;
  /** The host that it asks; undefined for checks of alarms and of other checks. */
  readonly host: string | undefined;
}

export interface StatusReader {
  identity(awsRegion: string): Promise<Identity>;
  subscriptions(awsRegion: string, topicArn: string): Promise<readonly Subscription[]>;
  healthChecks(): Promise<readonly HealthCheck[]>;
  /** What each of Route 53's checkers last reported, in its words: `Success: ...` or `Failure: ...`. */
  checkerReports(healthCheckId: string): Promise<readonly string[]>;
  /** Targets of a group; undefined when there is no group of that name. */
  targets(awsRegion: string, groupName: string): Promise<readonly Target[] | undefined>;
  /** Sums between two times (epoch ms), by the function's name on AWS. */
  invocations(
    awsRegion: string,
    functionNames: readonly string[],
    fromMs: number,
    toMs: number,
  ): Promise<ReadonlyMap<string, Invocations>>;
  tableStatus(awsRegion: string, table: string): Promise<TableStatus>;
  /** Newest `ReplicationLatency` towards each region between two times, in ms; absent where nothing was written. */
  replicationMs(
    awsRegion: string,
    table: string,
    towards: readonly string[],
    fromMs: number,
    toMs: number,
  ): Promise<ReadonlyMap<string, number>>;
}

/** What clients of a region's own name get. */
export interface HealthAnswer {
  readonly status: number;
  /** The body's `reason` of a 503, where it has one. */
  readonly reason: string | null;
}

/** Rejects with Unavailable when there is no answer. */
export type AskHealth = (host: string) => Promise<HealthAnswer>;
