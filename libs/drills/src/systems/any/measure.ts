// What became of one name's clients: of each place, then of all of them.
import type { OutcomeKind } from '@dr/review';
import { recoveriesOf, recoveryTime } from '../../measure/measure';
import { ofKind } from '../../run/run-record';
import type { Events, RequestEvent } from '../../system-under-drill';
import { clientPrefix } from './clients';

/** Of a run, ms. By `settledMs` all that can change by itself has changed. */
export interface Times {
  readonly faultMs: number;
  readonly settledMs: number;
  readonly healMs: number;
}

export interface Measured {
  readonly outcome: Exclude<OutcomeKind, 'manual' | 'unknown'>;
  /** The worst client that recovered; 0 where nobody was affected, null where nobody recovered. */
  readonly worstSeconds: number | null;
  readonly clients: number;
  readonly clientsAffected: number;
}

type Requests = readonly RequestEvent[];

/** `places`: of how many kinds its clients are. */
export function measureName(name: string, places: number, events: Events, times: Times): Measured {
  const all = ofKind(events, 'request').filter(({ itemId }) => itemId === name);
  const at = Array.from({ length: places }, (_, place) =>
    all.filter(({ client }) => client.startsWith(clientPrefix({ name, place }))),
  );
  const met = at.map((requests) => measurePlace(requests, times)).filter((one) => one !== undefined);
  const kinds = [...new Set(met.map(({ outcome }) => outcome))];
  const worst = met.flatMap(({ worstSeconds }) => worstSeconds ?? []);
  return {
    outcome: kinds.length > 1 ? 'partly' : (kinds[0] ?? 'recovers'),
    worstSeconds: met.length === 0 ? 0 : worst.length === 0 ? null : Math.max(...worst),
    clients: new Set(all.map(({ client }) => client)).size,
    clientsAffected: met.reduce((sum, { clientsAffected }) => sum + clientsAffected, 0),
  };
}

type OfPlace = Pick<Measured, 'outcome' | 'worstSeconds' | 'clientsAffected'>;

/** undefined: nobody there was affected, or nobody there was ever served. */
function measurePlace(requests: Requests, { faultMs, settledMs, healMs }: Times): OfPlace | undefined {
  const isServed = ({ outcome }: RequestEvent): boolean => outcome === 'ok';
  const before = requests.filter(({ atMs }) => atMs < faultMs);
  const during = requests.filter(({ startedMs, atMs }) => atMs >= faultMs && startedMs < healMs);
  const recoveries = recoveriesOf(during, faultMs, healMs);
  if (recoveries.length === 0 || !before.some(isServed)) return undefined;
  const late = during.filter(({ startedMs }) => startedMs >= settledMs);
  const failing = new Set(late.filter((one) => !isServed(one)).map(({ client }) => client));
  const moved = recoveries.filter(({ client, recovered }) => recovered !== 'never' && !failing.has(client));
  const outcome = failing.size === 0 ? 'recovers' : late.some(isServed) ? 'partly' : 'never';
  const worstSeconds = outcome === 'never' ? null : (recoveryTime(moved)?.worstSeconds ?? null);
  return { outcome, worstSeconds, clientsAffected: recoveries.length };
}
