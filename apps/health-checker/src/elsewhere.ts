// While the local table throttles: what the peer's replica knows of this region, and the proof, kept there, that it lives.
// Environments come and go; one that has just started would otherwise know neither the region's state nor for how long its
// table has throttled, and take clients that an evacuation had sent away.
import { CONTROL_ID, presenceKey, type PresenceRecord, type StateRecord } from '@dr/contracts/system';
import { nextCount, type BadRecord } from '@dr/contracts/system/records';
import { joined, sighted, type AdmissionConstants, type Presence } from '@dr/failover';
import { placeOf, TableError, type Table } from '@dr/handler-core';
import { readControl } from './control';

export interface Elsewhere {
  /** This region's own record, as far as replication has brought it. */
  readonly record: StateRecord | undefined;
  /** What this environment and all others can prove together. */
  readonly presence: Presence | null;
}

/** One read, and a write if what is kept there is a heartbeat behind. Rejects with TableError when the peer's table takes no read. */
export async function lookElsewhere(
  table: Table,
  region: string,
  peers: readonly string[],
  mine: Presence | null,
  constants: AdmissionConstants,
  nowMs: number,
  signal: AbortSignal,
): Promise<Elsewhere> {
  const { states, presences, badAt } = await readControl(table, region, [region, ...peers], () => nowMs, signal);
  const record = states.find((state) => state.region === region);
  const kept = presences.find((presence) => presence.region === region);
  const told = Object.fromEntries(states.map((state) => [state.region, state.sequence]));
  const presence = sighted(joined(mine, kept ?? null, constants), peers, told, nowMs, constants);
  const isDue = presence !== null && presence.untilMs - (kept?.untilMs ?? -Infinity) >= constants.heartbeatMs;
  if (isDue) await keep(table, region, presence, kept, badAt(presenceKey(region)), signal);
  return { record, presence };
}

async function keep(
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
