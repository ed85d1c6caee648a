// What preflight reads of an AWS account: one question a method, and nothing is ever changed.

export interface Identity {
  /** Twelve digits. */
  readonly account: string;
  /** The user or role that the credentials are of. */
  readonly arn: string;
  /** How far this machine's clock is ahead of AWS's, to about a second. */
  readonly clockAheadMs: number;
}

/** As EC2 calls them. */
export type OptInStatus = 'opt-in-not-required' | 'opted-in' | 'not-opted-in';

export interface HostedZone {
  readonly id: string;
  readonly private: boolean;
  readonly records: number;
}

/** How many of something an account may have, and has. */
export interface Limit {
  readonly limit: number;
  readonly used: number;
}

export interface Budget {
  readonly name: string;
  /** Null: it is planned month by month. */
  readonly limitUsd: number | null;
  /** `MONTHLY`, `DAILY` ... */
  readonly timeUnit: string;
  /** Thresholds at which it tells somebody. */
  readonly notifications: number;
}

export interface Bucket {
  readonly region: string;
  readonly versioned: boolean;
}

export interface Tagged {
  /** Value of the tag `System`, which every resource of a system bears. */
  readonly system: string | null;
}

/** `none`: there is no such table yet. */
export type TableRecoveryState = 'on' | 'off' | 'none';

export interface ServiceQuota {
  readonly serviceCode: string;
  readonly quotaCode: string;
}

/** Rejects with {@link Denied} (no permission), InputError (bad credentials) or {@link Unavailable} (whatever else AWS says). */
export interface PreflightReader {
  identity(awsRegion: string): Promise<Identity>;
  /** Every region of the partition, enabled or not. */
  regions(): Promise<ReadonlyMap<string, OptInStatus>>;
  /** Lambda's quota of executions at once, and how much of it is reserved for no function. */
  concurrency(awsRegion: string): Promise<{ readonly limit: number; readonly unreserved: number }>;
  /** Executions reserved for one function; 0 when there is no such function. */
  reservedConcurrency(awsRegion: string, functionName: string): Promise<number>;
  /** Hosted zones of exactly that name. */
  zones(name: string): Promise<readonly HostedZone[]>;
  /** Name servers that Route 53 answers for the zone from. */
  nameServers(zoneId: string): Promise<readonly string[]>;
  recordLimit(zoneId: string): Promise<Limit>;
  healthCheckLimit(): Promise<Limit>;
  /** Host names that health checks ask. */
  healthCheckHosts(): Promise<readonly string[]>;
  hasRole(name: string): Promise<boolean>;
  quota(awsRegion: string, quota: ServiceQuota): Promise<number>;
  vpcs(awsRegion: string): Promise<readonly Tagged[]>;
  addresses(awsRegion: string): Promise<readonly Tagged[]>;
  /** Names of application load balancers. */
  loadBalancers(awsRegion: string): Promise<readonly string[]>;
  /** Budgets of costs. */
  budgets(account: string): Promise<readonly Budget[]>;
  /** Undefined: there is none of that name. */
  bucket(awsRegion: string, name: string): Promise<Bucket | undefined>;
  /** Only verified numbers get a message. */
  inSmsSandbox(awsRegion: string): Promise<boolean>;
  /** Point-in-time recovery of a table. */
  tableRecovery(awsRegion: string, table: string): Promise<TableRecoveryState>;
}

/** What everybody is told of a zone. */
export interface PublicDns {
  /** Names of its servers; empty: it is not delegated. Rejects with {@link Unavailable} when nobody answers. */
  nameServers(zone: string): Promise<readonly string[]>;
}
