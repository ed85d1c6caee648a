// The orchestrator's records: everything it decides from in one Query, its own record changed under its version.
import { failoverKey, stateKey, type FailoverRecord, type StateRecord } from '@dr/contracts/system';
import {
  inOwnTime,
  nextCount,
  readControlRecords,
  withoutTheFuture,
  withoutWildCounts,
  type BadRecord,
} from '@dr/contracts/system/records';
import { newFailoverRecord } from '@dr/failover';
import { placeOf, queryControl, withDeadline, type Item, type PutCondition } from '@dr/handler-core';
import type { Ports } from './ports';

export interface ControlView {
  readonly states: readonly StateRecord[];
  /** What cannot be read. */
  readonly bad: readonly BadRecord[];
  readonly mine: FailoverRecord;
  readonly others: readonly FailoverRecord[];
  /** My record as it is in the table; absent: `mine` is what is remembered of it, or an empty one. */
  readonly stored: FailoverRecord | undefined;
  /** It is there and cannot be read. */
  readonly spoiled: BadRecord | undefined;
  /** Times to come were in it: `mine` is without them. */
  readonly isPutRight: boolean;
}

/** `failover#...` to `state#...`; the growing history (`transition#...`) lies above. */
const RANGE = { from: 'failover#', before: 'state$' } as const;
const CALL_DEADLINE_MS = 4_000;
/** Environments of one region that write at once: alarms come in bursts. */
const MAX_TRIES = 6;

export async function readControl({ clock, table, region, peers, tellBad, known }: Ports): Promise<ControlView> {
  const regions = [region, ...peers.map(({ name }) => name)];
  const keys = regions.flatMap((name) => [stateKey(name), failoverKey(name)]);
  const { items, bad } = await withDeadline(clock, CALL_DEADLINE_MS, (signal) =>
    queryControl(table, { ...RANGE, keys }, signal),
  );
  const nowMs = clock.wallMs();
  const records = readControlRecords(items, regions, nowMs);
  const held = records.failovers.map((record) => withoutTheFuture(record, nowMs));
  const own = held.find(({ record }) => record.writer === region);
  const stored = own?.record;
  const spoiled = records.bad.find(({ key }) => key === failoverKey(region));
  if (stored) known.record = stored;
  const mine = stored ?? (spoiled && known.record) ?? newFailoverRecord(region);
  const others = held.flatMap(({ record }) => (record.writer === region ? [] : withoutWildCounts(record, mine)));
  const states = records.states.map((state) =>
    state.region === region ? inOwnTime(state, nowMs) : { record: state, bad: [] },
  );
  const unread = [...bad, ...records.bad];
  tellBad([...unread, ...[...held, ...others, ...states].flatMap((one) => one.bad)]);
  return {
    states: states.map(({ record }) => record),
    bad: unread,
    mine,
    stored,
    others: others.map(({ record }) => record),
    spoiled,
    isPutRight: own !== undefined && own.bad.length > 0,
  };
}

export const putItem = ({ clock, table }: Ports, item: Item, condition: PutCondition): Promise<'written' | 'refused'> =>
  withDeadline(clock, CALL_DEADLINE_MS, (signal) => table.put(item, condition, signal));

interface Updated {
  readonly before: FailoverRecord;
  readonly after: FailoverRecord;
  /** As read for the change. */
  readonly states: readonly StateRecord[];
  readonly others: readonly FailoverRecord[];
}

/**
 * Reads, changes and writes my record, again when another environment was faster. `change` returns the same record for
 * no change. Resolves with the record as it stands then; rejects when the table fails or the contention does not end.
 */
export async function update(store: Ports, change: (view: ControlView) => FailoverRecord): Promise<Updated> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const view = await readControl(store);
    const changed = change(view);
    const { mine: before, others, states } = view;
    // What somebody spoiled is written anew at once: until then nobody can read it, and what waits for time to pass waits on.
    if (changed === before && !view.spoiled && !view.isPutRight) return { before, after: before, others, states };
    const { condition, version } = placeOf(view.stored, view.spoiled, nextCount(view.mine.version));
    const after = { ...changed, version };
    if ((await putItem(store, { ...after }, condition)) !== 'written') continue;
    store.known.record = after;
    return { before, after, others, states };
  }
  throw new Error(`the record ${failoverKey(store.region)} was changed by others ${MAX_TRIES} times in a row`);
}
