// Shapes of what is in the table: item versions and control records. Key: `id` (partition) and `timestamp` (sort).

export const PARTITION_KEY = 'id';
export const SORT_KEY = 'timestamp';

/** All control records live under this partition key; the item API refuses ids that begin with it. */
export const CONTROL_ID = 'control';

export const stateKey = (region: string): string => `state#${region}`;
/** Between `order#` and `state#`: one Query reads all three kinds. */
export const validationKey = (region: string): string => `run#${region}`;
/** Between the two as well: read with them. */
export const presenceKey = (region: string): string => `present#${region}`;
/** Below `order#`: one Query from here to `state$` reads all that the orchestrator decides from. */
export const failoverKey = (writer: string): string => `failover#${writer}`;
/** History, append-only, outside of what is read at every beat. */
export const transitionKey = (writer: string, region: string, incident: number, state: FailoverState): string =>
  `transition#${writer}#${region}#${String(incident).padStart(6, '0')}#${state}`;
export const orderKey = (writer: string, target: string): string => `order#${writer}#${target}`;

/**
 * A validation run's own records: its progress and the keys that it still has open. Under an id of their own, as /health reads
 * all of `control` at every beat; one that begins with it, so that nobody else can use it. Written by one region each.
 */
export const VALIDATION_ID = `${CONTROL_ID}-validation`;
export const validationHeadKey = (region: string): string => `head#${region}`;
/** Keys of open differences, in places that are used again. */
export const validationChunkKey = (region: string, slot: number): string =>
  `chunk#${region}#${String(slot).padStart(3, '0')}`;

/**
 * The item API's own records: each use of an idempotency key, and which version a conditional write has followed. The sort key names the
 * replica that the record was written in: a condition holds in one replica only, so none overwrites another's.
 */
export const keyRecordId = (keyDigest: string): string => `${CONTROL_ID}-key#${keyDigest}`;
/** `number`: from 1, counts the uses of the key that its writer knew. */
export const keyUseKey = (number: number, replica: string): string => `${String(number).padStart(6, '0')}#${replica}`;
export const successorRecordId = (itemId: string): string => `${CONTROL_ID}-successor#${itemId}`;

/**
 * One use of an idempotency key, append-only: all that it takes to write its version again, but the body, which a retry brings. Kept for
 * good, as the version is.
 */
export interface KeyUse {
  readonly id: string;
  readonly timestamp: string;
  readonly itemId: string;
  /** SHA-256 of method, item and body, as hex. */
  readonly request: string;
  /** The version's stamp. */
  readonly stamp: string;
  readonly previous: string | null;
  /** By the writer's clock, epoch ms: the window begins here. */
  readonly atMs: number;
}

/** The last conditional write of an item in one replica. */
export interface SuccessorRecord {
  readonly id: string;
  readonly timestamp: string;
  /** Optimistic lock: +1 a write. */
  readonly version: number;
  /** The version that its writer had found to be the latest; null: there was none. */
  readonly after: string | null;
  /** The version that it wrote, or was about to write. */
  readonly stamp: string;
  readonly atMs: number;
  /** SHA-256 of its idempotency key, as hex. */
  readonly key?: string;
}

/** One write of one item, append-only. The sort key is its stamp: `<ISO ms>Z#<region>#<8 hex>-<6 digits>`. */
export interface ItemVersion {
  readonly id: string;
  readonly timestamp: string;
  /** The JSON body, character by character as it was sent; absent on a tombstone. */
  readonly json?: string;
  /** The body in records of older versions: a value in place of its text. */
  readonly value?: unknown;
  readonly deleted?: true;
  /** Short name of the region that took the write. */
  readonly region: string;
  /** SHA-256 of the caller's key, as hex; in records of older versions the key itself. Never shown. */
  readonly idempotencyKey?: string;
  /** When the key was used, by the writer's clock, epoch ms. Absent in records of older versions. */
  readonly keyUsedAtMs?: number;
  /** The newest stamp of this id that the writer had seen, or null: it tells which writes crossed. */
  readonly previous?: string | null;
}

export type AdmissionState = 'serving' | 'evacuated' | 'recovering';

/** What a region has observed of one peer. All times by the observer's own clock. */
export interface PeerMemory {
  /** The peer's sequence as last read from the local replica; null while there is no record. */
  readonly sequence: number | null;
  /** When the sequence was last seen to change; null until it has changed while I watched. */
  readonly heardAtMs: number | null;
  /** Since when those changes came without a pause; null while they do not. */
  readonly freshSinceMs: number | null;
  /** When the peer's own /health last answered me, and whether it said that it serves. */
  readonly answeredAtMs: number | null;
  readonly answeredServing: boolean;
  /** Since when neither channel brought anything, while my own heartbeat was unbroken. */
  readonly silentSinceMs: number;
  /**
   * When a change of its record last said that clients reach it, or that it is out of service on purpose; when I began to
   * watch, before the first. Only told to people: no decision reads it. Absent in records of older versions.
   */
  readonly soundAtMs?: number;
}

/** What a region has observed, as of its last heartbeat. */
export interface AdmissionMemory {
  readonly atMs: number;
  /** Since when every peer has been known not to serve, or been quiet; null while one is not. */
  readonly aloneSinceMs: number | null;
  readonly peers: Readonly<Record<string, PeerMemory>>;
}

/** What became of an order. `spent`: it was obeyed, and is over (expired, or the region had to return). */
export interface ClosedOrder {
  readonly number: number;
  readonly kind: 'evacuate' | 'readmit';
  readonly outcome: 'obeyed' | 'refused' | 'spent';
  readonly reason: string;
}

/** `state#R`: the heartbeat and admission of region R. Written by R alone, by conditional write on `version`. */
export interface StateRecord {
  readonly id: typeof CONTROL_ID;
  readonly timestamp: string;
  readonly region: string;
  /** Optimistic lock: +1 a write. */
  readonly version: number;
  /** Heartbeat: +1 a beat. Peers watch it change; no two clocks are compared. */
  readonly sequence: number;
  /** Epoch ms of the beat by R's own clock; only R itself reads it. */
  readonly beatAtMs: number;
  readonly state: AdmissionState;
  /** Number of the evacuate order being obeyed, or null. */
  readonly leaving: number | null;
  readonly leavingSinceMs: number | null;
  /** Highest order number decided. */
  readonly closed: number;
  /** A Route 53 probe arrived within the last heartbeat. */
  readonly reached: boolean;
  readonly lastProbeAtMs: number;
  /** Peer -> the order number of theirs that I grant. */
  readonly grants: Readonly<Record<string, number>>;
  /** Read by R alone: in the record because R's execution environments come and go, and must not each begin anew. */
  readonly memory?: AdmissionMemory;
  /** When `state` last changed, by R's own clock. */
  readonly stateSinceMs?: number;
  /** The region is new: it has not yet served while Route 53's probes reached it. Absent from then on, for good. */
  readonly firstStart?: true;
  /** The last order decided, for the tool that waits for it. */
  readonly lastOrder?: ClosedOrder;
}

/**
 * `present#R`: for how long R's table has throttled while R itself lived. Written by R alone, but into a peer's replica, as its
 * own takes nothing then. Each of its values is true whenever it is read, so that losing one to a later writer does no harm.
 */
export interface PresenceRecord {
  readonly id: typeof CONTROL_ID;
  readonly timestamp: string;
  readonly region: string;
  readonly version: number;
  /** By R's own clock; only R itself reads it. */
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Each peer's sequence as last read in the peer's own replica; since when and until when that answered R. */
  readonly sights?: Readonly<
    Record<string, { readonly sequence: number; readonly sinceMs: number; readonly atMs: number }>
  >;
}

/** `order#W#T`: an order about region T that an operator gave to region W. Written by W alone. */
export interface OrderRecord {
  readonly id: typeof CONTROL_ID;
  readonly timestamp: string;
  readonly writer: string;
  readonly target: string;
  readonly kind: 'evacuate' | 'readmit';
  /** 1 + the highest number W had seen for T. */
  readonly number: number;
  readonly expiresAtMs: number;
  readonly reason?: string;
}

/** `run#R`: the last validation run that R finished. Written by R alone; times by R's clock. */
export interface ValidationRecord {
  readonly id: typeof CONTROL_ID;
  readonly timestamp: string;
  readonly region: string;
  readonly version: number;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  /** All items of both replicas were compared and no difference was left. */
  readonly passed: boolean;
}

export type FailoverState =
  'ActiveActive' | 'HealthCheckFailed' | 'Route53Failover' | 'TrafficRerouted' | 'SingleRegionActive';

/** What a transition rests on. `evacuation`: the alarm, of a region that its own record says has left by an operator's order. */
export type Evidence = 'route53-alarm' | 'evacuation' | 'heartbeat' | 'silence' | 'dns-ttl' | 'survivor' | 'recovery';

/** One change of the failover state of one region. */
export interface Transition {
  /** `<region>#<incident>#<state>`: the same in every region that records it. */
  readonly transitionId: string;
  readonly region: string;
  /** Counts the incidents of the region. */
  readonly incident: number;
  readonly from: FailoverState;
  readonly state: FailoverState;
  /** Time of the evidence, epoch ms; not of its recording. */
  readonly atMs: number;
  readonly evidence: Evidence;
  /** First evidence of the incident: `atMs - startedAtMs` is the recovery time so far. */
  readonly startedAtMs: number;
}

/** `transition#W#R#n#S`: a transition of region R as W recorded it. */
export interface TransitionRecord extends Transition {
  readonly id: typeof CONTROL_ID;
  readonly timestamp: string;
  readonly writer: string;
  /** By the writer's clock. */
  readonly recordedAtMs: number;
}

/** A transition that still has, or lately had, work attached to it. */
export interface OpenTransition extends Transition {
  readonly recordedAtMs: number;
  /** Its history record is written. */
  readonly written: boolean;
  /** An execution environment is publishing it since then; null: none. */
  readonly claimedAtMs: number | null;
  /** When a topic took the notification, this region's or another's; null: not yet. */
  readonly sentAtMs: number | null;
}

export interface RegionFailover {
  readonly state: FailoverState;
  /** Number of the current or last incident; 0: none yet. */
  readonly incident: number;
  readonly startedAtMs: number;
  /** When the last incident ended, by its evidence. */
  readonly closedAtMs: number;
  /** The Route 53 alarm as last heard; null: never. */
  readonly route53: { readonly state: 'ALARM' | 'OK'; readonly atMs: number } | null;
  /** Those of the current or last incident, and older ones that are not yet told. */
  readonly transitions: readonly OpenTransition[];
}

/** `failover#W`: what region W makes of all regions. Written by W alone. */
export interface FailoverRecord {
  readonly id: typeof CONTROL_ID;
  readonly timestamp: string;
  readonly writer: string;
  readonly version: number;
  readonly regions: Readonly<Record<string, RegionFailover>>;
  /** Highest order number whose outcome people have been told of. */
  readonly noticedOrder?: number;
}
