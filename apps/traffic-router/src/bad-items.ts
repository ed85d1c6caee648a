// Tells of records that the item API cannot trust: all are counted, each is named once an execution environment.
import { METRICS } from '@dr/contracts/system';
import type { BadRecord } from '@dr/contracts/system/records';
import type { Telemetry } from '@dr/handler-core';

const MAX_NAMED = 1_000;
const MAX_NAMED_AT_ONCE = 10;
const MAX_KEY = 200;

export function badItemTeller(telemetry: Telemetry): (bad: readonly BadRecord[]) => void {
  const known = new Set<string>();
  return (bad) => {
    telemetry.gauge(METRICS.badRecords, bad.length);
    const named = bad.map(({ key, why }) => ({ key: key.slice(0, MAX_KEY), why }));
    const fresh = named.filter((one) => !known.has(JSON.stringify(one))).slice(0, MAX_NAMED_AT_ONCE);
    if (fresh.length === 0 || known.size >= MAX_NAMED) return;
    for (const one of fresh) known.add(JSON.stringify(one));
    telemetry.log('WARN', 'records of items that cannot be read', { records: fresh, count: bad.length });
  };
}
