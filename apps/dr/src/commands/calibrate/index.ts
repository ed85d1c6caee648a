// `dr calibrate`: what others have measured on AWS, and what a team has, beside what the twin simulates of the same settings.
import { InputError } from '@dr/contracts';
import { calibrate, PUBLISHED, readMeasurement, type Measurement } from '@dr/drills';
import type { Command } from 'commander';
import type { FilesContext, Start } from '../../context';
import { liveLine } from '../../terminal/live-line';
import { manual, type ManualPage } from '../../terminal/manual';
import { checkCount, collect, numberOption } from '../../terminal/options';
import { sourceIn } from '../report/inputs';
import { measuredOn } from './game-day';
import { calibrationText } from './text';

const DEFAULT_SEEDS = 50;
const MAX_SEEDS = 1_000;
const MAX_BYTES = 1 << 20;

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

interface Flags {
  readonly seeds: number;
  readonly record?: readonly string[];
  readonly json?: true;
}

export function calibrateCommand(program: Command, run: Start): void {
  manual(program.command('calibrate'), PAGE)
    .description('hold the twin against times of a failover that were measured on AWS')
    .option('--seeds <count>', 'runs of each row', numberOption('seeds'), DEFAULT_SEEDS)
    .option('--record <file>', 'a measurement of your own, or the record of a game day; repeat it for another', collect)
    .option('--json', 'print one JSON object')
    .action((flags: Flags) => run((context) => calibrated(context, flags), 'files'));
}

async function calibrated(context: FilesContext, { seeds: count, record = [], json }: Flags): Promise<number> {
  checkCount('seeds', count, MAX_SEEDS);
  const measurements = [...PUBLISHED, ...record.map((path) => recordIn(context, path))];
  const progress = json ? undefined : liveLine(context);
  const rows = await calibrate(measurements, {
    seeds: Array.from({ length: count }, (_, at) => at + 1),
    onRuns: ({ done, of }) => progress?.show(`simulating ${done + 1} of ${of}`),
  }).finally(() => progress?.end());
  context.out(json ? `${JSON.stringify({ schema: 1, seeds: count, rows })}\n` : calibrationText(rows, count));
  return rows.every(({ covered, reason }) => covered || reason !== undefined) ? 0 : 1;
}

/** Throws InputError. */
function recordIn(context: FilesContext, path: string): Measurement {
  const name = `--record "${path}"`;
  const value = jsonIn(context.processes.readFile('--record', path, MAX_BYTES), name);
  if ((value as { kind?: unknown } | null)?.kind !== 'game-day') return readMeasurement(value, name);
  const source = sourceIn(context, path);
  if (source.of === 'game-day') return measuredOn(source.record, name);
  throw new InputError(name, 'is no record of a game day', 'Give the file that `dr gameday` wrote');
}

function jsonIn(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw new InputError(name, `is not JSON: ${(cause as Error).message}`, 'Correct the file', { cause });
  }
}
