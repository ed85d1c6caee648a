// What becomes of the clients of a name when a region fails, and why.
import type { Cause } from './cause';

/** `region-dark`: nothing in the region answers. `app-errors`: all of its compute answers 500 [A], and everything else lives. */
export const REVIEWED_FAULTS = ['region-dark', 'app-errors'] as const;
export type ReviewedFault = (typeof REVIEWED_FAULTS)[number];

export interface Loss {
  readonly fault: ReviewedFault;
  readonly awsRegion: string;
}

/**
 * `recovers`: without anybody doing anything. `never`: not before the region is back. `partly`: some clients or operations only.
 * `manual`: when a person acts. `unknown`: the stack does not say.
 */
export type OutcomeKind = 'recovers' | 'never' | 'partly' | 'manual' | 'unknown';

/** Seconds; null where AWS publishes no time. */
export interface Span {
  readonly best: number;
  readonly worst: number | null;
}

export interface Outcome {
  readonly kind: OutcomeKind;
  /** Of the clients that recover, from the fault to their next answer; null where none does, or where no time is published. */
  readonly span: Span | null;
  /** One sentence or two, with the arithmetic. */
  readonly why: string;
  /** What makes it so; empty where all is well. */
  readonly causes: readonly Cause[];
  /** What is to be known of clients that recover. */
  readonly remarks: readonly Cause[];
  readonly assumptions: readonly string[];
}
