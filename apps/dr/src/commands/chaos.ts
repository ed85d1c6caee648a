// `dr chaos`: two commands that the system which this one replaces had. On the twin they are the drill, on AWS the game day.
import { InputError } from '@dr/contracts';
import type { Command } from 'commander';
import type { Context, Run } from '../context';
import type { GameDayFlags } from '../operate/gameday/game-day';
import { FAULTS } from '../operate/gameday/records';
import { GAME_DAY_JSON } from '../operate/gameday/json-shape';
import { manual, type ManualPage } from '../terminal/manual';
import { numberOption, oneOf, seedOption, typed } from '../terminal/options';
import { DRILL_JSON } from './drill/json-shape';
import { gameDayOptions } from './gameday';

interface ChaosFlags extends Omit<GameDayFlags, 'fault'> {
  readonly region: string;
  readonly fault?: string;
  readonly target: 'twin' | 'aws';
  readonly seed: number;
}

const CHAOS_PAGE: ManualPage = {
  examples: [
    ['chaos test-failover --region mumbai', 'a drill of five minutes on the twin'],
    ['chaos simulate-failure --region mumbai --duration 120', 'a drill of two minutes'],
  ],
};
const page = (command: string): ManualPage => ({
  examples: [
    [`${command} --region mumbai`, 'on the twin: nothing is changed'],
    [`${command} --region mumbai --fault lambda-errors --json`, 'another fault; the report as data'],
    [`${command} --region mumbai --target aws`, 'a game day: the applied system loses the region; asks before'],
  ],
  exits: { 0: 'the objective held', 1: 'it did not: the report says why' },
  json: DRILL_JSON,
  otherJson: { '--target aws': GAME_DAY_JSON },
});

const TARGETS = ['twin', 'aws'] as const;
/** These reach the applied system, of which the twin has no part. */
const OF_AWS = ['yes', 'account', 'resolver', 'port', 'clientSubnet', 'record'] as const;

export function chaosCommand(command: Command, run: (run: Run) => void): void {
  manual(command, CHAOS_PAGE);
  add(
    manual(command.command('test-failover'), page('chaos test-failover')).description(
      'lose a region for five minutes and see how its clients fail over',
    ),
    run,
  );
  add(
    manual(command.command('simulate-failure'), page('chaos simulate-failure --duration 120'))
      .description('lose a region for the given time')
      .requiredOption('--duration <seconds>', 'length of the fault', numberOption('duration')),
    run,
  );
}

function add(command: Command, run: (run: Run) => void): void {
  gameDayOptions(
    command
      .requiredOption('--region <name>', 'region to lose')
      .option(
        '--target <where>',
        'twin: a drill, which changes nothing; aws: a game day on the applied system',
        oneOf('target', TARGETS),
        'twin',
      )
      .option('--fault <kind>', `what happens to the region (default: region-dark on the twin, ${FAULTS[0]} on AWS)`),
  )
    .option('--seed <number>', 'seed of the twin', seedOption, 1)
    .option('--json', 'print the result as one JSON object')
    .action((flags: ChaosFlags) => run((context) => chaosOn(context, flags)));
}

async function chaosOn(context: Context, { target, fault, seed, ...flags }: ChaosFlags): Promise<number> {
  if (target === 'aws') {
    const { gameDay } = await import('../operate/gameday/game-day');
    return gameDay(context, { ...flags, fault: fault === undefined ? undefined : oneOf('fault', FAULTS)(fault) });
  }
  const given = OF_AWS.find((option) => flags[option] !== undefined);
  if (given !== undefined) {
    const fix = `Leave ${typed(given)} out, or use --target aws`;
    throw new InputError(`${typed(given)} with --target twin`, 'is about the applied system', fix);
  }
  const { region, duration, clients, rate, json } = flags;
  const { drill } = await import('./drill/run');
  return drill(context, { region, seed, fault, duration, clients, rate, json });
}
