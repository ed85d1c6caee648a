// What CloudWatch says of an alarm's change of state: the JSON that its topic's subscribers parse, and the event it emits.
import { AWS_REGIONS } from '@dr/contracts';
import { TWIN_ACCOUNT_ID } from '@dr/terraform-json';
import type { AlarmState } from '../../event-log';
import type { ServiceEvent, TopicMessage } from '../ports';
import type { AlarmHead, MetricAlarm } from './alarms';
import type { CompositeAlarm } from './composite';
import type { Statistic } from './store';

interface AlarmChange {
  readonly state: AlarmState;
  readonly previous: AlarmState;
  readonly reason: string;
  readonly atEpochMs: number;
  /** When the previous state began. */
  readonly sinceEpochMs: number;
}

/** How AWS writes the part of the world in a region's long name. */
const AREAS: readonly (readonly [prefix: string, name: string])[] = [
  ['us-east', 'US East'],
  ['us-west', 'US West'],
  ['af', 'Africa'],
  ['ap', 'Asia Pacific'],
  ['ca', 'Canada'],
  ['eu', 'EU'],
  ['il', 'Israel'],
  ['me', 'Middle East'],
  ['sa', 'South America'],
];
const MAX_SUBJECT = 100;

type AnyAlarm = AlarmHead & Partial<MetricAlarm> & Partial<CompositeAlarm>;

export function alarmMessage(alarm: AnyAlarm, change: AlarmChange): TopicMessage {
  const region = longName(alarm.awsRegion);
  const common = {
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: TWIN_ACCOUNT_ID,
    NewStateValue: change.state,
    NewStateReason: change.reason,
    StateChangeTime: zoned(change.atEpochMs),
    Region: region,
    AlarmArn: alarm.arn,
    OldStateValue: change.previous,
    OKActions: alarm.actions.OK,
    AlarmActions: alarm.actions.ALARM,
    InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
  };
  const body = alarm.statistics
    ? { ...common, Trigger: trigger(alarm as MetricAlarm) }
    : { ...common, AlarmRule: alarm.rule };
  return {
    subject: `${change.state}: "${alarm.name}" in ${region}`.slice(0, MAX_SUBJECT),
    body: JSON.stringify(body),
  };
}

/** CloudWatch user guide, "Alarm events and EventBridge". */
export function alarmEvent(
  alarm: AnyAlarm,
  { state, previous, reason, atEpochMs, sinceEpochMs }: AlarmChange,
): ServiceEvent {
  return {
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    resources: [alarm.arn],
    detail: {
      alarmName: alarm.name,
      configuration: {
        ...(alarm.description === undefined ? {} : { description: alarm.description }),
        ...(alarm.statistics ? { metrics: metricsOf(alarm as MetricAlarm) } : { alarmRule: alarm.rule }),
      },
      previousState: { timestamp: zoned(sinceEpochMs), value: previous },
      state: { reason, timestamp: zoned(atEpochMs), value: state },
    },
  };
}

const zoned = (epochMs: number): string => new Date(epochMs).toISOString().replace('Z', '+0000');

const metricsOf = ({ statistics, expressions, judged }: MetricAlarm): readonly Record<string, unknown>[] => [
  ...expressions.map(({ id, text }) => ({ id, expression: text, returnData: id === judged })),
  ...Object.entries(statistics).map(([id, { metric, periodMs, statistic }]) => ({
    id,
    metricStat: {
      metric: { dimensions: metric.dimensions, name: metric.name, namespace: metric.namespace },
      period: periodMs / 1_000,
      stat: statistic,
    },
    returnData: id === judged,
  })),
];

function trigger(alarm: MetricAlarm): Record<string, unknown> {
  const common = {
    EvaluationPeriods: alarm.evaluate,
    DatapointsToAlarm: alarm.toAlarm,
    ComparisonOperator: alarm.comparison,
    Threshold: alarm.threshold,
    TreatMissingData: alarm.missingData,
  };
  const [only] = Object.values(alarm.statistics);
  if (alarm.expressions.length === 0 && only) {
    const isPercentile = only.statistic.startsWith('p');
    return {
      ...describe(only),
      StatisticType: isPercentile ? 'ExtendedStatistic' : 'Statistic',
      [isPercentile ? 'ExtendedStatistic' : 'Statistic']: isPercentile ? only.statistic : only.statistic.toUpperCase(),
      Unit: null,
      Period: only.periodMs / 1_000,
      ...common,
    };
  }
  return {
    Period: alarm.periodMs / 1_000,
    ...common,
    Metrics: [
      ...alarm.expressions.map(({ id, text }) => ({ Expression: text, Id: id, ReturnData: id === alarm.judged })),
      ...Object.entries(alarm.statistics).map(([id, statistic]) => ({
        Id: id,
        MetricStat: { Metric: describe(statistic), Period: statistic.periodMs / 1_000, Stat: statistic.statistic },
        ReturnData: id === alarm.judged,
      })),
    ],
  };
}

const describe = ({ metric }: Statistic): Record<string, unknown> => ({
  MetricName: metric.name,
  Namespace: metric.namespace,
  Dimensions: Object.entries(metric.dimensions).map(([name, value]) => ({ value, name })),
});

function longName(awsRegion: string): string {
  const area = AREAS.find(([prefix]) => awsRegion.startsWith(prefix))?.[1] ?? awsRegion;
  const city = AWS_REGIONS.find(({ id }) => id === awsRegion)?.city ?? awsRegion;
  return `${area} (${city})`;
}
