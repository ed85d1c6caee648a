// Orders of operators: given as their tool does, and what became of them in the words of the regions that decided them.
import { CONTROL_ID, ENV, orderKey, type OrderRecord, type RecoveryEnv } from '@dr/contracts/system';
import { readControlRecords } from '@dr/contracts/system/records';
import { nextOrderNumber } from '@dr/failover';
import { blockOf, textMapOf, type Graph } from '@dr/terraform-json';
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
  const records = readControlRecords(items, regions, nowMs);
  const number = nextOrderNumber(records, target);
  const timestamp = orderKey(via, target);
  const wait = kind === 'readmit' ? records.states.find(({ region }) => region === target)?.wait?.number : undefined;
  const about = wait === undefined ? {} : { wait };
  const order: OrderRecord = { id: CONTROL_ID, timestamp, writer: via, target, kind, number, expiresAtMs, ...about };
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

/** Is any function told so? */
export const returnsByOrder = (graph: Graph): boolean =>
  graph.ofType('aws_lambda_function').some(({ values }) => {
    const told = textMapOf(blockOf(values, 'environment') ?? {}, 'variables')[ENV.recovery];
    return told !== undefined && isByHand(told);
  });

/** What cannot be read is named by the rules of the stack. */
export function isByHand(recovery: string): boolean {
  try {
    return (JSON.parse(recovery) as Partial<RecoveryEnv> | null)?.manualFailback !== undefined;
  } catch {
    return false;
  }
}
