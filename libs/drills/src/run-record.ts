// What a run leaves behind: the one input of measurements, invariants and diagnosis. All of it is plain data.
import { GLOBAL_REGION, LOSS_KINDS } from '@dr/contracts';
import { CONTROL_ID } from '@dr/contracts/system';
import type { EventOf, LoggedEvent, TwinEvent } from '@dr/twin';
import type { Scenario } from './scenario';
import type { RecoveryTimes, ReplicaItem, UnreplicatedWrite } from './twin-port';

export interface RunRecord {
  readonly events: readonly LoggedEvent[];
  /** Short names, in the stack's order. */
  readonly regions: readonly string[];
  readonly domain: string;
  readonly scenario: Scenario;
  readonly settings: RecoveryTimes;
  /** So much failed in the warm-up that no fault was injected: there was nothing to lose. */
  readonly stoppedBeforeFault: boolean;
  /** Of the faulted region at the instant of the fault, as its replication layer counts them. */
  readonly unreplicatedAtLoss: readonly UnreplicatedWrite[];
  /** Every replica at the end, by region. */
  readonly replicas: Readonly<Record<string, readonly ReplicaItem[]>>;
  /** Alarms with actions as `<region>/<alarm name>`, by the state whose entry they announce. */
  readonly announcedAlarms: { readonly ALARM: ReadonlySet<string>; readonly OK: ReadonlySet<string> };
  /** Clients held a key, so requests without one had to be refused. */
  readonly authenticated: boolean;
}

/** Requests of these clients carry no key: they test the lock and count in no measurement. */
export const UNAUTHENTICATED_CLIENT = 'unauthenticated';

export const faultStartMs = (run: RunRecord): number => run.scenario.fault.startSeconds * 1000;
export const healMs = (run: RunRecord): number => faultStartMs(run) + run.scenario.fault.durationSeconds * 1000;

export function ofKind<K extends TwinEvent['kind']>(events: readonly LoggedEvent[], kind: K): EventOf<K>[] {
  return events.filter((event): event is EventOf<K> => event.kind === kind);
}

export type RequestEvent = EventOf<'request'>;

/** Requests of ordinary clients, in order of completion. */
export const clientRequests = (run: RunRecord): RequestEvent[] =>
  ofKind(run.events, 'request').filter((request) => !request.client.startsWith(UNAUTHENTICATED_CLIENT));

/** Not one that was refused, however rightly. */
export const isAcknowledgedWrite = ({ outcome, method, status = 200 }: RequestEvent): boolean =>
  outcome === 'ok' && method !== 'GET' && status < 300;

export const versionKey = (version: { readonly id: string; readonly timestamp: string }): string =>
  `${version.id}\n${version.timestamp}`;

/** Control records are overwritten in place by their own region all the time; they are no data of a client. */
export const isClientData = (item: { readonly id: string }): boolean => !item.id.startsWith(CONTROL_ID);

export const seconds = (ms: number): number => Math.round(ms) / 1000;

/** The region runs nothing: it can neither serve nor send. */
export function isDown(run: RunRecord, region: string, atMs: number): boolean {
  const { kind, region: faulted } = run.scenario.fault;
  // At the very instant of the fault what was under way has just been done.
  if (atMs <= faultStartMs(run) || atMs >= healMs(run)) return false;
  if (kind === 'us-east-1-down') return region === GLOBAL_REGION;
  return region === faulted && LOSS_KINDS.includes(kind);
}
