// Metric samples, kept in ten-second bins: the statistics of any period are computed from them.
import { InputError } from '@dr/contracts';
import type { MetricDatum } from '../ports';

export interface MetricId {
  readonly awsRegion: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Period in ms; `statistic` as CloudWatch names it, or a percentile such as `p99`. */
export interface Statistic {
  readonly metric: MetricId;
  readonly statistic: string;
  readonly periodMs: number;
}

/** Samples of a metric of standard resolution answer periods of a minute and more only. */
export type Resolution = 'high' | 'standard';

/** The finest period that CloudWatch alarms on. */
export const BIN_MS = 10_000;
export const MINUTE_MS = 60_000;

/** Samples older than this are dropped, unless an alarm looks further back. */
const KEEP_MS = 15 * MINUTE_MS;
/** Past this many samples of one metric in one bin, the rest count for everything but percentiles. */
const MAX_VALUES_A_BIN = 10_000;
const SIMPLE = ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'];

interface Bin {
  readonly resolution: Resolution;
  count: number;
  sum: number;
  min: number;
  max: number;
  readonly values: number[];
}

/** One line that two equal metrics share: region, namespace, name, dimensions in order of name. */
export function metricKey({ awsRegion, namespace, name, dimensions }: MetricId): string {
  const pairs = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${awsRegion} ${namespace} ${name} ${pairs.map(([key, value]) => `${key}=${value}`).join(',')}`;
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
  private readonly metrics = new Map<string, Map<number, Bin>>();
  /** Alarms read the same few metrics over and over. */
  private readonly keysRead = new WeakMap<MetricId, string>();
  private keepMs = KEEP_MS;

  /** Keeps samples for at least so long. */
  keep(rangeMs: number): void {
    this.keepMs = Math.max(this.keepMs, rangeMs);
  }

  put(atMs: number, datum: MetricDatum, resolution: Resolution): void {
    const key = metricKey(datum);
    let bins = this.metrics.get(key);
    if (!bins) this.metrics.set(key, (bins = new Map()));
    const start = Math.floor(atMs / BIN_MS) * BIN_MS;
    let bin = bins.get(start);
    if (!bin) {
      bin = { resolution, count: 0, sum: 0, min: datum.value, max: datum.value, values: [] };
      bins.set(start, bin);
      this.forget(bins, start);
    }
    bin.count += 1;
    bin.sum += datum.value;
    bin.min = Math.min(bin.min, datum.value);
    bin.max = Math.max(bin.max, datum.value);
    if (bin.values.length < MAX_VALUES_A_BIN) bin.values.push(datum.value);
  }

  /** The statistic over [endMs - period, endMs); undefined when nothing was sampled. */
  read({ metric, statistic, periodMs }: Statistic, endMs: number): number | undefined {
    const bins = this.metrics.get(this.keyOf(metric));
    if (!bins) return undefined;
    const found: Bin[] = [];
    for (let start = endMs - periodMs; start < endMs; start += BIN_MS) {
      const bin = bins.get(start);
      if (bin && (bin.resolution === 'high' || periodMs >= MINUTE_MS)) found.push(bin);
    }
    return found.length === 0 ? undefined : aggregate(found, statistic);
  }

  /** Keys of everything that was ever put. */
  keys(): ReadonlySet<string> {
    return new Set(this.metrics.keys());
  }

  private keyOf(metric: MetricId): string {
    let key = this.keysRead.get(metric);
    if (key === undefined) this.keysRead.set(metric, (key = metricKey(metric)));
    return key;
  }

  /** Bins are in order of time, so the oldest come first. */
  private forget(bins: Map<number, Bin>, nowMs: number): void {
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
      return percentile(
        bins.flatMap((bin) => bin.values),
        percentileOf(statistic) ?? 100,
      );
  }
}

const percentileOf = (statistic: string): number | undefined => {
  const match = /^p(\d{1,2}(?:\.\d{1,2})?|100)$/.exec(statistic);
  return match ? Number(match[1]) : undefined;
};

/** Between the two nearest ranks, by their distance. */
function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (percent / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? 0;
  const high = sorted[Math.ceil(rank)] ?? low;
  return low + (high - low) * (rank - Math.floor(rank));
}
