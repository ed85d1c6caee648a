// The orchestrator's records: everything it decides from in one Query, its own record changed under its version.
import { CONTROL_ID, failoverKey, type FailoverRecord, type StateRecord } from '@dr/contracts';
import { withDeadline, type Clock, type Item, type Page, type Table, type TableQuery } from '@dr/handler-core';

export interface ControlView {
  readonly states: readonly StateRecord[];
  readonly mine: FailoverRecord;
  readonly others: readonly FailoverRecord[];
}

/** `failover#...` to `state#...`; the growing history (`transition#...`) lies above. */
const RANGE = { from: 'failover#', before: 'state$' } as const;
const MAX_PAGES = 8;
const CALL_DEADLINE_MS = 4_000;
/** Environments of one region that write at once: alarms come in bursts. */
const MAX_TRIES = 6;

export interface RecordStore {
  readonly clock: Clock;
  readonly table: Table;
  readonly region: string;
}

export async function readControl({ clock, table, region }: RecordStore): Promise<ControlView> {
  const items: Item[] = [];
  let before: string | undefined = RANGE.before;
  for (let page = 0; before !== undefined && page < MAX_PAGES; page += 1) {
    const query: TableQuery = { id: CONTROL_ID, from: RANGE.from, before };
    const { items: more, next }: Page = await withDeadline(clock, CALL_DEADLINE_MS, (signal) =>
      table.query(query, signal),
    );
    items.push(...more);
    before = next;
  }
  const kind = <R>(prefix: string): R[] =>
    items.filter((item) => item.timestamp.startsWith(prefix)).map((item) => item as unknown as R);
  const records = kind<FailoverRecord>('failover#');
  return {
    states: kind<StateRecord>('state#'),
    mine: records.find(({ writer }) => writer === region) ?? emptyRecord(region),
    others: records.filter(({ writer }) => writer !== region),
  };
}

const emptyRecord = (region: string): FailoverRecord => ({
  id: CONTROL_ID,
  timestamp: failoverKey(region),
  writer: region,
  version: 0,
  regions: {},
});

export const putItem = ({ clock, table }: RecordStore, item: Item, version: number): Promise<'written' | 'refused'> =>
  withDeadline(clock, CALL_DEADLINE_MS, (signal) =>
    table.put(item, version === 0 ? { kind: 'absent' } : { kind: 'version', version }, signal),
  );

export interface Updated {
  readonly before: FailoverRecord;
  readonly after: FailoverRecord;
  /** As read for the change. */
  readonly states: readonly StateRecord[];
}

/**
 * Reads, changes and writes my record, again when another environment was faster. `change` returns the same record for
 * no change. Resolves with the record as it stands then; rejects when the table fails or the contention does not end.
 */
export async function update(store: RecordStore, change: (view: ControlView) => FailoverRecord): Promise<Updated> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const view = await readControl(store);
    const changed = change(view);
    if (changed === view.mine) return { before: view.mine, after: view.mine, states: view.states };
    const after = { ...changed, version: view.mine.version + 1 };
    if ((await putItem(store, { ...after }, view.mine.version)) === 'written')
      return { before: view.mine, after, states: view.states };
  }
  throw new Error(`the record ${failoverKey(store.region)} was changed by others ${MAX_TRIES} times in a row`);
}
