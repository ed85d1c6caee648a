// Clients without service over time: the curve whose length is the recovery time.
import type { Client } from './clients';
import { cached } from './cached';
import type { RunLog } from './run-log';
import { countUpTo } from './steps';

/** Of all clients. */
export const downCurve = cached(({ clients }) => new DownCurve(clients.all));

export interface Recovery {
  readonly client: Client;
  /** When its last failure was made good; Infinity: never. */
  readonly atMs: number;
}

export class DownCurve {
  private readonly starts: readonly number[];
  private readonly ends: readonly number[];

  constructor(clients: readonly Client[]) {
    const downs = clients.flatMap(({ downs }) => downs);
    this.starts = downs.map(({ fromMs }) => fromMs).sort((a, b) => a - b);
    this.ends = downs.map(({ toMs }) => toMs).sort((a, b) => a - b);
  }

  at(atMs: number): number {
    return countUpTo(this.starts, atMs) - countUpTo(this.ends, atMs);
  }

  /** Every instant at which it changes, in order. */
  get changes(): readonly number[] {
    return [...new Set([...this.starts, ...this.ends.filter(Number.isFinite)])].sort((a, b) => a - b);
  }
}

/**
 * Of every client that had a failure while the fault lasted, in order of recovery. A request that began before its end belongs to it even
 * if it failed later: the same rule as in the report (`recoveriesOf` in libs/drills).
 */
export function recoveries({ clients }: RunLog, { startMs, endMs }: { startMs: number; endMs: number }): Recovery[] {
  return clients.all
    .flatMap((client) => {
      const felt = client.downs.filter(({ fromMs, toMs }) => toMs >= startMs && fromMs < endMs);
      const last = felt.at(-1);
      return last ? [{ client, atMs: last.toMs }] : [];
    })
    .sort((a, b) => a.atMs - b.atMs);
}
