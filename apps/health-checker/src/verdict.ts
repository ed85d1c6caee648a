// What /health says of the region, and why not.
import type { AdmissionState } from '@dr/contracts/system';
import type { TableError } from '@dr/handler-core';
import type { RouterReason } from './router-check';

export type Reason =
  | RouterReason
  | `table-${TableError['kind']}`
  | `${Stage}-timeout`
  | 'state-unknown'
  | 'waiting'
  | Exclude<AdmissionState, 'serving'>;
export type Stage = 'table-read' | 'peers' | 'table-write';

export interface Verdict {
  readonly healthy: boolean;
  /** Why not; absent when healthy. */
  readonly reason?: Reason;
  readonly reached: boolean;
  /** It serves, but its table throttles: no other region may count on it. */
  readonly throttled?: true;
}
