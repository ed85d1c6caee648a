// The names that clients ask: those with a routing policy, then those that lead to a front door of their own.
import {
  MAX_CHAIN,
  normalName,
  readEndpoints,
  type DnsRecord,
  type Endpoint,
  type HealthCheckSpec,
  type Names,
} from '@dr/stack';
import type { Graph } from '@dr/terraform-json';

export interface AskedName {
  readonly name: string;
  /** How Route 53 chooses; `none` for a front door's own name. */
  readonly policy: string;
}

function policyName(record: DnsRecord | undefined): string {
  const { policy } = record ?? { policy: { kind: 'simple' } as const };
  return policy.kind === 'other' ? policy.argument.replace('_routing_policy', '') || 'unknown' : policy.kind;
}

const FRONT_DOORS = ['accelerator', 'distribution', 'gateway', 'alb', 'nlb', 'compute'] as const;

/** In the stack's order. A name that only leads on, or that only health checks ask, is none of them. */
export function askedNames(graph: Graph, names: Names, checks: ReadonlyMap<string, HealthCheckSpec>): AskedName[] {
  const routed = names.publicNames.map(({ domain, records }) => ({ name: domain, policy: policyName(records[0]) }));
  const behind = new Set(names.records.flatMap(({ target }) => target ?? []));
  const probed = new Set(
    [...checks.values()].flatMap(({ source }) => (source.kind === 'endpoint' ? [normalName(source.host)] : [])),
  );
  const simple = [
    ...new Set(names.records.filter(({ policy }) => policy.kind === 'simple').map(({ name }) => name)),
  ].filter((name) => !behind.has(name) && !name.startsWith('_') && names.endpointsBehind(name).length > 0);
  const leadsToChoice = (name: string, links = 0): boolean =>
    routed.some((one) => one.name === name) ||
    (links < MAX_CHAIN &&
      names.recordsOf(name).some(({ target }) => target !== undefined && leadsToChoice(target, links + 1)));
  const isFront = (endpoint: Endpoint): boolean => endpoint.kind === 'accelerator' || endpoint.kind === 'distribution';
  // Beside names that fail over, a simple one is a way for health checks and people, unless it leads to one of them, or to a front of its own.
  const others = simple.filter(
    (name) =>
      routed.length === 0 || leadsToChoice(name) || (!probed.has(name) && names.endpointsBehind(name).some(isFront)),
  );
  const asked = [...routed, ...others.map((name) => ({ name, policy: 'simple' }))];
  if (asked.length > 0) return asked;
  const endpoints = readEndpoints(graph);
  const kind = FRONT_DOORS.find((one) => endpoints.some((endpoint) => endpoint.kind === one));
  return endpoints
    .filter((endpoint) => endpoint.kind === kind && endpoint.resource.type !== 'aws_api_gateway_rest_api')
    .flatMap(({ names: [name] }) => (name === undefined ? [] : [{ name, policy: 'none' }]));
}
