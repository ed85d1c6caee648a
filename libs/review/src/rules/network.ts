// The network: a load balancer's subnets need a route to the internet, a function's subnets a way out. Of routing this
// checks the public route, and that NAT and endpoints are there; whatever else decides is named as unknown.
import { blockOf, blocksOf, textOf, textsOf, type Graph, type Resource, type Values } from '@dr/terraform-json';
import { finding, type Finding } from '@dr/stack';

const ANYWHERE = '0.0.0.0/0';
/** Routes to private addresses (RFC 1918) and to gateway endpoints carry nothing of the internet. */
const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/;

const IN_THE_STACK = 'Make it in this stack';
const PUBLIC_ROUTE = `Route ${ANYWHERE} to an internet gateway of the VPC, and nothing public elsewhere`;
const WAY_OUT = `Route ${ANYWHERE} to a NAT gateway that stands in a public subnet`;

interface Route {
  /** Of the resource that holds it. */
  readonly address: string;
  readonly destination: string;
  readonly values: Values;
}

/** A load balancer that the world reaches stands in subnets whose default route is an internet gateway. */
export function* publicSubnets(graph: Graph, { address, values }: Resource): Iterable<Finding> {
  const ids = textsOf(values, 'subnets');
  if (new Set(ids).size < 2) {
    const sentence = `names ${ids.length === 0 ? 'no subnets' : 'one subnet'}, and AWS wants two at least`;
    return yield finding(address, sentence, 'Name public subnets of two availability zones');
  }
  for (const id of ids) {
    const subnet = graph.find('aws_subnet', 'id', id);
    const sentence = `stands in subnet "${id}", which is not in the stack: its way to the internet is unknown`;
    if (!subnet) yield finding(address, sentence, IN_THE_STACK);
    else
      for (const why of toGateway(graph, subnet)) yield finding(subnet.address, `(of ${address}) ${why}`, PUBLIC_ROUTE);
  }
}

/** Why the subnet is not public; empty when it is. */
function toGateway(graph: Graph, subnet: Resource): string[] {
  const table = tableOf(graph, subnet);
  if (typeof table === 'string') return [table];
  const routes = routesOf(graph, table);
  const open = routes.find(({ destination }) => destination === ANYWHERE);
  if (!open) return [`has no route to the internet: ${table.address} has none for ${ANYWHERE}`];
  const gateway = graph.find('aws_internet_gateway', 'id', textOf(open.values, 'gateway_id') ?? '');
  if (!gateway) return [`has no route to an internet gateway of the stack: ${open.address} leads elsewhere`];
  const vpc = textOf(subnet.values, 'vpc_id');
  const attached = graph
    .ofType('aws_internet_gateway_attachment')
    .some(
      ({ values }) =>
        textOf(values, 'internet_gateway_id') === graph.attribute(gateway, 'id') && textOf(values, 'vpc_id') === vpc,
    );
  if (textOf(gateway.values, 'vpc_id') !== vpc && !attached) {
    return [`cannot use ${gateway.address}, which is attached to another VPC or to none`];
  }
  return routes
    .filter(({ destination }) => destination !== ANYWHERE && !isAside(destination))
    .map(({ address, destination }) => `sends ${destination} another way (${address}): what becomes of it is unknown`);
}

const isAside = (destination: string): boolean =>
  PRIVATE.test(destination) || destination.startsWith('pl-') || destination.includes(':');

/** The route table of a subnet, its own or the VPC's main one; a sentence when there is none in the stack. */
function tableOf(graph: Graph, subnet: Resource): Resource | string {
  const id = graph.attribute(subnet, 'id');
  const vpc = textOf(subnet.values, 'vpc_id');
  const own = graph.ofType('aws_route_table_association').find(({ values }) => textOf(values, 'subnet_id') === id);
  const main = graph.ofType('aws_main_route_table_association').find(({ values }) => textOf(values, 'vpc_id') === vpc);
  const by = own ?? main;
  if (by) {
    const table = textOf(by.values, 'route_table_id');
    return graph.find('aws_route_table', 'id', table) ?? `has a route table that is not in the stack (${by.address})`;
  }
  const ofVpc = graph
    .ofType('aws_default_route_table')
    .find(({ values }) => textOf(values, 'default_route_table_id') === defaultOf(graph, vpc, 'default_route_table_id'));
  return ofVpc ?? 'has no route table association, so the main table of its VPC holds: no route to the internet';
}

/** What the VPC itself says its default table or ACL is. */
function defaultOf(graph: Graph, vpcId: string | undefined, attribute: string): unknown {
  const vpc = vpcId === undefined ? undefined : graph.find('aws_vpc', 'id', vpcId);
  return vpc && graph.attribute(vpc, attribute);
}

function routesOf(graph: Graph, table: Resource): readonly Route[] {
  const id = graph.attribute(table, 'id');
  const route = (address: string, values: Values, prefix: string): Route => ({
    address,
    destination: textOf(values, `${prefix}cidr_block`) ?? textOf(values, `${prefix}ipv6_cidr_block`) ?? 'pl-',
    values,
  });
  const apart = graph.ofType('aws_route').filter(({ values }) => textOf(values, 'route_table_id') === id);
  return [
    ...blocksOf(table.values, 'route').map((values) => route(table.address, values, '')),
    ...apart.map(({ address, values }) => route(address, values, 'destination_')),
  ];
}

/** A function in a VPC has no public address: it reaches the world through NAT, AWS through NAT or endpoints. */
export function* wayOut(graph: Graph, { address, values }: Resource, needsPeers: boolean): Iterable<Finding> {
  const vpc = blockOf(values, 'vpc_config');
  const ids = vpc ? textsOf(vpc, 'subnet_ids') : [];
  if (!vpc || ids.length === 0) return;
  for (const id of ids) {
    const subnet = graph.find('aws_subnet', 'id', id);
    const sentence = `runs in subnet "${id}", which is not in the stack: its way out is unknown`;
    if (!subnet) yield finding(address, sentence, IN_THE_STACK);
    else
      for (const why of toNat(graph, subnet, needsPeers))
        yield finding(address, `runs in ${subnet.address}, ${why}`, WAY_OUT);
  }
  for (const id of textsOf(vpc, 'security_group_ids')) {
    const group = graph.find('aws_security_group', 'id', id);
    const unknown = `has the security group "${id}", which is not in the stack: what it lets out is unknown`;
    const shut = `lets nothing out, and ${address} has no other group`;
    if (!group) yield finding(address, unknown, IN_THE_STACK);
    else if (!letsOut(graph, group, id))
      yield finding(group.address, shut, 'Add an egress rule: Terraform takes away the one that AWS makes');
  }
}

function toNat(graph: Graph, subnet: Resource, needsPeers: boolean): string[] {
  const table = tableOf(graph, subnet);
  const open =
    typeof table === 'string' ? undefined : routesOf(graph, table).find(({ destination }) => destination === ANYWHERE);
  const nat = open && graph.find('aws_nat_gateway', 'id', textOf(open.values, 'nat_gateway_id') ?? '');
  if (nat) return natFindings(graph, nat);
  const endpoints = graph
    .ofType('aws_vpc_endpoint')
    .filter(({ values }) => textOf(values, 'vpc_id') === textOf(subnet.values, 'vpc_id'));
  if (endpoints.length === 0) return ['which has no way out: neither a route to a NAT gateway nor an endpoint'];
  return needsPeers
    ? [
        `which has endpoints (${endpoints.map(({ address }) => address).join(', ')}) but no NAT gateway: it cannot reach the other regions`,
      ]
    : [];
}

function natFindings(graph: Graph, nat: Resource): string[] {
  if (textOf(nat.values, 'connectivity_type') === 'private') return [`whose ${nat.address} is private`];
  const subnet = graph.find('aws_subnet', 'id', textOf(nat.values, 'subnet_id') ?? '');
  if (!subnet) return [`whose ${nat.address} stands in a subnet that is not in the stack`];
  return toGateway(graph, subnet).map((why) => `whose ${nat.address} stands in ${subnet.address}, which ${why}`);
}

/** Terraform takes AWS's own rule, which lets everything out, from the groups that it makes. */
const letsOut = (graph: Graph, { values }: Resource, id: string): boolean =>
  blocksOf(values, 'egress').length > 0 ||
  [...graph.ofType('aws_vpc_security_group_egress_rule'), ...graph.ofType('aws_security_group_rule')].some(
    (rule) =>
      textOf(rule.values, 'security_group_id') === id &&
      (rule.type === 'aws_vpc_security_group_egress_rule' || textOf(rule.values, 'type') === 'egress'),
  );
