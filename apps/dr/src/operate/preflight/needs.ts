// What the synthesized stack asks of an account, region by region.
import { emittedMetrics } from '@dr/drills';
import { fixedMonthlyCost } from '@dr/review';
import type { Graph } from '@dr/terraform-json';
import { serviceRolesOf } from './service-roles';

export type Needs = ReturnType<typeof needsOf>;
export type RegionNeeds = ReturnType<typeof regionNeeds>;

export function needsOf(graph: Graph) {
  const regions = [...new Set(graph.resources.map(({ awsRegion }) => awsRegion))].sort();
  const cost = fixedMonthlyCost(graph, emittedMetrics);
  return {
    /** Every region that the stack touches. */
    regions: regions.map((awsRegion) => regionNeeds(graph, awsRegion)),
    /** Host names that its health checks ask. */
    healthCheckHosts: texts(graph.ofType('aws_route53_health_check'), 'fqdn'),
    records: graph.ofType('aws_route53_record').length,
    serviceRoles: serviceRolesOf(graph),
    /** Fixed cost of a month; at least that when `priced` is false. */
    monthlyUsd: cost.totalUsd,
    priced: cost.unknown.length === 0,
  };
}

function regionNeeds(graph: Graph, awsRegion: string) {
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
    /** Has a replica of the table, the first one or another. */
    hasTable: here('aws_dynamodb_table').length + here('aws_dynamodb_table_replica').length > 0,
  };
}

const texts = (resources: ReturnType<Graph['ofType']>, name: string): string[] =>
  resources.map(({ values }) => values[name]).filter((value): value is string => typeof value === 'string');
