// Control records where others may have written too: read at a bounded cost, written over if unreadable, and people are told.
import { CONTROL_ID, METRICS } from '@dr/contracts/system';
import type { BadRecord } from '@dr/contracts/system/records';
import type { Cancellation } from './cancellation';
import type { Item, PutCondition, Table, TableQuery, Telemetry } from './ports';

/** The one record with that key: `before` is the smallest text above it, and left out. */
export const exactly = (id: string, key: string): TableQuery => ({ id, from: key, before: `${key}\u0000`, limit: 2 });

export interface ControlRange {
  readonly from: string;
  readonly before: string;
  /** Keys that the reader has a use for. */
  readonly keys: readonly string[];
}

/** A collection has other regions' records as well: orders about each other, one for each pair. */
const limitFor = (keys: readonly string[]): number => 200 + keys.length ** 2;

/** One Query; where it finds more than a system writes, the reader's own records one by one. Rejects as the table does. */
export async function queryControl(
  table: Table,
  { from, before, keys }: ControlRange,
  signal?: Cancellation,
): Promise<{ readonly items: readonly Item[]; readonly bad: readonly BadRecord[] }> {
  const { items, next } = await table.query({ id: CONTROL_ID, from, before, limit: limitFor(keys) }, signal);
  if (next === undefined) return { items, bad: [] };
  const each = await Promise.all(keys.map((key) => table.query(exactly(CONTROL_ID, key), signal)));
  const why = `there are more records from ${from} to ${before} than this system writes`;
  return { items: each.flatMap((page) => page.items), bad: [{ key: from, why, version: undefined }] };
}

/** How to put a record of `version` in the place of what was read there: a record of ours, a bad one, or none. */
export function placeOf(
  stored: { readonly version: number } | undefined,
  bad: BadRecord | undefined,
  version: number,
): { readonly condition: PutCondition; readonly version: number } {
  // Nobody can tell a bad record from the one that replaces it but by its version.
  if (bad && !stored) {
    const fresh = bad.version === version ? version + 1 : version;
    return { condition: { kind: 'unless-version', version: fresh }, version: fresh };
  }
  return { condition: stored ? { kind: 'version', version: stored.version } : { kind: 'absent' }, version };
}

const MAX_NAMED = 10;
const MAX_KEY = 200;

/** Once an execution environment. Counts bad records whenever there are any, and names them whenever they change. */
export function badRecordTeller(telemetry: Telemetry): (bad: readonly BadRecord[]) => void {
  let told = '[]';
  return (bad) => {
    if (bad.length > 0) telemetry.gauge(METRICS.badRecords, bad.length);
    const named = bad.slice(0, MAX_NAMED).map(({ key, why }) => ({ key: key.slice(0, MAX_KEY), why }));
    const text = JSON.stringify(named);
    if (text === told) return;
    told = text;
    telemetry.log(bad.length > 0 ? 'WARN' : 'INFO', 'control records that cannot be read', {
      records: named,
      count: bad.length,
    });
  };
}
