// The decision of a metric alarm over its last data points, with missing ones treated as AWS's published tables do (CW-02).
import type { AlarmState } from '../../event-log';

export type MissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

/** A data point: breaching, within the threshold, or undefined when missing. */
export type Point = boolean | undefined;

/** [A] CloudWatch looks two periods further back than it evaluates: the published tables show five for three. */
export const EXTRA_PERIODS = 2;

/**
 * `points`: oldest first, EXTRA_PERIODS more than `evaluate`. Returns undefined where the current state is kept.
 * Source: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data".
 */
export function judgePoints(
  points: readonly Point[],
  evaluate: number,
  toAlarm: number,
  missingData: MissingData,
): AlarmState | undefined {
  const real = points.filter((point) => point !== undefined);
  const breaching = (judged: readonly Point[]): number => judged.filter((point) => point === true).length;
  // With enough real data it does not matter how missing data is treated.
  if (real.length >= evaluate) return breaching(real.slice(-evaluate)) >= toAlarm ? 'ALARM' : 'OK';
  const filled = evaluate - real.length;
  if (missingData === 'breaching') return breaching(real) + filled >= toAlarm ? 'ALARM' : 'OK';
  if (breaching(real) >= toAlarm) return 'ALARM';
  if (missingData === 'notBreaching') return 'OK';
  if (real.length === 0) return missingData === 'ignore' ? undefined : 'INSUFFICIENT_DATA';
  if (breaching(real) < real.length) return 'OK';
  if (missingData === 'ignore') return undefined;
  // Every point that is there breaches: an alarm, once the oldest of them is at least `toAlarm` periods old.
  const oldestAge = points.length - points.findIndex((point) => point !== undefined);
  return oldestAge >= toAlarm ? 'ALARM' : 'OK';
}
