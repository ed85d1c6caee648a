// `dr calibrate`: what others have measured on AWS, and what a team has, beside what the twin simulates of the same settings.
import type { Command } from 'commander';
import type { Start } from '../../context';
import { manual, type ManualPage } from '../../terminal/manual';
import { collect, numberOption } from '../../terminal/options';
import type { CalibrateFlags } from './run';

const DEFAULT_SEEDS = 50;

const PAGE: ManualPage = {
  examples: [
    ['calibrate', 'what was published, beside what is simulated'],
    ['calibrate --record game-day-20260105T100000-mumbai.json', 'and what your own game day has measured'],
    [
      'calibrate --record measured.json',
      'and what you have measured otherwise: docs/calibration.md says how to write it',
    ],
    ['calibrate --seeds 5 --json', 'fewer runs, as data'],
  ],
  exits: {
    0: 'what was measured was simulated too, or the reason why not is known',
    1: 'something was measured that is not simulated, and no reason is known',
  },
  json: {
    schema: 'number: 1',
    seeds: 'number: runs of each row, with the seeds from 1 on',
    'rows[].title': 'string: what was done, and who looked',
    'rows[].source': 'string: where it can be read',
    'rows[].date': 'string: ISO 8601, day of the measurement',
    'rows[].settings.intervalSeconds': 'number: of the health check',
    'rows[].settings.failureThreshold': 'number: probes in a row that must fail',
    'rows[].settings.ttlSeconds': 'number: of the records',
    'rows[].settings.evaluateTargetHealth': 'boolean: of the records',
    'rows[].clients.dnsCacheSeconds?': 'number: how long each client keeps an answer for itself, whatever the TTL',
    'rows[].fault': 'string: region-dark or app-errors',
    'rows[].quantity': 'string: detection, dns or service: until when',
    'rows[].seconds[]': 'number: what was measured: each time, or both ends of a range',
    'rows[].heldOut': 'boolean: no rule of the twin is to be changed because of it',
    'rows[].simulated': 'object | null: over all seeds and clients; null where it never came',
    'rows[].simulated.from?': 'number: the shortest, seconds',
    'rows[].simulated.to?': 'number: the longest, seconds',
    'rows[].boundSeconds': 'number | null: in closed form; null where AWS publishes no time',
    'rows[].covered': 'boolean: all that was measured lies within what is simulated',
    'rows[].reason?': 'string: why it does not',
    'rows[].note?': 'string: what was part of it and is not simulated',
  },
};

export function calibrateCommand(command: Command, run: Start): void {
  manual(command, PAGE)
    .option('--seeds <count>', 'runs of each row', numberOption('seeds'), DEFAULT_SEEDS)
    .option('--record <file>', 'a measurement of your own, or the record of a game day; repeat it for another', collect)
    .option('--json', 'print one JSON object')
    .action((flags: CalibrateFlags) =>
      run(async (context) => (await import('./run')).calibrated(context, flags), 'files'),
    );
}
