// One reader for each kind of control record. A record is as its type says, under its own key, or it is not read.
import {
  CONTROL_ID,
  failoverKey,
  orderKey,
  presenceKey,
  stateKey,
  transitionKey,
  validationKey,
  type AdmissionMemory,
  type AdmissionState,
  type ClosedOrder,
  type Evidence,
  type FailoverRecord,
  type FailoverState,
  type OpenTransition,
  type OrderRecord,
  type PeerMemory,
  type PresenceRecord,
  type RegionFailover,
  type StateRecord,
  type Transition,
  type TransitionRecord,
  type ValidationRecord,
} from '../table';
import { count, fields, flag, listOf, mapOf, oneOf, optional, orNull, text, time, Unfit, type Read } from './readers';

const id = oneOf(CONTROL_ID);
const name = text(64);

/** Sort keys tell what a record is about: one that speaks of something else is in somebody's place. */
const under =
  <T extends { readonly timestamp: string }>(read: Read<T>, keyOf: (record: T) => string): Read<T> =>
  (value, path) => {
    const record = read(value, path);
    if (record.timestamp === keyOf(record)) return record;
    throw new Unfit('it speaks of something else than its key');
  };

const peerMemory = fields<PeerMemory>({
  sequence: orNull(count),
  heardAtMs: orNull(time),
  freshSinceMs: orNull(time),
  answeredAtMs: orNull(time),
  answeredServing: flag,
  silentSinceMs: time,
  soundAtMs: optional(time),
});
const memory = fields<AdmissionMemory>({ atMs: time, aloneSinceMs: orNull(time), peers: mapOf(peerMemory) });
const orderKind = oneOf<ClosedOrder['kind']>('evacuate', 'readmit');
const closedOrder = fields<ClosedOrder>({
  number: count,
  kind: orderKind,
  outcome: oneOf<ClosedOrder['outcome']>('obeyed', 'refused', 'spent'),
  reason: text(),
});

export const readState: Read<StateRecord> = under(
  fields<StateRecord>({
    id,
    timestamp: text(),
    region: name,
    version: count,
    sequence: count,
    beatAtMs: time,
    state: oneOf<AdmissionState>('serving', 'evacuated', 'recovering'),
    leaving: orNull(count),
    leavingSinceMs: orNull(time),
    closed: count,
    reached: flag,
    lastProbeAtMs: time,
    grants: mapOf(count),
    memory: optional(memory),
    stateSinceMs: optional(time),
    firstStart: optional(oneOf<true>(true)),
    lastOrder: optional(closedOrder),
  }),
  ({ region }) => stateKey(region),
);

export const readPresence: Read<PresenceRecord> = under(
  fields<PresenceRecord>({
    id,
    timestamp: text(),
    region: name,
    version: count,
    sinceMs: time,
    untilMs: time,
    sights: optional(
      mapOf(fields<NonNullable<PresenceRecord['sights']>[string]>({ sequence: count, sinceMs: time, atMs: time })),
    ),
  }),
  ({ region }) => presenceKey(region),
);

export const readOrder: Read<OrderRecord> = under(
  fields<OrderRecord>({
    id,
    timestamp: text(),
    writer: name,
    target: name,
    kind: orderKind,
    number: count,
    expiresAtMs: time,
    reason: optional(text()),
  }),
  ({ writer, target }) => orderKey(writer, target),
);

export const readRun: Read<ValidationRecord> = under(
  fields<ValidationRecord>({
    id,
    timestamp: text(),
    region: name,
    version: count,
    startedAtMs: time,
    finishedAtMs: time,
    passed: flag,
  }),
  ({ region }) => validationKey(region),
);

const FAILOVER_STATES = [
  'ActiveActive',
  'HealthCheckFailed',
  'Route53Failover',
  'TrafficRerouted',
  'SingleRegionActive',
] as const satisfies readonly FailoverState[];
const failoverState = oneOf<FailoverState>(...FAILOVER_STATES);
const evidence = oneOf<Evidence>(
  'route53-alarm',
  'evacuation',
  'heartbeat',
  'silence',
  'dns-ttl',
  'survivor',
  'recovery',
);
const transition = {
  transitionId: text(),
  region: name,
  incident: count,
  from: failoverState,
  state: failoverState,
  atMs: time,
  evidence,
  startedAtMs: time,
} as const satisfies { readonly [K in keyof Transition]: Read<Transition[K]> };

export const readTransition: Read<TransitionRecord> = under(
  fields<TransitionRecord>({ ...transition, id, timestamp: text(), writer: name, recordedAtMs: time }),
  ({ writer, region, incident, state }) => transitionKey(writer, region, incident, state),
);

const regionFailover = fields<RegionFailover>({
  state: failoverState,
  incident: count,
  startedAtMs: time,
  closedAtMs: time,
  route53: orNull(
    fields<NonNullable<RegionFailover['route53']>>({ state: oneOf<'ALARM' | 'OK'>('ALARM', 'OK'), atMs: time }),
  ),
  transitions: listOf(
    fields<OpenTransition>({
      ...transition,
      recordedAtMs: time,
      written: flag,
      claimedAtMs: orNull(time),
      sentAtMs: orNull(time),
    }),
  ),
});

export const readFailover: Read<FailoverRecord> = under(
  fields<FailoverRecord>({
    id,
    timestamp: text(),
    writer: name,
    version: count,
    regions: mapOf(regionFailover),
    noticedOrder: optional(count),
  }),
  ({ writer }) => failoverKey(writer),
);
