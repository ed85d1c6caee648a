// A public incident beside what the twin did: for each phase of it, what happened in the part of the run that stands for it.
import type { IncidentPhase, IncidentRecord } from '@dr/event-log';
import { apartRecoveries, type Recovery } from '../log/down';
import { wholeEpisode } from '../log/episodes';
import type { RunLog } from '../log/run-log';
import { rowsOf } from '../words/story';

export interface IncidentReport extends Omit<IncidentRecord, 'phases'> {
  readonly phases: readonly ReportedPhase[];
  /** Those that felt it, of the clients that the promise is about and of each population beside them. */
  readonly clients: readonly FeltBy[];
  /** From the end of the last phase that is enacted, where anything happened then. */
  readonly afterwards?: Meanwhile;
}

export interface ReportedPhase extends IncidentPhase {
  /** Of a phase that is enacted. */
  readonly meanwhile?: Meanwhile;
}

export interface FeltBy {
  /** null: those that honour the TTL and open a new connection. */
  readonly population: string | null;
  readonly clients: number;
  readonly affected: number;
  /** From the first fault to the last of them that was served again; null: nobody was affected, or somebody never was. */
  readonly worstSeconds: number | null;
}

/** What happened on the twin in a part of the run. */
export interface Meanwhile {
  readonly events: readonly { readonly atSeconds: number; readonly text: string }[];
  /** Of clients, by the time at which they ended. */
  readonly requests: number;
  readonly failed: number;
}

/** undefined: the run enacts none. */
export function incidentOf(log: RunLog): IncidentReport | undefined {
  const { incident } = log.header;
  if (incident === undefined) return undefined;
  const lastSeconds = Math.max(0, ...incident.phases.map(({ toSeconds = 0 }) => toSeconds));
  const afterwards = meanwhileOf(log, lastSeconds * 1000, Infinity);
  return {
    ...incident,
    phases: incident.phases.map((phase) => {
      const { fromSeconds, toSeconds } = phase;
      if (fromSeconds === undefined || toSeconds === undefined) return phase;
      return { ...phase, meanwhile: meanwhileOf(log, fromSeconds * 1000, toSeconds * 1000) };
    }),
    clients: clientsOf(log),
    ...(afterwards.events.length + afterwards.requests === 0 ? {} : { afterwards }),
  };
}

function clientsOf(log: RunLog): FeltBy[] {
  const episode = wholeEpisode(log);
  if (!episode) return [];
  const felt = (population: string | null, clients: number, own: readonly Recovery[]): FeltBy => {
    const atMs = own.at(-1)?.atMs ?? Infinity;
    const worstSeconds = atMs === Infinity ? null : (atMs - episode.startMs) / 1000;
    return { population, clients, affected: own.length, worstSeconds };
  };
  return [
    felt(null, log.clients.all.length, episode.felt),
    ...apartRecoveries(log, episode).map((one) => felt(one.population, one.clients, one.felt)),
  ];
}

function meanwhileOf(log: RunLog, fromMs: number, toMs: number): Meanwhile {
  const isWithin = ({ atMs }: { readonly atMs: number }): boolean => atMs >= fromMs && atMs < toMs;
  const requests = log.clients.requests.filter(isWithin);
  return {
    events: rowsOf(log)
      .Story.filter(isWithin)
      .map(({ atMs, text }) => ({ atSeconds: atMs / 1000, text })),
    requests: requests.length,
    failed: requests.filter(({ outcome }) => outcome !== 'ok').length,
  };
}
