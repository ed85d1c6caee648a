// While the local table throttles: what the peers' replicas know of this region, and the proof, kept in one of them, that it lives.
// Execution environments come and go. One that has just started would otherwise know neither the region's state nor for how long its
// table has throttled, and would take clients that an evacuation had sent away.
import { CONTROL_ID, presenceKey, type PresenceRecord, type StateRecord } from '@dr/contracts/system';
import { nextCount, type BadRecord } from '@dr/contracts/system/records';
import { joined, sighted, type Presence } from '@dr/failover';
import { DeadlineError, placeOf, TableError, withDeadline, type Cancellation, type Table } from '@dr/handler-core';
import { readControl } from './control';
import type { Question } from './memory';
import type { Replica } from './ports';

interface Found {
  readonly kind: 'read';
  readonly replica: Replica;
  /** This region's own record, as far as replication has brought it. */
  readonly record: StateRecord | undefined;
  /** What this environment and all others can prove together. */
  readonly presence: Presence | null;
  /** The proof as the replica holds it. */
  readonly kept: PresenceRecord | undefined;
  /** It is there and cannot be read. */
  readonly spoiled: BadRecord | undefined;
}

type Look = Found | { readonly kind: 'throttled' | 'unreadable'; readonly presence: Presence | null };

interface LookOptions {
  readonly nowMs: number;
  readonly limitMs: number;
}

export async function lookElsewhere(question: Question, replica: Replica, options: LookOptions): Promise<Look> {
  const { clock, constants, memory } = question;
  const mine = memory.presence;
  try {
    return await withDeadline(clock, options.limitMs, (signal) => readThere(question, mine, replica, options, signal));
  } catch (error) {
    if (!(error instanceof TableError) && !(error instanceof DeadlineError)) throw error;
    const isThrottled = error instanceof TableError && error.kind === 'throttled';
    // A replica that throttles is there, and its region writes no more than this one.
    return isThrottled
      ? { kind: 'throttled', presence: sighted(mine, replica.name, undefined, options.nowMs, constants) }
      : { kind: 'unreadable', presence: mine };
  }
}

async function readThere(
  { region, peers, constants }: Question,
  mine: Presence | null,
  replica: Replica,
  { nowMs }: LookOptions,
  signal: Cancellation,
): Promise<Found> {
  const { name, table } = replica;
  const regions = [region, ...peers.map((peer) => peer.name)];
  const { states, presences, badAt } = await readControl(table, region, regions, () => nowMs, signal);
  const recordOf = (of: string): StateRecord | undefined => states.find((state) => state.region === of);
  const kept = presences.find((presence) => presence.region === region);
  // Of another peer this replica may know less than has already arrived here.
  const told = recordOf(name)?.sequence;
  const presence = sighted(joined(mine, kept ?? null, constants), name, told, nowMs, constants);
  return { kind: 'read', replica, record: recordOf(region), presence, kept, spoiled: badAt(presenceKey(region)) };
}

/**
 * Writes the proof of presence into one replica once all replicas have answered, if the one that is kept there is a heartbeat old. Written
 * sooner, it would lack what the slower replicas say of their regions, and an environment that starts from it would take them for silent.
 */
export async function keepElsewhere(
  { clock, region, constants, memory: { presence } }: Question,
  { replica: { table }, kept, spoiled }: Found,
  limitMs: number,
): Promise<void> {
  const isDue = presence !== null && presence.untilMs - (kept?.untilMs ?? -Infinity) >= constants.heartbeatMs;
  if (!isDue || limitMs <= 0) return;
  try {
    await withDeadline(clock, limitMs, (signal) => keep(table, region, presence, kept, spoiled, signal));
  } catch (error) {
    // It is kept at the next look.
    if (!(error instanceof DeadlineError)) throw error;
  }
}

/** Puts the proof into a replica, so that other environments know it. */
export async function keep(
  table: Table,
  region: string,
  { sinceMs, untilMs, sights = {} }: Presence,
  before: PresenceRecord | undefined,
  spoiled: BadRecord | undefined,
  signal: Cancellation,
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
