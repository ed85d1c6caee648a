// Failback by hand: how a region that was out of service comes back where nobody but an operator may decide that it does.
import type { ClosedOrder, OrderRecord, StateRecord } from '@dr/contracts/system';
import { closedOrder } from './admission-orders';
import { describe, type Situation } from './admission-situation';
import type { AdmissionReason } from './admission-types';

/** How far a return by hand has come. Nothing of it outlives an absence: what was ordered before one was not about it. */
export type Return = Pick<StateRecord, 'wait' | 'readmitted'>;

export interface ReturnStep {
  readonly serves: boolean;
  readonly then: Return;
  readonly reason: AdmissionReason;
  readonly closes: readonly ClosedOrder[];
  readonly notify?: string;
}

/**
 * One beat of a region that is on its way back. It waits from the beat on at which it could serve beside a peer that does. The wait goes on
 * while the region does not catch up for a moment, and ends with an order that names it. `order`: the open readmission, if there is one.
 */
export function returnByHand(situation: Situation, order: OrderRecord | undefined): ReturnStep {
  const { beat, edge, mayServe, servingPeers, nowMs, input } = situation;
  const known = edge ? {} : returnOf(beat);
  const canServe = mayServe && beat.reached;
  const isAlone = canServe && servingPeers.length === 0;
  const decided = order && decide(order, known, { canServe, isAlone });
  const closes = decided ? [decided] : [];
  const readmitted = known.readmitted ?? (decided?.outcome === 'obeyed' ? decided.number : undefined);
  if (canServe && readmitted !== undefined) return { serves: true, then: {}, reason: 'readmitted', closes };
  if (isAlone) {
    const notify = `${input.region} returned to service without an order: no other region serves (${describe(situation)})`;
    return { serves: true, then: {}, reason: 'returned-unasked', closes, notify };
  }
  const told = decided && (decided.outcome === 'refused' ? 'order-refused' : 'order-done');
  if (readmitted !== undefined) return { serves: false, then: { readmitted }, reason: told ?? 'catching-up', closes };
  if (known.wait) return { serves: false, then: { wait: known.wait }, reason: told ?? 'waiting', closes };
  if (!canServe) return { serves: false, then: {}, reason: told ?? 'catching-up', closes };
  return { serves: false, then: { wait: { number: beat.sequence, sinceMs: nowMs } }, reason: 'waits', closes };
}

const returnOf = ({ wait, readmitted }: StateRecord): Return => ({
  ...(wait ? { wait } : {}),
  ...(readmitted === undefined ? {} : { readmitted }),
});

interface Chance {
  readonly canServe: boolean;
  readonly isAlone: boolean;
}

/** An order is closed at the first beat that reads it, so none is left over for another absence. */
function decide(order: OrderRecord, { wait, readmitted }: Return, { canServe, isAlone }: Chance): ClosedOrder {
  if (isAlone) return closedOrder(order, 'obeyed', 'the region serves, as no other does');
  if (readmitted !== undefined || isOf(wait, order))
    return closedOrder(order, 'obeyed', canServe ? 'the region serves again' : 'the region is on its way back');
  const why = wait
    ? 'it was not given for this wait: look at dr status, and give it again'
    : 'the region has not caught up since it was away: give it again once dr status shows that it waits';
  return closedOrder(order, 'refused', why);
}

const isOf = (wait: Return['wait'], order: OrderRecord): boolean => wait !== undefined && order.wait === wait.number;

/** Of two open readmissions with one number, given in two regions, the one that names this wait. */
export function forThisWait(
  open: OrderRecord | undefined,
  { wait }: StateRecord,
  orders: readonly OrderRecord[],
): OrderRecord | undefined {
  if (open?.kind !== 'readmit' || isOf(wait, open)) return open;
  const { number, target } = open;
  const same = orders.filter((one) => one.target === target && one.kind === 'readmit' && one.number === number);
  return same.find((one) => isOf(wait, one)) ?? open;
}

/** A readmission that names a wait is about that wait. It ends no evacuation that the region has obeyed since. */
export const ofNoWait = (orders: readonly OrderRecord[]): readonly OrderRecord[] =>
  orders.filter(({ kind, wait }) => kind !== 'readmit' || wait === undefined);
