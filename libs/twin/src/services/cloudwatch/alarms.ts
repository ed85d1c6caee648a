// Metric alarms as the stack configures them: what they measure, when it breaches, and whom they tell.
import { InputError } from '@dr/contracts';
import {
  blockOf,
  blocksOf,
  flagOf,
  type Graph,
  numberOf,
  type Resource,
  textMapOf,
  textOf,
  textsOf,
  type Values,
} from '@dr/terraform-json';
import type { AlarmState } from '../../event-log';
import { mostArrivalMs } from './arrival';
import { EXTRA_PERIODS, judgePoints, type MissingData, type Point } from './evaluation';
import { parseExpression, type Expression, type Series } from './math';
import { checkStatistic, MINUTE_MS, type MetricStore, type Statistic } from './store';

/** What metric and composite alarms share. */
export interface AlarmHead {
  readonly address: string;
  readonly awsRegion: string;
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly actionsEnabled: boolean;
  readonly actions: Readonly<Record<AlarmState, readonly string[]>>;
}

export interface MetricAlarm extends AlarmHead {
  readonly periodMs: number;
  readonly evaluate: number;
  readonly toAlarm: number;
  readonly threshold: number;
  readonly comparison: Comparison;
  readonly missingData: MissingData;
  readonly statistics: Readonly<Record<string, Statistic>>;
  /** In order: an expression refers to statistics and to expressions before it. */
  readonly expressions: readonly { readonly id: string; readonly compute: Expression; readonly text: string }[];
  /** The query whose values are judged. */
  readonly judged: string;
  /** Longest time from the end of a period until AWS's own data of it have arrived. */
  readonly arrivalMs: number;
}

const COMPARISONS = {
  GreaterThanThreshold: { breaches: (v: number, t: number) => v > t, words: 'greater than' },
  GreaterThanOrEqualToThreshold: { breaches: (v: number, t: number) => v >= t, words: 'greater than or equal to' },
  LessThanThreshold: { breaches: (v: number, t: number) => v < t, words: 'less than' },
  LessThanOrEqualToThreshold: { breaches: (v: number, t: number) => v <= t, words: 'less than or equal to' },
} as const;
type Comparison = keyof typeof COMPARISONS;

const MISSING: readonly MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];
const HIGH_RESOLUTION_PERIODS = [10, 20, 30];
const ONLY = 'm';

export function readMetricAlarms(graph: Graph): readonly MetricAlarm[] {
  return graph.ofType('aws_cloudwatch_metric_alarm').map((resource) => readMetricAlarm(graph, resource));
}

export function readHead(graph: Graph, resource: Resource): AlarmHead {
  const { values, address, awsRegion } = resource;
  const head: AlarmHead = {
    address,
    awsRegion,
    name: textOf(values, 'alarm_name') ?? resource.name,
    arn: String(graph.attribute(resource, 'arn')),
    description: textOf(values, 'alarm_description'),
    actionsEnabled: flagOf(values, 'actions_enabled') !== false,
    actions: {
      ALARM: textsOf(values, 'alarm_actions'),
      OK: textsOf(values, 'ok_actions'),
      INSUFFICIENT_DATA: textsOf(values, 'insufficient_data_actions'),
    },
  };
  for (const action of Object.values(head.actions).flat()) checkAction(head, action);
  return head;
}

/** CW-04: an alarm publishes to topics of its own region only. */
function checkAction({ address, awsRegion }: AlarmHead, action: string): void {
  const [, , service, region] = action.split(':');
  if (service === 'sns' && region === awsRegion) return;
  throw new InputError(
    `${address}: action "${action}"`,
    service === 'sns'
      ? `is a topic in ${region ?? 'no region'}, and an alarm of ${awsRegion} publishes in ${awsRegion} only`
      : 'is no SNS topic, and the twin knows no other action',
    `Use an SNS topic of ${awsRegion}`,
  );
}

function readMetricAlarm(graph: Graph, resource: Resource): MetricAlarm {
  const { values, address } = resource;
  const refuse = (what: string, why: string, fix: string): never => {
    throw new InputError(`${address}: ${what}`, why, fix);
  };
  const evaluate = numberOf(values, 'evaluation_periods', { least: 1, most: 86_400 }) ?? 1;
  const toAlarm = numberOf(values, 'datapoints_to_alarm', { least: 1, most: 86_400 }) ?? evaluate;
  const comparison = textOf(values, 'comparison_operator') as Comparison;
  const missingData = (textOf(values, 'treat_missing_data') ?? 'missing') as MissingData;
  const threshold = numberOf(values, 'threshold');
  if (!Object.hasOwn(COMPARISONS, comparison)) {
    refuse(`comparison_operator "${comparison}"`, 'the twin cannot compare so', Object.keys(COMPARISONS).join(', '));
  }
  if (!MISSING.includes(missingData)) {
    refuse(`treat_missing_data "${missingData}"`, 'CloudWatch has no such treatment', `Use ${MISSING.join(', ')}`);
  }
  if (toAlarm > evaluate || toAlarm < 1) {
    refuse(`datapoints_to_alarm ${toAlarm}`, `is not within 1 to evaluation_periods ${evaluate}`, 'Lower it');
  }
  const measured = readQueries(resource);
  const namespaces = Object.values(measured.statistics).map(({ metric }) => metric.namespace);
  return {
    ...readHead(graph, resource),
    ...measured,
    evaluate,
    toAlarm,
    comparison,
    threshold: threshold ?? refuse('threshold', 'is absent', 'Give a number: the twin has no anomaly detection'),
    // CW-03: alarms on DynamoDB metrics ignore missing data whatever is set.
    missingData: namespaces.includes('AWS/DynamoDB') ? 'ignore' : missingData,
    arrivalMs: Math.max(0, ...namespaces.map(mostArrivalMs)),
  };
}

type Queries = Pick<MetricAlarm, 'periodMs' | 'statistics' | 'expressions' | 'judged'>;

function readQueries(resource: Resource): Queries {
  const { values, address } = resource;
  const queries = blocksOf(values, 'metric_query');
  if (queries.length === 0) {
    const name = textOf(values, 'extended_statistic') ?? textOf(values, 'statistic');
    const statistic = readStatistic(resource, values, name);
    return { periodMs: statistic.periodMs, statistics: { [ONLY]: statistic }, expressions: [], judged: ONLY };
  }
  const statistics: Record<string, Statistic> = {};
  const pending: { readonly id: string; readonly text: string }[] = [];
  for (const query of queries) {
    const id = textOf(query, 'id') ?? '';
    const metric = blockOf(query, 'metric');
    const text = textOf(query, 'expression');
    if (metric) statistics[id] = readStatistic(resource, metric, textOf(metric, 'stat'));
    else if (text !== undefined) pending.push({ id, text });
  }
  const judged = queries.filter((query) => flagOf(query, 'return_data') === true || queries.length === 1);
  if (judged.length !== 1) {
    throw new InputError(
      `${address}: metric_query`,
      `returns data from ${judged.length} queries; an alarm judges exactly one`,
      'Set return_data = true on one of them',
    );
  }
  const ids = new Set([...Object.keys(statistics), ...pending.map(({ id }) => id)]);
  return {
    periodMs: Math.max(MINUTE_MS / 6, ...Object.values(statistics).map(({ periodMs }) => periodMs)),
    statistics,
    expressions: pending.map(({ id, text }) => ({ id, text, compute: parseExpression(address, text, ids) })),
    judged: textOf(judged[0] as Values, 'id') ?? '',
  };
}

function readStatistic({ address, awsRegion }: Resource, values: Values, statistic = ''): Statistic {
  checkStatistic(address, statistic);
  const period = numberOf(values, 'period', { least: 1, most: 604_800 }) ?? 0;
  const isPeriod = HIGH_RESOLUTION_PERIODS.includes(period) || (period > 0 && (period * 1_000) % MINUTE_MS === 0);
  if (!isPeriod) {
    throw new InputError(
      `${address}: period ${period}`,
      'is none that CloudWatch evaluates',
      `Use ${HIGH_RESOLUTION_PERIODS.join(', ')} or a multiple of 60 seconds`,
    );
  }
  return {
    metric: {
      awsRegion,
      namespace: textOf(values, 'namespace') ?? '',
      name: textOf(values, 'metric_name') ?? '',
      dimensions: textMapOf(values, 'dimensions'),
    },
    statistic,
    periodMs: period * 1_000,
  };
}

/** How far back an evaluation looks. */
export const rangeMs = ({ periodMs, evaluate }: MetricAlarm): number => periodMs * (evaluate + EXTRA_PERIODS);

/** Values at each period of the range as known at `nowMs`, oldest first; the last period ends at `endMs`. */
export function valuesOf(alarm: MetricAlarm, store: MetricStore, endMs: number, nowMs: number): Series {
  const periods = alarm.evaluate + EXTRA_PERIODS;
  const known = new Map<string, Series>();
  for (const [id, statistic] of Object.entries(alarm.statistics)) {
    const valueAt = (i: number): number | undefined =>
      store.read(statistic, endMs - (periods - 1 - i) * alarm.periodMs, nowMs);
    known.set(
      id,
      Array.from({ length: periods }, (_, i) => valueAt(i)),
    );
  }
  const none: Series = Array.from({ length: periods }, () => undefined);
  const seriesOf = (id: string): Series => known.get(id) ?? none;
  for (const { id, compute } of alarm.expressions) known.set(id, compute(seriesOf));
  const judged = seriesOf(alarm.judged);
  // A constant expression has the same value in every period.
  return judged.length === periods ? judged : none.map(() => judged[0]);
}

/** The state that follows from the values; undefined where the current one is kept. */
export function judge(alarm: MetricAlarm, values: Series, missingData = alarm.missingData): AlarmState | undefined {
  const { breaches } = COMPARISONS[alarm.comparison];
  const points = values.map((value): Point => (value === undefined ? undefined : breaches(value, alarm.threshold)));
  return judgePoints(points, alarm.evaluate, alarm.toAlarm, missingData);
}

interface DataPoint {
  readonly value: number;
  readonly startEpochMs: number;
}

/**
 * The reason of a change, as close to CloudWatch's wording as AWS publishes it. `endEpochMs`: of the last value's period.
 * Source: CloudWatch user guide, "Alarm events and EventBridge".
 */
export function reasonFor(alarm: MetricAlarm, values: Series, state: AlarmState, endEpochMs: number): string {
  const real = values
    .map((value, i) => ({ value, startEpochMs: endEpochMs - (values.length - i) * alarm.periodMs }))
    .filter((point): point is DataPoint => point.value !== undefined)
    .slice(-alarm.evaluate);
  const points = (count: number): string => `${count} datapoint${count === 1 ? '' : 's'}`;
  if (state === 'INSUFFICIENT_DATA') return `Insufficient Data: ${points(alarm.evaluate)} were unknown.`;
  const { breaches, words } = COMPARISONS[alarm.comparison];
  if (real.length === 0) {
    const treated = alarm.missingData === 'breaching' ? 'Breaching' : 'NonBreaching';
    return `Threshold Crossed: no datapoints were received and missing datapoints were treated as [${treated}].`;
  }
  const breaching = real.filter(({ value }) => breaches(value, alarm.threshold));
  const [shown, not] =
    state === 'ALARM' ? [breaching, ''] : [real.filter((point) => !breaching.includes(point)), 'not '];
  return (
    `Threshold Crossed: ${shown.length} out of the last ${points(real.length)} [${shown.toReversed().map(written).join(', ')}] ` +
    `${shown.length === 1 ? 'was' : 'were'} ${not}${words} the threshold (${alarm.threshold}).`
  );
}

/** `9 (05/01/26 00:01:00)`: with the beginning of its period. */
function written({ value, startEpochMs }: DataPoint): string {
  const [date = '', time = ''] = new Date(startEpochMs).toISOString().split('T');
  const [year = '', month, day] = date.split('-');
  return `${value} (${day}/${month}/${year.slice(2)} ${time.slice(0, 8)})`;
}
