// What a stored run says: how far it is, and what it has found so far. The function answers with it; the command line prints it.
import { OpenKeys } from './open-keys';
import type { RunHead } from './stored-run';
import { ValidationRun } from './validation-run';

export type ValidationReport = ReturnType<typeof reportOf>;
export type PeerReport = ReturnType<ValidationRun['reports']>[number];

const isoOf = (ms: number | null | undefined): string | null =>
  ms === null || ms === undefined ? null : new Date(ms).toISOString();

/** `busy`: another invocation is at work on the run; this one has done nothing. */
export function reportOf(head: RunHead, busy: boolean) {
  const { run, region, finishedAtMs, passed } = head;
  const finished = run !== null && finishedAtMs !== null;
  /** `idle`: no run has begun yet. */
  const status: 'idle' | 'open' | 'finished' = run === null ? 'idle' : finished ? 'finished' : 'open';
  return {
    schema: 2 as const,
    region,
    status,
    busy,
    run: run?.id ?? null,
    startedAt: isoOf(run?.startedAtMs),
    finishedAt: isoOf(run && finishedAtMs),
    /** All replicas were read wholly, and what was written before the run began is the same in all of them. */
    passed: finished && passed,
    /** Versions of this replica that were stamped after the run began: not compared. */
    newer: run?.here.newer ?? 0,
    progress: progressOf(head, finished),
    peers: run ? new ValidationRun(run, new OpenKeys()).reports() : [],
  };
}

function progressOf({ run, invocations, openKeys, waitingFor, lastItems }: RunHead, finished: boolean) {
  /** Versions of this region's replica that have been read. */
  const items = run?.here.items ?? 0;
  // The table only grows: a run that has read more than the last one did is nearly through.
  const share = finished ? 1 : lastItems === null || lastItems === 0 ? null : Math.min(0.99, items / lastItems);
  return {
    items,
    /** Scan pages of all replicas. */
    pages: run?.pages ?? 0,
    invocations,
    /** 0 to 1, by what the last run had read; null: there was none. */
    share,
    /** Keys to be read again: each may be a difference or a write on its way. */
    open: openKeys,
    /** Why the run waits, when the last read of a replica failed. */
    ...(waitingFor === null ? {} : { waitingFor }),
  };
}

export const differencesIn = ({ missingHere, missingThere, divergent }: PeerReport): number =>
  missingHere + missingThere + divergent;
