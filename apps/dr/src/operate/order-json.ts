// An order that was obeyed, as JSON.
import type { giveOrder } from './give-order';

/** Of `dr evacuate` and `dr readmit`. */
export const ORDER_JSON = {
  schema: 'number: 1',
  order: 'number: number of the order',
  kind: 'string: evacuate or readmit',
  region: 'string: the region that has obeyed',
  reason: 'string: in its own words',
  state: 'string: its state after that',
} as const;

/** What both print of an order that was obeyed. */
export const orderJson = ({ order, reason, state }: Awaited<ReturnType<typeof giveOrder>>) => ({
  schema: 1,
  order: order.number,
  kind: order.kind,
  region: order.target,
  reason,
  state: state.state,
});
