// Game days in the system's own table: what can be taken away, what makes and undoes it, how it ended. One is held at a time.
import type { FaultKind } from '@dr/contracts';
import { CONTROL_ID, tableName } from '@dr/contracts/system';
import type { DrConfig } from '@dr/contracts/system/config';
import {
  fields,
  flag,
  oneOf,
  orNull,
  sorted,
  text,
  time,
  under,
  Unfit,
  type Read,
  type ReadBy,
} from '@dr/contracts/system/records';
import { Unavailable, type ControlTable, type Operator } from '../operator';

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

type Input = Readonly<Record<string, string | number | boolean>>;

const input: Read<Input> = (value, path) => {
  const entries = Object.entries((value ?? {}) as Readonly<Record<string, unknown>>);
  const isPlain = (of: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof of);
  if (typeof value !== 'object' || entries.length > 20 || !entries.every(([, of]) => isPlain(of)))
    throw new Unfit(`${path} is no input of an AWS call`);
  return Object.fromEntries(entries) as Input;
};

/** One call of an AWS API as data, so that we and a schedule can make the very same one. `input` as the API reference has it. */
const change = fields({
  /** As the SDK identifies it. */
  service: oneOf('lambda', 'ec2'),
  /** All that a game day changes: a record can have nothing else undone. */
  action: oneOf(
    'createNetworkAclEntry',
    'deleteNetworkAclEntry',
    'putFunctionConcurrency',
    'deleteFunctionConcurrency',
  ),
  input,
});
export type AwsChange = ReadBy<typeof change>;

/** `change`: two calls, the second of which a schedule makes when nobody else does. */
const byChange = fields({ by: oneOf('change'), make: change, undo: change });
/** FIS makes the fault and ends it. */
const byExperiment = fields({ by: oneOf('experiment') });

/** How the fault is made and ended. */
export type FaultPlan = ReadBy<typeof byChange> | ReadBy<typeof byExperiment>;
const plan: Read<FaultPlan> = (value, path) =>
  (value as { by?: unknown } | null)?.by === 'experiment' ? byExperiment(value, path) : byChange(value, path);

/** `testing`: the game day that is held, or the last one. Written into the first region of the system. Times: epoch ms. */
export const readGameDay = fields({
  id,
  timestamp: oneOf(GAME_DAY_KEY),
  /** False: it is over, and all is as it was. */
  open: flag,
  /** Also the name of what is armed in AWS. */
  name,
  region: name,
  awsRegion: name,
  account: name,
  fault,
  plan,
  startedAtMs: time,
  /** By then it is undone at the latest, whoever does it. */
  overByMs: time,
});
export type GameDayRecord = ReadBy<typeof readGameDay>;

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
export function recordsOf(operator: Pick<Operator, 'table'>, { system, regions }: DrConfig) {
  const first = operator.table(regions[0]?.awsRegion ?? '', tableName(system));
  return {
    /** `refused`: another one is held. */
    open: async (record: GameDayRecord): Promise<'written' | 'refused'> => {
      const answer = await first.put(record, { absent: true, holding: ['open', false] });
      if (answer === 'written') return answer;
      const { fit, bad } = await readHeld(first);
      // What stands in its place and cannot be read, nobody can hold to.
      if (bad.length > 0) return first.put(record, 'anywhere');
      // A put whose answer was lost is sent again, and then finds itself.
      return fit.some(({ open, name: held }) => open && held === record.name) ? 'written' : answer;
    },
    /** Says that the game day of that name is over. */
    close: (record: GameDayRecord) =>
      first.put({ ...record, open: false }, { absent: false, holding: ['name', record.name] }),
    keep: (result: GameDayResult) => first.put(result, 'anywhere'),
  };
}

const readHeld = async (table: ControlTable) =>
  sorted(readGameDay, await table.read(GAME_DAY_KEY, `${GAME_DAY_KEY}\u0000`));

/** The game day that is held, as this replica has it. Rejects as the table does. */
export async function heldGameDay(table: ControlTable): Promise<GameDayRecord | undefined> {
  const [record] = (await readHeld(table)).fit;
  return record?.open ? record : undefined;
}

/** The same of any region that answers: the first one that does. Throws Unavailable when none does. */
export async function heldAnywhere(
  operator: Pick<Operator, 'table'>,
  { system, regions }: DrConfig,
): Promise<GameDayRecord | undefined> {
  let unavailable: unknown;
  for (const { awsRegion } of regions) {
    try {
      return await heldGameDay(operator.table(awsRegion, tableName(system)));
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      unavailable = error;
    }
  }
  throw unavailable;
}
