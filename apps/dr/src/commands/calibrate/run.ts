// What `dr calibrate` does: each measurement, with the runs of the twin that have its settings.
import { InputError } from '@dr/contracts';
import { calibrate, PUBLISHED, readMeasurement, type Measurement } from '@dr/drills';
import type { FilesContext } from '../../context';
import { liveLine } from '../../terminal/live-line';
import { checkCount } from '../../terminal/options';
import { sourceIn } from '../report/inputs';
import { measuredOn } from './game-day';
import { calibrationText } from './text';

const MAX_SEEDS = 1_000;
const MAX_BYTES = 1 << 20;

export interface CalibrateFlags {
  readonly seeds: number;
  readonly record?: readonly string[];
  readonly json?: true;
}

export async function calibrated(
  context: FilesContext,
  { seeds: count, record = [], json }: CalibrateFlags,
): Promise<number> {
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
