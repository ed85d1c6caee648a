// Game days in the system's own table. One can be held at a time: its record is taken by one conditional write in one region.
import {
  CONTROL_ID,
  GAME_DAY_KEY,
  gameDayResultKey,
  tableName,
  type GameDayRecord,
  type GameDayResult,
} from '@dr/contracts/system';
import type { DrConfig } from '@dr/contracts/system/config';
import { Unavailable, type ControlItem, type ControlTable, type Operator } from '../operator';
import { readGameDay, sorted } from '../records';
import type { Records } from './run';

type Ending = Pick<GameDayResult, 'where' | 'endedAtMs' | 'outcome' | 'worstSeconds'>;

export const resultOf = (record: GameDayRecord, ending: Ending): GameDayResult => ({
  id: CONTROL_ID,
  timestamp: gameDayResultKey(record.startedAtMs, record.region),
  name: record.name,
  region: record.region,
  account: record.account,
  fault: record.fault,
  startedAtMs: record.startedAtMs,
  ...ending,
});

const asItem = (record: GameDayRecord | GameDayResult): ControlItem => ({ ...record });

/** The table of the first region takes all records of game days, whichever region they are about. */
export function recordsOf(operator: Pick<Operator, 'table'>, { system, regions }: DrConfig): Records {
  const first = operator.table(regions[0]?.awsRegion ?? '', tableName(system));
  return {
    open: async (record) => {
      const answer = await first.put(asItem(record), { absent: true, holding: ['open', false] });
      if (answer === 'refused' && (await isSpoiled(first))) return first.put(asItem(record), 'anywhere');
      // A put whose answer was lost is sent again, and then finds itself.
      return answer === 'refused' && (await heldGameDay(first))?.name === record.name ? 'written' : answer;
    },
    close: async (record) => {
      await first.put(asItem({ ...record, open: false }), { absent: false, holding: ['name', record.name] });
    },
    keep: async (result) => {
      await first.put(asItem(result), 'anywhere');
    },
  };
}

/** What stands in the place of a game day cannot be read: nobody can hold to it. */
const isSpoiled = async (table: ControlTable): Promise<boolean> => (await readHeld(table)).bad.length > 0;

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
