// Clients that the promise is not about: each population, its own recovery time and bound, and what client_keep_alive is worth.
import { PROMISED_CLIENTS, traitsOfPopulation, type KeepAliveReport, type PopulationReport } from '@dr/contracts';
import { plainSeconds, whole } from '../../words/figures';
import { Table } from './section';

export function OtherClients({ populations }: { populations: readonly PopulationReport[] }) {
  const time = (value: number | null | undefined): string =>
    value === null || value === undefined ? '' : plainSeconds(value * 1000);
  return (
    <Table
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
    >
      {populations.map(({ name, clients, requests, rto, recoveredLate, boundSeconds, keepAlive }) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          <td>
            {traitsOfPopulation(name).who}
            {keepAlive
              ? `; a connection ends after ${keepAlive.seconds} s here, after ${keepAlive.defaultSeconds} s where client_keep_alive is not set${atDefault(keepAlive)}`
              : ''}
          </td>
          <td>
            {whole(rto?.clientsAffected ?? 0)} of {whole(clients)}
          </td>
          <td>
            {whole(requests.failed)} of {whole(requests.total)}
          </td>
          <td>{time(rto?.p50Seconds)}</td>
          <td>{time(rto?.p95Seconds)}</td>
          <td>{time(rto?.worstSeconds)}</td>
          <td>{time(boundSeconds)}</td>
          <td>{whole(recoveredLate)}</td>
        </tr>
      ))}
    </Table>
  );
}

const atDefault = ({ boundAtDefaultSeconds }: KeepAliveReport): string =>
  boundAtDefaultSeconds === null ? '' : `, and the bound is then ${boundAtDefaultSeconds} s`;
