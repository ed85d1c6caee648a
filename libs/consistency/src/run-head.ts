// The head record of a validation run: what is stored of it between two steps, beside the bulk of its open keys.
import { validationHeadKey, VALIDATION_ID } from '@dr/contracts/system';
import { EMPTY_CHUNK } from './open-keys';
import type { RunState } from './run-state';

/** `head#R`. Written by region R alone; times by R's clock, epoch ms. */
export interface RunHead {
  readonly id: typeof VALIDATION_ID;
  readonly timestamp: string;
  readonly region: string;
  readonly version: number;
  /** An invocation is at work until then at the longest: Lambda ends it before. 0: none is. */
  readonly leaseUntilMs: number;
  readonly run: RunState | null;
  /** An OpenChunk as JSON: the keys opened and closed since the last chunk. */
  readonly recent: string;
  /** In the order in which they apply. The version tells a chunk from one that an ended invocation left in its place. */
  readonly chunks: readonly ChunkPlace[];
  readonly openKeys: number;
  readonly invocations: number;
  /** Replica -> invocations in a row that could not read it. */
  readonly failures: Readonly<Record<string, number>>;
  readonly waitingFor: string | null;
  readonly finishedAtMs: number | null;
  readonly passed: boolean;
  /** Its outcome has been kept and published, as far as that was asked for. */
  readonly told: boolean;
  /** Items that the last finished run has read; null: none has. */
  readonly lastItems: number | null;
}

export interface ChunkPlace {
  readonly slot: number;
  readonly version: number;
}

/** Of a region whose validator has not run yet. */
export const newHead = (region: string): RunHead => ({
  id: VALIDATION_ID,
  timestamp: validationHeadKey(region),
  region,
  version: 0,
  leaseUntilMs: 0,
  run: null,
  recent: JSON.stringify(EMPTY_CHUNK),
  chunks: [],
  openKeys: 0,
  invocations: 0,
  failures: {},
  waitingFor: null,
  finishedAtMs: null,
  passed: false,
  told: true,
  lastItems: null,
});
