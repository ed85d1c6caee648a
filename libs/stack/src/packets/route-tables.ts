// Route tables: the one of a subnet, and its routes wherever they are written.
import { blocksOf, textOf, type Graph, type Resource, type Values } from '@dr/terraform-json';

export interface Route {
  /** Of the resource that holds it. */
  readonly address: string;
  readonly destination: string;
  readonly values: Values;
}

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
