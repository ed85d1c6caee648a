// What clients lost in a schedule's run: how many requests failed, and when nobody was served at all.
import { clientRequests } from '../run/run-record';
import type { RunRecord } from '../system-under-drill';

export interface Losses {
  readonly failed: number;
  /** Each from the last answer before to the first one after. */
  readonly outages: readonly { readonly fromSeconds: number; readonly toSeconds: number }[];
}

/** Several clients' time-outs: with fewer the clients may just have asked one after another. */
const SHORTEST_MS = 5_000;

export function losses(record: RunRecord): Losses {
  const outages: Losses['outages'][number][] = [];
  let servedMs: number | undefined;
  let endMs = 0;
  let failed = 0;
  let failedSince = 0;
  const close = (untilMs: number): void => {
    const fromMs = servedMs ?? 0;
    if (failedSince > 0 && untilMs - fromMs >= SHORTEST_MS) {
      outages.push({ fromSeconds: tenths(fromMs), toSeconds: tenths(untilMs) });
    }
    failed += failedSince;
    failedSince = 0;
    servedMs = untilMs;
  };
  for (const { outcome, startedMs, atMs } of clientRequests(record)) {
    servedMs ??= startedMs;
    endMs = atMs;
    if (outcome === 'ok') close(atMs);
    else failedSince += 1;
  }
  close(endMs);
  return { failed, outages };
}

const tenths = (ms: number): number => Math.round(ms / 100) / 10;
