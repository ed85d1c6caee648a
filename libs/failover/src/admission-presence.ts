// Proof that a region lived although it could write no heartbeat: its table answered that it throttles, and probes arrived.
import type { AdmissionConstants } from './admission-constants';

/**
 * A stretch of time, by the clock of one execution environment, in which Route 53 probed the region and its table answered that it
 * throttles, with no pause longer than W. The state record cannot hold it, since a table that throttles takes no write. An environment
 * that knows of no stretch decides from the record alone.
 */
export interface Presence {
  readonly sinceMs: number;
  readonly untilMs: number;
  /** What the peers' own replicas told meanwhile. Only this can show the region that it has missed nothing. */
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
  /** What the first look at the own table found there, since when all have found what was told; absent: the last one did not. */
  readonly found?: { readonly sequence: number; readonly atMs: number };
}

/** The stretch after one more throttled answer. A pause longer than W may have been an absence, so a new stretch begins after it. */
export function throttledAgain(
  before: Presence | null,
  probeAtMs: number | null,
  nowMs: number,
  { edgeMs, reachedMs }: AdmissionConstants,
): Presence | null {
  // DNS leaves a region that no probe reaches, whatever its table says.
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
 * The peer's writes have kept arriving, as far as a region can tell that could not read its own table: the peer's replica began to answer
 * it F ago or longer, without a pause, and the heartbeat that it read there last was found here no later than F after that. This holds
 * for F from then on, and no longer.
 */
export function hasArrived(
  peer: string,
  arrived: number | undefined,
  presence: Presence | null,
  nowMs: number,
  { freshMs }: AdmissionConstants,
): boolean {
  const sight = presence?.sights?.[peer];
  if (!sight) return false;
  const foundMs = sight.found?.atMs ?? nowMs;
  if (foundMs - sight.atMs > freshMs || nowMs - sight.sinceMs < freshMs || nowMs - foundMs > freshMs) return false;
  return isHere(sight, arrived);
}

/** The stretch after a look at the own table. `arrived`: the sequence of a peer's record there. */
export function foundHere(
  presence: Presence | null,
  arrived: (peer: string) => number | undefined,
  nowMs: number,
): Presence | null {
  if (!presence?.sights) return presence;
  const sights = Object.entries(presence.sights).map(([peer, sight]): [string, Sight] => {
    const sequence = arrived(peer) ?? 0;
    const { found = { sequence, atMs: nowMs }, ...rest } = sight;
    return [peer, isHere(sight, sequence) ? { ...rest, found } : rest];
  });
  return { ...presence, sights: Object.fromEntries(sights) };
}

const isHere = ({ sequence }: Sight, arrived = 0): boolean => sequence > 0 && arrived >= sequence;

/**
 * Items replicate in no order, so what was written before a heartbeat may come a little later. It has come once a later heartbeat has
 * followed the one that was first found, and one takes as long as this.
 */
export function hasSettled(
  peer: string,
  arrived: number | undefined,
  presence: Presence | null,
  nowMs: number,
  { heartbeatMs }: AdmissionConstants,
): boolean {
  const found = presence?.sights?.[peer]?.found;
  return found !== undefined && nowMs - found.atMs >= heartbeatMs && (arrived ?? 0) > found.sequence;
}

const earlier = (a: Sight['found'], b: Sight['found']): Sight['found'] =>
  a && b ? (a.atMs < b.atMs ? a : b) : (a ?? b);

function merged(a: Sights = {}, b: Sights = {}, { freshMs }: AdmissionConstants): Sights {
  const both = { ...a, ...b };
  for (const [peer, one] of Object.entries(b)) {
    const other = a[peer];
    if (!other) continue;
    const [first, last] = one.atMs < other.atMs ? [one, other] : [other, one];
    const isOne = last.sinceMs - first.atMs <= freshMs;
    const found = first.sequence === last.sequence ? earlier(first.found, last.found) : last.found;
    both[peer] = {
      ...last,
      sinceMs: isOne ? Math.min(first.sinceMs, last.sinceMs) : last.sinceMs,
      ...(found ? { found } : {}),
    };
  }
  return both;
}

/** Two stretches become one when they overlap or are no more than W apart; otherwise the later one counts. */
export function joined(a: Presence | null, b: Presence | null, constants: AdmissionConstants): Presence | null {
  if (a === null || b === null) return a ?? b;
  const [first, last] = a.sinceMs <= b.sinceMs ? [a, b] : [b, a];
  const sights = a.sights || b.sights ? { sights: merged(a.sights, b.sights, constants) } : {};
  if (last.sinceMs - first.untilMs > constants.edgeMs)
    return { sinceMs: last.sinceMs, untilMs: last.untilMs, ...sights };
  return { sinceMs: first.sinceMs, untilMs: Math.max(first.untilMs, last.untilMs), ...sights };
}

/** The longest time, before or after the stretch, in which nothing shows that the region lived. */
export function absenceMs(fromMs: number, toMs: number, presence: Presence | null): number {
  if (presence === null || presence.untilMs <= fromMs) return toMs - fromMs;
  return Math.max(presence.sinceMs - fromMs, toMs - presence.untilMs);
}
