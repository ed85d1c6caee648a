// Whether there is anything to readmit: said before an order is written, from the newest record of the region that answers.
import { InputError } from '@dr/contracts';
import type { StateRecord } from '@dr/contracts/system';
import { openOrder } from '@dr/failover';
import { stateOf, type ControlView } from './control-view';

export interface Readmission {
  /** The wait that the order ends, and no other one; undefined: the order takes an evacuation back. */
  readonly wait?: number;
}

/** Throws InputError where an order would bring nobody back, with what to do instead. `isByHand`: as dr.config.ts says. */
export function readmissionOf(view: ControlView, region: string, isByHand: boolean): Readmission {
  const state = stateOf(view, region);
  const open = openOrder(view.orders, region, state?.closed ?? 0);
  const isOrderedOut = state?.state === 'evacuated' || (state?.leaving ?? null) !== null || open?.kind === 'evacuate';
  if (state?.wait) return { wait: state.wait.number };
  if (isOrderedOut) return {};
  const refusal = refusalOf(state, isByHand);
  if (refusal) throw new InputError(`--region ${region}`, ...refusal);
  return {};
}

type Refusal = readonly [why: string, fix: string];

function refusalOf(state: StateRecord | undefined, isByHand: boolean): Refusal | undefined {
  const look = 'dr status shows it';
  if (state?.readmitted !== undefined)
    return [`has taken order ${state.readmitted} already, and serves as soon as it has caught up`, `Wait: ${look}`];
  if (state?.state === 'recovering' && state.firstStart)
    return ['is new, and serves by itself as soon as it has heard of the others', `Wait: ${look}`];
  if (state?.state === 'recovering' && !isByHand)
    return ['has not been ordered out: it catches up, and then serves by itself (automatic failback)', `Wait: ${look}`];
  if (state?.state === 'recovering')
    return [
      'has not caught up yet, and takes no order before it waits for one',
      `Give the order once ${look} as waiting`,
    ];
  if (!isByHand) return undefined;
  if (!state)
    return ['has no record that can be read: nobody knows whether it waits', `Look first: ${look} once it beats`];
  return ['serves: there is nothing to readmit', 'Leave it, or order it out first: dr evacuate'];
}
