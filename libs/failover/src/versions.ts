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

let last: { readonly text: string; readonly stamp: Stamp | undefined } | undefined;

/** undefined for a text that is not a stamp. */
export function parseStamp(text: string): Stamp | undefined {
  // Whoever checks a version asks for its stamp several times in a row.
  if (last?.text !== text) last = { text, stamp: stampIn(text) };
  return last.stamp;
}

function stampIn(text: string): Stamp | undefined {
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

/** What is looked at, of one version of an item. */
export interface Version {
  /** The stamp. */
  readonly timestamp: string;
  readonly region: string;
  readonly idempotencyKey?: string | undefined;
  /** When the key was used, epoch ms. Absent on versions that do not say: then the stamp's time stands for it. */
  readonly keyUsedAtMs?: number | undefined;
  /** The newest stamp that the writer had seen; null: none. Absent on versions that do not say. */
  readonly previous?: string | null | undefined;
  /** What was written: a text, a value in records of older versions, or a tombstone. */
  readonly json?: string | undefined;
  readonly value?: unknown;
  readonly deleted?: true | undefined;
}

/** How long an idempotency key means a retry, from its use on. */
export const IDEMPOTENCY_WINDOW_MS = 15 * 60_000;

/** Both were written with one key within the window. */
export const shareKey = (a: Version, b: Version, windowMs = IDEMPOTENCY_WINDOW_MS): boolean =>
  a.idempotencyKey !== undefined &&
  a.idempotencyKey === b.idempotencyKey &&
  Math.abs(keyUsedAtMs(a) - keyUsedAtMs(b)) <= windowMs;

/** Epoch ms. */
export const keyUsedAtMs = ({ keyUsedAtMs: usedAtMs, timestamp }: Version): number =>
  usedAtMs ?? parseStamp(timestamp)?.atMs ?? 0;

export const sameContent = (a: Version, b: Version): boolean => contentOf(a) === contentOf(b);

/** The text that was written; undefined on a tombstone. */
export const contentOf = ({ json, value, deleted }: Version): string | undefined =>
  deleted ? undefined : (json ?? JSON.stringify(value));

/** `version` repeats the write `earlier`, which another region took before, so it is not shown. */
export const repeats = (version: Version, earlier: Version, windowMs = IDEMPOTENCY_WINDOW_MS): boolean =>
  earlier.timestamp < version.timestamp && shareKey(version, earlier, windowMs) && sameContent(version, earlier);

/**
 * The versions of one item without those that repeat an earlier one, newest first. A function of the set alone, so two regions that
 * both took a retried write come to the same history once they have each other's.
 */
export function collapse<V extends Version>(versions: readonly V[], windowMs = Number.POSITIVE_INFINITY): V[] {
  const byKey = new Map<string, V[]>();
  for (const version of versions) {
    const { idempotencyKey: key } = version;
    if (key !== undefined) byKey.set(key, [...(byKey.get(key) ?? []), version]);
  }
  return versions
    .filter((version) => !byKey.get(version.idempotencyKey ?? '')?.some((other) => repeats(version, other, windowMs)))
    .sort((a, b) => compareStamps(b.timestamp, a.timestamp));
}

/** Two versions that were written without sight of each other, or under one key with different contents. Both are kept. */
export interface Conflict {
  readonly earlier: string;
  readonly later: string;
}

/**
 * How far apart two versions may be, in the order of the item's stamps, and still be named as crossed: `previous` nearly always names
 * one of the last few. It makes what is named a matter of the two and their neighbours, and not of how much has been read.
 */
export const CONFLICT_REACH = 16;

/**
 * Two regions wrote the two, and the later writer's `previous` tells that the earlier one had not arrived. The earlier writer cannot
 * have seen the later version, or it would have stamped after it.
 */
export const crossed = (earlier: Version, later: Version): boolean =>
  later.previous !== undefined &&
  earlier.region !== later.region &&
  earlier.timestamp < later.timestamp &&
  (later.previous === null || earlier.timestamp > later.previous);

/** One key within the window, two contents: two regions took them, as one region refuses the second. At any distance. */
export const contradict = (a: Version, b: Version): boolean => shareKey(a, b) && !sameContent(a, b);

/** The conflicts among the versions of one item, oldest first. At most `limit` are named. */
export function conflicts(versions: readonly Version[], limit: number): Conflict[] {
  const ascending = [...versions].sort((a, b) => compareStamps(a.timestamp, b.timestamp));
  const kept = new Set(collapse(ascending, IDEMPOTENCY_WINDOW_MS));
  const found: Conflict[] = [];
  for (const [at, later] of ascending.entries()) {
    if (!kept.has(later)) continue;
    for (let other = at - 1; other >= 0; other -= 1) {
      const earlier = ascending[other] as Version;
      if (found.length >= limit) return found;
      if (!kept.has(earlier)) continue;
      if ((at - other <= CONFLICT_REACH && crossed(earlier, later)) || contradict(earlier, later))
        found.push({ earlier: earlier.timestamp, later: later.timestamp });
    }
  }
  return found;
}
