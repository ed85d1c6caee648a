// The item API's four verbs over any replica: write a version, read the latest, read the history, write a tombstone.
import type { ItemVersion } from '@dr/contracts';
import { collapse, conflicts, IDEMPOTENCY_WINDOW_MS, nextStamp, parseStamp } from '@dr/failover';
import type { Clock, Table } from '@dr/handler-core';
import type { HistoryParameters } from './item-input';
import type { Operation } from './stores';

/** To find a retry, the versions of the window are read. */
const WINDOW_PAGE_VERSIONS = 100;
const MAX_WINDOW_PAGES = 8;
/** Versions read beyond a page of history, to name conflicts across its edge. */
const CONTEXT_VERSIONS = 20;
const MAX_NAMED_CONFLICTS = 50;
/** ALB refuses a response JSON above 1 MB. */
const MAX_HISTORY_BYTES = 900_000;

export interface Write {
  readonly id: string;
  readonly content: { readonly value: unknown } | { readonly deleted: true };
  readonly idempotencyKey?: string | undefined;
}

export interface Written {
  readonly version: ItemVersion;
  /** The key was known: nothing was written now. */
  readonly replayed: boolean;
}

export interface Origin {
  readonly region: string;
  readonly environment: string;
  readonly nextSequence: () => number;
}

/**
 * The write of one request. Its stamp is taken once: when the first replica fails after that, the second is given the same
 * version, so a write that happened at both is still one.
 */
export function writeVersion(clock: Pick<Clock, 'wallMs'>, origin: Origin, write: Write): Operation<Written> {
  const { id, content, idempotencyKey } = write;
  let version: ItemVersion | undefined;

  return async (table, signal) => {
    if (!version) {
      const newest = await newestOf(table, id, signal);
      const known =
        idempotencyKey === undefined ? undefined : await findKey(table, newest, idempotencyKey, clock.wallMs(), signal);
      if (known) return { version: known, replayed: true };
      // Past its deadline this call must not take the stamp that the next one will.
      signal.throwIfAborted();
      const previous = newest?.timestamp ?? null;
      const { region, environment, nextSequence } = origin;
      const timestamp = nextStamp({ region, environment, sequence: nextSequence() }, clock.wallMs(), previous);
      version = {
        id,
        timestamp,
        region,
        previous,
        ...content,
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      };
    }
    // A stamp is used by one request only: if the key is taken, an earlier try of this very write took it.
    await table.put({ ...version }, { kind: 'absent' }, signal);
    return { version, replayed: false };
  };
}

/** The latest version, a tombstone included; undefined when there is none. */
export const latestVersion =
  (id: string): Operation<ItemVersion | undefined> =>
  async (table, signal) => {
    const newest = await newestOf(table, id, signal);
    if (!newest) return undefined;
    const read = [newest];
    for (let page = 0; page < MAX_WINDOW_PAGES; page += 1) {
      const top = collapse(read, IDEMPOTENCY_WINDOW_MS)[0] ?? newest;
      const oldest = read.at(-1) ?? newest;
      // It may repeat a key of an older version; then that one stands in its place.
      if (top.idempotencyKey === undefined || atOf(oldest) < atOf(top) - IDEMPOTENCY_WINDOW_MS) return top;
      const more = await windowPage(table, top, oldest, signal);
      read.push(...more.versions);
      if (!more.next) return collapse(read, IDEMPOTENCY_WINDOW_MS)[0];
    }
    return collapse(read, IDEMPOTENCY_WINDOW_MS)[0];
  };

export interface HistoryEntry extends ItemVersion {
  /** Stamps of versions that crossed with this one: neither writer had seen the other. */
  readonly conflictsWith?: readonly string[];
}

export interface History {
  readonly versions: readonly HistoryEntry[];
  /** Give it as `before` for older versions. */
  readonly next?: string;
}

export const versionHistory =
  (id: string, { limit, before }: HistoryParameters): Operation<History> =>
  async (table, signal) => {
    const raw = await table.query(
      { id, ...(before === undefined ? {} : { before }), limit: limit + CONTEXT_VERSIONS },
      signal,
    );
    const read = raw.items.map(toVersion);
    const page = withinBytes(read.slice(0, limit));
    const older = await olderInWindow(table, page, read, signal);
    const all = [...read, ...older];
    const kept = new Set(collapse(all, IDEMPOTENCY_WINDOW_MS).map((version) => version.timestamp));
    const crossed = conflictsByStamp(all);
    const versions = page
      .filter((version) => kept.has(version.timestamp))
      .map((version) => {
        const conflictsWith = crossed.get(version.timestamp);
        return conflictsWith ? { ...version, conflictsWith } : version;
      });
    const last = page.at(-1);
    const isMore = page.length < read.length || raw.next !== undefined;
    return last && isMore ? { versions, next: last.timestamp } : { versions };
  };

async function newestOf(table: Table, id: string, signal: AbortSignal): Promise<ItemVersion | undefined> {
  const [newest] = (await table.query({ id, limit: 1 }, signal)).items;
  return newest && toVersion(newest);
}

/** The earliest version with this key, if it was written within the window. */
async function findKey(
  table: Table,
  newest: ItemVersion | undefined,
  key: string,
  nowMs: number,
  signal: AbortSignal,
): Promise<ItemVersion | undefined> {
  if (!newest || atOf(newest) < nowMs - IDEMPOTENCY_WINDOW_MS) return undefined;
  const from = new Date(nowMs - IDEMPOTENCY_WINDOW_MS).toISOString();
  let found = newest.idempotencyKey === key ? newest : undefined;
  let before: string | undefined = newest.timestamp;
  for (let page = 0; before !== undefined && page < MAX_WINDOW_PAGES; page += 1) {
    const { items, next }: Awaited<ReturnType<Table['query']>> = await table.query(
      { id: newest.id, from, before, limit: WINDOW_PAGE_VERSIONS },
      signal,
    );
    found =
      items
        .map(toVersion)
        .filter((version) => version.idempotencyKey === key)
        .at(-1) ?? found;
    before = next;
  }
  return found;
}

/** One more page of what lies within the window before `top`, older than `oldest`. */
async function windowPage(
  table: Table,
  top: ItemVersion,
  oldest: ItemVersion,
  signal: AbortSignal,
): Promise<{ versions: ItemVersion[]; next?: string | undefined }> {
  const from = new Date(Math.max(0, atOf(top) - IDEMPOTENCY_WINDOW_MS)).toISOString();
  const query = { id: top.id, from, before: oldest.timestamp, limit: WINDOW_PAGE_VERSIONS };
  const { items, next } = await table.query(query, signal);
  return { versions: items.map(toVersion), next };
}

/** What a page of history needs of older versions: the first uses of the keys that it shows. */
async function olderInWindow(
  table: Table,
  page: readonly ItemVersion[],
  read: readonly ItemVersion[],
  signal: AbortSignal,
): Promise<ItemVersion[]> {
  const oldestKeyed = page.filter((version) => version.idempotencyKey !== undefined).at(-1);
  const older: ItemVersion[] = [];
  let oldest = read.at(-1);
  for (let pages = 0; oldestKeyed && oldest && pages < MAX_WINDOW_PAGES; pages += 1) {
    const more = await windowPage(table, oldestKeyed, oldest, signal);
    older.push(...more.versions);
    oldest = more.next === undefined ? undefined : older.at(-1);
  }
  return older;
}

function conflictsByStamp(versions: readonly ItemVersion[]): ReadonlyMap<string, string[]> {
  const byStamp = new Map<string, string[]>();
  const note = (stamp: string, other: string): void => void byStamp.set(stamp, [...(byStamp.get(stamp) ?? []), other]);
  for (const { earlier, later } of conflicts(collapse(versions, IDEMPOTENCY_WINDOW_MS), MAX_NAMED_CONFLICTS)) {
    note(earlier, later);
    note(later, earlier);
  }
  return byStamp;
}

function withinBytes(versions: readonly ItemVersion[]): ItemVersion[] {
  let bytes = 0;
  const fitting = versions.findIndex(
    (version) => (bytes += Buffer.byteLength(JSON.stringify(version))) > MAX_HISTORY_BYTES,
  );
  return versions.slice(0, fitting < 0 ? versions.length : Math.max(1, fitting));
}

const toVersion = (item: { readonly id: string; readonly timestamp: string }): ItemVersion => item as ItemVersion;
const atOf = (version: ItemVersion): number => parseStamp(version.timestamp)?.atMs ?? 0;
