// Where clients are served from: the regions of the endpoints that public names lead to.
import {
  endpointGroupsOf,
  originsOf,
  readEndpoints,
  type DnsRecord,
  type Endpoint,
  type HealthCheckSpec,
} from '@dr/stack';
import { knownOrAbsent } from '@dr/terraform-json';
import type { Stack } from './rule';

/** Behind names with a routing policy; in a stack without one, of all its endpoints. */
export function servedRegions({ graph, names }: Stack): ReadonlySet<string> {
  const led = names.publicNames.flatMap(({ ways }) => ways.map(({ endpoint }) => endpoint));
  const ends = led.length > 0 ? led : readEndpoints(graph);
  const behind = (endpoint: Endpoint): readonly Endpoint[] => {
    if (endpoint.kind === 'accelerator')
      return endpointGroupsOf(graph, endpoint.resource).flatMap(({ endpoints }) => endpoints);
    if (endpoint.kind === 'distribution')
      return originsOf(graph, endpoint.resource).flatMap(({ endpoints }) => endpoints);
    return [endpoint];
  };
  return new Set(
    ends.flatMap((endpoint) => knownOrAbsent(() => behind(endpoint)) ?? []).flatMap(({ awsRegion }) => awsRegion ?? []),
  );
}

/** A record with a routing policy, its health check, and the endpoints that it leads to. */
export interface Guard {
  readonly check: HealthCheckSpec;
  readonly record: DnsRecord;
  readonly endpoints: readonly Endpoint[];
}

/** Of each record on the way from a public name that has a health check of the stack. */
export function guardsOf({ names, checks }: Stack): readonly Guard[] {
  const ways = names.publicNames.flatMap((name) => name.ways);
  return [...new Set(ways.flatMap(({ chain }) => chain))].flatMap((record) => {
    const check = checks.get(record.healthCheckId ?? '');
    if (!check) return [];
    const endpoints = ways.filter(({ chain }) => chain.includes(record)).map(({ endpoint }) => endpoint);
    return [{ check, record, endpoints: [...new Set(endpoints)] }];
  });
}

export const regionsOf = (endpoints: readonly Endpoint[]): readonly string[] => [
  ...new Set(endpoints.flatMap(({ awsRegion }) => awsRegion ?? [])),
];
