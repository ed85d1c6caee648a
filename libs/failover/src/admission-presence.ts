// That a region was there although it could write no heartbeat: a table that throttles answers, and probes come.
import type { AdmissionConstants } from './admission-types';

/**
 * An unbroken stretch, by the clock of one execution environment, in which Route 53 probed it and the table told it that it
 * throttles, each time no longer than W after the time before. It is no part of the state record, as nothing can be written
 * there while the table throttles; an environment that knows of none decides from the record as if there had been nothing.
 */
export interface Presence {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** The stretch after one more throttled answer. A longer pause than W may have been an absence: the stretch begins anew. */
export function throttledAgain(
  before: Presence | null,
  probeAtMs: number | null,
  nowMs: number,
  { edgeMs, reachedMs }: AdmissionConstants,
): Presence | null {
  // Who is cut off from the world is away, whatever its table says: DNS leaves it.
  if (probeAtMs === null || nowMs - probeAtMs > reachedMs) return before;
  const continues = before !== null && nowMs - before.untilMs <= edgeMs;
  return { sinceMs: continues ? before.sinceMs : nowMs, untilMs: nowMs };
}

/** Two environments' stretches are one where they overlap, or lie no further apart than W; otherwise the later one counts. */
export function joined(a: Presence | null, b: Presence | null, { edgeMs }: AdmissionConstants): Presence | null {
  if (a === null || b === null) return a ?? b;
  const [first, last] = a.sinceMs <= b.sinceMs ? [a, b] : [b, a];
  if (last.sinceMs - first.untilMs > edgeMs) return { sinceMs: last.sinceMs, untilMs: last.untilMs };
  return { sinceMs: first.sinceMs, untilMs: Math.max(first.untilMs, last.untilMs) };
}

/** The longest time between the two that nothing shows the region to have been there. Time before and after counts apart. */
export function absenceMs(fromMs: number, toMs: number, presence: Presence | null): number {
  if (presence === null || presence.untilMs <= fromMs) return toMs - fromMs;
  return Math.max(presence.sinceMs - fromMs, toMs - presence.untilMs);
}
