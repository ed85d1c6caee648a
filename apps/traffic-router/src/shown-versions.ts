// Which versions of an item are shown, and which of them are in conflict: the one place that decides it, for the latest version as
// for every page of the history.
import type { ItemVersion } from '@dr/contracts/system';
import { collapse, CONFLICT_REACH, contradict, crossed, IDEMPOTENCY_WINDOW_MS, shareKey } from '@dr/failover';
import { MAX_RESPONSE_BYTES, bytesInResponse, type Table } from '@dr/handler-core';
import { newerFrom, olderThan, pageOlderThan, textOf, versionAt, type Run } from './item-reads';
import { readKeyUses } from './key-records';
import type { HistoryParameters } from './item-input';
import type { Operation } from './stores';

/** Status, headers, and all of a history that is no version. */
const ENVELOPE_BYTES = 4_000;
/** Versions read at once when the newest ones are all repeats. */
const CHUNK = 20;

export interface ShownVersion {
  readonly version: ItemVersion;
  /** Stamps of versions in conflict with it, oldest first. */
  readonly conflictsWith: readonly string[];
}

export interface History {
  readonly versions: readonly ShownVersion[];
  /** Give it as `before` for older versions. */
  readonly next?: string;
}

/** The latest version, a tombstone included; undefined when there is none. The first of the history. */
export const latestVersion =
  (id: string): Operation<ItemVersion | undefined> =>
  async (table, signal) => {
    let before: string | undefined;
    for (let count = 1; ; count = CHUNK) {
      const { versions, ended }: Run = await olderThan(table, { id, before, count }, signal);
      const judge = createJudge(table, id, { versions, whole: before === undefined && ended }, signal);
      const judged = await Promise.all(versions.map(judge));
      const shown = versions.find((_, at) => judged[at]?.isShown);
      if (shown || ended) return shown;
      before = versions.at(-1)?.timestamp;
    }
  };

export const versionHistory =
  (id: string, { limit, before }: HistoryParameters): Operation<History> =>
  async (table, signal) => {
    const versions: ShownVersion[] = [];
    let next = before;
    let bytes = MAX_RESPONSE_BYTES - ENVELOPE_BYTES;
    for (;;) {
      const count = limit - versions.length;
      const { shown, ended } = await readPage(table, { id, before: next, count, bytes }, signal);
      for (const { version, isShown, conflictsWith } of shown) {
        if (isShown) {
          bytes -= bytesInResponse(entryText({ version, conflictsWith })) + 1;
          if (bytes < 0 && versions.length > 0) return { versions, ...(next === undefined ? {} : { next }) };
          versions.push({ version, conflictsWith });
        }
        next = version.timestamp;
      }
      if (ended || shown.length === 0) return { versions };
      if (versions.length >= limit) return { versions, ...(next === undefined ? {} : { next }) };
    }
  };

/** As JSON. What was sent is put in as it is; neither a caller's key nor what the writer had seen is shown. */
export function entryText({
  version,
  conflictsWith = [],
}: Pick<ShownVersion, 'version'> & Partial<ShownVersion>): string {
  const { id, timestamp, region, deleted } = version;
  const fields = JSON.stringify({
    id,
    timestamp,
    region,
    ...(deleted ? { deleted } : {}),
    ...(conflictsWith.length > 0 ? { conflictsWith } : {}),
  });
  return deleted ? fields : `${fields.slice(0, -1)},"value":${textOf(version)}}`;
}

interface Judged {
  readonly version: ItemVersion;
  /** It repeats no earlier version. */
  readonly isShown: boolean;
  /** Stamps of shown versions with its key and another content. */
  readonly contradicts: readonly string[];
}

interface JudgedEntry extends ShownVersion {
  readonly isShown: boolean;
}

async function readPage(
  table: Table,
  request: { readonly id: string; readonly before: string | undefined; readonly count: number; readonly bytes: number },
  signal: AbortSignal,
): Promise<{ readonly shown: readonly JudgedEntry[]; readonly ended: boolean }> {
  const { id, before } = request;
  const [newer, older] = await Promise.all([
    before === undefined ? { versions: [], ended: true } : newerFrom(table, id, before, signal),
    pageOlderThan(table, request, signal),
  ]);
  const { page } = older;
  const around = [...newer.versions, ...older.versions];
  const judge = createJudge(table, id, { versions: around, whole: newer.ended && older.ended }, signal);
  const shown = await Promise.all(
    page.map(async (version, at) => {
      const { isShown, contradicts } = await judge(version);
      if (!isShown) return { version, isShown, conflictsWith: [] };
      const met = await Promise.all(metBy(around, newer.versions.length + at).map(judge));
      const stamps = met.filter((other) => other.isShown).map((other) => other.version.timestamp);
      return { version, isShown, conflictsWith: [...new Set([...stamps, ...contradicts])].sort() };
    }),
  );
  return { shown, ended: older.ended && page.length === older.versions.length };
}

/** The versions that the one at `place` crossed. */
function metBy(versions: readonly ItemVersion[], place: number): ItemVersion[] {
  const version = versions[place] as ItemVersion;
  return versions
    .slice(Math.max(0, place - CONFLICT_REACH), place + CONFLICT_REACH + 1)
    .filter((other) => crossed(other, version) || crossed(version, other));
}

/** Each version is judged once. `whole`: `versions` are all that there are of the item. */
function createJudge(
  table: Table,
  id: string,
  { versions, whole }: { readonly versions: readonly ItemVersion[]; readonly whole: boolean },
  signal: AbortSignal,
): (version: ItemVersion) => Promise<Judged> {
  const relatives = new Map<string, Promise<readonly ItemVersion[]>>();
  const relativesOf = (key: string): Promise<readonly ItemVersion[]> => {
    const near = versions.filter(({ idempotencyKey }) => idempotencyKey === key);
    const found = relatives.get(key) ?? (whole ? Promise.resolve(near) : withFar(table, id, key, near, signal));
    relatives.set(key, found);
    return found;
  };
  return async (version) => {
    const { idempotencyKey: key } = version;
    if (key === undefined) return { version, isShown: true, contradicts: [] };
    const related = (await relativesOf(key)).filter((other) => shareKey(version, other));
    const shown = collapse(await relativesOf(key), IDEMPOTENCY_WINDOW_MS);
    return {
      version,
      isShown: shown.some(({ timestamp }) => timestamp === version.timestamp),
      contradicts: related
        .filter((other) => shown.includes(other) && contradict(version, other))
        .map((o) => o.timestamp),
    };
  };
}

/** Versions of the item with this key, however far away: the key's records name them. */
async function withFar(
  table: Table,
  id: string,
  key: string,
  near: readonly ItemVersion[],
  signal: AbortSignal,
): Promise<readonly ItemVersion[]> {
  const known = new Set(near.map(({ timestamp }) => timestamp));
  const uses = (await readKeyUses(table, key, signal)).uses.filter(({ itemId }) => itemId === id);
  const missing = [...new Set(uses.map(({ stamp }) => stamp))].filter((stamp) => !known.has(stamp));
  const far = await Promise.all(missing.map((stamp) => versionAt(table, id, stamp, signal)));
  return [...near, ...far.flatMap((version) => version ?? [])];
}
