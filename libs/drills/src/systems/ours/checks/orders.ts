// Checks of orders over a schedule's run: in calm an evacuation is obeyed, and of two that cross, one is.
import { AdmissionHistory } from './admission-history';
import type { FindWrong } from '../../../judge/check';
import type { GivenOrder, RunRecord } from '../../../system-under-drill';
import { closedOrdersIn } from '../control-records';

/** What an order takes: a beat, the grant, a beat, and all of it on its way. Orders as close as that cross. */
const DECIDED_MS = 30_000;
/** From then on every region has seen the others' heartbeats change, and news of that has gone round. */
const FIRST_MS = 25_000;
const NEWS_MS = 10_000;

export const calmOrdersAreObeyed: FindWrong = (record) => {
  if (record.schedule.faults.length > 0) return [];
  const history = new AdmissionHistory(record);
  const obeyed = obeyedIn(record);
  return record.orders
    .filter(({ action, number }) => {
      const givenMs = action.atSeconds * 1000;
      const isOnly = record.orders.filter((other) => other.action.region === action.region).length === 1;
      const lasts = (action.expiresSeconds ?? Infinity) * 1000 > DECIDED_MS;
      return (
        action.order === 'evacuate' &&
        number !== null &&
        isOnly &&
        lasts &&
        givenMs >= FIRST_MS &&
        record.regions.every((region) => history.servedThroughout(region, givenMs - NEWS_MS, givenMs))
      );
    })
    .filter((order) => {
      const rivals = rivalsOf(order, record.orders);
      return (
        ![order, ...rivals].some((one) => obeyed.has(nameOf(one))) && !rivals.some((one) => isTakenBack(one, record))
      );
    })
    .map(
      ({ action }) =>
        `${action.region} did not obey the evacuation of ${action.atSeconds} s although nothing was broken`,
    );
};

const nameOf = ({ action, number }: GivenOrder): string => `${action.region} ${number}`;

const rivalsOf = ({ action }: GivenOrder, orders: readonly GivenOrder[]): readonly GivenOrder[] =>
  orders.filter(
    (other) =>
      other.action.order === 'evacuate' &&
      other.action.region !== action.region &&
      Math.abs(other.action.atSeconds - action.atSeconds) * 1000 <= DECIDED_MS,
  );

/** The region was readmitted before it had decided: others that made way for it were refused already, and stay refused. */
const isTakenBack = ({ action }: GivenOrder, { orders }: RunRecord): boolean =>
  orders.some(
    ({ action: other }) =>
      other.order === 'readmit' &&
      other.region === action.region &&
      other.atSeconds >= action.atSeconds &&
      (other.atSeconds - action.atSeconds) * 1000 <= DECIDED_MS,
  );

const obeyedIn = (run: RunRecord): ReadonlySet<string> =>
  new Set(
    closedOrdersIn(run)
      .filter(({ kind, outcome }) => kind === 'evacuate' && outcome === 'obeyed')
      .map(({ region, number }) => `${region} ${number}`),
  );
