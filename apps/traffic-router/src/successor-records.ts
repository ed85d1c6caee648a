// Of two conditional writes of one region that have seen the same version, one succeeds: the last of them is on record, and the
// next is held against it. A table without transactions cannot make a new version depend on the newest one.
import { successorRecordId, type SuccessorRecord } from '@dr/contracts/system';
import type { Table } from '@dr/handler-core';
import { versionAt } from './item-reads';

/** A writer that has named the version that it follows has written by then, or never will. */
const PATIENCE_MS = 5_000;

export interface Successor {
  readonly id: string;
  /** The version that was found to be the latest; null: none. */
  readonly after: string | null;
  readonly stamp: string;
  readonly atMs: number;
  /** A retry takes over what its first try had begun. */
  readonly key?: string | undefined;
}

/** `taken`: another write follows the version. `missed`: another one got in between; look again. `replica`: its region. */
export async function claimSuccessor(
  table: Table,
  replica: string,
  { id, after, stamp, atMs, key }: Successor,
  signal: AbortSignal,
): Promise<'claimed' | 'taken' | 'missed'> {
  const recordId = successorRecordId(id);
  const query = { id: recordId, from: replica, before: `${replica} `, limit: 1 };
  const [known] = (await table.query(query, signal)).items as unknown as readonly SuccessorRecord[];
  // A record that is none of ours keeps nobody from writing.
  if (known && !isSuccessorRecord(known)) return 'claimed';
  const isMine = key !== undefined && known?.key === key;
  if (known && known.after === after && !isMine) {
    const isUnderWay = Math.abs(atMs - known.atMs) < PATIENCE_MS;
    if (isUnderWay || (await versionAt(table, id, known.stamp, signal))) return 'taken';
  }
  const record: SuccessorRecord = {
    id: recordId,
    timestamp: replica,
    version: (known?.version ?? 0) + 1,
    after,
    stamp,
    atMs,
    ...(key === undefined ? {} : { key }),
  };
  const condition = known ? ({ kind: 'version', version: known.version } as const) : ({ kind: 'absent' } as const);
  return (await table.put({ ...record }, condition, signal)) === 'written' ? 'claimed' : 'missed';
}

const isSuccessorRecord = ({ version, after, stamp, atMs }: SuccessorRecord): boolean =>
  typeof version === 'number' &&
  (after === null || typeof after === 'string') &&
  typeof stamp === 'string' &&
  typeof atMs === 'number';
