// `dr status`: which regions of the applied system answer, beat and serve, and what they have been asked to do.
import type { AdmissionState, StateRecord } from '@dr/contracts';
import type { Command } from 'commander';
import { openOrder } from '@dr/failover';
import { columns } from '../columns';
import type { Context, Run } from '../context';
import { claimsToServe, stateOf, tableOf, watchHearts, type ControlView } from '../control-view';
import { Refused, Unavailable } from '../operator';

interface RegionStatus {
  readonly region: string;
  readonly tableAnswers: boolean;
  /** Its heartbeat was seen to change while we looked. */
  readonly beats: boolean;
  /** As it last recorded itself; null: it has never run. */
  readonly state: AdmissionState | null;
  readonly reached: boolean;
  /** It serves, is reached, beats, and is not leaving. */
  readonly serves: boolean;
  readonly leavingByOrder: number | null;
  /** An order that it has not decided yet. */
  readonly openOrder: { readonly number: number; readonly kind: string; readonly by: string } | null;
  readonly lastOrder: StateRecord['lastOrder'] | null;
}

export function statusCommand(program: Command, run: (run: Run) => void): void {
  program
    .command('status')
    .description('regions of the applied system: which answer, beat and serve (watches heartbeats for up to 20 s)')
    .option('--json', 'print one JSON object')
    .action(({ json }: { readonly json?: true }) =>
      run(async (context) => {
        const regions = await readStatus(context);
        context.out(json ? `${JSON.stringify({ regions })}\n` : render(regions));
        return regions.some(({ serves }) => serves) ? 0 : 1;
      }),
    );
}

async function readStatus(context: Context): Promise<readonly RegionStatus[]> {
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
  if (answering.length === 0) {
    throw new Refused(`No region answers: ${seen.flatMap((one) => ('why' in one ? [one.why] : [])).join('; ')}.`);
  }
  const view: ControlView = {
    orders: answering.flatMap((one) => one.view.orders),
    states: answering.flatMap((one) => one.view.states).sort((a, b) => b.version - a.version),
  };
  return names.map((region) => {
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
}

function render(regions: readonly RegionStatus[]): string {
  const rows = regions.map((one) => [
    one.region,
    one.serves ? 'serves' : 'does not serve',
    one.state ?? 'never ran',
    one.beats ? 'heartbeat' : 'no heartbeat',
    one.reached ? 'reached' : 'not reached',
    one.tableAnswers ? 'table answers' : 'table does not answer',
    ordersOf(one),
  ]);
  return `${columns(rows)}\n`;
}

function ordersOf({ openOrder: open, leavingByOrder, lastOrder }: RegionStatus): string {
  if (leavingByOrder !== null) return `leaving by order ${leavingByOrder}`;
  if (open) return `order ${open.number} (${open.kind}, given in ${open.by}) is not decided`;
  return lastOrder ? `order ${lastOrder.number} (${lastOrder.kind}): ${lastOrder.outcome}, ${lastOrder.reason}` : '';
}
