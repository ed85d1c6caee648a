// Clients that the promise is not about, while a run goes on: each population in figures, of the last fault and those that began while it lasted.
import { isDownAt } from '../log/clients';
import { apartRecoveries, percentileMs } from '../log/down';
import { episodesOf } from '../log/episodes';
import type { RunLog } from '../log/run-log';
import { seconds, whole } from './figures';
import { whoOf } from './incident';

export interface ApartRow {
  readonly name: string;
  /** Which clients they are. */
  readonly who: string;
  readonly clients: string;
  /** At the end of what is known. */
  readonly down: string;
  readonly affected: string;
  /** Since the fault: of half of them, of 95 in 100, of all. */
  readonly times: readonly [p50: string, p95: string, worst: string];
}

/** Nobody felt a fault that never began. */
const NO_FAULT = { startMs: Infinity, endMs: Infinity };

/** In the order of the header; of those that were asked for, also one that has sent nothing yet. */
export function apartRows(log: RunLog): readonly ApartRow[] {
  const times = episodesOf(log).at(-1) ?? NO_FAULT;
  const found = new Map(apartRecoveries(log, times).map((one) => [one.population, one]));
  return (log.header.populations ?? []).map(({ name }) => {
    const { clients = 0, felt = [] } = found.get(name) ?? {};
    const own = log.clients.apart.get(name)?.all ?? [];
    const time = (p: number): string => {
      const ms = percentileMs(felt, times.startMs, p);
      return ms === undefined ? '' : ms === Infinity ? 'not back' : seconds(ms);
    };
    return {
      name,
      who: whoOf(name),
      clients: whole(clients),
      down: whole(own.filter((client) => isDownAt(client, log.endMs)).length),
      affected: whole(felt.length),
      times: [time(50), time(95), time(100)],
    };
  });
}
