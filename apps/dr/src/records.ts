// Records of the applied system as this tool may trust them; what it cannot is said in one line each.
import {
  gameDayResultKey,
  GAME_DAY_FAULTS,
  GAME_DAY_KEY,
  type AwsChange,
  type FaultPlan,
  type GameDayFault,
  type GameDayRecord,
  type GameDayResult,
} from '@dr/contracts/system';
import {
  fields,
  flag,
  oneOf,
  orNull,
  text,
  time,
  tryRead,
  Unfit,
  type BadRecord,
  type Read,
} from '@dr/contracts/system/records';
import type { Context } from './context';
import type { ControlItem } from './operator';
import { onOneLine } from './printable';

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

/** The records that can be read, and the others. */
export function sorted<T>(read: Read<T>, items: readonly ControlItem[]): { fit: T[]; bad: BadRecord[] } {
  const fit: T[] = [];
  const bad: BadRecord[] = [];
  for (const item of items) {
    const one = tryRead(read, item);
    if ('is' in one) fit.push(one.is);
    else bad.push({ key: item.timestamp, why: one.why, version: item['version'] });
  }
  return { fit, bad };
}

const id = oneOf('control' as const);
const name = text(200);
const fault = oneOf(...(Object.keys(GAME_DAY_FAULTS) as GameDayFault[]));

/** All that a game day changes: a record can have nothing else undone. */
const ACTIONS = [
  'createNetworkAclEntry',
  'deleteNetworkAclEntry',
  'putFunctionConcurrency',
  'deleteFunctionConcurrency',
] as const;
const change = fields<AwsChange>({
  service: oneOf<AwsChange['service']>('lambda', 'ec2'),
  action: oneOf<string>(...ACTIONS),
  input: (value, path) => {
    const entries = Object.entries((value ?? {}) as Readonly<Record<string, unknown>>);
    const isPlain = (of: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof of);
    if (typeof value !== 'object' || entries.length > 20 || !entries.every(([, of]) => isPlain(of)))
      throw new Unfit(`${path} is no input of an AWS call`);
    return Object.fromEntries(entries) as AwsChange['input'];
  },
});
const byChange = fields<Extract<FaultPlan, { by: 'change' }>>({
  by: oneOf('change' as const),
  make: change,
  undo: change,
});
const byExperiment = fields<Extract<FaultPlan, { by: 'experiment' }>>({ by: oneOf('experiment' as const) });
const plan: Read<FaultPlan> = (value, path) =>
  (value as { by?: unknown } | null)?.by === 'experiment' ? byExperiment(value, path) : byChange(value, path);

export const readGameDay = fields<GameDayRecord>({
  id,
  timestamp: oneOf(GAME_DAY_KEY),
  open: flag,
  name,
  region: name,
  awsRegion: name,
  account: name,
  fault,
  plan,
  startedAtMs: time,
  overByMs: time,
});

const result = fields<GameDayResult>({
  id,
  timestamp: text(),
  name,
  region: name,
  account: name,
  where: oneOf<GameDayResult['where']>('aws', 'emulated'),
  fault,
  startedAtMs: time,
  endedAtMs: time,
  outcome: oneOf<GameDayResult['outcome']>('passed', 'failed', 'unfinished'),
  worstSeconds: orNull(time),
});
export const readGameDayResult: Read<GameDayResult> = (value, path) => {
  const read = result(value, path);
  if (read.timestamp === gameDayResultKey(read.startedAtMs, read.region)) return read;
  throw new Unfit('it speaks of something else than its key');
};
