// Lines that functions print: metrics in the embedded metric format are taken out, the rest are log records.
import type { MetricDatum } from '../ports';

export interface EmbeddedMetric {
  readonly datum: MetricDatum;
  readonly isHighResolution: boolean;
}

export interface ReadLine {
  readonly metrics: readonly EmbeddedMetric[];
  /** The record without its metrics, when it is one of level INFO or above. */
  readonly record: Readonly<Record<string, unknown>> | undefined;
}

/** Limits of the format (CloudWatch_Embedded_Metric_Format_Specification). */
const MAX_METRICS = 100;
const MAX_DIMENSIONS = 30;
const MAX_VALUES = 100;
/** A log event is cut there. */
const MAX_LINE = 262_144;
const MAX_MESSAGE = 4_096;
const QUIET_LEVELS = ['TRACE', 'DEBUG'];

/** Only a line whose root has `_aws` holds metrics; one wrapped into a `message` by the runtime does not. */
export function readLine(awsRegion: string, line: string): ReadLine {
  const root = parse(line.slice(0, MAX_LINE));
  if (!root) {
    const message = line.trim().slice(0, MAX_MESSAGE);
    return { metrics: [], record: message === '' ? undefined : { level: 'INFO', message } };
  }
  const { _aws: embedded, ...record } = root;
  const isLoud = typeof record['level'] === 'string' && !QUIET_LEVELS.includes(record['level'].toUpperCase());
  if (!isObject(embedded)) return { metrics: [], record: isLoud ? record : undefined };
  const directives = Array.isArray(embedded['CloudWatchMetrics']) ? embedded['CloudWatchMetrics'].filter(isObject) : [];
  const metrics = directives.flatMap((directive) => readDirective(awsRegion, directive, root));
  return { metrics, record: isLoud ? withoutMetrics(record, metrics) : undefined };
}

function readDirective(
  awsRegion: string,
  directive: Readonly<Record<string, unknown>>,
  root: Readonly<Record<string, unknown>>,
): EmbeddedMetric[] {
  const namespace = String(directive['Namespace'] ?? '');
  const definitions = Array.isArray(directive['Metrics']) ? directive['Metrics'].filter(isObject) : [];
  const sets = Array.isArray(directive['Dimensions']) ? directive['Dimensions'].filter(Array.isArray) : [];
  return sets
    .map((names) => readDimensions(names.map(String), root))
    .flatMap((dimensions) => {
      if (!dimensions) return [];
      return definitions.slice(0, MAX_METRICS).flatMap((definition) => {
        const name = String(definition['Name']);
        const isHighResolution = definition['StorageResolution'] === 1;
        return valuesOf(root[name]).map((value) => ({
          datum: { awsRegion, namespace, name, dimensions, value },
          isHighResolution,
        }));
      });
    });
}

/** A set that names a dimension which the line does not give is no metric. */
function readDimensions(
  names: readonly string[],
  root: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> | undefined {
  if (names.length > MAX_DIMENSIONS || !names.every((name) => typeof root[name] === 'string')) return undefined;
  return Object.fromEntries(names.map((name) => [name, String(root[name])]));
}

const valuesOf = (value: unknown): readonly number[] =>
  (Array.isArray(value) ? value.slice(0, MAX_VALUES) : [value]).filter(
    (one): one is number => typeof one === 'number' && Number.isFinite(one),
  );

function withoutMetrics(record: Readonly<Record<string, unknown>>, metrics: readonly EmbeddedMetric[]) {
  const names = new Set(metrics.map(({ datum }) => datum.name));
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.has(name)));
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    // Plain text that begins with a brace.
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
