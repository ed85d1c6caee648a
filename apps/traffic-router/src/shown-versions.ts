// Which versions of an item are shown, and which of them are in conflict: the one place that decides it, for the latest version as
// for every page of the history.
import type { ItemVersion } from '@dr/contracts/system';
import { CONFLICT_REACH, crossed } from '@dr/failover';
import { MAX_RESPONSE_BYTES, bytesInResponse } from '@dr/handler-core';
import type { HistoryParameters } from './item-input';
import { newerFrom, olderThan, pageOlderThan, textOf, type Run } from './item-reads';
import { createJudge } from './repeats';
import type { Operation } from './stores';
import { ENVELOPE_BYTES, type Records, type Replica } from './stored-records';

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
  (records: Records, id: string): Operation<ItemVersion | undefined> =>
  (table, signal, region) =>
    latestOf({ region, table, signal, records }, id);

export async function latestOf(replica: Replica, id: string): Promise<ItemVersion | undefined> {
  let before: string | undefined;
  for (let count = 1; ; count = CHUNK) {
    const { fit: versions, ended }: Run = await olderThan(replica, { id, before }, count);
    const [newest] = versions;
    // Only what was written with a key can repeat an earlier version.
    if (newest && newest.idempotencyKey === undefined) return newest;
    const { isShown } = createJudge(replica, id, { versions, whole: before === undefined && ended });
    const judged = await Promise.all(versions.map(isShown));
    const shown = versions.find((_, at) => judged[at]);
    if (shown || ended) return shown;
    before = versions.at(-1)?.timestamp;
  }
}

export const versionHistory =
  (records: Records, id: string, { limit, before }: HistoryParameters): Operation<History> =>
  async (table, signal, region) => {
    const replica = { region, table, signal, records };
    const versions: ShownVersion[] = [];
    let next = before;
    let bytes = MAX_RESPONSE_BYTES - ENVELOPE_BYTES;
    for (;;) {
      const count = limit - versions.length;
      const { shown, ended } = await readPage(replica, { id, before: next, count, bytes });
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
    deleted,
    conflictsWith: conflictsWith.length > 0 ? conflictsWith : undefined,
  });
  return deleted ? fields : `${fields.slice(0, -1)},"value":${textOf(version)}}`;
}

interface JudgedEntry extends ShownVersion {
  readonly isShown: boolean;
}

async function readPage(
  replica: Replica,
  request: { readonly id: string; readonly before: string | undefined; readonly count: number; readonly bytes: number },
): Promise<{ readonly shown: readonly JudgedEntry[]; readonly ended: boolean }> {
  const { id, before } = request;
  const [newer, older] = await Promise.all([
    before === undefined ? { fit: [], ended: true } : newerFrom(replica, id, before),
    pageOlderThan(replica, request),
  ]);
  const { page } = older;
  const around = [...newer.fit, ...older.fit];
  const { isShown, contradictions } = createJudge(replica, id, { versions: around, whole: newer.ended && older.ended });
  const shown = await Promise.all(
    page.map(async (version, at) => {
      if (!(await isShown(version))) return { version, isShown: false, conflictsWith: [] };
      const met = metBy(around, newer.fit.length + at);
      const areShown = await Promise.all(met.map(isShown));
      const stamps = [...met.filter((_, place) => areShown[place]), ...(await contradictions(version))];
      const conflictsWith = [...new Set(stamps.map(({ timestamp }) => timestamp))].sort();
      return { version, isShown: true, conflictsWith };
    }),
  );
  return { shown, ended: older.ended && page.length === older.fit.length };
}

/** The versions that the one at `place` crossed. */
function metBy(versions: readonly ItemVersion[], place: number): ItemVersion[] {
  const version = versions[place] as ItemVersion;
  return versions
    .slice(Math.max(0, place - CONFLICT_REACH), place + CONFLICT_REACH + 1)
    .filter((other) => crossed(other, version) || crossed(version, other));
}
