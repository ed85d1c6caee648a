// While the local table throttles: what the peers' replicas know of this region, and the proof, kept in one of them, that it lives.
// Execution environments come and go. One that has just started would otherwise know neither the region's state nor for how long its
// table has throttled, and would take clients that an evacuation had sent away.
import { CONTROL_ID, presenceKey, type PresenceRecord, type StateRecord } from '@dr/contracts/system';
import { nextCount, type BadRecord } from '@dr/contracts/system/records';
import { joined, sighted, type AdmissionConstants, type Presence } from '@dr/failover';
import { DeadlineError, placeOf, TableError, withDeadline, type Clock, type Table } from '@dr/handler-core';
import { readControl } from './control';

/** The replica of a peer. */
export interface Replica {
  /** Short region name. */
  readonly name: string;
  readonly table: Table;
}

interface Found {
  readonly kind: 'read';
  /** This region's own record, as far as replication has brought it. */
  readonly record: StateRecord | undefined;
  /** What this environment and all others can prove together. */
  readonly presence: Presence | null;
}

export type Look = Found | { readonly kind: 'throttled' | 'unreadable'; readonly presence: Presence | null };

export interface LookOptions {
  readonly region: string;
  readonly regions: readonly string[];
  readonly mine: Presence | null;
  readonly constants: AdmissionConstants;
  readonly nowMs: number;
  readonly limitMs: number;
}

/** One read, and where the replica `keeps` the proof, a write when what is kept there is a heartbeat behind. */
export async function lookElsewhere(
  clock: Pick<Clock, 'after'>,
  replica: Replica,
  keeps: boolean,
  options: LookOptions,
): Promise<Look> {
  try {
    return await withDeadline(clock, options.limitMs, (signal) => readThere(replica, keeps, options, signal));
  } catch (error) {
    if (!(error instanceof TableError) && !(error instanceof DeadlineError)) throw error;
    const { mine, nowMs, constants } = options;
    const isThrottled = error instanceof TableError && error.kind === 'throttled';
    // A replica that throttles is there, and its region writes no more than this one.
    return isThrottled
      ? { kind: 'throttled', presence: sighted(mine, replica.name, undefined, nowMs, constants) }
      : { kind: 'unreadable', presence: mine };
  }
}

async function readThere(
  { name, table }: Replica,
  keeps: boolean,
  { region, regions, mine, constants, nowMs }: LookOptions,
  signal: AbortSignal,
): Promise<Found> {
  const { states, presences, badAt } = await readControl(table, region, regions, () => nowMs, signal);
  const recordOf = (of: string): StateRecord | undefined => states.find((state) => state.region === of);
  const kept = presences.find((presence) => presence.region === region);
  // Of another peer this replica may know less than has already arrived here.
  const told = recordOf(name)?.sequence;
  const presence = sighted(joined(mine, kept ?? null, constants), name, told, nowMs, constants);
  const isDue = keeps && presence !== null && presence.untilMs - (kept?.untilMs ?? -Infinity) >= constants.heartbeatMs;
  if (isDue) await keep(table, region, presence, kept, badAt(presenceKey(region)), signal);
  return { kind: 'read', record: recordOf(region), presence };
}

/** Puts the proof into a replica, so that other environments know it. */
export async function keep(
  table: Table,
  region: string,
  { sinceMs, untilMs, sights = {} }: Presence,
  before: PresenceRecord | undefined,
  spoiled: BadRecord | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { condition, version } = placeOf(before, spoiled, nextCount(before?.version ?? 0));
  const timestamp = presenceKey(region);
  const record: PresenceRecord = { id: CONTROL_ID, timestamp, region, version, sinceMs, untilMs, sights };
  try {
    // Refused: another environment has just told the same.
    await table.put({ ...record }, condition, signal);
  } catch (error) {
    // What was read is worth as much without it, and the next look tries again.
    if (!(error instanceof TableError)) throw error;
  }
}
