// Security groups of a load balancer: which ports the world may open.
import { blocksOf, type Graph, numberOf, type Resource, textOf, textsOf, type Values } from '@dr/terraform-json';

interface OpenRange {
  readonly from: number;
  readonly to: number;
}

const ANYWHERE = '0.0.0.0/0';
const ALL_PORTS: OpenRange = { from: 0, to: 65_535 };
/** -1 stands for all (EC2, IpPermission). */
const PORTS = { least: -1, most: 65_535 } as const;

/** Every port, when none of the load balancer's groups is in the stack: the way in is checked before (`serving`). */
export function readOpenPorts(graph: Graph, loadBalancer: Resource): (port: number) => boolean {
  const ids = textsOf(loadBalancer.values, 'security_groups');
  const groups = graph
    .ofType('aws_security_group')
    .filter((group) => ids.includes(String(graph.attribute(group, 'id'))));
  if (groups.length === 0) return () => true;
  const inline = groups.flatMap(({ values }) => blocksOf(values, 'ingress')).flatMap(openRange);
  const apart = [
    ...graph.ofType('aws_vpc_security_group_ingress_rule'),
    ...graph.ofType('aws_security_group_rule').filter(({ values }) => textOf(values, 'type') === 'ingress'),
  ]
    .filter(({ values }) => ids.includes(textOf(values, 'security_group_id') ?? ''))
    .flatMap(({ values }) => openRange(values));
  const ranges = [...inline, ...apart];
  return (port) => ranges.some(({ from, to }) => port >= from && port <= to);
}

/** Only rules open to everyone count: clients and checkers come from everywhere. */
function openRange(rule: Values): readonly OpenRange[] {
  const isPublic = textsOf(rule, 'cidr_blocks').includes(ANYWHERE) || textOf(rule, 'cidr_ipv4') === ANYWHERE;
  if (!isPublic) return [];
  const protocol = textOf(rule, 'ip_protocol') ?? textOf(rule, 'protocol') ?? '-1';
  if (protocol === '-1' || protocol === 'all') return [ALL_PORTS];
  const from = numberOf(rule, 'from_port', PORTS);
  const to = numberOf(rule, 'to_port', PORTS) ?? from;
  return protocol === 'tcp' && from !== undefined && to !== undefined ? [{ from, to }] : [];
}
