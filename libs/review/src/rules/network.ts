// The network of a load balancer: its subnets stand in different zones and have a route to the internet. What else decides is named as unknown.
import { ANYWHERE, finding, isPrivate, routesOf, tableOf, type Finding, type Route } from '@dr/stack';
import { textOf, textsOf, type Graph, type Resource } from '@dr/terraform-json';

export const IN_THE_STACK = 'Make it in this stack';
const PUBLIC_ROUTE = `Route ${ANYWHERE} to an internet gateway of the VPC, and nothing public elsewhere`;
const TWO_ZONES = 'Name public subnets of two availability zones';

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
