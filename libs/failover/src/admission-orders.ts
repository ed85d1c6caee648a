// Orders of operators: their numbers, which of several wins, and what the tool may report of one.
import type { ClosedOrder, OrderRecord, StateRecord } from '@dr/contracts/system';

export type OrderKind = OrderRecord['kind'];

/**
 * 1 + the highest number this replica knows for the target: from orders, and from what the target has decided. Two
 * regions that do not see each other may give the same number; {@link openOrder} then decides between them.
 */
export function nextOrderNumber(
  records: {
    readonly orders: readonly OrderRecord[];
    readonly states: readonly Pick<StateRecord, 'region' | 'closed' | 'leaving'>[];
  },
  target: string,
): number {
  const given = records.orders.filter((order) => order.target === target).map((order) => order.number);
  const decided = records.states
    .filter((state) => state.region === target)
    .map((state) => Math.max(state.closed, state.leaving ?? 0));
  return 1 + Math.max(0, ...given, ...decided);
}

/** Larger number wins; at equal number readmit beats evacuate; of equal orders the one that lasts longer. */
const compare = (a: OrderRecord, b: OrderRecord): number =>
  a.number - b.number || Number(a.kind === 'readmit') - Number(b.kind === 'readmit') || a.expiresAtMs - b.expiresAtMs;

const winner = (orders: readonly OrderRecord[]): OrderRecord | undefined =>
  orders.reduce<OrderRecord | undefined>(
    (best, order) => (!best || compare(order, best) > 0 ? order : best),
    undefined,
  );

/** The order that `region` has to decide next: the winner of those above `closed`. */
export const openOrder = (orders: readonly OrderRecord[], region: string, closed: number): OrderRecord | undefined =>
  winner(orders.filter((order) => order.target === region && order.number > closed));

/**
 * The order that overrules an evacuation with number `obeyed`, if there is one. A readmit of the same number, given in a
 * region that had not seen the evacuation, counts: it is the greater of the two.
 */
export function overruling(orders: readonly OrderRecord[], region: string, obeyed: number): OrderRecord | undefined {
  const best = winner(orders.filter((order) => order.target === region && order.number >= obeyed));
  return best && (best.number > obeyed || best.kind === 'readmit') ? best : undefined;
}

/**
 * Has the evacuation being obeyed run out? An expiry is a calendar time that an operator named, so here alone another
 * region's clock matters: it shifts the end by their difference, and nothing else. An order that is gone never expires.
 */
export function hasExpired(orders: readonly OrderRecord[], region: string, obeyed: number, nowMs: number): boolean {
  const same = orders.filter(
    (order) => order.target === region && order.number === obeyed && order.kind === 'evacuate',
  );
  return same.length > 0 && same.every((order) => order.expiresAtMs <= nowMs);
}

export interface OrderStatus {
  readonly status: 'pending' | 'obeyed' | 'refused' | 'spent' | 'superseded';
  readonly reason: string;
}

/** What the tool may say of an order: it is done only when the target itself has closed its number. */
export function orderStatus(
  order: Pick<OrderRecord, 'target' | 'number' | 'kind'>,
  state: StateRecord | undefined,
  orders: readonly OrderRecord[],
): OrderStatus {
  const superseded = (by: string): OrderStatus => ({ status: 'superseded', reason: `superseded by ${by}` });
  const closed = state?.closed ?? 0;
  if (closed >= order.number) {
    const last: ClosedOrder | undefined = state?.lastOrder;
    return last && last.number === order.number && last.kind === order.kind
      ? { status: last.outcome, reason: last.reason }
      : superseded(`order ${last?.number ?? closed} (${last?.kind ?? 'unknown'})`);
  }
  const best = openOrder(orders, order.target, closed);
  if (
    best &&
    (best.number > order.number ||
      (best.number === order.number && best.kind !== order.kind && best.kind === 'readmit'))
  ) {
    return superseded(`order ${best.number} (${best.kind}, given in ${best.writer})`);
  }
  return { status: 'pending', reason: `${order.target} has not decided it yet` };
}

export const closedOrder = (order: OrderRecord, outcome: ClosedOrder['outcome'], reason: string): ClosedOrder => ({
  number: order.number,
  kind: order.kind,
  outcome,
  reason,
});
const evacuation =
  (outcome: ClosedOrder['outcome']) =>
  (number: number, reason: string): ClosedOrder => ({ number, kind: 'evacuate', outcome, reason });
export const refused = evacuation('refused');
export const obeyed = evacuation('obeyed');
export const spent = evacuation('spent');
