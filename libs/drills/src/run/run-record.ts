// Reading what a run leaves behind: requests, items, faults and their times.
import { GLOBAL_REGION, LOSS_KINDS, shareOf, type Fault, type FaultKind } from '@dr/contracts';
import { predict } from '@dr/failover';
import { Sequence } from '@dr/event-log';
import { fnv1a, type EventOf, type TwinEvent } from '@dr/twin';
import type { Objective } from '../schedule/scenario';
import { calmFromSeconds, endSeconds } from '../schedule/schedule';
import type { Events, FaultPromise, ReplicaItem, RequestEvent, RunRecord, VersionName } from '../system-under-drill';

/** A run, looked at from one of its faults. */
export interface FaultRun extends RunRecord {
  readonly fault: Fault;
}

/** Of a drill, which is held to an objective. */
export interface DrillRun extends FaultRun {
  readonly objective: Objective;
}

export const ofFault = (run: RunRecord, fault: Fault): FaultRun => ({ ...run, fault });

/** Requests of these clients carry no key: they test the lock and count in no measurement. */
export const UNAUTHENTICATED_CLIENT = 'unauthenticated';

export const faultStartMs = (run: FaultRun): number => startMs(run.fault);
export const healMs = (run: FaultRun): number => endMs(run.fault);

/** Gone through one by one: a long run has more requests than fit into memory at once. */
export function ofKind<K extends TwinEvent['kind']>(events: Events, kind: K): Sequence<EventOf<K>> {
  return events.each?.(kind) ?? Sequence.of(events).where((event): event is EventOf<K> => event.kind === kind);
}

/** Requests of clients that carry a key, of every population, in order of completion. */
export const clientRequests = (run: Pick<RunRecord, 'events'>): Sequence<RequestEvent> =>
  ofKind(run.events, 'request').where((request) => !request.client.startsWith(UNAUTHENTICATED_CLIENT));

/** Of those that honour the TTL and open a new connection: the clients that the promise is about. */
export const promisedRequests = (run: Pick<RunRecord, 'events'>): Sequence<RequestEvent> =>
  clientRequests(run).where(({ population }) => population === undefined);

/** Not one that was refused, however rightly. */
export const isAcknowledgedWrite = ({ outcome, method, status = 200 }: RequestEvent): boolean =>
  outcome === 'ok' && method !== 'GET' && status < 300;

export const versionKey = ({ id, timestamp }: VersionName): string => `${id}\n${timestamp}`;

/** Keys of the versions of so many events fit into memory at once. */
const PART_EVENTS = 262_144;

/** Holds for the ids of one part. */
export type Part = (id: string) => boolean;

/** Versions of a long run are looked at in parts, by their ids: the keys of only one part are in memory. An ordinary run is one part. */
export function partsOf({ events }: Pick<RunRecord, 'events'>, partEvents = PART_EVENTS): readonly Part[] {
  const count = Math.ceil(events.length / partEvents);
  if (count <= 1) return [() => true];
  return Array.from({ length: count }, (_, part) => (id) => (fnv1a(id) >>> 0) % count === part);
}

/** Those of `keys` that none of `versions` has. */
export function lackedBy(versions: Iterable<VersionName>, keys: Iterable<string>): Set<string> {
  const lacked = new Set(keys);
  for (const version of versions) lacked.delete(versionKey(version));
  return lacked;
}

/** What clients have stored anywhere, each version once, at the end. */
export function storedVersions(run: RunRecord): readonly ReplicaItem[] {
  const versions = run.regions.flatMap((region) =>
    clientItems(run, region).map((item) => [versionKey(item), item] as const),
  );
  return [...new Map(versions).values()];
}

/** What clients have stored in the region's replica, at the end. */
export const clientItems = ({ replicas, system }: RunRecord, region: string): Sequence<ReplicaItem> =>
  Sequence.of(replicas[region] ?? []).where((item) => system.isClientData(item));

/** Of a fault that strikes a share of its calls nothing is promised but what it leaves alone. */
export function promiseOf(
  { system }: Pick<RunRecord, 'system'>,
  { kind, functionName, intensity = 1 }: Pick<Fault, 'kind' | 'functionName' | 'intensity'>,
): FaultPromise {
  const promise = system.promises(kind, functionName);
  if (intensity >= 1) return promise;
  const { unfelt, silent, probeSeconds } = promise;
  return { affectsClients: false, movesTraffic: false, unfelt, silent, probeSeconds, open: true };
}

/** It strikes some of its calls and lets others through. */
export const isPartial = (fault: Fault): boolean => shareOf(fault) < 1;

export const seconds = (ms: number): number => Math.round(ms) / 1000;

export const startMs = (fault: Fault): number => fault.startSeconds * 1000;
export const endMs = (fault: Fault): number => endSeconds(fault) * 1000;

/** From then on nothing is broken but what is gone for good, and nothing more is ordered. */
export const calmFromMs = ({ schedule }: RunRecord): number => calmFromSeconds(schedule) * 1000;

/**
 * [A] From the time at which the last thing happens until a region that was itself out of service then takes its clients again: it must
 * first find that it is the last one.
 */
const RETURNS_ALONE_SECONDS = 60;

/**
 * Until then clients of a region that is gone for good may be without service: the others take them over once Route 53 has moved them,
 * and what else has been done to those others may first have to come to its end. 0: no region is gone.
 */
export function movedBySeconds({ schedule, settings }: Pick<RunRecord, 'schedule' | 'settings'>): number {
  if (goneRegions({ schedule }).length === 0) return 0;
  const { faults, orders } = schedule;
  const returns = faults.length + orders.length > 1 ? RETURNS_ALONE_SECONDS : 0;
  return calmFromSeconds(schedule) + returns + predict(settings).worstClientSeconds;
}

/** Before then nothing was. */
export const calmUntilMs = ({ schedule, endMs: end }: RunRecord): number =>
  Math.min(end, ...schedule.faults.map(startMs), ...schedule.orders.map(({ atSeconds }) => atSeconds * 1000));

/** Faults that were in force at some time between the two, ends included. */
export const faultsBetween = (
  { schedule }: Pick<RunRecord, 'schedule'>,
  fromMs: number,
  toMs: number,
  kinds?: readonly FaultKind[],
): readonly Fault[] =>
  schedule.faults.filter(
    (fault) => startMs(fault) <= toMs && endMs(fault) >= fromMs && (kinds === undefined || kinds.includes(fault.kind)),
  );

/** Regions that are gone for good, and those that are left. */
export const goneRegions = ({ schedule }: Pick<RunRecord, 'schedule'>): readonly string[] =>
  schedule.faults.flatMap(({ neverHeals, region }) => (neverHeals ? [region] : []));
export const regionsLeft = (run: Pick<RunRecord, 'schedule' | 'regions'>): readonly string[] =>
  run.regions.filter((region) => !goneRegions(run).includes(region));

/** The region runs nothing at that instant: it can neither serve nor send. */
export function isDownAt(record: Pick<RunRecord, 'schedule'>, region: string, atMs: number): boolean {
  return record.schedule.faults.some((fault) => {
    // At the very instant of the fault what was under way has just been done.
    if (atMs <= startMs(fault) || atMs >= endMs(fault)) return false;
    if (fault.kind === 'us-east-1-down') return region === GLOBAL_REGION;
    return fault.region === region && LOSS_KINDS.includes(fault.kind);
  });
}

/** The fault of a schedule that has one alone; undefined for any other schedule. */
export function onlyFault({ schedule: { faults, orders } }: Pick<RunRecord, 'schedule'>): Fault | undefined {
  const [fault, ...others] = faults;
  return others.length + orders.length === 0 ? fault : undefined;
}

/** That one, where it is in full strength. */
export function loneFault(run: Pick<RunRecord, 'schedule'>): Fault | undefined {
  const fault = onlyFault(run);
  return fault && (fault.intensity ?? 1) >= 1 ? fault : undefined;
}
