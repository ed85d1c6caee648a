// Where names lead: each public name's records with a policy, the names behind them, and the load balancers at their ends.
import type { Routing } from '@dr/contracts';
import type { Graph, Resource } from '@dr/terraform-json';
import { declaredRecords, normalName, type DnsRecord } from './records';

/** One way in: a record of a public name, and a load balancer that it leads to. */
export interface FrontDoor {
  readonly balancer: Resource;
  /** The record with the routing policy. */
  readonly record: DnsRecord;
  /** All records from the public name to the load balancer. */
  readonly chain: readonly DnsRecord[];
}

/** A name with a routing policy that clients ask for: no other such name leads to it. */
export interface PublicName {
  /** Qualified, in lower case, without the root's dot. */
  readonly domain: string;
  readonly routing: Routing;
  readonly records: readonly DnsRecord[];
  readonly doors: readonly FrontDoor[];
}

export interface Names {
  readonly records: readonly DnsRecord[];
  /** In the stack's order. */
  readonly publicNames: readonly PublicName[];
  /** Load balancers that a name leads to, each once: its own, or those behind the records of that name. */
  behind(name: string): readonly Resource[];
}

/** Route 53 follows no more names than these. */
export const MAX_CHAIN = 8;

const known = new WeakMap<Graph, Names>();

/** Read once for each graph. Throws InputError on a record that Route 53 would not take. */
export function readNames(graph: Graph): Names {
  const names = known.get(graph) ?? namesOf(graph);
  known.set(graph, names);
  return names;
}

function namesOf(graph: Graph): Names {
  const records = declaredRecords(graph);
  const balancers = new Map(
    graph.ofType('aws_lb').map((lb) => [normalName(String(graph.attribute(lb, 'dns_name'))), lb]),
  );
  const waysOf = (record: DnsRecord, before: readonly DnsRecord[] = []): FrontDoor[] => {
    const chain = [...before, record];
    const { target } = record;
    const balancer = target === undefined ? undefined : balancers.get(target);
    if (balancer) return [{ balancer, record: chain[0] as DnsRecord, chain }];
    if (target === undefined || chain.length >= MAX_CHAIN) return [];
    return records.filter(({ name }) => name === target).flatMap((next) => waysOf(next, chain));
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
      const routing = own[0]?.policy.kind as Routing;
      return { domain, routing, records: own, doors: own.flatMap((record) => waysOf(record)) };
    }),
    behind: (name) => {
      const own = balancers.get(normalName(name));
      const ways = records.filter((one) => one.name === normalName(name)).flatMap((one) => waysOf(one));
      return own ? [own] : [...new Set(ways.map(({ balancer }) => balancer))];
    },
  };
}

/** Load balancers that clients are led to, each once. */
export const frontBalancers = ({ publicNames }: Names): Resource[] => [
  ...new Set(publicNames.flatMap(({ doors }) => doors.map(({ balancer }) => balancer))),
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
