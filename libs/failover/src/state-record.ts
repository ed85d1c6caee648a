// A region's record when it is new, and from what its peers keep of it for the day somebody spoils it.
import { CONTROL_ID, stateKey, type RecordBackup, type StateRecord } from '@dr/contracts/system';

/** A region's record at a beat of which nothing is known but that the region is reached. */
export const newStateRecord = (region: string, beatAtMs: number): StateRecord => ({
  id: CONTROL_ID,
  timestamp: stateKey(region),
  region,
  version: 1,
  sequence: 1,
  beatAtMs,
  state: 'recovering',
  leaving: null,
  leavingSinceMs: null,
  closed: 0,
  reached: true,
  lastProbeAtMs: beatAtMs,
  grants: {},
});

/** What a peer keeps of a record that it has just read. */
export const backupOf = ({
  sequence,
  beatAtMs,
  lastProbeAtMs,
  state,
  closed,
  stateSinceMs,
}: StateRecord): RecordBackup => ({
  sequence,
  beatAtMs,
  lastProbeAtMs,
  state,
  closed,
  ...(stateSinceMs === undefined ? {} : { stateSinceMs }),
});

/**
 * What is known of a region whose record cannot be read: `mine`, as an execution environment remembers it, or a peer's newer backup.
 * What a backup leaves out begins anew: an order that was being obeyed is still open.
 */
export function bestKnown(
  region: string,
  mine: StateRecord | undefined,
  records: readonly StateRecord[],
): StateRecord | undefined {
  const backups = records.flatMap(({ memory }) => memory?.peers[region]?.backup ?? []);
  const newest = backups.sort((a, b) => b.sequence - a.sequence)[0];
  if (!newest || newest.sequence <= (mine?.sequence ?? 0)) return mine;
  const memory = mine?.memory ? { memory: mine.memory } : {};
  return { ...newStateRecord(region, newest.beatAtMs), ...newest, ...memory, version: newest.sequence, reached: false };
}
