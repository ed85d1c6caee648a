// The control records: one reader for each kind, from which its type follows. What is not as its reader has it, under its key, is not read.
import {
  CONTROL_ID,
  FAILOVER_STATES,
  failoverKey,
  orderKey,
  presenceKey,
  stateKey,
  transitionKey,
  validationKey,
} from '../table';
import {
  count,
  fields,
  flag,
  listOf,
  mapOf,
  oneOf,
  optional,
  orNull,
  text,
  time,
  Unfit,
  type Fields,
  type Read,
  type ReadBy,
} from './readers';

const id = oneOf(CONTROL_ID);
const name = text(64);

/** Sort keys tell what a record is about: one that speaks of something else is in somebody's place. */
export const under =
  <T extends { readonly timestamp: string }>(read: Read<T>, keyOf: (record: T) => string): Read<T> =>
  (value, path) => {
    const record = read(value, path);
    if (record.timestamp === keyOf(record)) return record;
    throw new Unfit('it speaks of something else than its key');
  };

const admissionState = oneOf('serving', 'evacuated', 'recovering');

/** What a region must know of itself to go on. Its peers keep it of the last record of it that they could read; times by its own clock. */
const recordBackup = fields({
  sequence: count,
  beatAtMs: time,
  lastProbeAtMs: time,
  state: admissionState,
  closed: count,
  stateSinceMs: optional(time),
});
export type RecordBackup = ReadBy<typeof recordBackup>;

/** What a region has observed of one peer. All times by the observer's own clock, but for the backup. */
const peerMemory = fields({
  /** The peer's sequence as last read from the local replica; null while there has been none. */
  sequence: orNull(count),
  /** When the sequence was last seen to change; null until it has changed while I watched. */
  heardAtMs: orNull(time),
  /** Since when those changes came without a pause; null while they do not. */
  freshSinceMs: orNull(time),
  /** When the peer's own /health last answered me, and whether it said that it serves. */
  answeredAtMs: orNull(time),
  answeredServing: flag,
  /** Since when neither channel brought anything, while my own heartbeat was unbroken. */
  silentSinceMs: time,
  /**
   * When a change of its record last said that clients reach it, or that it is out of service on purpose; when I began to
   * watch, before the first. Only told to people: no decision reads it. Absent in records of older versions.
   */
  soundAtMs: optional(time),
  /** Only the peer itself reads it, once its record has been spoiled. Absent in records of older versions. */
  backup: optional(recordBackup),
});
export type PeerMemory = ReadBy<typeof peerMemory>;

/** What a region has observed, as of its last heartbeat. */
const memory = fields({
  atMs: time,
  /** Since when every peer has been known not to serve, or been quiet; null while one is not. */
  aloneSinceMs: orNull(time),
  peers: mapOf(peerMemory),
});
export type AdmissionMemory = ReadBy<typeof memory>;

const orderKind = oneOf('evacuate', 'readmit');

/** What became of an order. `spent`: it was obeyed, and is over (expired, or the region had to return). */
const closedOrder = fields({
  number: count,
  kind: orderKind,
  outcome: oneOf('obeyed', 'refused', 'spent'),
  reason: text(),
});
export type ClosedOrder = ReadBy<typeof closedOrder>;

/** `state#R`: the heartbeat and admission of region R. Written by R alone, by conditional write on `version`. */
export const readState = under(
  fields({
    id,
    timestamp: text(),
    region: name,
    /** Optimistic lock: +1 a write. */
    version: count,
    /** Heartbeat: +1 a beat. Peers watch it change; no two clocks are compared. */
    sequence: count,
    /** Epoch ms of the beat by R's own clock; only R itself reads it. */
    beatAtMs: time,
    state: admissionState,
    /** Number of the evacuate order being obeyed, or null. */
    leaving: orNull(count),
    leavingSinceMs: orNull(time),
    /** Highest order number decided. */
    closed: count,
    /** A Route 53 probe arrived within the last heartbeat. */
    reached: flag,
    lastProbeAtMs: time,
    /** Peer -> the order number of theirs that I grant. */
    grants: mapOf(count),
    /** Read by R alone: in the record because R's execution environments come and go, and must not each begin anew. */
    memory: optional(memory),
    /** When `state` last changed, by R's own clock. */
    stateSinceMs: optional(time),
    /** The region is new: it has not yet served while Route 53's probes reached it. Absent from then on, for good. */
    firstStart: optional(oneOf(true)),
    /**
     * With failback by hand, of a region that is `recovering`: it has caught up and waits for an order. `number` names this wait and no
     * other (the sequence with which it began), so that no order counts for another one.
     */
    wait: optional(fields({ number: count, sinceMs: time })),
    /** With failback by hand: the order by which it serves as soon as it has caught up. Gone after another absence. */
    readmitted: optional(count),
    /** With failback by hand: since when the region has beaten and was not reached, or its router did not answer. */
    unreachedSinceMs: optional(time),
    /** The last order decided, for the tool that waits for it. */
    lastOrder: optional(closedOrder),
  }),
  ({ region }) => stateKey(region),
);
export type StateRecord = ReadBy<typeof readState>;
export type AdmissionState = StateRecord['state'];

/**
 * `present#R`: for how long R's table has throttled while R itself lived. Written by R alone, but into a peer's replica, as its
 * own takes nothing then. Each of its values is true whenever it is read, so that losing one to a later writer does no harm.
 */
export const readPresence = under(
  fields({
    id,
    timestamp: text(),
    region: name,
    version: count,
    /** By R's own clock; only R itself reads it. */
    sinceMs: time,
    untilMs: time,
    /**
     * Each peer's sequence as last read in the peer's own replica; since when and until when that answered R; which one R's own table was
     * first found to hold since, and when.
     */
    sights: optional(
      mapOf(
        fields({
          sequence: count,
          sinceMs: time,
          atMs: time,
          found: optional(fields({ sequence: count, atMs: time })),
        }),
      ),
    ),
  }),
  ({ region }) => presenceKey(region),
);
export type PresenceRecord = ReadBy<typeof readPresence>;

/** `order#W#T`: an order about region T that an operator gave to region W. Written by W alone. */
export const readOrder = under(
  fields({
    id,
    timestamp: text(),
    writer: name,
    target: name,
    kind: orderKind,
    /** 1 + the highest number W had seen for T. */
    number: count,
    expiresAtMs: time,
    /** Of a readmission of a region that waits: the number of that wait. The order counts for no other. */
    wait: optional(count),
    reason: optional(text()),
  }),
  ({ writer, target }) => orderKey(writer, target),
);
export type OrderRecord = ReadBy<typeof readOrder>;

/** `run#R`: the last validation run that R finished. Written by R alone; times by R's clock. */
export const readRun = under(
  fields({
    id,
    timestamp: text(),
    region: name,
    version: count,
    startedAtMs: time,
    finishedAtMs: time,
    /** All items of both replicas were compared and no difference was left. */
    passed: flag,
  }),
  ({ region }) => validationKey(region),
);
export type ValidationRecord = ReadBy<typeof readRun>;

const failoverState = oneOf(...FAILOVER_STATES);

/** What a transition rests on. `evacuation`: the alarm, of a region that its own record says has left by an operator's order. */
const evidence = oneOf('route53-alarm', 'evacuation', 'heartbeat', 'silence', 'dns-ttl', 'survivor', 'recovery');
export type Evidence = ReadBy<typeof evidence>;

/** One change of the failover state of one region. */
const transition = {
  /** `<region>#<incident>#<state>`: the same in every region that records it. */
  transitionId: text(),
  region: name,
  /** Counts the incidents of the region. */
  incident: count,
  from: failoverState,
  state: failoverState,
  /** Time of the evidence, epoch ms; not of its recording. */
  atMs: time,
  evidence,
  /** First evidence of the incident: `atMs - startedAtMs` is the recovery time so far. */
  startedAtMs: time,
};
export type Transition = Fields<typeof transition>;

/** `transition#W#R#n#S`: a transition of region R as W recorded it, by the writer's clock. */
export const readTransition = under(
  fields({ ...transition, id, timestamp: text(), writer: name, recordedAtMs: time }),
  ({ writer, region, incident, state }) => transitionKey(writer, region, incident, state),
);
export type TransitionRecord = ReadBy<typeof readTransition>;

/** A transition that still has, or lately had, work attached to it. */
const openTransition = fields({
  ...transition,
  recordedAtMs: time,
  /** Its history record is written. */
  written: flag,
  /** An execution environment is publishing it since then; null: none. */
  claimedAtMs: orNull(time),
  /** When a topic took the notification, this region's or another's; null: not yet. */
  sentAtMs: orNull(time),
});
export type OpenTransition = ReadBy<typeof openTransition>;

const regionFailover = fields({
  state: failoverState,
  /** Number of the current or last incident; 0: none yet. */
  incident: count,
  startedAtMs: time,
  /** When the last incident ended, by its evidence. */
  closedAtMs: time,
  /** The Route 53 alarm as last heard; null: never. */
  route53: orNull(fields({ state: oneOf('ALARM', 'OK'), atMs: time })),
  /** Those of the current or last incident, and older ones that are not yet told. */
  transitions: listOf(openTransition),
});
export type RegionFailover = ReadBy<typeof regionFailover>;

/** `failover#W`: what region W makes of all regions. Written by W alone. */
export const readFailover = under(
  fields({
    id,
    timestamp: text(),
    writer: name,
    version: count,
    regions: mapOf(regionFailover),
    /** Highest order number whose outcome people have been told of. */
    noticedOrder: optional(count),
  }),
  ({ writer }) => failoverKey(writer),
);
export type FailoverRecord = ReadBy<typeof readFailover>;
