// Regions by their own control records and heartbeats: DynamoDB's data plane alone, whatever else of AWS is down.
import type { AdmissionState, StateRecord } from '@dr/contracts/system';
import type { BadRecord } from '@dr/contracts/system/records';
import { openOrder } from '@dr/failover';
import type { Context } from '../context';
import { claimsToServe, stateOf, tableOf, watchHearts, type ControlView } from '../control-view';
import { Unavailable } from '../operator';

export interface ControlStatus {
  readonly region: string;
  readonly tableAnswers: boolean;
  /** Its heartbeat was seen to change while we looked. */
  readonly beats: boolean;
  /** As it last recorded itself; null: it has never run, or no region's table answers. */
  readonly state: AdmissionState | null;
  readonly reached: boolean;
  /** It serves, is reached, beats, and is not leaving. */
  readonly serves: boolean;
  readonly leavingByOrder: number | null;
  /** An order that it has not decided yet. */
  readonly openOrder: { readonly number: number; readonly kind: string; readonly by: string } | null;
  readonly lastOrder: StateRecord['lastOrder'] | null;
}

export interface ControlAnswer {
  readonly regions: readonly ControlStatus[];
  /** Why each table that did not answer did not. */
  readonly silent: readonly string[];
  /** Records that nobody decides from. */
  readonly bad: readonly BadRecord[];
}

/** Rejects with InputError where the operator has something to mend. */
export async function readControlStatus(context: Context): Promise<ControlAnswer> {
  const config = context.config();
  const names = config.regions.map(({ name }) => name);
  const seen = await Promise.all(
    config.regions.map(async (region) => {
      const table = tableOf(context, config, region);
      try {
        const all = (beating: ReadonlySet<string>): boolean => beating.size === names.length;
        return { region: region.name, ...(await watchHearts(context, table, names, all)) };
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        return { region: region.name, why: error.message };
      }
    }),
  );
  const answering = seen.flatMap((one) => ('view' in one ? [one] : []));
  const view: ControlView = {
    orders: answering.flatMap((one) => one.view.orders),
    states: answering.flatMap((one) => one.view.states).sort((a, b) => b.version - a.version),
    bad: answering.flatMap((one) => one.view.bad),
  };
  const regions = names.map((region) => {
    const state = stateOf(view, region);
    const order = openOrder(view.orders, region, state?.closed ?? 0);
    const beats = answering.some(({ beating }) => beating.has(region));
    return {
      region,
      tableAnswers: answering.some((one) => one.region === region),
      beats,
      state: state?.state ?? null,
      reached: state?.reached ?? false,
      serves: beats && claimsToServe(state),
      leavingByOrder: state?.leaving ?? null,
      openOrder: order ? { number: order.number, kind: order.kind, by: order.writer } : null,
      lastOrder: state?.lastOrder ?? null,
    };
  });
  return { regions, bad: view.bad, silent: seen.flatMap((one) => ('why' in one ? [one.why] : [])) };
}
