// What a validation run says, while it goes on and when it has ended. The function answers with it; the command line prints it.
import type { Difference } from './compare';
import type { NamedConflict } from './conflict-finder';

export interface PeerReport {
  readonly peer: string;
  /** False: both replicas were not read to their ends; what is counted is then a lower bound. */
  readonly complete: boolean;
  readonly incompleteBecause?: string;
  readonly itemsHere: number;
  readonly itemsThere: number;
  readonly missingHere: number;
  readonly missingThere: number;
  readonly divergent: number;
  /** Versions of one id in this replica that crossed: kept by design, none of them lost. */
  readonly conflicting: number;
  /** Differences of the two scans that were none when their keys were read again: replication was on its way. */
  readonly inFlight: number;
  /** The first, in the order of their keys, for people. */
  readonly samples: readonly Difference[];
  readonly conflicts: readonly NamedConflict[];
}

export interface RunProgress {
  /** Versions of this region's replica that have been read. */
  readonly items: number;
  /** Scan pages of all replicas. */
  readonly pages: number;
  readonly invocations: number;
  /** 0 to 1, by what the last run had read; null: there was none. */
  readonly share: number | null;
  /** Keys to be read again: each may be a difference or a write on its way. */
  readonly open: number;
  /** Why the run waits, when the last read of a replica failed. */
  readonly waitingFor?: string;
}

export interface ValidationReport {
  readonly schema: 2;
  readonly region: string;
  /** `idle`: no run has begun yet. */
  readonly status: 'idle' | 'open' | 'finished';
  /** Another invocation is at work on the run; this one has done nothing. */
  readonly busy: boolean;
  /** Id of the run; null: there is none. */
  readonly run: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** All replicas were read wholly, and what was written before the run began is the same in all of them. */
  readonly passed: boolean;
  /** Versions of this replica that were stamped after the run began: not compared. */
  readonly newer: number;
  readonly progress: RunProgress;
  readonly peers: readonly PeerReport[];
}

export const differencesIn = ({ missingHere, missingThere, divergent }: PeerReport): number =>
  missingHere + missingThere + divergent;
