// What became of the orders of a schedule, in the words of the regions that decided them.
import type { ClosedOrder, StateRecord } from '@dr/contracts/system';
import { ofKind, type RunRecord } from '../run/run-record';
import type { OrderAction } from '../schedule/schedule';

export interface OrderOutcome extends Pick<OrderAction, 'order' | 'region' | 'via' | 'atSeconds'> {
  readonly outcome: ClosedOrder['outcome'] | 'not given' | 'superseded';
  readonly reason: string;
}

export function orderOutcomes({ orders, events }: RunRecord): OrderOutcome[] {
  const closed = ofKind(events, 'control-written').flatMap(({ timestamp, record }) => {
    const { region, lastOrder } = record as unknown as StateRecord;
    return timestamp.startsWith('state#') && lastOrder ? [{ region, ...lastOrder }] : [];
  });
  return orders.map(({ action: { order, region, via, atSeconds }, number }) => {
    const about = { order, region, via, atSeconds };
    if (number === null) return { ...about, outcome: 'not given', reason: `${via} did not answer` };
    // The first word on it: an evacuation that was obeyed may be spent later.
    const decided = closed.find((one) => one.region === region && one.number === number && one.kind === order);
    if (!decided) return { ...about, outcome: 'superseded', reason: `${region} never decided order ${number}` };
    return { ...about, outcome: decided.outcome, reason: decided.reason };
  });
}
