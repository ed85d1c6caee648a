// What `dr drill --json` prints: one object, schema 1. Keys may be added, never removed or renamed.
import type { Fault } from './faults';

export interface DrillReport {
  readonly schema: 1;
  readonly passed: boolean;
  /** Why it did not pass; empty when it did. */
  readonly reasons: readonly string[];
  /** Did anything have to move, did it, and who was hurt: a fault may be over before anybody can have found it. */
  readonly judgement: string;
  readonly fault: Pick<Fault, 'kind' | 'region' | 'startSeconds' | 'durationSeconds' | 'service' | 'zones'>;
  readonly routing: string;
  readonly settings: { intervalSeconds: number; failureThreshold: number; ttlSeconds: number };
  readonly objective: { rtoSeconds: number; rpoSeconds: number };
  readonly predicted: { worstDetectionSeconds: number; worstClientSeconds: number };
  /** null when no client was affected. Seconds from the start of the fault. */
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
  readonly monthlyHealthCheckRequests: number;
  /** Resource types of the stack that the twin does not model. */
  readonly notModelled: readonly string[];
  /** Values of the stack that are known only after an apply, and that the drill did not need. */
  readonly unknown: readonly string[];
  readonly seed: number;
  readonly eventLogHash: string;
  readonly replay: string;
  readonly simulation: { virtualSeconds: number; wallSeconds: number; requests: number; invocations: number };
}

export interface TimelineEntry {
  readonly atSeconds: number;
  readonly kind: string;
  readonly region: string | null;
  readonly detail: string;
}
