// Regions by their own control records and heartbeats: DynamoDB's data plane alone, whatever else of AWS is down.
import { openOrder } from '@dr/failover';
import type { Context } from '../../context';
import { askEach, claimsToServe, merged, stateOf, tableOf, watchHearts } from '../control-view';

export type ControlStatus = Awaited<ReturnType<typeof readControlStatus>>['regions'][number];

/** Rejects with InputError where the operator has something to mend. */
export async function readControlStatus(context: Context) {
  const config = context.config();
  const names = config.regions.map(({ name }) => name);
  const { answers, silent } = await askEach(config.regions, (region) => watchHearts(context, tableOf(context, region)));
  const view = merged(answers.map(({ answer }) => answer.view));
  const regions = names.map((region) => {
    const state = stateOf(view, region);
    const order = openOrder(view.orders, region, state?.closed ?? 0);
    const beats = answers.some(({ answer }) => answer.beating.has(region));
    return {
      region,
      tableAnswers: answers.some((one) => one.region === region),
      /** Its heartbeat was seen to change while we looked. */
      beats,
      /** As it last recorded itself; null: it has never run, or no region's table answers. */
      state: state?.state ?? null,
      /** It has caught up, and serves by an order only; since when, by its own clock. */
      waitingSince: state?.wait ? new Date(state.wait.sinceMs).toISOString() : null,
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
  return { regions, bad: view.bad, silent: silent.map(({ why }) => why) };
}
