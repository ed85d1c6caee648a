// What the synthesized stack asks of an account, region by region.
import { emittedMetrics } from '@dr/drills';
import { fixedMonthlyCost } from '@dr/review';
import type { Graph } from '@dr/terraform-json';
import { serviceRolesOf, type ServiceRole } from './service-roles';

export interface RegionNeeds {
  readonly awsRegion: string;
  /** How many of each. */
  readonly vpcs: number;
  readonly addresses: number;
  readonly loadBalancers: number;
  /** Names of its load balancers and of its functions. */
  readonly loadBalancerNames: readonly string[];
  readonly functionNames: readonly string[];
  /** Runtimes of its functions. */
  readonly runtimes: readonly string[];
  readonly topics: number;
}

export interface Needs {
  /** Every region that the stack touches. */
  readonly regions: readonly RegionNeeds[];
  /** Host names that its health checks ask. */
  readonly healthCheckHosts: readonly string[];
  readonly records: number;
  readonly serviceRoles: readonly ServiceRole[];
  /** Fixed cost of a month; at least that when `priced` is false. */
  readonly monthlyUsd: number;
  readonly priced: boolean;
}

export function needsOf(graph: Graph): Needs {
  const regions = [...new Set(graph.resources.map(({ awsRegion }) => awsRegion))].sort();
  const cost = fixedMonthlyCost(graph, emittedMetrics);
  return {
    regions: regions.map((awsRegion) => regionNeeds(graph, awsRegion)),
    healthCheckHosts: texts(graph.ofType('aws_route53_health_check'), 'fqdn'),
    records: graph.ofType('aws_route53_record').length,
    serviceRoles: serviceRolesOf(graph),
    monthlyUsd: cost.totalUsd,
    priced: cost.unknown.length === 0,
  };
}

function regionNeeds(graph: Graph, awsRegion: string): RegionNeeds {
  const here = (type: string) => graph.ofType(type).filter((resource) => resource.awsRegion === awsRegion);
  return {
    awsRegion,
    vpcs: here('aws_vpc').length,
    addresses: here('aws_eip').length,
    loadBalancers: here('aws_lb').length,
    loadBalancerNames: texts(here('aws_lb'), 'name'),
    functionNames: texts(here('aws_lambda_function'), 'function_name'),
    runtimes: [...new Set(texts(here('aws_lambda_function'), 'runtime'))].sort(),
    topics: here('aws_sns_topic').length,
  };
}

const texts = (resources: ReturnType<Graph['ofType']>, name: string): string[] =>
  resources.map(({ values }) => values[name]).filter((value): value is string => typeof value === 'string');
