// Who was without service for how long because of a fault.
import type { Client, Clients } from './clients';
import type { RunLog } from './run-log';

export interface Recovery {
  readonly client: Client;
  /** When its last failure was made good; Infinity: never. */
  readonly atMs: number;
}

/**
 * Of every client that had a failure while the fault lasted, in order of recovery. A request that began before its end belongs to it even
 * if it failed later: the same rule as in the report (`recoveriesOf` in libs/drills).
 */
export function recoveries(
  { clients }: { clients: Pick<Clients, 'all'> },
  { startMs, endMs }: { startMs: number; endMs: number },
): Recovery[] {
  return clients.all
    .flatMap((client) => {
      const last = client.downs.findLast(({ fromMs, toMs }) => toMs >= startMs && fromMs < endMs);
      return last ? [{ client, atMs: last.toMs }] : [];
    })
    .sort((a, b) => a.atMs - b.atMs);
}

/** One population of clients that the promise is not about. */
export interface ApartRecovery {
  readonly population: string;
  readonly clients: number;
  readonly felt: readonly Recovery[];
}

/** Nearest-rank percentile of the times to recovery, 0 < p <= 100, as in the report; undefined of nobody. `felt` in order of recovery. */
export const percentileMs = (felt: readonly Recovery[], startMs: number, p: number): number | undefined => {
  const found = felt[Math.max(0, Math.ceil((p / 100) * felt.length) - 1)];
  return found && found.atMs - startMs;
};

export const apartRecoveries = ({ clients }: RunLog, times: { startMs: number; endMs: number }): ApartRecovery[] =>
  [...clients.apart].map(([population, own]) => ({
    population,
    clients: own.all.length,
    felt: recoveries({ clients: own }, times),
  }));
