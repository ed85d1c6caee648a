// That a region was there although it could write no heartbeat: a table that throttles answers, and probes come.
import type { AdmissionConstants } from './admission-constants';

/**
 * An unbroken stretch, by the clock of one execution environment, in which Route 53 probed it and the table told it that it
 * throttles, each time no longer than W after the time before. It is no part of the state record, as nothing can be written
 * there while the table throttles; an environment that knows of none decides from the record as if there had been nothing.
 */
export interface Presence {
  readonly sinceMs: number;
  readonly untilMs: number;
  /** What peers' own replicas told meanwhile: only with it can the region know that it has missed nothing. */
  readonly sights?: Sights;
}

export type Sights = Readonly<Record<string, Sight>>;

/** Times are of this region's clock, as each question was put. */
export interface Sight {
  /** The peer's heartbeat as last read; 0: its replica has told none yet. */
  readonly sequence: number;
  /** Since when its replica has answered without a pause above F. */
  readonly sinceMs: number;
  readonly atMs: number;
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
  return { ...before, sinceMs: continues ? before.sinceMs : nowMs, untilMs: nowMs };
}

/**
 * The stretch after the peer's own replica has answered. `told`: the sequence of the peer's record there. A replica that only said
 * that it throttles has told none, and its region has written as little.
 */
export function sighted(
  presence: Presence | null,
  peer: string,
  told: number | undefined,
  atMs: number,
  constants: AdmissionConstants,
): Presence | null {
  if (presence === null) return null;
  const sequence = told ?? presence.sights?.[peer]?.sequence ?? 0;
  return { ...presence, sights: merged(presence.sights, { [peer]: { sequence, sinceMs: atMs, atMs } }, constants) };
}

/**
 * The peer's writes have come all the while, as far as a region can know that could read nothing of its own: the peer's replica
 * answered it for F without a pause, up to now, and the heartbeat read there has arrived here.
 */
export function hasArrived(
  peer: string,
  arrived: number | undefined,
  presence: Presence | null,
  nowMs: number,
  { freshMs }: AdmissionConstants,
): boolean {
  const sight = presence?.sights?.[peer];
  if (!sight || nowMs - sight.atMs > freshMs || nowMs - sight.sinceMs < freshMs) return false;
  return sight.sequence > 0 && (arrived ?? 0) >= sight.sequence;
}

function merged(a: Sights = {}, b: Sights = {}, { freshMs }: AdmissionConstants): Sights {
  const both = { ...a, ...b };
  for (const [peer, one] of Object.entries(b)) {
    const other = a[peer];
    if (!other) continue;
    const [first, last] = one.atMs < other.atMs ? [one, other] : [other, one];
    const isOne = last.sinceMs - first.atMs <= freshMs;
    both[peer] = { ...last, sinceMs: isOne ? Math.min(first.sinceMs, last.sinceMs) : last.sinceMs };
  }
  return both;
}

/** Two environments' stretches are one where they overlap, or lie no further apart than W; otherwise the later one counts. */
export function joined(a: Presence | null, b: Presence | null, constants: AdmissionConstants): Presence | null {
  if (a === null || b === null) return a ?? b;
  const [first, last] = a.sinceMs <= b.sinceMs ? [a, b] : [b, a];
  const sights = a.sights || b.sights ? { sights: merged(a.sights, b.sights, constants) } : {};
  if (last.sinceMs - first.untilMs > constants.edgeMs)
    return { sinceMs: last.sinceMs, untilMs: last.untilMs, ...sights };
  return { sinceMs: first.sinceMs, untilMs: Math.max(first.untilMs, last.untilMs), ...sights };
}

/** The longest time between the two that nothing shows the region to have been there. Time before and after counts apart. */
export function absenceMs(fromMs: number, toMs: number, presence: Presence | null): number {
  if (presence === null || presence.untilMs <= fromMs) return toMs - fromMs;
  return Math.max(presence.sinceMs - fromMs, toMs - presence.untilMs);
}
