// Shapes of what is in the table: item versions and control records. Key: `id` (partition) and `timestamp` (sort).

export const PARTITION_KEY = 'id';
export const SORT_KEY = 'timestamp';

/** All control records live under this partition key; the item API refuses ids that begin with it. */
export const CONTROL_ID = 'control';

export const stateKey = (region: string): string => `state#${region}`;
export const orderKey = (writer: string, target: string): string => `order#${writer}#${target}`;

/** One write of one item, append-only. The sort key is its stamp: `<ISO ms>Z#<region>#<8 hex>-<6 digits>`. */
export interface ItemVersion {
  readonly id: string;
  readonly timestamp: string;
  /** The JSON body, as given; absent on a tombstone. */
  readonly value?: unknown;
  readonly deleted?: true;
  /** Short name of the region that took the write. */
  readonly region: string;
  readonly idempotencyKey?: string;
}

export type AdmissionState = 'serving' | 'evacuated' | 'recovering';

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
