// Lines of the report for clients that the promise is not about: each population's own recovery time, and what keep-alive is worth.
import { traitsOfPopulation, type KeepAliveReport, type PopulationReport } from '@dr/contracts';
import type pc from 'picocolors';
import { columns } from './columns';

type Colors = Pick<ReturnType<typeof pc.createColors>, 'dim'>;

const time = (seconds: number): string => `${seconds.toFixed(1)} s`;

export function renderPopulations(populations: readonly PopulationReport[], c: Colors): string {
  const head = ['', 'affected', 'p50', 'p95', 'worst', 'bound'].map((title) => (title === '' ? '' : c.dim(title)));
  const rows = populations.map(({ name, clients, rto, boundSeconds }) => [
    name,
    `${rto?.clientsAffected ?? 0} of ${clients}`,
    ...(rto ? [rto.p50Seconds, rto.p95Seconds, rto.worstSeconds].map(time) : ['-', '-', '-']),
    boundSeconds === null ? '-' : time(boundSeconds),
  ]);
  return [columns([head, ...rows], [1, 2, 3, 4, 5]), ...populations.flatMap((one) => notesOf(one).map(c.dim))].join(
    '\n',
  );
}

function notesOf({ name, recoveredLate, keepAlive }: PopulationReport): string[] {
  const late = recoveredLate > 0 ? `; ${recoveredLate} of them were served again only once the fault was over` : '';
  return [
    `${name}: clients that ${traitsOfPopulation(name).who}${late}`,
    ...(keepAlive ? [keepAliveWords(keepAlive)] : []),
  ];
}

/** What the age at which a connection ends is worth where a region goes on answering, with errors. */
function keepAliveWords({ seconds, defaultSeconds, boundAtDefaultSeconds }: KeepAliveReport): string {
  const least = boundAtDefaultSeconds === null ? '' : `, so up to ${boundAtDefaultSeconds} s`;
  return seconds < defaultSeconds
    ? `keeps: a connection ends after ${seconds} s at the latest (client_keep_alive); with AWS's default of ${defaultSeconds} s it could stay with a region that answers errors for as long as that lasts${least}`
    : `keeps: a connection may stay with a region that answers errors for ${seconds} s (client_keep_alive); AWS takes 60 s at least`;
}
