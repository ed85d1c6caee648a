// Security groups: which ports they open, to whom.
import { blocksOf, type Graph, numberOf, type Resource, textOf, textsOf, type Values } from '@dr/terraform-json';
import { ANYWHERE, holds } from './cidr';

interface OpenRange {
  readonly from: number;
  readonly to: number;
}

/** The other end of a connection. */
interface Peer {
  readonly cidr: string;
  /** Security groups that it is in. */
  readonly groups: readonly string[];
}

const WORLD: Peer = { cidr: ANYWHERE, groups: [] };
const ALL_PORTS: OpenRange = { from: 0, to: 65_535 };
/** -1 stands for all (EC2, IpPermission). */
const PORTS = { least: -1, most: 65_535 } as const;
const RULES_APART = {
  ingress: 'aws_vpc_security_group_ingress_rule',
  egress: 'aws_vpc_security_group_egress_rule',
} as const;

/** Every port, when none of the load balancer's groups is in the stack: the way in is checked before (`serving`). */
export function readOpenPorts(graph: Graph, loadBalancer: Resource): (port: number) => boolean {
  const ids = textsOf(loadBalancer.values, 'security_groups');
  const isKnown = ids.some((id) => graph.find('aws_security_group', 'id', id));
  return isKnown ? openPorts(graph, ids, 'ingress') : () => true;
}

/** TCP ports that the groups together open to each address of the peer, or to anybody at all. Clients and checkers come from everywhere. */
export function openPorts(
  graph: Graph,
  ids: readonly string[],
  direction: 'ingress' | 'egress',
  peer: Peer | 'anybody' = WORLD,
): (port: number) => boolean {
  const inline = ids.flatMap((id) => {
    const group = graph.find('aws_security_group', 'id', id);
    return group ? blocksOf(group.values, direction).map((rule) => ({ id, rule })) : [];
  });
  const apart = [
    ...graph.ofType(RULES_APART[direction]),
    ...graph.ofType('aws_security_group_rule').filter(({ values }) => textOf(values, 'type') === direction),
  ].map(({ values }) => ({ id: textOf(values, 'security_group_id') ?? '', rule: values }));
  const ranges = [...inline, ...apart.filter(({ id }) => ids.includes(id))]
    .filter(({ id, rule }) => peer === 'anybody' || isFor(rule, id, peer))
    .flatMap(({ rule }) => openRange(rule));
  return (port) => ranges.some(({ from, to }) => port >= from && port <= to);
}

function isFor(rule: Values, own: string, { cidr, groups }: Peer): boolean {
  const cidrs = [...textsOf(rule, 'cidr_blocks'), textOf(rule, 'cidr_ipv4')];
  const named = [
    ...textsOf(rule, 'security_groups'),
    textOf(rule, 'source_security_group_id'),
    textOf(rule, 'referenced_security_group_id'),
    ...(rule['self'] === true ? [own] : []),
  ];
  return cidrs.some((one) => one && holds(one, cidr)) || named.some((one) => one !== undefined && groups.includes(one));
}

function openRange(rule: Values): readonly OpenRange[] {
  const protocol = textOf(rule, 'ip_protocol') ?? textOf(rule, 'protocol') ?? '-1';
  if (protocol === '-1' || protocol === 'all') return [ALL_PORTS];
  const from = numberOf(rule, 'from_port', PORTS);
  const to = numberOf(rule, 'to_port', PORTS) ?? from;
  const isTcp = protocol === 'tcp' || protocol === '6';
  return isTcp && from !== undefined && to !== undefined ? [{ from, to }] : [];
}
