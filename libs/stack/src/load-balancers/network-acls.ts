// Network ACLs of a load balancer's subnets. They are stateless: a packet must be let in, and its answer let out.
import { blocksOf, flagOf, numberOf, textOf, textsOf } from '@dr/terraform-json';
import type { Graph, Resource, Values } from '@dr/terraform-json';

interface AclRule {
  readonly number: number;
  readonly allows: boolean;
  readonly from: number;
  readonly to: number;
}

const ANYWHERE = '0.0.0.0/0';
const LAST_PORT = 65_535;
const PORTS = { least: 0, most: LAST_PORT } as const;
const RULE_NUMBERS = { least: 1, most: 32_766 } as const;
/** Answers go to a port of the client's choice: any of these (VPC guide, "Ephemeral ports"). */
const EPHEMERAL_PORTS = [1_024, LAST_PORT] as const;
const TCP = new Set(['6', 'tcp']);
const ALL_PROTOCOLS = new Set(['-1', 'all']);
/** RFC 1918. */
const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/;

export interface AclPorts {
  /** Addresses of the ACLs that do not let the port's requests, or the answers to them, through. */
  closedBy(port: number): readonly string[];
}

/** ACLs of the load balancer's subnets. A subnet without an ACL in the stack has the VPC's own, which lets everything pass. */
export function readAclPorts(graph: Graph, loadBalancer: Resource): AclPorts {
  const subnets = textsOf(loadBalancer.values, 'subnets');
  const acls = aclsOf(graph, subnets).map((acl) => ({
    address: acl.address,
    inbound: rulesOf(graph, acl, 'ingress'),
    letsAnswersOut: EPHEMERAL_PORTS.every((port) => allows(rulesOf(graph, acl, 'egress'), port)),
  }));
  return {
    closedBy: (port) =>
      acls
        .filter(({ inbound, letsAnswersOut }) => !letsAnswersOut || !allows(inbound, port))
        .map(({ address }) => address),
  };
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

/** In the order of their numbers the first rule that matches decides; when none does, it is denied. */
const allows = (rules: readonly AclRule[], port: number): boolean =>
  rules.find(({ from, to }) => port >= from && port <= to)?.allows ?? false;

function rulesOf(graph: Graph, acl: Resource, direction: 'ingress' | 'egress'): readonly AclRule[] {
  const inline = blocksOf(acl.values, direction).flatMap((rule) => ruleOf(rule, 'rule_no', 'action'));
  const id = String(graph.attribute(acl, 'id'));
  const apart = graph
    .ofType('aws_network_acl_rule')
    .filter(({ values }) => textOf(values, 'network_acl_id') === id)
    .filter(({ values }) => (flagOf(values, 'egress') ?? false) === (direction === 'egress'))
    .flatMap(({ values }) => ruleOf(values, 'rule_number', 'rule_action'));
  return [...inline, ...apart].sort((a, b) => a.number - b.number);
}

/**
 * What is allowed to everyone counts, and what is denied to anyone: clients and checkers come from everywhere. Rules for private
 * addresses concern neither.
 */
function ruleOf(rule: Values, number: string, action: string): readonly AclRule[] {
  const protocol = textOf(rule, 'protocol') ?? '';
  const from = textOf(rule, 'cidr_block');
  const allowed = textOf(rule, action)?.toLowerCase() === 'allow';
  if (!(TCP.has(protocol) || ALL_PROTOCOLS.has(protocol))) return [];
  if (from === undefined || PRIVATE.test(from) || (allowed && from !== ANYWHERE)) return [];
  const all = ALL_PROTOCOLS.has(protocol);
  return [
    {
      number: numberOf(rule, number, RULE_NUMBERS) ?? 0,
      allows: allowed,
      from: all ? 0 : (numberOf(rule, 'from_port', PORTS) ?? 0),
      to: all ? LAST_PORT : (numberOf(rule, 'to_port', PORTS) ?? LAST_PORT),
    },
  ];
}
