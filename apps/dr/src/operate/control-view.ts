// The control records that an operator looks at, as one region's replica has them; watched, because no clocks are compared.
import { orderKey, stateKey, tableName, type StateRecord } from '@dr/contracts/system';
import { readControlRecords, type ControlRecords } from '@dr/contracts/system/records';
import type { RegionConfig } from '@dr/contracts/system/config';
import { admissionConstants } from '@dr/failover';
import type { Context } from '../context';
import { TooMany, Unavailable, type ControlItem, type ControlTable } from './operator';

export type ControlView = Pick<ControlRecords, 'orders' | 'states' | 'bad'>;

/** `order#...` to `state#...`: what admission decides from. */
const RANGE = ['order#', 'state$'] as const;
const WATCH_EVERY_MS = 2_000;

export const tableOf = ({ config, operator }: Context, { awsRegion }: RegionConfig): ControlTable =>
  operator.table(awsRegion, tableName(config().system));

/** Rejects as `table` does. */
export async function readControl({ config, operator }: Context, table: ControlTable): Promise<ControlView> {
  const regions = config().regions.map(({ name }) => name);
  const items = await table.read(...RANGE).catch((error: unknown) => {
    if (!(error instanceof TooMany)) throw error;
    return each(table, regions);
  });
  return readControlRecords(items, regions, operator.now());
}

/** Only what the system itself can have written, however much else there is. */
async function each(table: ControlTable, regions: readonly string[]): Promise<ControlItem[]> {
  const keys = regions.flatMap((name) => [stateKey(name), ...regions.map((writer) => orderKey(writer, name))]);
  const read = await Promise.all(keys.map((key) => table.read(key, `${key}\u0000`)));
  return read.flat();
}

/** What several replicas hold, the newest of each state first. */
export const merged = (views: readonly ControlView[]): ControlView => ({
  orders: views.flatMap(({ orders }) => orders),
  states: views.flatMap(({ states }) => states).sort((a, b) => b.version - a.version),
  bad: views.flatMap(({ bad }) => bad),
});

/** Asks every region at once. Of those that do not answer it says why; any other failure rejects. */
export async function askEach<T>(regions: readonly RegionConfig[], ask: (region: RegionConfig) => Promise<T>) {
  const asked = await Promise.allSettled(regions.map(ask));
  const answers: { readonly region: string; readonly answer: T }[] = [];
  const silent: { readonly region: string; readonly why: string }[] = [];
  regions.forEach(({ name: region }, at) => {
    const one = asked[at] as PromiseSettledResult<T>;
    if (one.status === 'fulfilled') answers.push({ region, answer: one.value });
    else if (one.reason instanceof Unavailable) silent.push({ region, why: one.reason.message });
    else throw one.reason;
  });
  return { answers, silent };
}

export const stateOf = ({ states }: ControlView, region: string): StateRecord | undefined =>
  states.find((state) => state.region === region);

/** Serves by its own record, and is not about to leave. That the record is fresh, only watching can tell. */
export const claimsToServe = (state: StateRecord | undefined): boolean =>
  state !== undefined && state.state === 'serving' && state.reached && state.leaving === null;

/** The longest that a living region's heartbeat may take to show in another replica. The recovery times do not enter. */
const { freshMs, heartbeatMs } = admissionConstants(0);
export const HEARD_WITHIN_MS = freshMs + heartbeatMs;

/** Which regions beat: their sequence changes within {@link HEARD_WITHIN_MS} or until `isEnough`. Rejects as `table` does. */
export async function watchHearts(
  context: Context,
  table: ControlTable,
  isEnough = (beating: ReadonlySet<string>, _view: ControlView): boolean =>
    beating.size === context.config().regions.length,
): Promise<{ readonly beating: ReadonlySet<string>; readonly view: ControlView }> {
  const { operator, wallMs } = context;
  const startedMs = wallMs();
  const first = await readControl(context, table);
  const beating = new Set<string>();
  let view = first;
  while (!isEnough(beating, view) && wallMs() - startedMs < HEARD_WITHIN_MS) {
    await operator.sleep(WATCH_EVERY_MS);
    view = await readControl(context, table);
    for (const { name } of context.config().regions)
      if (stateOf(view, name)?.sequence !== stateOf(first, name)?.sequence) beating.add(name);
  }
  return { beating, view };
}
