// Lines that functions print: metrics in the embedded metric format are taken out, the rest are log records.
import { isObject } from '../../is-object';
import type { MetricDatum } from '../ports';

type Json = Readonly<Record<string, unknown>>;

interface EmbeddedMetric {
  readonly datum: MetricDatum;
  readonly isHighResolution: boolean;
}

interface ReadLine {
  readonly metrics: readonly EmbeddedMetric[];
  /** The record without its metrics, when it is one of level INFO or above. */
  readonly record: Json | undefined;
}

/** Limits of the format (CloudWatch_Embedded_Metric_Format_Specification). */
const MAX_METRICS = 100;
const MAX_DIMENSIONS = 30;
const MAX_VALUES = 100;
/** A longer line is cut at this length. */
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
  const metrics = objectsIn(embedded['CloudWatchMetrics']).flatMap((directive) =>
    readDirective(awsRegion, directive, root),
  );
  return { metrics, record: isLoud ? withoutMetrics(record, metrics) : undefined };
}

const objectsIn = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

function readDirective(awsRegion: string, directive: Json, root: Json): EmbeddedMetric[] {
  const namespace = String(directive['Namespace'] ?? '');
  const definitions = objectsIn(directive['Metrics']).slice(0, MAX_METRICS);
  const sets = Array.isArray(directive['Dimensions']) ? directive['Dimensions'].filter(Array.isArray) : [];
  return sets
    .map((names) => readDimensions(names.map(String), root))
    .filter((dimensions) => dimensions !== undefined)
    .flatMap((dimensions) =>
      definitions.flatMap((definition) => {
        const name = String(definition['Name']);
        const isHighResolution = definition['StorageResolution'] === 1;
        const metric = { awsRegion, namespace, name, dimensions };
        return valuesOf(root[name]).map((value) => ({ datum: { ...metric, value }, isHighResolution }));
      }),
    );
}

/** undefined for a set with a dimension that the line does not give: such a metric is dropped. */
function readDimensions(names: readonly string[], root: Json): Readonly<Record<string, string>> | undefined {
  if (names.length > MAX_DIMENSIONS || !names.every((name) => typeof root[name] === 'string')) return undefined;
  return Object.fromEntries(names.map((name) => [name, String(root[name])]));
}

const valuesOf = (value: unknown): readonly number[] =>
  (Array.isArray(value) ? value.slice(0, MAX_VALUES) : [value]).filter(
    (one): one is number => typeof one === 'number' && Number.isFinite(one),
  );

function withoutMetrics(record: Json, metrics: readonly EmbeddedMetric[]): Json {
  const names = new Set(metrics.map(({ datum }) => datum.name));
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.has(name)));
}

function parse(line: string): Json | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    // Plain text that begins with a brace.
    return undefined;
  }
}
