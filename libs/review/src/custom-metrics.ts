// Custom metrics that a stack will have: those its handlers emit and those its alarms read.
import { METRIC_NAMESPACE, METRICS } from '@dr/contracts/system';
import type { Graph, Resource } from '@dr/terraform-json';

export interface CustomMetric {
  readonly id: string;
  readonly awsRegion: string;
}

type Dimensions = Readonly<Record<string, unknown>>;

const metric = (awsRegion: string, namespace: string, name: string, dimensions: Dimensions): CustomMetric => ({
  id: [
    awsRegion,
    namespace,
    name,
    ...Object.entries(dimensions)
      .map((pair) => pair.join('='))
      .sort(),
  ].join(' '),
  awsRegion,
});

/** Each set of dimensions is a metric of its own. All are counted as if emitted in every hour: some are rarer, so cheaper. */
export function customMetrics(graph: Graph): readonly CustomMetric[] {
  const all = [
    ...graph.ofType('aws_lambda_function').flatMap(emitted),
    ...graph.ofType('aws_cloudwatch_metric_alarm').flatMap(read),
  ];
  return [...new Map(all.map((one) => [one.id, one])).values()];
}

const PER_PEER: readonly string[] = [METRICS.peerStaleness.name, METRICS.replicaDifferences.name];

/** The functions of a region emit all of them between them. */
function emitted({ awsRegion, values }: Resource): CustomMetric[] {
  const [environment] = Array.isArray(values['environment']) ? (values['environment'] as unknown[]) : [];
  const variables = (environment as { variables?: Readonly<Record<string, unknown>> } | undefined)?.variables;
  const region = variables?.['DR_REGION'];
  if (typeof region !== 'string') return [];
  return Object.values(METRICS).flatMap(({ name }) =>
    PER_PEER.includes(name)
      ? peerNames(variables?.['DR_PEERS']).map((peer) =>
          metric(awsRegion, METRIC_NAMESPACE, name, { Region: region, Peer: peer }),
        )
      : [metric(awsRegion, METRIC_NAMESPACE, name, { Region: region })],
  );
}

function peerNames(json: unknown): string[] {
  try {
    const peers: unknown = JSON.parse(String(json));
    return Array.isArray(peers) ? peers.map((peer) => String((peer as { name?: unknown }).name)) : [];
  } catch {
    return [];
  }
}

function read({ awsRegion, values }: Resource): CustomMetric[] {
  const queries = Array.isArray(values['metric_query']) ? (values['metric_query'] as { metric?: unknown }[]) : [];
  const metrics = [values, ...queries.flatMap((query) => (Array.isArray(query.metric) ? query.metric : []))];
  return (metrics as Readonly<Record<string, unknown>>[]).flatMap(({ namespace, metric_name, dimensions }) =>
    typeof namespace === 'string' && !namespace.startsWith('AWS/')
      ? [metric(awsRegion, namespace, String(metric_name), (dimensions ?? {}) as Dimensions)]
      : [],
  );
}
