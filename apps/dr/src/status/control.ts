// Regions by their own control records and heartbeats: DynamoDB's data plane alone, whatever else of AWS is down.
import { openOrder } from '@dr/failover';
import type { Context } from '../context';
import { claimsToServe, stateOf, tableOf, watchHearts, type ControlView } from '../control-view';
import { Unavailable } from '../operator';

export type ControlStatus = Awaited<ReturnType<typeof readControlStatus>>['regions'][number];

/** Rejects with InputError where the operator has something to mend. */
export async function readControlStatus(context: Context) {
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
      /** Its heartbeat was seen to change while we looked. */
      beats,
      /** As it last recorded itself; null: it has never run, or no region's table answers. */
      state: state?.state ?? null,
      reached: state?.reached ?? false,
      /** It serves, is reached, beats, and is not leaving. */
      serves: beats && claimsToServe(state),
      leavingByOrder: state?.leaving ?? null,
      /** An order that it has not decided yet. */
      openOrder: order ? { number: order.number, kind: order.kind, by: order.writer } : null,
      lastOrder: state?.lastOrder ?? null,
    };
  });
  // Beside the regions: why each table that did not answer did not, and records that nobody decides from.
  return { regions, bad: view.bad, silent: seen.flatMap((one) => ('why' in one ? [one.why] : [])) };
}
