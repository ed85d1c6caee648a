// Records of the applied system as this tool may trust them; what it cannot is said in one line each.
import type { BadRecord } from '@dr/contracts/system/records';
import type { Context } from '../context';
import { onOneLine } from '../terminal/printable';

const MAX_WARNINGS = 20;
const MAX_SHOWN = 120;

const shown = (key: string): string => onOneLine(key.length > MAX_SHOWN ? `${key.slice(0, MAX_SHOWN)}...` : key);

/** One line a record, on stderr. */
export function warnOf({ err }: Pick<Context, 'err'>, bad: readonly Pick<BadRecord, 'key' | 'why'>[]): void {
  const named = [...new Map(bad.map((one) => [one.key, one])).values()];
  for (const { key, why } of named.slice(0, MAX_WARNINGS))
    err(`warning: the record ${shown(key)} cannot be read and is ignored: ${why}\n`);
  if (named.length > MAX_WARNINGS)
    err(`warning: ${named.length - MAX_WARNINGS} more records cannot be read and are ignored\n`);
}
