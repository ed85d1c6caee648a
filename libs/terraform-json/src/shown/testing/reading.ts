// What tests ask of a graph that was shown.
import { blockOf } from '../../attributes';
import type { Graph, Resource } from '../../graph';
import { ACCOUNT, type Given } from './plan';

export const at = (graph: Graph, address: string): Resource => graph.get(address) as Resource;
export const dnsOf = (graph: Graph, address: string): unknown => graph.attribute(at(graph, address), 'dns_name');
export const reasons = (graph: Graph): string[] =>
  graph.unknown.map(({ address, path, reason }) => `${address} ${path}: ${reason}`);
export const arnIn = (region: string): string => `arn:aws:sns:${region}:${ACCOUNT}:t`;

/** A record with an alias whose name is unknown. */
export const record = (name: object, more: Partial<Given> = {}): Given => ({
  address: 'aws_route53_record.r',
  values: { name: 'www.a.example', type: 'A', zone_id: 'Z1', alias: [{ evaluate_target_health: true }] },
  unknown: { alias: [{ name: true }], fqdn: true, id: true },
  written: { name: { constant_value: 'www.a.example' }, alias: [{ name }] },
  ...more,
});

export const aliasOf = (graph: Graph, address = 'aws_route53_record.r'): unknown =>
  blockOf(at(graph, address).values, 'alias')?.['name'];
