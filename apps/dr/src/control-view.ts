// The control records that an operator looks at, as one region's replica has them; watched, because no clocks are compared.
import { tableName, type OrderRecord, type StateRecord } from '@dr/contracts';
import type { DrConfig, RegionConfig } from '@dr/contracts/config';
import { admissionConstants } from '@dr/failover';
import type { Context } from './context';
import type { ControlItem, ControlTable } from './operator';

export interface ControlView {
  readonly orders: readonly OrderRecord[];
  readonly states: readonly StateRecord[];
}

/** `order#...` to `state#...`: what admission decides from. */
const RANGE = ['order#', 'state$'] as const;
const WATCH_EVERY_MS = 2_000;

export const tableOf = ({ operator }: Context, { system }: DrConfig, { awsRegion }: RegionConfig): ControlTable =>
  operator.table(awsRegion, tableName(system));

export async function readControl(table: ControlTable): Promise<ControlView> {
  const items = await table.read(...RANGE);
  return { orders: ofKind<OrderRecord>(items, 'order#'), states: ofKind<StateRecord>(items, 'state#') };
}

// Written by our own functions and by this tool, under keys that nobody else can write.
const ofKind = <R>(items: readonly ControlItem[], prefix: string): R[] =>
  items.filter(({ timestamp }) => timestamp.startsWith(prefix)).map((item) => item as unknown as R);

export const stateOf = ({ states }: ControlView, region: string): StateRecord | undefined =>
  states.find((state) => state.region === region);

/** Serves by its own record, and is not about to leave. That the record is fresh, only watching can tell. */
export const claimsToServe = (state: StateRecord | undefined): boolean =>
  state !== undefined && state.state === 'serving' && state.reached && state.leaving === null;

/** The longest that a living region's heartbeat may take to show in another replica. The recovery times do not enter. */
const { freshMs, heartbeatMs } = admissionConstants(0);
export const HEARD_WITHIN_MS = freshMs + heartbeatMs;

/**
 * Which of `regions` beat: those whose sequence is seen to change, within {@link HEARD_WITHIN_MS} or until `enough`. Rejects
 * as `table` does.
 */
export async function watchHearts(
  { operator, wallMs }: Context,
  table: ControlTable,
  regions: readonly string[],
  enough: (beating: ReadonlySet<string>, view: ControlView) => boolean,
): Promise<{ readonly beating: ReadonlySet<string>; readonly view: ControlView }> {
  const startedMs = wallMs();
  const first = await readControl(table);
  const beating = new Set<string>();
  let view = first;
  while (!enough(beating, view) && wallMs() - startedMs < HEARD_WITHIN_MS) {
    await operator.sleep(WATCH_EVERY_MS);
    view = await readControl(table);
    for (const region of regions) {
      if (stateOf(view, region)?.sequence !== stateOf(first, region)?.sequence) beating.add(region);
    }
  }
  return { beating, view };
}
