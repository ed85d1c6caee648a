// What an invocation has to do: begin a run, go on with one, or nothing. Pure: the time comes in.
import type { RunHead } from '@dr/consistency';
import { CLOCK_SKEW_MS } from '@dr/contracts/system';

export type Request =
  | { readonly kind: 'schedule' }
  /** Somebody wants the outcome of a run that began at `sinceMs` (epoch ms, this region's clock) or later; `fresh`: of a new run. */
  | { readonly kind: 'wanted'; readonly sinceMs: number; readonly fresh: boolean; readonly settleMs: number }
  /** Somebody follows this run. */
  | { readonly kind: 'follow'; readonly run: string };

/** `busy`: another invocation holds the lease of the run. */
export type Duty = 'start' | 'work' | 'busy' | 'nothing';

/** Longer than Lambda lets an invocation live, so its holder is gone when it ends. */
export const LEASE_MS = 35_000;

const HOUR_MS = 3_600_000;
/** A run reads both replicas wholly, which is paid by the item: it rests ten times as long as it took. */
const REST_FACTOR = 10;

/** When the schedule begins the next run: an hour after the last at the earliest, a day after it at the latest. */
export function nextStartMs({ startedAtMs, finishedAtMs }: { startedAtMs: number; finishedAtMs: number }): number {
  const restMs = REST_FACTOR * (finishedAtMs - startedAtMs);
  return finishedAtMs + Math.min(24 * HOUR_MS, Math.max(HOUR_MS, restMs));
}

export function dutyOf(head: RunHead, request: Request, nowMs: number): Duty {
  const { run } = head;
  if (!run) return request.kind === 'follow' ? 'nothing' : 'start';
  // Nobody takes a longer lease: one that reaches further was written by another clock, or by somebody else.
  const isHeld = head.leaseUntilMs > nowMs && head.leaseUntilMs <= nowMs + LEASE_MS + CLOCK_SKEW_MS;
  const workOn: Duty = isHeld ? 'busy' : 'work';
  const over = head.finishedAtMs !== null;
  const unfinished = over && head.told ? 'nothing' : workOn;
  switch (request.kind) {
    case 'follow':
      return run.id === request.run ? unfinished : 'nothing';
    case 'wanted':
      if (run.startedAtMs < request.sinceMs || (over && (request.fresh || !head.passed))) return 'start';
      return unfinished;
    case 'schedule':
      if (unfinished !== 'nothing') return unfinished;
      return nowMs >= nextStartMs({ startedAtMs: run.startedAtMs, finishedAtMs: head.finishedAtMs ?? nowMs })
        ? 'start'
        : 'nothing';
  }
}
