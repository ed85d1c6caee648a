// A table before which the function dies at a chosen call: before the call has any effect, or just after.
import type { Item, PutCondition, Table, TableQuery } from '@dr/handler-core';

export interface Crash {
  /** Counts down with each call; the function dies at 0. Negative: never. */
  calls: number;
  afterEffect: boolean;
}

/** `died`: what the call throws; a TableError is a table that fails, of which the function hears. */
export function crashingTable(table: Table, crash: Crash, died = new Error('the function has died')): Table {
  const through = async <T>(call: () => Promise<T>): Promise<T> => {
    const dies = crash.calls === 0;
    crash.calls -= 1;
    if (dies && !crash.afterEffect) throw died;
    const result = await call();
    if (dies) throw died;
    return result;
  };
  return {
    query: (query: TableQuery, signal) => through(() => table.query(query, signal)),
    put: (item: Item, condition: PutCondition, signal) => through(() => table.put(item, condition, signal)),
    scan: (cursor, signal, limit) => through(() => table.scan(cursor, signal, limit)),
  };
}
