// Clients that the promise is not about: each population, its own recovery time and bound, and what client_keep_alive is worth.
import { PROMISED_CLIENTS, traitsOfPopulation, type KeepAliveReport, type PopulationReport } from '@dr/contracts';
import { plainSeconds, whole } from '../../words/figures';
import { Entries } from './section';

export function OtherClients({ populations }: { populations: readonly PopulationReport[] }) {
  const time = (value: number | null | undefined): string =>
    value === null || value === undefined ? '' : plainSeconds(value * 1000);
  return (
    <Entries
      title="Other clients"
      note={`The recovery time above is that of ${PROMISED_CLIENTS}. These are counted apart.`}
      head={[
        'Clients',
        'Who',
        'Affected',
        'Requests failed',
        'p50',
        'p95',
        'Worst',
        'Bound',
        'Back after the fault only',
      ]}
      rows={populations.map(({ name, clients, requests, rto, recoveredLate, boundSeconds, keepAlive }) => [
        name,
        `${traitsOfPopulation(name).who}${keepAlive ? endOf(keepAlive) : ''}`,
        `${whole(rto?.clientsAffected ?? 0)} of ${whole(clients)}`,
        `${whole(requests.failed)} of ${whole(requests.total)}`,
        ...[rto?.p50Seconds, rto?.p95Seconds, rto?.worstSeconds, boundSeconds].map(time),
        whole(recoveredLate),
      ])}
    />
  );
}

const endOf = ({ seconds, defaultSeconds, boundAtDefaultSeconds }: KeepAliveReport): string =>
  `; a connection ends after ${seconds} s here, after ${defaultSeconds} s where client_keep_alive is not set` +
  (boundAtDefaultSeconds === null ? '' : `, and the bound is then ${boundAtDefaultSeconds} s`);
