// Records of the applied system as this tool may trust them; what it cannot is said in one line each.
import { badRecord, OPERATOR_SKEW_MS, type BadRecord } from '@dr/contracts/system/records';
import type { Context } from '../context';
import { onOneLine } from '../terminal/printable';
import type { ControlItem } from './operator';

const MAX_WARNINGS = 20;
const MAX_SHOWN = 120;

const shown = (key: string): string => onOneLine(key.length > MAX_SHOWN ? `${key.slice(0, MAX_SHOWN)}...` : key);

interface Told {
  readonly regions: readonly string[];
  readonly timesMs: readonly number[];
}

/** The records of which this system can have written what they tell by now; the others are bad. */
export function ofThisSystem<T extends ControlItem>(
  { fit, bad }: { readonly fit: readonly T[]; readonly bad: readonly BadRecord[] },
  { regions, nowMs }: { readonly regions: readonly string[]; readonly nowMs: number },
  toldBy: (record: T) => Told,
): { readonly fit: readonly T[]; readonly bad: readonly BadRecord[] } {
  const whyNot = (record: T): string | undefined => {
    const told = toldBy(record);
    if (!told.regions.every((name) => regions.includes(name)))
      return `it is of another region than ${regions.join(', ')}`;
    return told.timesMs.some((ms) => ms > nowMs + OPERATOR_SKEW_MS) ? 'it is of a time to come' : undefined;
  };
  const judged = fit.map((record) => ({ record, why: whyNot(record) }));
  return {
    fit: judged.flatMap(({ record, why }) => (why === undefined ? [record] : [])),
    bad: [...bad, ...judged.flatMap(({ record, why }) => (why === undefined ? [] : [badRecord(record, why)]))],
  };
}

/** One line a record, on stderr. */
export function warnOf({ err }: Pick<Context, 'err'>, bad: readonly Pick<BadRecord, 'key' | 'why'>[]): void {
  const named = [...new Map(bad.map((one) => [one.key, one])).values()];
  for (const { key, why } of named.slice(0, MAX_WARNINGS))
    err(`warning: the record ${shown(key)} cannot be read and is ignored: ${why}\n`);
  if (named.length > MAX_WARNINGS)
    err(`warning: ${named.length - MAX_WARNINGS} more records cannot be read and are ignored\n`);
}
