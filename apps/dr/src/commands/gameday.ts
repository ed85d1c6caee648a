// `dr gameday`: a region of the applied system is taken out of service on purpose, measured from outside, and put back.
import type { Command } from 'commander';
import type { Run } from '../context';
import type { GameDayFlags } from '../operate/gameday/game-day';
import { GAME_DAY_JSON } from '../operate/gameday/json-shape';
import { manual, type ManualPage } from '../terminal/manual';
import { numberOption, oneOf } from '../terminal/options';
import { FAULTS } from '../operate/gameday/records';

const PAGE: ManualPage = {
  examples: [
    ['gameday --region mumbai', 'all packets to its load balancer are lost for 300 s; asks before'],
    ['gameday --region mumbai --fault lambda-throttled --duration 600 --yes', 'another fault, without asking'],
    ['gameday --region mumbai --client-subnet 192.0.2.0/24', 'resolve the name as clients in that network do'],
    ['gameday --stop', 'end a game day whose machine died'],
    ['gameday --whose-turn', 'which region this month, one after the other; nothing is asked of AWS'],
  ],
  exits: {
    0: 'the objective held',
    1: 'it did not, or nothing was begun: stderr says why',
    130: 'Ctrl-C: the fault is undone first',
  },
  json: GAME_DAY_JSON,
  otherJson: {
    '--stop': {
      schema: 'number: 1',
      held: 'string | null: name of the game day that was ended; null when none was held',
      said: 'string: what was done',
    },
    '--whose-turn': {
      schema: 'number: 1',
      month: 'string: such as 2026-12, in UTC',
      region: 'string | null: whose turn it is; null where no game day may be held',
      why: 'string | null: why none may be held, and what to do about it',
    },
  },
};

/** Options that the game day and the chaos commands on AWS share. */
export const gameDayOptions = (command: Command): Command =>
  command
    .option('--yes', 'go on without asking')
    .option('--account <id>', 'account to expect (default: options.accountId)')
    .option('--resolver <address:port>', 'DNS resolver of the clients (default: that of this machine)')
    .option('--port <number>', 'port of the load balancers (default: 443)', numberOption('port'))
    .option(
      '--client-subnet <network>',
      'resolve names as a client in this network does, e.g. 192.0.2.0/24 near the region',
    )
    .option(
      '--clients <count>',
      'clients that open a connection for each request, and as many that keep one (default: 10)',
      numberOption('clients'),
    )
    .option('--rate <per second>', 'requests a second of each client (default: 1)', numberOption('rate'))
    .option('--record <file>', 'file for the result (default: game-day-<time>-<region>.json)');

export function gamedayCommand(command: Command, run: (run: Run) => void): void {
  gameDayOptions(
    manual(command, PAGE)
      .option('--region <name>', 'region to lose')
      .option('--fault <kind>', `${FAULTS.join(', ')} (default: ${FAULTS[0]})`, oneOf('fault', FAULTS))
      .option('--duration <seconds>', 'length of the fault (default: 300)', numberOption('duration')),
  )
    .option('--json', 'print the result as one JSON object')
    .option('--stop', 'end a game day whose machine died: undo its fault now')
    .option('--whose-turn', 'print the region whose turn it is this month, and hold no game day')
    .action((flags: GameDayFlags) =>
      run(async (context) => {
        if (flags.whoseTurn) return (await import('../operate/gameday/turn')).whoseTurn(context, flags.json === true);
        const { gameDay, stopGameDay } = await import('../operate/gameday/game-day');
        return flags.stop ? stopGameDay(context, flags.json === true) : gameDay(context, flags);
      }),
    );
}
