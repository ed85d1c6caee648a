// Whose curves the chart of the recovery time draws: the clients of the promise as an area, each other population as a line.
import { PROMISED_CLIENTS } from '@dr/contracts';
import type { RunLog } from '../log/run-log';

export function Whose({ log }: { log: RunLog }) {
  return (
    <p class="key whose">
      <span>
        <svg viewBox="0 0 18 10" aria-hidden="true">
          <path class="down-area" d="M1 9V2H17V9Z" />
        </svg>
        {PROMISED_CLIENTS}
      </span>
      {[...log.clients.apart.keys()].map((name) => (
        <span key={name}>
          <ApartLine name={name} /> {name}
        </span>
      ))}
    </p>
  );
}

/** The line of a population, as in the chart. */
export const ApartLine = ({ name }: { name: string }) => (
  <svg viewBox="0 0 18 10" aria-hidden="true">
    <path class={`apart apart-${name}`} d="M0 5H18" />
  </svg>
);
