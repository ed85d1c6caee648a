// The times that admission decides by.

/** Milliseconds. The single letters are those of the rule table in the design. */
export interface AdmissionConstants {
  /** A region writes its record at most this often; every decision is made at such a beat. */
  readonly heartbeatMs: number;
  /** F: a peer is heard while its sequence changed, or its /health answered, no longer ago than this. */
  readonly freshMs: number;
  /** D: silence on both channels after which a peer is quiet. */
  readonly quietMs: number;
  /** H: how long a serving peer must have been fresh before a region that was away serves again. */
  readonly holdMs: number;
  /** A Route 53 probe no longer ago than this: the region is reached. */
  readonly reachedMs: number;
  /** W: an absence longer than this has been noticed by DNS, so its end is an edge. */
  readonly edgeMs: number;
  /** P: how long a region waits for the grant to leave. */
  readonly patienceMs: number;
}

const BASE = {
  heartbeatMs: 5_000,
  freshMs: 15_000,
  quietMs: 20_000,
  holdMs: 60_000,
  reachedMs: 10_000,
  patienceMs: 25_000,
} as const;

/**
 * `detectionSeconds`: with automatic failback the worst, so that a region which DNS has not left stays; by hand the soonest, so that none
 * which DNS may have left comes back without an order. W must exceed F + reached, or a region could come back while its peers still count it as serving. */
export const admissionConstants = (detectionSeconds: number): AdmissionConstants => ({
  ...BASE,
  edgeMs: Math.max(detectionSeconds * 1000, BASE.freshMs + BASE.reachedMs + BASE.heartbeatMs),
});
