// The control records that health decides from, read with one Query: orders, validation runs, states of all regions.
import {
  CONTROL_ID,
  type OrderRecord,
  type PresenceRecord,
  type StateRecord,
  type ValidationRecord,
} from '@dr/contracts';
import type { Item, Table } from '@dr/handler-core';

export interface ControlRecords {
  readonly states: readonly StateRecord[];
  readonly orders: readonly OrderRecord[];
  readonly runs: readonly ValidationRecord[];
  readonly presences: readonly PresenceRecord[];
}

/** `order#...` to `state#...`; the orchestrator's records lie outside and do not make this Query grow. */
const RANGE = { from: 'order#', before: 'state$' } as const;
const MAX_PAGES = 4;

export async function readControlRecords(table: Table, signal: AbortSignal): Promise<ControlRecords> {
  const items: Item[] = [];
  let before: string | undefined = RANGE.before;
  for (let page = 0; before !== undefined && page < MAX_PAGES; page += 1) {
    const { items: more, next }: Awaited<ReturnType<Table['query']>> = await table.query(
      { id: CONTROL_ID, from: RANGE.from, before },
      signal,
    );
    items.push(...more);
    before = next;
  }
  const kind = <R>(prefix: string): R[] =>
    items.filter((item) => item.timestamp.startsWith(prefix)).map((item) => item as unknown as R);
  return { states: kind('state#'), orders: kind('order#'), runs: kind('run#'), presences: kind('present#') };
}
