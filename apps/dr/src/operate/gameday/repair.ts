// Game days whose machine is gone: the next call of dr that reads the system's table ends what is left of them.
import type { DrConfig } from '@dr/contracts/system/config';
import type { Context } from '../../context';
import type { ControlTable, Operator } from '../operator';
import { warnOf } from '../records';
import { regionNamed } from '../regions';
import { faultOf } from './fault';
import { heldGameDay, recordsOf, resultOf, type GameDayRecord } from './records';
import { time } from './run';

const TRIES = 5;
const RETRY_MS = 3_000;

/** Undoes the fault if it is still there, and closes the record. Resolves to what was found, in words. Rejects when it cannot undo it. */
export async function endGameDay(
  { operator, gameDay }: Pick<Context, 'operator' | 'gameDay'>,
  config: DrConfig,
  record: GameDayRecord,
): Promise<string> {
  const region = regionNamed(config, 'region', record.region);
  const fault = faultOf(gameDay.aws(region.awsRegion), config.system, region, record);
  const wasThere = await fault.isThere();
  for (let tries = 0; tries < TRIES && (await fault.isThere()); tries += 1) {
    if (tries > 0) await operator.sleep(RETRY_MS);
    await fault.undo();
  }
  if (await fault.isThere()) throw new Error(`the ${record.fault} of ${record.region} is still there`);
  await fault.disarm();
  const records = recordsOf(operator, config);
  const where = gameDay.emulatedAt === undefined ? 'aws' : 'emulated';
  await records.keep(resultOf(record, { where, endedAtMs: operator.now(), outcome: 'unfinished', worstSeconds: null }));
  await records.close(record);
  return wasThere
    ? `a game day had left ${record.fault} in ${record.region}: it is undone`
    : `a game day in ${record.region} had been left open; AWS has undone its ${record.fault}`;
}

/** The same operator, which after its first read of a table looks there for a game day that was left behind. */
export function repairing(context: Context): Operator {
  const { operator } = context;
  let looked: Promise<void> | undefined;
  return {
    ...bound(operator),
    table: (awsRegion, name) => {
      const table = operator.table(awsRegion, name);
      return {
        ...table,
        read: async (from, before) => {
          const items = await table.read(from, before);
          // One region that answers is enough, and one that does not must not hold anybody up.
          await (looked ??= repairLeftOver(context, table));
          return items;
        },
      };
    },
  };
}

const bound = (operator: Operator): Omit<Operator, 'table'> => ({
  now: () => operator.now(),
  sleep: (ms) => operator.sleep(ms),
  randomText: (bytes) => operator.randomText(bytes),
  secret: (awsRegion, name) => operator.secret(awsRegion, name),
  liveFunction: (awsRegion, name) => operator.liveFunction(awsRegion, name),
});

/** Never rejects: the command that was asked for goes on. */
async function repairLeftOver(context: Context, table: ControlTable): Promise<void> {
  try {
    const config = context.config();
    const { held, bad } = await heldGameDay(table, config, context.operator.now());
    warnOf(context, bad);
    if (!held) return;
    const until = `${held.fault} in ${held.region}, over by ${time(held.overByMs)}`;
    if (context.operator.now() <= held.overByMs) context.err(`note: a game day is held: ${until}\n`);
    else context.err(`note: ${await endGameDay(context, config, held)}\n`);
  } catch (error) {
    context.err(`warning: a game day was left behind and could not be ended: ${(error as Error).message}\n`);
  }
}
