// Keys of what is in the table, `id` (partition) and `timestamp` (sort), and the item API's records; control records follow from their readers.

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
/** As an incident passes through them. */
export const FAILOVER_STATES = [
  'HealthCheckFailed',
  'Route53Failover',
  'TrafficRerouted',
  'SingleRegionActive',
  'ActiveActive',
] as const;
export type FailoverState = (typeof FAILOVER_STATES)[number];

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
/**
 * `placeMs`: 0 for the first use of a key; for another one the time of the last use that its writer knew, so that uses are sorted by
 * time (docs/decisions/0017). Records of older versions count their uses in its place.
 */
export const keyUseKey = (placeMs: number, replica: string): string => `${keyUsePlace(placeMs)}#${replica}`;
/** All uses in lower places sort below it. */
export const keyUsePlace = (placeMs: number): string => (placeMs > 0 ? new Date(placeMs).toISOString() : '000001');
export const successorRecordId = (itemId: string): string => `${CONTROL_ID}-successor#${itemId}`;

/** One use of an idempotency key: what it takes to write its version again, but the body, which a retry brings. Kept for good. */
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
  /** Of a conditional write: the version that it follows, null for none. Absent on others, and in records of older versions. */
  readonly after?: string | null;
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
  /** SHA-256 of its idempotency key and its request, as hex: a retry takes over what its first try has begun. */
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
