// A rule: what may be wrong with a stack, whoever asks. The synth, a drill and the review of a plan judge by the same ones.
import type { Finding, HealthCheckSpec, Names } from '@dr/stack';
import type { Graph, Resource } from '@dr/terraform-json';
import type { Severity } from '../outcomes/cause';

/** A stack as rules see it. */
export interface Stack {
  readonly graph: Graph;
  readonly names: Names;
  readonly checks: ReadonlyMap<string, HealthCheckSpec>;
}

/** What rules need to know of the system that the stack serves. */
export interface ServedSystem {
  /** What clients ask for. */
  readonly asked: readonly (readonly [method: string, path: string])[];
  /** Requests a second that one region must carry alone; undefined where the stack does not say. */
  readonly requestsPerSecond?: (graph: Graph) => number | undefined;
  /** Does the function call other regions over the internet? @default false */
  readonly callsPeers?: (fn: Resource) => boolean;
  /** What is known of this system alone. */
  readonly rules?: readonly Rule[];
}

/** A system of which nothing is known but its stack. */
export const ANY_SYSTEM: ServedSystem = { asked: [] };

export interface Rule {
  readonly id: string;
  /**
   * `serving`: the stack does not serve, or cannot be applied. `unseen`: it serves and may fail over, and something beside is
   * dead, which a drill need not show. `failover`: it serves, and does not fail over: a drill shows it. `advice`: it serves and
   * may fail over; what is found makes it slower, costs data, or is seen by nobody. No drill is refused for it.
   */
  readonly of: 'serving' | 'unseen' | 'failover' | 'advice';
  /** Page of AWS. A rule that has one is about any team's stack, and the review of a plan asks it. */
  readonly source?: string;
  /** What must hold, in one sentence. A rule with a source has one. */
  readonly statement?: string;
  /**
   * What a finding weighs in a review. What keeps clients down is found by the outcomes; a rule blocks only where AWS, or the provider,
   * does not take the stack. No drill of any stack begins then. @default 'warns'
   */
  readonly severity?: Severity;
  /** What a finding means for clients when a region is lost: a sentence without its full stop. */
  readonly atFailover?: string;
  /** Throws InputError on values that are unknown or that AWS would not take. */
  readonly judge: (stack: Stack, system: ServedSystem) => Iterable<Finding>;
}

export interface Judged extends Finding {
  readonly rule: string;
  readonly of: Rule['of'];
}
