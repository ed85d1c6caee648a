// Metric samples, kept in ten-second bins: the statistics of any period are computed from them.
import { InputError } from '@dr/contracts';
import { entryOf } from '../../kernel/entry-of';
import type { MetricDatum } from '../ports';

/** When a data point can be read. */
export interface Arrival {
  readonly atMs: number;
}

type MetricId = Omit<MetricDatum, 'value'>;

/** Period in ms; `statistic` as CloudWatch names it, or a percentile such as `p99`. */
export interface Statistic {
  readonly metric: MetricId;
  readonly statistic: string;
  readonly periodMs: number;
}

/** A metric of standard resolution has statistics for periods of a minute and more only. */
type Resolution = 'high' | 'standard';

/** The finest period that CloudWatch alarms on. */
export const BIN_MS = 10_000;
export const MINUTE_MS = 60_000;

/** Samples older than this are dropped, unless an alarm looks further back. */
const KEEP_MS = 15 * MINUTE_MS;
/** Samples of one metric in one bin beyond this number count for everything but percentiles. */
const MAX_VALUES_A_BIN = 10_000;
const SIMPLE = ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'];

interface Bin {
  readonly resolution: Resolution;
  /** It cannot be read before then. */
  readonly arrival: Arrival;
  count: number;
  sum: number;
  min: number;
  max: number;
  /** Where percentiles are read. */
  readonly values: number[] | undefined;
}

/** The same text for equal metrics: region, namespace, name, and dimensions in order of their names. */
export function metricKey({ awsRegion, namespace, name, dimensions }: MetricId): string {
  const names = Object.keys(dimensions);
  if (names.length > 1) names.sort();
  let text = '';
  for (const key of names) text += `${text === '' ? '' : ','}${key}=${dimensions[key]}`;
  return `${awsRegion} ${namespace} ${name} ${text}`;
}

/** Throws InputError, naming `owner`, for a statistic that the twin cannot compute. */
export function checkStatistic(owner: string, statistic: string): void {
  if (SIMPLE.includes(statistic) || percentileOf(statistic) !== undefined) return;
  throw new InputError(
    `${owner}: statistic "${statistic}"`,
    'the twin cannot compute it',
    `Use ${SIMPLE.join(', ')} or a percentile such as p99`,
  );
}

export class MetricStore {
  private readonly metrics = new Map<string, Map<number, Bin[]>>();
  /** Alarms read the same few metrics over and over. */
  private readonly keysRead = new WeakMap<MetricId, string>();
  private readonly withPercentiles = new Set<string>();
  private keepMs = KEEP_MS;

  /** The statistic will be read, over so long at once. Samples of a metric are kept one by one only for percentiles that were announced so. */
  announce({ metric, statistic }: Pick<Statistic, 'metric' | 'statistic'>, rangeMs: number): void {
    this.keepMs = Math.max(this.keepMs, rangeMs);
    if (percentileOf(statistic) !== undefined) this.withPercentiles.add(metricKey(metric));
  }

  put(atMs: number, key: string, { value }: MetricDatum, resolution: Resolution, arrival: Arrival): void {
    const bins = entryOf(this.metrics, key, () => new Map<number, Bin[]>());
    const start = Math.floor(atMs / BIN_MS) * BIN_MS;
    const together = entryOf(bins, start, () => {
      this.forget(bins, start);
      return [];
    });
    let bin = together.find((one) => one.arrival === arrival);
    if (!bin) {
      const values = this.withPercentiles.has(key) ? [] : undefined;
      together.push((bin = { resolution, arrival, count: 0, sum: 0, min: value, max: value, values }));
    }
    bin.count += 1;
    bin.sum += value;
    bin.min = Math.min(bin.min, value);
    bin.max = Math.max(bin.max, value);
    if (bin.values && bin.values.length < MAX_VALUES_A_BIN) bin.values.push(value);
  }

  /** The statistic over [endMs - period, endMs), of what has arrived by `nowMs`; undefined when nothing has. */
  read({ metric, statistic, periodMs }: Statistic, endMs: number, nowMs: number): number | undefined {
    const bins = this.metrics.get(entryOf(this.keysRead, metric, () => metricKey(metric)));
    if (!bins) return undefined;
    const found: Bin[] = [];
    for (let start = endMs - periodMs; start < endMs; start += BIN_MS) {
      for (const bin of bins.get(start) ?? []) {
        if (bin.arrival.atMs > nowMs) continue;
        if (bin.resolution === 'high' || periodMs >= MINUTE_MS) found.push(bin);
      }
    }
    return found.length === 0 ? undefined : aggregate(found, statistic);
  }

  /** Keys of everything that was ever put. */
  keys(): ReadonlySet<string> {
    return new Set(this.metrics.keys());
  }

  /** Bins are in order of time, so the oldest come first. */
  private forget(bins: Map<number, Bin[]>, nowMs: number): void {
    for (const start of bins.keys()) {
      if (start >= nowMs - this.keepMs) return;
      bins.delete(start);
    }
  }
}

function aggregate(bins: readonly Bin[], statistic: string): number {
  const count = bins.reduce((total, bin) => total + bin.count, 0);
  const sum = bins.reduce((total, bin) => total + bin.sum, 0);
  switch (statistic) {
    case 'Sum':
      return sum;
    case 'Average':
      return sum / count;
    case 'Minimum':
      return Math.min(...bins.map((bin) => bin.min));
    case 'Maximum':
      return Math.max(...bins.map((bin) => bin.max));
    case 'SampleCount':
      return count;
    default:
      return percentile(bins, percentileOf(statistic) ?? 100);
  }
}

const percentileOf = (statistic: string): number | undefined => {
  const match = /^p(\d{1,2}(?:\.\d{1,2})?|100)$/.exec(statistic);
  return match ? Number(match[1]) : undefined;
};

/** Between the two nearest ranks, by their distance. */
function percentile(bins: readonly Bin[], percent: number): number {
  const sorted = bins
    .flatMap(({ values }) => {
      if (!values) throw new Error('a percentile is read of a metric whose samples are not kept: announce it');
      return values;
    })
    .sort((a, b) => a - b);
  const rank = (percent / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? 0;
  const high = sorted[Math.ceil(rank)] ?? low;
  return low + (high - low) * (rank - Math.floor(rank));
}
