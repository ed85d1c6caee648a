// The control records that health decides from, read with one Query: orders, validation runs, states of all regions.
import { orderKey, presenceKey, stateKey, validationKey } from '@dr/contracts/system';
import {
  readControlRecords,
  withoutProofsAhead,
  type BadRecord,
  type ControlRecords,
} from '@dr/contracts/system/records';
import { queryControl, type Cancellation, type Table } from '@dr/handler-core';

export interface Control extends ControlRecords {
  /** The record with that key, where it cannot be read. */
  readonly badAt: (key: string) => BadRecord | undefined;
}

/** `order#...` to `state#...`; the orchestrator's records lie outside and do not make this Query grow. */
const RANGE = { from: 'order#', before: 'state$' } as const;

/** `regions`: all of the system, `own` included. `now`: asked once the table has answered. Rejects as the table does. */
export async function readControl(
  table: Table,
  own: string,
  regions: readonly string[],
  now: () => number,
  signal: Cancellation,
): Promise<Control> {
  const keys = [
    ...regions.flatMap((name) => [stateKey(name), orderKey(name, own)]),
    validationKey(own),
    presenceKey(own),
  ];
  const { items, bad } = await queryControl(table, { ...RANGE, keys }, signal);
  const nowMs = now();
  const records = withoutProofsAhead(readControlRecords(items, regions, nowMs), own, nowMs);
  const all = [...bad, ...records.bad];
  return { ...records, bad: all, badAt: (key) => all.find((one) => one.key === key) };
}
