// What `dr drill --json` prints: one object, schema 1. Keys may be added, never removed or renamed.
import type { Aftermath } from './aftermath';
import type { Fault } from './fault';
import type { PopulationName } from './populations';

export interface DrillReport {
  readonly schema: 1;
  readonly passed: boolean;
  /** Why it did not pass; empty when it did. */
  readonly reasons: readonly string[];
  /** Did anything have to move, did it, and who was hurt: a fault may be over before anybody can have found it. */
  readonly judgement: string;
  readonly fault: Pick<
    Fault,
    'kind' | 'region' | 'startSeconds' | 'durationSeconds' | 'service' | 'zones' | 'intensity' | 'neverHeals'
  >;
  /** Policy of the records, or `global-accelerator`. */
  readonly routing: string;
  readonly settings: {
    readonly intervalSeconds: number;
    readonly failureThreshold: number;
    readonly ttlSeconds: number;
    /** The check of a target that an accelerator goes by. Absent where DNS moves clients. */
    readonly accelerator?: {
      readonly intervalSeconds: number;
      readonly unhealthyThreshold: number;
      readonly timeoutSeconds: number;
    };
  };
  readonly objective: { rtoSeconds: number; rpoSeconds: number };
  readonly predicted: { worstDetectionSeconds: number; worstClientSeconds: number };
  /** null when no client was affected. Seconds from the start of the fault; of one that strikes a share of requests: the longest gap. */
  readonly rto: { clientsAffected: number; p50Seconds: number; p95Seconds: number; worstSeconds: number } | null;
  readonly rpo: {
    /** Acknowledged writes not yet on the peer at the moment of loss. */
    writesAtRisk: number;
    oldestAtRiskSeconds: number;
    medianAtRiskSeconds: number;
    atRiskOlderThanOneSecond: number;
    /** All of them present in every replica after heal. */
    recoveredAfterHeal: boolean;
  };
  /** Clients outside the promise; every other figure is about those inside it. Absent where none ran. */
  readonly populations?: readonly PopulationReport[];
  /** Share of client requests that succeeded, 0-1. */
  readonly availability: number;
  readonly requests: {
    total: number;
    succeeded: number;
    failed: number;
    byRegion: Readonly<Record<string, Readonly<Record<string, number>>>>;
  };
  /** Milliseconds by path, e.g. `PUT /items/{id}`. */
  readonly latency: Readonly<Record<string, { count: number; p50Ms: number; p99Ms: number }>>;
  readonly timeline: readonly TimelineEntry[];
  readonly notifications: readonly { atSeconds: number; fromRegion: string; subject: string }[];
  readonly invariants: readonly { id: string; holds: boolean; detail: string }[];
  /** Of a region that is gone for good. */
  readonly aftermath?: Aftermath;
  readonly monthlyHealthCheckRequests: number;
  /** Resource types of the stack that the twin does not model. */
  readonly notModelled: readonly string[];
  /** Values of the stack that are known only after an apply, and that the drill did not need. */
  readonly unknown: readonly string[];
  readonly seed: number;
  readonly eventLogHash: string;
  readonly replay: string;
  /** Of a drill of a load (--load): what AWS throttled of it. */
  readonly capacity?: CapacityReport;
  readonly simulation: { virtualSeconds: number; wallSeconds: number; requests: number; invocations: number };
}

export interface PopulationReport {
  readonly name: PopulationName;
  readonly clients: number;
  readonly requests: { readonly total: number; readonly failed: number };
  /** As for the promise; null when none of them was affected. */
  readonly rto: DrillReport['rto'];
  /** Served again only once the fault was over, or never. */
  readonly recoveredLate: number;
  /** What follows from the settings for the worst of them; null where nothing does. */
  readonly boundSeconds: number | null;
  /** Of `keeps`. */
  readonly keepAlive?: KeepAliveReport;
}

export interface KeepAliveReport {
  /** Age at which a connection ends: by the load balancers' `client_keep_alive`, or by the clients' own limit. */
  readonly seconds: number;
  /** AWS's default for `client_keep_alive`, without a limit of the clients. */
  readonly defaultSeconds: number;
  readonly boundAtDefaultSeconds: number | null;
}

export interface CapacityReport {
  /** Of each region, before any is lost. */
  readonly requestsPerSecond: number;
  /** Real requests that a simulated one stood for. */
  readonly perRequest: number;
  /** The highest load of each region that tables had had; 0: they were new. */
  readonly peakRequestsPerSecond: number;
  readonly accountConcurrency: number;
  /** Share of clients' requests there that failed from the fault to its end, 0-1. */
  readonly survivors: readonly { readonly region: string; readonly failedShare: number }[];
  /** Each that anything met; the one that throttled most comes first. */
  readonly limits: readonly LimitReport[];
}

export interface LimitReport {
  readonly id: string;
  /** What it counts, in words. */
  readonly name: string;
  readonly region: string;
  /** The account, a function or a table. */
  readonly subject: string;
  readonly allowed: number;
  /** The highest mean of ten seconds while the fault was in force; 0 for partitions, of which each has a limit of its own. */
  readonly used: number;
  readonly usedShare: number;
  /** Of the requests that met it: before the fault, and from the fault to its end. */
  readonly throttledBeforeShare: number;
  readonly throttledShare: number;
  readonly fromSeconds: number | null;
  readonly toSeconds: number | null;
  readonly hottestPartition: string | null;
  /** null: the limit throttled nothing. */
  readonly avoidedBy: Remedy | null;
}

/** A price that is null is not known. */
export interface Remedy {
  readonly what: string;
  readonly oneTimeUsd: number | null;
  readonly monthlyUsd: number | null;
}

export interface TimelineEntry {
  readonly atSeconds: number;
  readonly kind: string;
  readonly region: string | null;
  readonly detail: string;
}
