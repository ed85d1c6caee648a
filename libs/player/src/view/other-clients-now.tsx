// Clients that the promise is not about, in the console: who they are, who of them is down, and how long the last fault kept them out of service.
import { PROMISED_CLIENTS } from '@dr/contracts';
import type { RunLog } from '../log/run-log';
import { apartRows } from '../words/apart';
import { ApartLine } from './whose';

const HEAD = ['Clients', 'Who', 'Run', 'Down now', 'Affected', 'p50', 'p95', 'Worst'];

export function OtherClientsNow({ log }: { log: RunLog }) {
  const rows = apartRows(log);
  return (
    <section class="card others" aria-label="Other clients">
      <h2>
        Other clients{' '}
        <span class="sub">
          {rows.length === 0
            ? `none: all are ${PROMISED_CLIENTS}`
            : 'the promise is not about them; times of the last fault'}
        </span>
      </h2>
      {rows.length === 0 ? null : (
        <div class="scroll" tabIndex={0} role="region" aria-label="Other clients in figures">
          <table>
            <thead>
              <tr>
                {HEAD.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ name, who, clients, down, affected, times }) => (
                <tr key={name}>
                  <th scope="row">
                    <ApartLine name={name} /> {name}
                  </th>
                  {[who, clients, down, affected, ...times].map((text, index) => (
                    <td key={index}>{text}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
