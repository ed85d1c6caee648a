// Of two conditional writes of one region that have seen the same version, one succeeds: the last of them is on record, and the
// next is held against it. A table without transactions cannot make a new version depend on the newest one.
import { successorRecordId, type SuccessorRecord } from '@dr/contracts/system';
import { nextCount, type BadRecord } from '@dr/contracts/system/records';
import { exactly, placeOf } from '@dr/handler-core';
import { versionAt } from './item-reads';
import { latestOf } from './shown-versions';
import type { Replica } from './stored-records';

/** A writer that has named the version that it follows has written by then, or never will. */
const PATIENCE_MS = 5_000;

export interface Successor {
  readonly id: string;
  /** The version that was found to be the latest; null: none. */
  readonly after: string | null;
  readonly stamp: string;
  readonly atMs: number;
  /** Of its idempotency key and its request. */
  readonly key?: string | undefined;
}

/** What stands in the place of an item's successor. */
export interface Place {
  readonly record: SuccessorRecord | undefined;
  readonly bad: BadRecord | undefined;
}

/** To be read before the latest version is: then whoever claims in between is noticed. */
export async function successorOf({ region, table, signal, records }: Replica, id: string): Promise<Place> {
  const { items } = await table.query(exactly(successorRecordId(id), region), signal);
  return records.successor(items[0]);
}

/** `taken`: another write follows the version. `missed`: another one got in between; look again. */
export async function claimSuccessor(
  replica: Replica,
  place: Place,
  successor: Successor,
): Promise<'claimed' | 'taken' | 'missed'> {
  const { record } = place;
  const { id, after, atMs } = successor;
  if (record && record.after === after && !isBy(record, successor.key)) {
    if (Math.abs(atMs - record.atMs) < PATIENCE_MS) return 'taken';
    // It may have been stored since the latest version was read; or it is there and not shown, as it repeats an earlier one.
    const isStored = await versionAt(replica, id, record.stamp);
    if (isStored && ((await latestOf(replica, id))?.timestamp ?? null) !== after) return 'missed';
  }
  return put(replica, place, successor);
}

/**
 * For a retry of a write whose version is not there: whether nobody has followed the version in its place. `lost`: somebody may
 * have. Until the version is written, others find it under way.
 */
export async function renewSuccessor(replica: Replica, successor: Successor): Promise<'claimed' | 'lost' | 'missed'> {
  const place = await successorOf(replica, successor.id);
  if (place.record?.after !== successor.after || !isBy(place.record, successor.key)) return 'lost';
  return put(replica, place, successor);
}

const isBy = (record: SuccessorRecord, key: string | undefined): boolean => key !== undefined && record.key === key;

async function put(
  { region, table, signal }: Replica,
  { record, bad }: Place,
  { id, after, stamp, atMs, key }: Successor,
): Promise<'claimed' | 'missed'> {
  const { condition, version } = placeOf(record, bad, nextCount(record?.version ?? 0));
  const next: SuccessorRecord = {
    id: successorRecordId(id),
    timestamp: region,
    version,
    after,
    stamp,
    atMs,
    ...(key === undefined ? {} : { key }),
  };
  return (await table.put({ ...next }, condition, signal)) === 'written' ? 'claimed' : 'missed';
}
