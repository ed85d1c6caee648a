// Where names lead: each public name's records with a policy, the names behind them, and the load balancers at their ends.
import { knownOrAbsent, type Graph, type Resource } from '@dr/terraform-json';
import { endpointGroupsOf } from '../accelerators';
import { readEndpoints, type Endpoint } from '../endpoints';
import { MAX_CHAIN } from './answers';
import { normalName } from './normal-name';
import type { RoutingPolicy } from './policies';
import { declaredRecords, recordsByName, type DnsRecord, type Family } from './records';

/** One way in: a record of a public name, and an endpoint that it leads to. */
export interface Way {
  readonly endpoint: Endpoint;
  /** The record with the routing policy. */
  readonly record: DnsRecord;
  /** All records from the public name to the endpoint. */
  readonly chain: readonly DnsRecord[];
}

/** A way to a load balancer of the stack, whose requests can be followed further. */
export interface FrontDoor extends Way {
  readonly balancer: Resource;
}

/** A name with a routing policy that clients ask for: no other such name leads to it. */
export interface PublicName {
  /** Qualified, in lower case, without the root's dot. */
  readonly domain: string;
  readonly routing: RoutingPolicy['kind'];
  readonly records: readonly DnsRecord[];
  readonly ways: readonly Way[];
  readonly doors: readonly FrontDoor[];
}

export interface Names {
  readonly records: readonly DnsRecord[];
  /** In the stack's order. */
  readonly publicNames: readonly PublicName[];
  /** Names without a policy that lead to an accelerator: it chooses, and its load balancers are their doors. */
  readonly acceleratedNames: readonly PublicName[];
  /** The endpoint with that name of its own. */
  endpoint(name: string): Endpoint | undefined;
  recordsOf(name: string): readonly DnsRecord[];
  /** Endpoints that a name leads to, each once: its own, or those behind the records of that name. */
  endpointsBehind(name: string): readonly Endpoint[];
  /** Those of them that are load balancers of the stack. */
  behind(name: string): readonly Resource[];
}

const known = { A: new WeakMap<Graph, Names>(), AAAA: new WeakMap<Graph, Names>() };

/** As somebody is led who asks for addresses of that family; checkers ask for IPv4 alone (HC-12). Read once for each graph. Throws InputError on a record that Route 53 would not take. */
export function readNames(graph: Graph, family: Family = 'A'): Names {
  const names = known[family].get(graph) ?? namesOf(graph, family);
  known[family].set(graph, names);
  return names;
}

function namesOf(graph: Graph, family: Family): Names {
  const records = declaredRecords(graph, family);
  const byName = recordsByName(records);
  const recordsOf = (name: string): readonly DnsRecord[] => byName.get(normalName(name)) ?? [];
  const endpoints = new Map(readEndpoints(graph).flatMap((one) => one.names.map((name) => [name, one] as const)));
  const waysOf = (record: DnsRecord, before: readonly DnsRecord[] = []): Way[] => {
    const chain = [...before, record];
    const { target } = record;
    const endpoint = target === undefined ? undefined : endpoints.get(target);
    if (endpoint) return [{ endpoint, record: chain[0] as DnsRecord, chain }];
    if (target === undefined || chain.length >= MAX_CHAIN) return [];
    return recordsOf(target).flatMap((next) => waysOf(next, chain));
  };
  const found = new Map<string, readonly Endpoint[]>();
  const endpointsBehind = (name: string): readonly Endpoint[] => {
    const known = found.get(name);
    if (known) return known;
    const own = endpoints.get(normalName(name));
    const ways = own ? [] : recordsOf(name).flatMap((one) => waysOf(one));
    const behind = own ? [own] : [...new Set(ways.map(({ endpoint }) => endpoint))];
    found.set(name, behind);
    return behind;
  };
  const routed = records.filter(({ policy }) => policy.kind !== 'simple');
  const behind = new Set(
    routed.flatMap((record) => waysOf(record).flatMap(({ chain }) => chain.slice(1).map(({ name }) => name))),
  );
  const domains = [...new Set(routed.map(({ name }) => name))].filter((domain) => !behind.has(domain));
  return {
    records,
    publicNames: domains.map((domain) => {
      const own = routed.filter(({ name }) => name === domain);
      const ways = own.flatMap((record) => waysOf(record));
      return { domain, routing: own[0]?.policy.kind ?? 'simple', records: own, ways, doors: ways.flatMap(doorOf) };
    }),
    acceleratedNames: acceleratedIn(graph, records, waysOf),
    endpoint: (name) => endpoints.get(normalName(name)),
    recordsOf,
    endpointsBehind,
    behind: (name) => balancersOf(endpointsBehind(name)),
  };
}

/** What is behind an accelerator that does not tell is no door. */
function acceleratedIn(
  graph: Graph,
  records: readonly DnsRecord[],
  waysOf: (record: DnsRecord) => readonly Way[],
): readonly PublicName[] {
  return records
    .filter(({ policy }) => policy.kind === 'simple')
    .flatMap((record): PublicName[] => {
      const ways = waysOf(record).filter(({ endpoint }) => endpoint.kind === 'accelerator');
      if (ways.length === 0 || ways.some(({ chain }) => chain.length > 1)) return [];
      const doors = ways.flatMap((way) =>
        (knownOrAbsent(() => endpointGroupsOf(graph, way.endpoint.resource)) ?? [])
          .flatMap(({ endpoints }) => balancersOf(endpoints))
          .map((balancer) => ({ ...way, balancer })),
      );
      return [{ domain: record.name, routing: 'simple', records: [record], ways, doors }];
    });
}

const doorOf = (way: Way): FrontDoor[] => balancersOf([way.endpoint]).map((balancer) => ({ ...way, balancer }));

const balancersOf = (endpoints: readonly Endpoint[]): Resource[] =>
  endpoints.map(({ resource }) => resource).filter(({ mode, type }) => mode === 'managed' && type === 'aws_lb');

/** Names that clients ask for, whether Route 53 chooses for them or an accelerator does. */
export const frontNames = ({
  publicNames,
  acceleratedNames,
}: Pick<Names, 'publicNames' | 'acceleratedNames'>): readonly PublicName[] => [...publicNames, ...acceleratedNames];

/** Load balancers that clients are led to, each once. */
export const frontBalancers = (names: Names): Resource[] => [
  ...new Set(frontNames(names).flatMap(({ doors }) => doors.map(({ balancer }) => balancer))),
];

/**
 * Can Route 53 ever take the record for unhealthy? By a health check of its own, or through `evaluate_target_health`: of the
 * load balancer that the alias leads to, or of the records behind it (DNS-01, DNS-05).
 */
export function isWatched(record: DnsRecord, { records }: Pick<Names, 'records'>, links = 0): boolean {
  if (record.healthCheckId !== undefined) return true;
  if (!record.evaluateTargetHealth || links >= MAX_CHAIN) return false;
  const behind = records.filter(({ name }) => name === record.target);
  return behind.every((next) => isWatched(next, { records }, links + 1));
}
