// What a stack says of itself: its regions, the name that clients use, how it is routed and how fast it fails over.
import { InputError } from '@dr/contracts';
import { blockOf, numberOf, textOf, type Graph, type Resource } from '@dr/terraform-json';
import type { RegionId } from './region-names';
import { ALIAS_TTL_SECONDS, TTL_SECONDS } from './services/route53/records';

/** Route 53's own values where a health check leaves them out (API reference, HealthCheckConfig). */
const DEFAULT_INTERVAL_SECONDS = 30;
const DEFAULT_THRESHOLD = 3;

const POLICIES = ['latency', 'weighted', 'failover'] as const;

export interface StackShape {
  readonly regions: readonly RegionId[];
  /** The name with a routing policy: what clients ask for. */
  readonly domain: string;
  readonly routing: (typeof POLICIES)[number];
  /** Of the records of `domain` and their health checks; the slowest where they differ. */
  readonly settings: {
    readonly intervalSeconds: number;
    readonly failureThreshold: number;
    readonly ttlSeconds: number;
  };
}

/** Reads the shape off the resources. Throws InputError when there is nothing to fail over with. */
export function readShape(graph: Graph): StackShape {
  const records = policyRecords(graph);
  const first = records[0];
  if (!first) {
    throw new InputError(
      'the stack',
      'has no Route 53 record with a latency, weighted or failover routing policy, so no client can be moved',
      'Add one record for each region, each with its health check',
    );
  }
  const domain = textOf(first.values, 'name') ?? '';
  const routing = policyOf(first) ?? 'latency';
  return {
    regions: regionsOf(graph),
    domain,
    routing,
    settings: settingsOf(
      graph,
      records.filter((r) => r.values['name'] === domain),
    ),
  };
}

const policyRecords = (graph: Graph): readonly Resource[] =>
  graph.ofType('aws_route53_record').filter((record) => policyOf(record) !== undefined);

const policyOf = (record: Resource): StackShape['routing'] | undefined =>
  POLICIES.find((policy) => blockOf(record.values, `${policy}_routing_policy`) !== undefined);

/** Every AWS region with a load balancer; short names from the stack's `regions` output, else the AWS ids. */
function regionsOf(graph: Graph): readonly RegionId[] {
  const named = graph.outputs['regions'];
  const names = new Map(
    Object.entries(typeof named === 'object' && named !== null ? named : {}).map(([name, id]) => [String(id), name]),
  );
  const awsRegions = [...new Set(graph.ofType('aws_lb').map((balancer) => balancer.awsRegion))];
  if (awsRegions.length === 0) {
    throw new InputError(
      'the stack',
      'has no load balancer (aws_lb)',
      'Name a stack that serves clients from two regions or more',
    );
  }
  const order = [...names.keys()];
  const rank = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length);
  const all = [...new Set([...order, ...awsRegions])];
  return all
    .sort((a, b) => rank(a) - rank(b))
    .map((awsRegion) => ({ awsRegion, name: names.get(awsRegion) ?? awsRegion }));
}

function settingsOf(graph: Graph, records: readonly Resource[]): StackShape['settings'] {
  const checks = records.flatMap((record) => {
    const id = textOf(record.values, 'health_check_id');
    const check = id === undefined ? undefined : graph.find('aws_route53_health_check', 'id', id);
    return check ? [check] : [];
  });
  const slowest = (attribute: string, otherwise: number): number =>
    Math.max(
      ...checks.map((check) => numberOf(check.values, attribute) ?? otherwise),
      checks.length === 0 ? otherwise : 0,
    );
  return {
    intervalSeconds: slowest('request_interval', DEFAULT_INTERVAL_SECONDS),
    failureThreshold: slowest('failure_threshold', DEFAULT_THRESHOLD),
    ttlSeconds: Math.max(...records.map((record) => numberOf(record.values, 'ttl', TTL_SECONDS) ?? ALIAS_TTL_SECONDS)),
  };
}
