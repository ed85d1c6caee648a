// Game days in the system's own table: what is taken away from whom, until when, how it ended. One is held at a time. How a fault is made
// and undone is in no record: somebody else may have written it.
import type { FaultKind } from '@dr/contracts';
import { CONTROL_ID, tableName } from '@dr/contracts/system';
import type { DrConfig } from '@dr/contracts/system/config';
import {
  badRecord,
  count,
  fields,
  flag,
  oneOf,
  optional,
  orNull,
  sorted,
  text,
  time,
  under,
  type BadRecord,
  type ReadBy,
} from '@dr/contracts/system/records';
import { Unavailable, type ControlTable, type Operator } from '../operator';
import { CLOCK_LIMIT_MS, MAX_SECONDS, timingOf } from './timing';

/** What a game day can take away, and the fault of the twin that is the same for clients. */
export const GAME_DAY_FAULTS = {
  'alb-dark': { twin: 'alb-dark', loses: 'all packets to its load balancer' },
  'lambda-throttled': { twin: 'lambda-throttled', loses: 'every invocation of traffic-router' },
  network: { twin: 'alb-dark', loses: 'the network of its public subnets' },
} as const satisfies Readonly<Record<string, { readonly twin: FaultKind; readonly loses: string }>>;

export type GameDayFault = keyof typeof GAME_DAY_FAULTS;
export const FAULTS = Object.keys(GAME_DAY_FAULTS) as readonly GameDayFault[];

/** Sort key of the game day that is held, of which there is one at most. Outside of what functions read at every beat. */
export const GAME_DAY_KEY = 'testing';

/** Sort key of a game day that is over; just before the transitions, so that one Query reads both. */
export const gameDayResultKey = (startedAtMs: number, region: string): string =>
  `${GAME_DAY_RESULT_PREFIX}${new Date(startedAtMs).toISOString()}#${region}`;
export const GAME_DAY_RESULT_PREFIX = 'tested#';

const id = oneOf(CONTROL_ID);
const name = text(200);
const fault = oneOf(...FAULTS);

/** `testing`: the game day that is held, or the last one. Written into the first region of the system. Times: epoch ms. */
export const readGameDay = fields({
  id,
  timestamp: oneOf(GAME_DAY_KEY),
  /** False: it is over, and all is as it was. */
  open: flag,
  /** Also the name of what is armed in AWS. */
  name,
  region: name,
  account: name,
  fault,
  /** What traffic-router had as reserved concurrency before; absent: none. No file says it: the last release may be an older one. */
  reserved: optional(count),
  startedAtMs: time,
  /** By then it is undone at the latest, whoever does it. */
  overByMs: time,
});
export type GameDayRecord = ReadBy<typeof readGameDay>;

/** AWS takes 64 characters at most as the name of a schedule. */
export const gameDayName = (system: string, startedAtMs: number): string =>
  `${system}-game-day-${compactTime(startedAtMs)}`;
export const compactTime = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '');

/** Why this system cannot have written an open game day of that kind; undefined: it can. */
function notOurs({ system, regions, options }: DrConfig, record: GameDayRecord, nowMs: number): string | undefined {
  const { name, region, account, reserved, startedAtMs, overByMs } = record;
  const names = regions.map((one) => one.name);
  if (!names.includes(region)) return `region is not one of ${names.join(', ')}`;
  if (startedAtMs > nowMs + CLOCK_LIMIT_MS) return 'startedAtMs is in the future';
  if (overByMs > timingOf(startedAtMs, MAX_SECONDS).overByMs)
    return 'overByMs is longer after its start than a game day lasts';
  if (name !== gameDayName(system, startedAtMs)) return `name is not that of a game day of ${system} at its start`;
  if (!/^\d{12}$/.test(account)) return 'account is no AWS account';
  if (options.accountId !== undefined && account !== options.accountId) return `account is not ${options.accountId}`;
  return reserved === 0 ? 'reserved is 0, which a game day does not begin with' : undefined;
}

/** `tested#<start>#R`: a game day that is over. */
export const readGameDayResult = under(
  fields({
    id,
    timestamp: text(),
    name,
    region: name,
    account: name,
    /** `emulated`: it was not AWS that answered. */
    where: oneOf('aws', 'emulated'),
    fault,
    startedAtMs: time,
    endedAtMs: time,
    /** `unfinished`: it was interrupted, or its machine was gone; nothing was measured to its end. */
    outcome: oneOf('passed', 'failed', 'unfinished'),
    /** Worst client with new connections, seconds; null: none was affected, or nobody measured. */
    worstSeconds: orNull(time),
  }),
  ({ startedAtMs, region }) => gameDayResultKey(startedAtMs, region),
);
export type GameDayResult = ReadBy<typeof readGameDayResult>;

type Ending = Pick<GameDayResult, 'where' | 'endedAtMs' | 'outcome' | 'worstSeconds'>;

export function resultOf(record: GameDayRecord, ending: Ending): GameDayResult {
  const { id, name, region, account, fault, startedAtMs } = record;
  const timestamp = gameDayResultKey(startedAtMs, region);
  return { id, timestamp, name, region, account, fault, startedAtMs, ...ending };
}

export type Records = ReturnType<typeof recordsOf>;

/** The table of the first region takes all records of game days, whichever region they are about. */
export function recordsOf(operator: Pick<Operator, 'table' | 'now'>, config: DrConfig) {
  const first = operator.table(config.regions[0]?.awsRegion ?? '', tableName(config.system));
  return {
    /** `refused`: another one is held. */
    open: async (record: GameDayRecord): Promise<'written' | 'refused'> => {
      const answer = await first.put(record, { absent: true, holding: ['open', false] });
      if (answer === 'written') return answer;
      const { held, bad } = await heldGameDay(first, config, operator.now());
      // What stands in its place and is none of ours, nobody can hold to.
      if (bad.length > 0) return first.put(record, 'anywhere');
      // A put whose answer was lost is sent again, and then finds itself.
      return held?.name === record.name ? 'written' : answer;
    },
    /** Says that the game day of that name is over. */
    close: (record: GameDayRecord) =>
      first.put({ ...record, open: false }, { absent: false, holding: ['name', record.name] }),
    keep: (result: GameDayResult) => first.put(result, 'anywhere'),
  };
}

export interface Found {
  /** The game day that is held, as this replica has it. */
  readonly held?: GameDayRecord;
  /** What stands in its place and is none of ours. */
  readonly bad: readonly BadRecord[];
}

/** Rejects as the table does. */
export async function heldGameDay(table: ControlTable, config: DrConfig, nowMs: number): Promise<Found> {
  const { fit, bad } = sorted(readGameDay, await table.read(GAME_DAY_KEY, `${GAME_DAY_KEY}\u0000`));
  const [record] = fit;
  if (!record?.open) return { bad };
  const why = notOurs(config, record, nowMs);
  return why === undefined ? { held: record, bad } : { bad: [badRecord({ ...record }, why)] };
}

/** The game day that is held, of any region that answers: the first one that does. Throws Unavailable when none does. */
export async function heldAnywhere(
  operator: Pick<Operator, 'table' | 'now'>,
  config: DrConfig,
): Promise<GameDayRecord | undefined> {
  let unavailable: unknown;
  for (const { awsRegion } of config.regions) {
    try {
      return (await heldGameDay(operator.table(awsRegion, tableName(config.system)), config, operator.now())).held;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      unavailable = error;
    }
  }
  throw unavailable;
}
