// Network ACLs of a load balancer's subnets. They are stateless: a packet must be let in, and its answer let out.
import {
  blocksOf,
  flagOf,
  type Graph,
  numberOf,
  type Resource,
  textOf,
  textsOf,
  type Values,
} from '@dr/terraform-json';

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

/** Ports that everyone reaches in every subnet of the load balancer. A subnet without an ACL in the stack lets all pass. */
export function readAclPorts(graph: Graph, loadBalancer: Resource): (port: number) => boolean {
  const subnets = textsOf(loadBalancer.values, 'subnets');
  const acls = graph
    .ofType('aws_network_acl')
    .filter(({ values }) => textsOf(values, 'subnet_ids').some((id) => subnets.includes(id)))
    .map((acl) => ({ inbound: rulesOf(graph, acl, 'ingress'), outbound: rulesOf(graph, acl, 'egress') }));
  return (port) =>
    acls.every(
      ({ inbound, outbound }) =>
        allows(inbound, port) && EPHEMERAL_PORTS.every((ephemeral) => allows(outbound, ephemeral)),
    );
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

/** Only rules for everyone count: clients and checkers come from everywhere. */
function ruleOf(rule: Values, number: string, action: string): readonly AclRule[] {
  const protocol = textOf(rule, 'protocol') ?? '';
  if (textOf(rule, 'cidr_block') !== ANYWHERE || !(TCP.has(protocol) || ALL_PROTOCOLS.has(protocol))) return [];
  const all = ALL_PROTOCOLS.has(protocol);
  return [
    {
      number: numberOf(rule, number, RULE_NUMBERS) ?? 0,
      allows: textOf(rule, action)?.toLowerCase() === 'allow',
      from: all ? 0 : (numberOf(rule, 'from_port', PORTS) ?? 0),
      to: all ? LAST_PORT : (numberOf(rule, 'to_port', PORTS) ?? LAST_PORT),
    },
  ];
}
