// What `dr restore` is asked for: which table, as of when, which items, and the table that is made beside it.
import { InputError } from '@dr/contracts';
import { isItemId, tableName } from '@dr/contracts/system';
import type { RegionConfig } from '@dr/contracts/system/config';
import { createHash } from 'node:crypto';
import type { Context } from '../../context';
import { regionNamed } from '../regions';

export interface RestoreFlags {
  readonly to: string;
  readonly keys?: string;
  readonly region?: string;
  readonly into?: string;
  readonly progress?: string;
  readonly yes?: true;
  readonly json?: true;
}

export interface RestoreRequest {
  readonly region: RegionConfig;
  readonly table: string;
  readonly into: string;
  /** Epoch ms, a whole second. */
  readonly toMs: number;
  /** Ids of items, sorted, each once; undefined: all. */
  readonly ids: readonly string[] | undefined;
  /** Of the ids, hex. */
  readonly idsSha256: string | null;
}

/** A million ids of 64 characters. */
const MAX_KEYS_BYTES = 64 << 20;
/** DynamoDB API reference, RestoreTableToPointInTime, TargetTableName. */
const TABLE_NAME = /^[a-zA-Z0-9_.-]{3,255}$/;

/** Throws InputError. Asks AWS nothing. */
export function requestOf(context: Context, { to, keys, region: name, into }: RestoreFlags): RestoreRequest {
  const config = context.config();
  const region = name === undefined ? (config.regions[0] as RegionConfig) : regionNamed(config, 'region', name);
  const toMs = timeOf(to);
  const table = tableName(config.system);
  const ids = keys === undefined ? undefined : idsIn(context.processes.readFile('--keys', keys, MAX_KEYS_BYTES), keys);
  const idsSha256 = ids ? createHash('sha256').update(ids.join('\n')).digest('hex') : null;
  return { region, table, into: checkedInto(into ?? `${table}-restored`, table), toMs, ids, idsSha256 };
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.0+)?)?(?:Z|[+-][01]\d:[0-5]\d)$/;

/** DynamoDB goes back to a second (developer guide, "Point-in-time recovery: How it works"). */
function timeOf(text: string): number {
  const [, year, month, day] = TIME.exec(text) ?? [];
  const ms = year === undefined ? Number.NaN : Date.parse(text);
  const isDay = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  if (Number.isFinite(ms) && isDay) return ms;
  throw new InputError(
    `--to "${text}"`,
    'is no time to the second with its zone',
    'Give the last second at which all was well, such as --to 2026-11-28T12:00:00Z or --to 2026-11-28T17:30:00+05:30',
  );
}

function idsIn(text: string, path: string): readonly string[] {
  const ids = new Set<string>();
  for (const [at, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const id = line.trim();
    if (id === '') continue;
    if (!isItemId(id))
      throw new InputError(
        `--keys "${path}", line ${at + 1}: "${id.slice(0, 100)}"`,
        'is no id of an item',
        'Give one id a line, as clients call it in /items/{id}',
      );
    ids.add(id);
  }
  if (ids.size > 0) return [...ids].sort();
  throw new InputError(
    `--keys "${path}"`,
    'names no item',
    'Give one id a line, or leave --keys out to compare all items',
  );
}

function checkedInto(into: string, table: string): string {
  const what = `--into "${into}"`;
  if (!TABLE_NAME.test(into))
    throw new InputError(what, 'is no name of a table', 'Use 3 to 255 letters, digits, dots, hyphens and underscores');
  if (into !== table) return into;
  throw new InputError(what, 'is the table in use, and DynamoDB restores to a new one only', 'Give another name');
}
