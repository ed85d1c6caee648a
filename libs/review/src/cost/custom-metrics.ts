// Custom metrics that a stack will have: those its functions emit and those its alarms read.
import { textMapOf, textOf, type Graph, type Resource } from '@dr/terraform-json';
import { metricsOf } from '../rules';
import { toldOr } from './told';

export interface CustomMetric {
  readonly id: string;
  readonly awsRegion: string;
}

/** Each set of dimensions is a metric of its own. */
export const metricId = (
  awsRegion: string,
  namespace: string,
  name: string,
  dimensions: Readonly<Record<string, unknown>>,
): string =>
  [
    awsRegion,
    namespace,
    name,
    ...Object.entries(dimensions)
      .map((pair) => pair.join('='))
      .sort(),
  ].join(' ');

/** What a function emits is known to its system alone. */
export type Emitted = (fn: Resource) => readonly CustomMetric[];

/** All are counted as if emitted in every hour: some are rarer, so cheaper. */
export function customMetrics(graph: Graph, emitted: Emitted): readonly CustomMetric[] {
  const ofType = (of: string) => graph.resources.filter(({ mode, type }) => mode === 'managed' && type === of);
  const all = [
    ...ofType('aws_lambda_function').flatMap((fn) => toldOr(() => emitted(fn), [])),
    ...ofType('aws_cloudwatch_metric_alarm').flatMap((alarm) => toldOr(() => read(alarm), [])),
  ];
  return [...new Map(all.map((one) => [one.id, one])).values()];
}

const read = (alarm: Resource): CustomMetric[] =>
  metricsOf(alarm).flatMap((metric) => {
    const namespace = textOf(metric, 'namespace') ?? 'AWS/';
    if (namespace.startsWith('AWS/')) return [];
    const { awsRegion } = alarm;
    const name = textOf(metric, 'metric_name') ?? '';
    return [{ id: metricId(awsRegion, namespace, name, textMapOf(metric, 'dimensions')), awsRegion }];
  });
