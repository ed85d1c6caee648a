// Orders of operators: given as their tool does, and what became of them in the words of the regions that decided them.
import { CONTROL_ID, orderKey, type OrderRecord } from '@dr/contracts/system';
import { readControlRecords } from '@dr/contracts/system/records';
import { nextOrderNumber } from '@dr/failover';
import type { OrderAction } from '../../schedule/schedule';
import type { GivenOrder, OrderOutcome, RunningStack, RunRecord } from '../../system-under-drill';
import { closedOrdersIn } from './control-records';

const DEFAULT_EXPIRY_SECONDS = 8 * 3_600;

/** Reads what the region of `via` knows, and writes the next order about the target there. */
export async function giveOrder({ world, operator }: RunningStack, action: OrderAction): Promise<GivenOrder> {
  const { order: kind, region: target, via, expiresSeconds = DEFAULT_EXPIRY_SECONDS } = action;
  const nowMs = world.scheduler.epochNow();
  const expiresAtMs = nowMs + expiresSeconds * 1000;
  const items = await operator.read(via, CONTROL_ID);
  if (!items) return { action, number: null, expiresAtMs };
  const regions = world.regions.map(({ name }) => name);
  const number = nextOrderNumber(readControlRecords(items, regions, nowMs), target);
  const timestamp = orderKey(via, target);
  const order: OrderRecord = { id: CONTROL_ID, timestamp, writer: via, target, kind, number, expiresAtMs };
  return { action, number: (await operator.put(via, order)) ? number : null, expiresAtMs };
}

export function orderOutcomes(run: RunRecord): OrderOutcome[] {
  const closed = closedOrdersIn(run);
  return run.orders.map(({ action: { order, region, via, atSeconds }, number }) => {
    const about = { order, region, via, atSeconds };
    if (number === null) return { ...about, outcome: 'not given', reason: `${via} did not answer` };
    // The first word on it: an evacuation that was obeyed may be spent later.
    const decided = closed.find((one) => one.region === region && one.number === number && one.kind === order);
    if (!decided) return { ...about, outcome: 'superseded', reason: `${region} never decided order ${number}` };
    return { ...about, outcome: decided.outcome, reason: decided.reason };
  });
}
