// Network ACLs of subnets. They are stateless: a packet must be let in, and its answer let out.
import { blocksOf, flagOf, numberOf, textOf, textsOf } from '@dr/terraform-json';
import type { Graph, Resource, Values } from '@dr/terraform-json';
import { ANYWHERE, holds, isPrivate, overlaps } from './cidr';

interface AclRule {
  readonly number: number;
  readonly allows: boolean;
  readonly from: number;
  readonly to: number;
  readonly cidr: string;
}

type Direction = 'ingress' | 'egress';

/** TCP packets that must pass a subnet's border: to or from each of those addresses, at each of those ports. */
export interface Passage {
  readonly direction: Direction;
  readonly cidr: string;
  readonly ports: readonly [from: number, to: number];
}

const LAST_PORT = 65_535;
const PORTS = { least: 0, most: LAST_PORT } as const;
const RULE_NUMBERS = { least: 1, most: 32_766 } as const;
/** Answers go to a port of the caller's choice: any of these (VPC guide, "Ephemeral ports"). A NAT gateway's are the same. */
const EPHEMERAL_PORTS = [1_024, LAST_PORT] as const;
const TCP = new Set(['6', 'tcp']);
const ALL_PROTOCOLS = new Set(['-1', 'all']);

/** Requests from those addresses to a port in the subnet, and the answers to them. */
export const requestsIn = (port: number, cidr = ANYWHERE): readonly Passage[] => [
  { direction: 'ingress', cidr, ports: [port, port] },
  { direction: 'egress', cidr, ports: EPHEMERAL_PORTS },
];

/** Requests from the subnet to a port at those addresses, and the answers to them. */
export const requestsOut = (port: number, cidr = ANYWHERE): readonly Passage[] => [
  { direction: 'egress', cidr, ports: [port, port] },
  { direction: 'ingress', cidr, ports: EPHEMERAL_PORTS },
];

export interface AclPorts {
  /** Addresses of the ACLs that do not let the port's requests, or the answers to them, through. */
  closedBy(port: number): readonly string[];
}

/** Of requests from everywhere to the load balancer. */
export function readAclPorts(graph: Graph, loadBalancer: Resource): AclPorts {
  const closed = readAcls(graph, textsOf(loadBalancer.values, 'subnets'));
  return { closedBy: (port) => closed(requestsIn(port)) };
}

/** Addresses of the ACLs that stop one of those passages. A subnet without an ACL in the stack has the VPC's own, which lets everything pass. */
export function readAcls(
  graph: Graph,
  subnets: readonly string[],
): (passages: readonly Passage[]) => readonly string[] {
  const acls = aclsOf(graph, subnets).map((acl) => ({
    address: acl.address,
    rules: { ingress: rulesOf(graph, acl, 'ingress'), egress: rulesOf(graph, acl, 'egress') },
  }));
  return (passages) =>
    acls
      .filter(
        ({ rules }) => !passages.every((passage) => passes(rules[passage.direction], passage.cidr, ...passage.ports)),
      )
      .map(({ address }) => address);
}

/** By the ACL's own list, by an association, or as the default ACL of a VPC for subnets that have no other. */
function aclsOf(graph: Graph, subnets: readonly string[]): readonly Resource[] {
  const associations = graph.ofType('aws_network_acl_association').map(({ values }) => values);
  const subnetsOf = (acl: Resource): readonly string[] => {
    const id = graph.attribute(acl, 'id');
    const associated = associations.filter((one) => textOf(one, 'network_acl_id') === id);
    return [...textsOf(acl.values, 'subnet_ids'), ...associated.map((one) => textOf(one, 'subnet_id') ?? '')];
  };
  const acls = graph.ofType('aws_network_acl');
  const own = acls.filter((acl) => subnetsOf(acl).some((subnet) => subnets.includes(subnet)));
  // An association may name an ACL of another state.
  const taken = [...acls.flatMap(subnetsOf), ...associations.map((one) => textOf(one, 'subnet_id') ?? '')];
  const defaultIds = graph
    .ofType('aws_subnet')
    .filter((subnet) => {
      const id = String(graph.attribute(subnet, 'id'));
      return subnets.includes(id) && !taken.includes(id);
    })
    .flatMap(({ values }) => graph.find('aws_vpc', 'id', textOf(values, 'vpc_id')) ?? [])
    .map((vpc) => graph.attribute(vpc, 'default_network_acl_id'));
  const defaults = graph
    .ofType('aws_default_network_acl')
    .filter(({ values }) => defaultIds.includes(textOf(values, 'default_network_acl_id')));
  return [...own, ...defaults];
}

/**
 * In the order of their numbers the first rule that matches decides; when none does, it is denied. What is allowed to all of the
 * addresses counts, and what is denied to any. Rules for private addresses do not concern the world.
 */
function passes(rules: readonly AclRule[], cidr: string, from: number, to: number): boolean {
  if (from > to) return true;
  const at = rules.findIndex(
    (rule) =>
      rule.from <= to &&
      rule.to >= from &&
      !(cidr === ANYWHERE && isPrivate(rule.cidr)) &&
      (rule.allows ? holds(rule.cidr, cidr) : overlaps(rule.cidr, cidr)),
  );
  const rule = rules[at];
  if (!rule?.allows) return false;
  // The ports beside its own are for the rules behind it.
  const after = rules.slice(at + 1);
  return passes(after, cidr, from, rule.from - 1) && passes(after, cidr, rule.to + 1, to);
}

function rulesOf(graph: Graph, acl: Resource, direction: Direction): readonly AclRule[] {
  const inline = blocksOf(acl.values, direction).flatMap((rule) => ruleOf(rule, 'rule_no', 'action'));
  const id = String(graph.attribute(acl, 'id'));
  const apart = graph
    .ofType('aws_network_acl_rule')
    .filter(({ values }) => textOf(values, 'network_acl_id') === id)
    .filter(({ values }) => (flagOf(values, 'egress') ?? false) === (direction === 'egress'))
    .flatMap(({ values }) => ruleOf(values, 'rule_number', 'rule_action'));
  return [...inline, ...apart].sort((a, b) => a.number - b.number);
}

/** Of TCP over IPv4; empty for others. */
function ruleOf(rule: Values, number: string, action: string): readonly AclRule[] {
  const protocol = textOf(rule, 'protocol') ?? '';
  const cidr = textOf(rule, 'cidr_block');
  const all = ALL_PROTOCOLS.has(protocol);
  if (!cidr || !(all || TCP.has(protocol))) return [];
  return [
    {
      number: numberOf(rule, number, RULE_NUMBERS) ?? 0,
      allows: textOf(rule, action)?.toLowerCase() === 'allow',
      from: all ? 0 : (numberOf(rule, 'from_port', PORTS) ?? 0),
      to: all ? LAST_PORT : (numberOf(rule, 'to_port', PORTS) ?? LAST_PORT),
      cidr,
    },
  ];
}
