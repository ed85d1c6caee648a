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
  const requests = [...clientRequests(record)].sort((a, b) => a.atMs - b.atMs);
  const outages: Losses['outages'][number][] = [];
  let servedMs = requests[0]?.startedMs ?? 0;
  let failedSince = 0;
  const close = (untilMs: number): void => {
    if (failedSince > 0 && untilMs - servedMs >= SHORTEST_MS) {
      outages.push({ fromSeconds: tenths(servedMs), toSeconds: tenths(untilMs) });
    }
    failedSince = 0;
    servedMs = untilMs;
  };
  for (const { outcome, atMs } of requests) {
    if (outcome === 'ok') close(atMs);
    else failedSince += 1;
  }
  close(requests.at(-1)?.atMs ?? 0);
  return { failed: requests.filter(({ outcome }) => outcome !== 'ok').length, outages };
}

const tenths = (ms: number): number => Math.round(ms / 100) / 10;
