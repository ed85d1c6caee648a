// Telemetry: one JSON line a log record, and metrics as embedded metric format lines, at most one batch per 10 s.
import { METRIC_NAMESPACE, METRICS, type MetricDefinition } from '@dr/contracts/system';
import type { Clock, LogFields, LogLevel, MetricOptions, Moment, Telemetry } from './ports';

export interface TelemetryOptions {
  readonly clock: Pick<Clock, 'wallMs' | 'moment' | 'sinceMs'>;
  readonly region: string;
  readonly functionName: string;
  /** Takes one line, without the line feed. */
  readonly write: (line: string) => void;
}

/** Intervals begin at whole multiples, so that each 10 s alarm period holds one batch of a busy environment. */
export const METRIC_INTERVAL_MS = 10_000;
/** CloudWatch takes at most 100 values a metric in one line (embedded metric format specification). */
const MAX_VALUES = 100;
/** An alarm with 10 s periods reads these: they need 1 s resolution. */
const HIGH_RESOLUTION: readonly string[] = [METRICS.peerStaleness.name];

interface Series {
  readonly metric: MetricDefinition;
  readonly dimensions: Readonly<Record<string, string>>;
  values: number[];
}

export function createTelemetry({ clock, region, functionName, write }: TelemetryOptions): Telemetry {
  const series = new Map<string, Series>();
  let flushed: { readonly interval: number; readonly at: Moment } | undefined;

  const seriesOf = (metric: MetricDefinition, { dimensions }: MetricOptions): Series => {
    const key = dimensions ? JSON.stringify([metric.name, dimensions]) : metric.name;
    const known = series.get(key);
    if (known) return known;
    const fresh: Series = { metric, dimensions: { Region: region, ...dimensions }, values: [] };
    series.set(key, fresh);
    return fresh;
  };

  return {
    log(level: LogLevel, message: string, fields: LogFields = {}) {
      const timestamp = new Date(clock.wallMs()).toISOString();
      const record = { timestamp, level, function: functionName, region, message, ...fields };
      write(Object.values(fields).some(isObject) ? JSON.stringify(record, readable) : JSON.stringify(record));
    },
    count(metric, amount = 1, options = {}) {
      const into = seriesOf(metric, options);
      into.values = [(into.values[0] ?? 0) + amount];
    },
    gauge(metric, value, options = {}) {
      seriesOf(metric, options).values = [value];
    },
    observe(metric, value, options = {}) {
      const { values } = seriesOf(metric, options);
      if (values.length < MAX_VALUES) values.push(value);
    },
    flush() {
      const interval = Math.floor(clock.wallMs() / METRIC_INTERVAL_MS);
      // Aligned to the wall clock, but never held back by one that has gone back.
      const isOver = !flushed || interval !== flushed.interval || clock.sinceMs(flushed.at) >= METRIC_INTERVAL_MS;
      if (!isOver || series.size === 0) return;
      flushed = { interval, at: clock.moment() };
      for (const line of lines([...series.values()], clock.wallMs())) write(line);
      series.clear();
    },
  };
}

/** One line a set of dimensions. */
function lines(all: readonly Series[], nowMs: number): string[] {
  const groups = new Map<string, Series[]>();
  for (const one of all) {
    const key = JSON.stringify(one.dimensions);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((group) => {
    const dimensions = group[0]?.dimensions ?? {};
    const definitions = group.map(({ metric: { name, unit } }) => ({
      Name: name,
      Unit: unit,
      ...(HIGH_RESOLUTION.includes(name) ? { StorageResolution: 1 } : {}),
    }));
    return JSON.stringify({
      _aws: {
        Timestamp: nowMs,
        CloudWatchMetrics: [
          { Namespace: METRIC_NAMESPACE, Dimensions: [Object.keys(dimensions)], Metrics: definitions },
        ],
      },
      ...dimensions,
      ...Object.fromEntries(group.map(({ metric, values }) => [metric.name, values.length === 1 ? values[0] : values])),
    });
  });
}

/** Of texts and numbers alone a replacer would make nothing else, and takes longer than the line. */
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** An Error has no enumerable fields: without this a log line would say {}. */
const readable = (_key: string, value: unknown): unknown =>
  value instanceof Error ? { name: value.name, message: value.message, cause: value.cause } : value;
