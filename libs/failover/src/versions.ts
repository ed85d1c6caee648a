// Versions of items: their stamps, the order of stamps, retried writes that are one, and writes that crossed.

/**
 * A version's sort key: `<ISO ms>Z#<region>#<8 hex of the environment>-<6-digit sequence>`. As strings, stamps sort by time,
 * then region, then environment and sequence; so "the latest" is the greatest, the same in every replica.
 */
export interface Stamp {
  /** Epoch ms. */
  readonly atMs: number;
  readonly region: string;
  /** 8 hex digits, chosen at random by each execution environment. */
  readonly environment: string;
  /** 0 to 999999. */
  readonly sequence: number;
}

const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)#([a-z][a-z0-9]*)#([0-9a-f]{8})-(\d{6})$/;
const SEQUENCES = 1_000_000;
/** The last ms that an ISO time writes with four digits of year, less one day. */
const LATEST_MS = Date.UTC(9999, 11, 31);

export function formatStamp({ atMs, region, environment, sequence }: Stamp): string {
  const digits = String(sequence % SEQUENCES).padStart(6, '0');
  return `${new Date(atMs).toISOString()}#${region}#${environment}-${digits}`;
}

/** undefined for a text that is not a stamp. */
export function parseStamp(text: string): Stamp | undefined {
  const [, time, region, environment, sequence] = STAMP.exec(text) ?? [];
  if (!time || !region || !environment || !sequence) return undefined;
  const atMs = Date.parse(time);
  if (!Number.isFinite(atMs)) return undefined;
  return { atMs, region, environment, sequence: Number(sequence) };
}

/** Negative when `a` is older. The order of DynamoDB's sort key: all characters of a stamp are ASCII. */
export const compareStamps = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The stamp of a write: now, or just after the newest version that the writer has seen, so that what was written upon
 * sight of another version is always the later one, whatever the clocks say.
 */
export function nextStamp(origin: Omit<Stamp, 'atMs'>, nowMs: number, newestSeen: string | null): string {
  const seenMs = newestSeen === null ? undefined : parseStamp(newestSeen)?.atMs;
  const atMs = seenMs === undefined ? nowMs : Math.max(nowMs, seenMs + 1);
  return formatStamp({ ...origin, atMs: Math.min(atMs, LATEST_MS) });
}

/** What the order looks at, of one version of an item. */
export interface Version {
  /** The stamp. */
  readonly timestamp: string;
  readonly region: string;
  readonly idempotencyKey?: string | undefined;
  /** The newest stamp that the writer had seen; null: none. Absent on versions that do not say. */
  readonly previous?: string | null | undefined;
}

/** How long after its last use an idempotency key still means a retry. */
export const IDEMPOTENCY_WINDOW_MS = 15 * 60_000;

/**
 * The versions of one item without those that repeat an earlier one's idempotency key, newest first. A function of the
 * set alone, so two regions that both took a retried write come to the same history once they have each other's. A key
 * that comes again more than `windowMs` after its last use is no retry, but a new write.
 */
export function collapse<V extends Version>(versions: readonly V[], windowMs = Number.POSITIVE_INFINITY): V[] {
  const lastUseMs = new Map<string, number>();
  const ascending = [...versions].sort((a, b) => compareStamps(a.timestamp, b.timestamp));
  return ascending
    .filter(({ idempotencyKey: key, timestamp }) => {
      if (key === undefined) return true;
      const atMs = parseStamp(timestamp)?.atMs ?? 0;
      const lastMs = lastUseMs.get(key);
      lastUseMs.set(key, atMs);
      return lastMs === undefined || atMs - lastMs > windowMs;
    })
    .reverse();
}

/** Two versions from two regions, neither of whose writers had seen the other. Both are kept. */
export interface Conflict {
  readonly earlier: string;
  readonly later: string;
}

/** The conflicts among the versions of one item, oldest first. At most `limit` are named. */
export function conflicts(versions: readonly Version[], limit: number): Conflict[] {
  const ascending = [...versions].sort((a, b) => compareStamps(a.timestamp, b.timestamp));
  const found: Conflict[] = [];
  for (const [at, later] of ascending.entries()) {
    found.push(...crossedBy(later, ascending, limit - found.length, at));
  }
  return found;
}

/**
 * The older versions that `later` crossed, nearest first, out of the first `count` of `ascending`; at most `limit`. The later
 * writer's `previous` tells what it had seen: a version of another region between that and its own stamp had not arrived. The
 * earlier writer cannot have seen the later version, or it would have stamped after it.
 */
export function crossedBy(
  later: Version,
  ascending: readonly Version[],
  limit: number,
  count = ascending.length,
): Conflict[] {
  const found: Conflict[] = [];
  if (later.previous === undefined) return found;
  for (let at = count - 1; at >= 0 && found.length < limit; at -= 1) {
    const earlier = ascending[at];
    if (!earlier || (later.previous !== null && earlier.timestamp <= later.previous)) break;
    if (earlier.region !== later.region) found.push({ earlier: earlier.timestamp, later: later.timestamp });
  }
  return found;
}
