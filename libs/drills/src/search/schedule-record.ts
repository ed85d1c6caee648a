// What the run of a schedule leaves behind, and questions that every check asks of it. Plain data.
import { GLOBAL_REGION, LOSS_KINDS, type Fault, type FaultKind } from '@dr/contracts';
import { endSeconds, type OrderAction, type Schedule } from '../schedule';
import type { RunRecord } from '../run-record';
import type { UnreplicatedWrite } from '../twin-port';

/** A region is lost: what its replication layer held back at that instant. */
export interface Loss {
  readonly fault: Fault;
  readonly unreplicated: readonly UnreplicatedWrite[];
}

export interface GivenOrder {
  readonly action: OrderAction;
  /** null: the region that was to take it did not answer, so nothing was ordered. */
  readonly number: number | null;
  readonly expiresAtMs: number;
}

/** What the item API of one region shows of an item whose writes were retried. */
export interface Audit {
  readonly region: string;
  readonly itemId: string;
  /** Newest first; null: the region did not answer. */
  readonly versions: readonly { readonly timestamp: string; readonly keyUse?: string }[] | null;
}

export interface ScheduleRecord extends Pick<
  RunRecord,
  'events' | 'regions' | 'domain' | 'settings' | 'replicas' | 'announcedAlarms' | 'authenticated'
> {
  readonly schedule: Schedule;
  readonly losses: readonly Loss[];
  readonly orders: readonly GivenOrder[];
  /** Clients sent until then. */
  readonly loadEndMs: number;
  readonly endMs: number;
  /** What was not yet at rest at the end; empty: all was quiet. */
  readonly unquiet: readonly string[];
  readonly audits: readonly Audit[];
}

export const startMs = (fault: Fault): number => fault.startSeconds * 1000;
export const endMs = (fault: Fault): number => endSeconds(fault) * 1000;

/** From then on nothing is broken and nothing more is ordered. */
export const calmFromMs = ({ schedule }: ScheduleRecord): number =>
  Math.max(0, ...schedule.faults.map(endMs), ...schedule.orders.map(({ atSeconds }) => atSeconds * 1000));

/** Before then nothing was. */
export const calmUntilMs = ({ schedule, endMs: end }: ScheduleRecord): number =>
  Math.min(end, ...schedule.faults.map(startMs), ...schedule.orders.map(({ atSeconds }) => atSeconds * 1000));

/** Faults that were in force at some time between the two, ends included. */
export const faultsBetween = (
  { schedule }: Pick<ScheduleRecord, 'schedule'>,
  fromMs: number,
  toMs: number,
  kinds?: readonly FaultKind[],
): readonly Fault[] =>
  schedule.faults.filter(
    (fault) => startMs(fault) <= toMs && endMs(fault) >= fromMs && (kinds === undefined || kinds.includes(fault.kind)),
  );

/** The region runs nothing at that instant: it can neither serve nor send. */
export function isDownAt(record: Pick<ScheduleRecord, 'schedule'>, region: string, atMs: number): boolean {
  return record.schedule.faults.some((fault) => {
    // At the very instant of the fault what was under way has just been done.
    if (atMs <= startMs(fault) || atMs >= endMs(fault)) return false;
    if (fault.kind === 'us-east-1-down') return region === GLOBAL_REGION;
    return fault.region === region && LOSS_KINDS.includes(fault.kind);
  });
}

/** The record as a drill of one of its faults would have left it. */
export function asRun(
  record: ScheduleRecord,
  fault: Fault,
  unreplicatedAtLoss: readonly UnreplicatedWrite[] = [],
): RunRecord {
  const { events, regions, domain, settings, replicas, announcedAlarms, authenticated } = record;
  return {
    events,
    regions,
    domain,
    settings,
    replicas,
    announcedAlarms,
    authenticated,
    unreplicatedAtLoss,
    stoppedBeforeFault: false,
    scenario: {
      fault,
      objective: { rtoSeconds: Infinity, rpoSeconds: Infinity },
      workload: { clients: 0, requestsPerSecond: 0, writeShare: 0 },
    },
  };
}

/** A fault in no region at no time: for checks that look at no fault. */
export const NO_FAULT: Fault = { kind: 'clock-skew', region: GLOBAL_REGION, startSeconds: 0, durationSeconds: 0 };
