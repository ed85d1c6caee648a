// The ways in: each record of the public name, the names behind it, and the load balancer at their end.
import type { Graph, Resource } from '@dr/terraform-json';
import { normalName } from '../services/route53/internet-ports';
import { declaredRecords, type DnsRecord } from '../services/route53/records';

export interface FrontDoor {
  readonly balancer: Resource;
  /** The record with the routing policy. */
  readonly record: DnsRecord;
  /** All records from the public name to the load balancer. */
  readonly chain: readonly DnsRecord[];
}

/** Route 53 follows no more names than these. */
const MAX_CHAIN = 8;

export interface Names {
  /** The load balancer that a name leads to, and the records on the way. */
  follow(name: string): { readonly balancer: Resource | undefined; readonly chain: readonly DnsRecord[] };
  readonly doors: readonly FrontDoor[];
  readonly records: readonly DnsRecord[];
}

export function readNames(graph: Graph, domain: string): Names {
  const records = declaredRecords(graph);
  const balancers = new Map(
    graph.ofType('aws_lb').map((lb) => [normalName(String(graph.attribute(lb, 'dns_name'))), lb]),
  );
  const from = (first: DnsRecord): { balancer: Resource | undefined; chain: DnsRecord[] } => {
    const chain = [first];
    let at: DnsRecord | undefined = first;
    for (let links = 0; at && links < MAX_CHAIN; links += 1) {
      const { target }: DnsRecord = at;
      if (target === undefined) break;
      const balancer = balancers.get(target);
      if (balancer) return { balancer, chain };
      at = records.find(({ name }) => name === target);
      if (at) chain.push(at);
    }
    return { balancer: undefined, chain };
  };
  const doors = records
    .filter(({ name, policy }) => name === normalName(domain) && policy.kind !== 'simple')
    .flatMap((record) => {
      const { balancer, chain } = from(record);
      return balancer ? [{ balancer, record, chain }] : [];
    });
  return {
    records,
    doors,
    follow: (name) => {
      const record = records.find((one) => one.name === normalName(name));
      if (record) return from(record);
      return { balancer: balancers.get(normalName(name)), chain: [] };
    },
  };
}
