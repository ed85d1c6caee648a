// What a validation run knows between two steps, but for its open keys: JSON, as it is stored.
import type { Difference } from './compare';
import { NO_CONFLICTS, type ConflictState } from './conflict-finder';

export const HERE = 'here';
/** This region's replica, or a peer's by its place. */
export type Replica = typeof HERE | number;

/** Where the scan of a replica stands. JSON. */
export interface ScanState {
  /** Opaque; absent before the first page and after the last. */
  readonly cursor?: string;
  readonly done: boolean;
  /** Items that were compared. */
  readonly items: number;
}

export interface PeerState extends ScanState {
  readonly peer: string;
  /** Positions of the furthest items of the two replicas that have met. */
  readonly metHere: number;
  readonly metThere: number;
  readonly incompleteBecause?: string;
  readonly missingHere: number;
  readonly missingThere: number;
  readonly divergent: number;
  readonly inFlight: number;
  readonly samples: readonly Difference[];
}

/** All of a run but its open keys. JSON. */
export interface RunState {
  readonly id: string;
  readonly startedAtMs: number;
  readonly settleMs: number;
  readonly here: ScanState & { readonly newer: number };
  readonly peers: readonly PeerState[];
  readonly pages: number;
  readonly conflicts: ConflictState;
  /** When the last page was read. */
  readonly scannedAtMs?: number;
}

export interface RunStart {
  readonly id: string;
  readonly startedAtMs: number;
  readonly settleMs: number;
  readonly peers: readonly string[];
}

export function newRun({ id, startedAtMs, settleMs, peers }: RunStart): RunState {
  const scan = { done: false, items: 0 };
  const nothing = { missingHere: 0, missingThere: 0, divergent: 0, inFlight: 0, samples: [] };
  return {
    id,
    startedAtMs,
    settleMs,
    here: { ...scan, newer: 0 },
    peers: peers.map((peer) => ({ peer, ...scan, ...nothing, metHere: 0, metThere: 0 })),
    pages: 0,
    conflicts: NO_CONFLICTS,
  };
}
