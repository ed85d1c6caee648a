// The network of a load balancer: its subnets stand in different zones and have a route to the internet. What else decides is named as unknown.
import { ANYWHERE, finding, isPrivate, type Finding } from '@dr/stack';
import { blocksOf, textOf, textsOf, type Graph, type Resource, type Values } from '@dr/terraform-json';

export const IN_THE_STACK = 'Make it in this stack';
const PUBLIC_ROUTE = `Route ${ANYWHERE} to an internet gateway of the VPC, and nothing public elsewhere`;
const TWO_ZONES = 'Name public subnets of two availability zones';

export interface Route {
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
    return yield finding(address, sentence, TWO_ZONES);
  }
  for (const id of ids) {
    const subnet = graph.find('aws_subnet', 'id', id);
    const sentence = `stands in subnet "${id}", which is not in the stack: its way to the internet is unknown`;
    if (!subnet) yield finding(address, sentence, IN_THE_STACK);
    else
      for (const why of toGateway(graph, subnet)) yield finding(subnet.address, `(of ${address}) ${why}`, PUBLIC_ROUTE);
  }
  yield* zonesApart(graph, address, ids);
}

/** AWS takes one subnet of a zone. */
function* zonesApart(graph: Graph, address: string, ids: readonly string[]): Iterable<Finding> {
  const seen = new Map<string, string>();
  for (const subnet of ids.flatMap((id) => graph.find('aws_subnet', 'id', id) ?? [])) {
    const zone = textOf(subnet.values, 'availability_zone') ?? textOf(subnet.values, 'availability_zone_id');
    const unknown = `(of ${address}) names no availability zone: whether it is in one of its own is unknown`;
    if (!zone) {
      yield finding(subnet.address, unknown, TWO_ZONES);
      continue;
    }
    const other = seen.get(zone);
    seen.set(zone, subnet.address);
    const sentence = `(of ${address}) is in ${zone}, as ${other} is: AWS takes one subnet of a zone`;
    if (other !== undefined) yield finding(subnet.address, sentence, TWO_ZONES);
  }
}

/** Why the subnet is not public; empty when it is. */
export function toGateway(graph: Graph, subnet: Resource): string[] {
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
  return strayRoutes(routes);
}

/** Routes that take a part of the internet elsewhere. Which addresses a prefix list holds is not in the stack; IPv6 is not used. */
export const strayRoutes = (routes: readonly Route[]): string[] =>
  routes
    .filter(({ destination }) => destination !== ANYWHERE && !isPrivate(destination) && !destination.includes(':'))
    .map(({ address, destination }) => `sends ${destination} another way (${address}): what becomes of it is unknown`);

/** The route table of a subnet, its own or the VPC's main one; a sentence when there is none in the stack. */
export function tableOf(graph: Graph, subnet: Resource): Resource | string {
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

export function routesOf(graph: Graph, table: Resource): readonly Route[] {
  const id = graph.attribute(table, 'id');
  const route = (address: string, values: Values, prefix: string): Route => ({
    address,
    destination:
      [`${prefix}cidr_block`, `${prefix}ipv6_cidr_block`, 'destination_prefix_list_id']
        .map((name) => textOf(values, name))
        .find(Boolean) ?? 'what it does not name',
    values,
  });
  const apart = graph.ofType('aws_route').filter(({ values }) => textOf(values, 'route_table_id') === id);
  return [
    ...blocksOf(table.values, 'route').map((values) => route(table.address, values, '')),
    ...apart.map(({ address, values }) => route(address, values, 'destination_')),
  ];
}
