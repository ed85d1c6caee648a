// While the local table throttles: what the peer's replica knows of this region, and the proof, kept there, that it lives.
// Environments come and go; one that has just started would otherwise know neither the region's state nor for how long its
// table has throttled, and take clients that an evacuation had sent away.
import { CONTROL_ID, presenceKey, type PresenceRecord, type StateRecord } from '@dr/contracts';
import { joined, type AdmissionConstants, type Presence } from '@dr/failover';
import { TableError, type Table } from '@dr/handler-core';
import { readControlRecords } from './control-records';

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
  mine: Presence | null,
  constants: AdmissionConstants,
  signal: AbortSignal,
): Promise<Elsewhere> {
  const { states, presences } = await readControlRecords(table, signal);
  const record = states.find((state) => state.region === region);
  const kept = presences.find((presence) => presence.region === region);
  const presence = joined(mine, kept ?? null, constants);
  const isDue = presence !== null && presence.untilMs - (kept?.untilMs ?? -Infinity) >= constants.heartbeatMs;
  if (isDue) await keep(table, region, presence, kept, signal);
  return { record, presence };
}

async function keep(
  table: Table,
  region: string,
  { sinceMs, untilMs }: Presence,
  before: PresenceRecord | undefined,
  signal: AbortSignal,
): Promise<void> {
  const version = (before?.version ?? 0) + 1;
  const record: PresenceRecord = { id: CONTROL_ID, timestamp: presenceKey(region), region, version, sinceMs, untilMs };
  const condition = before ? ({ kind: 'version', version: before.version } as const) : ({ kind: 'absent' } as const);
  try {
    // Refused: another environment has just told the same.
    await table.put({ ...record }, condition, signal);
  } catch (error) {
    // What was read is worth as much without it, and the next look tries again.
    if (!(error instanceof TableError)) throw error;
  }
}
