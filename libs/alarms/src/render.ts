// The one renderer: alarm definitions to CloudWatch alarms, each on the topic of the region it lives in.
import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { MAIN_RESOURCE } from '@dr/constructs';
import { alarmName } from '@dr/contracts/system';
import { Construct } from 'constructs';
import type { AlarmDefinition, Metric, Subject } from './definitions';

export interface AlarmProps {
  readonly definition: AlarmDefinition;
  readonly system: string;
  /** Where the alarm lives: CloudWatch reads metrics of, and publishes to, this region only. */
  readonly provider: AwsProvider;
  /** A topic of the same region. */
  readonly topicArn: string;
  /** Short name of the region the alarm speaks of. */
  readonly about: string;
  readonly subjects: Partial<Readonly<Record<Subject, string>>>;
}

const COMPARISONS = {
  above: 'GreaterThanThreshold',
  below: 'LessThanThreshold',
  atLeast: 'GreaterThanOrEqualToThreshold',
} as const satisfies Record<AlarmDefinition['breach']['is'], string>;

const isPercentile = (statistic: string): boolean => /^p\d/.test(statistic);

/** An alarm and its runbook, which is named after its id. */
export class Alarm extends Construct {
  constructor(scope: Construct, id: string, props: AlarmProps) {
    super(scope, id);
    const { definition, system, about, provider, topicArn } = props;
    const { breach, window } = definition;
    new CloudwatchMetricAlarm(this, MAIN_RESOURCE, {
      provider,
      alarmName: alarmName(system, about, definition.id),
      alarmDescription: `${definition.summary}. Runbook: docs/runbooks/${definition.id}.md`,
      comparisonOperator: COMPARISONS[breach.is],
      threshold: breach.threshold,
      evaluationPeriods: window.of,
      datapointsToAlarm: window.breaching,
      treatMissingData: definition.missingData.treatedAs,
      alarmActions: [topicArn],
      // A page that ends is announced; a ticket is looked at in its own time.
      ...(definition.severity === 'page' ? { okActions: [topicArn] } : {}),
      // A watched thing that falls silent is not known to be well.
      ...(definition.severity === 'page' && definition.missingData.treatedAs === 'missing'
        ? { insufficientDataActions: [topicArn] }
        : {}),
      tags: { Severity: definition.severity },
      ...measurement(props),
    });
  }
}

function measurement({ definition, subjects }: AlarmProps): Partial<CloudwatchMetricAlarmConfig> {
  const metrics = Object.entries(definition.metrics);
  const period = definition.window.periodSeconds;
  const [only] = metrics;
  if (definition.expression === undefined) {
    if (!only || metrics.length > 1) throw new Error(`${definition.id}: several metrics need an expression`);
    const metric = only[1];
    return {
      namespace: metric.namespace,
      metricName: metric.name,
      period,
      dimensions: dimensions(metric, subjects),
      ...(isPercentile(metric.statistic) ? { extendedStatistic: metric.statistic } : { statistic: metric.statistic }),
    };
  }
  return {
    metricQuery: [
      { id: 'value', expression: definition.expression, label: definition.summary, returnData: true },
      ...metrics.map(([id, metric]) => ({
        id,
        metric: {
          namespace: metric.namespace,
          metricName: metric.name,
          stat: metric.statistic,
          period,
          dimensions: dimensions(metric, subjects),
        },
      })),
    ],
  };
}

/** The dimensions' values. Throws when the definition names a subject that this place does not have. */
export function dimensions(metric: Metric, subjects: AlarmProps['subjects']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metric.dimensions).map(([dimension, subject]) => {
      const value = subjects[subject];
      if (value === undefined) throw new Error(`${metric.namespace}/${metric.name}: no ${subject} here`);
      return [dimension, value];
    }),
  );
}
