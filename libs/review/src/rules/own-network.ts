// What a resource names by id is of its own region, and all that it names is in one VPC: AWS refuses the rest at an apply.
import { finding, textsWithin, type Finding } from '@dr/stack';
import { knownOrAbsent, textOf, type Graph, type Resource } from '@dr/terraform-json';
import type { Rule } from './rule';

/** Types that live in one region with all that they name of these types. */
const LOCAL: readonly string[] = [
  ...['aws_vpc', 'aws_subnet', 'aws_internet_gateway', 'aws_internet_gateway_attachment', 'aws_nat_gateway', 'aws_eip'],
  ...['aws_route', 'aws_route_table', 'aws_default_route_table', 'aws_route_table_association'],
  ...['aws_main_route_table_association', 'aws_vpc_endpoint', 'aws_vpc_endpoint_route_table_association'],
  ...['aws_network_acl', 'aws_network_acl_association', 'aws_network_acl_rule', 'aws_default_network_acl'],
  ...['aws_security_group', 'aws_security_group_rule'],
  ...['aws_vpc_security_group_ingress_rule', 'aws_vpc_security_group_egress_rule'],
  ...['aws_lb', 'aws_lb_listener', 'aws_lb_listener_rule', 'aws_lb_target_group', 'aws_lb_target_group_attachment'],
  ...['aws_lb_listener_certificate', 'aws_acm_certificate', 'aws_acm_certificate_validation'],
];
/** A group may name one of a VPC that its own is connected with. */
const MAY_NAME_ANOTHER_VPC = /security_group/;

export const OWN_NETWORK_RULES: readonly Rule[] = [
  {
    id: 'names-what-is-of-its-region-and-vpc',
    of: 'serving',
    *judge({ graph }) {
      const byId = localIds(graph);
      for (const resource of [...LOCAL, 'aws_lambda_function'].flatMap((type) => graph.ofType(type))) {
        const named = [...new Set(textsWithin(resource.values).flatMap((text) => byId.get(text) ?? []))];
        yield* regionFindings(resource, named);
        if (!MAY_NAME_ANOTHER_VPC.test(resource.type)) yield* vpcFindings(graph, resource, named);
      }
    },
  },
];

function localIds(graph: Graph): ReadonlyMap<unknown, Resource> {
  const byId = new Map<unknown, Resource>();
  for (const resource of LOCAL.flatMap((type) => graph.ofType(type)))
    for (const attribute of ['id', 'arn']) {
      const value = knownOrAbsent(() => graph.attribute(resource, attribute));
      if (typeof value === 'string' && value !== '') byId.set(value, resource);
    }
  return byId;
}

function* regionFindings({ address, awsRegion }: Resource, named: readonly Resource[]): Iterable<Finding> {
  for (const other of named.filter((one) => one.awsRegion !== awsRegion)) {
    const sentence = `is in ${awsRegion} and names ${other.address} of ${other.awsRegion}`;
    yield finding(address, sentence, `Name one of ${awsRegion}`);
  }
}

function* vpcFindings(graph: Graph, resource: Resource, named: readonly Resource[]): Iterable<Finding> {
  const placed = [resource, ...named].flatMap((one) => {
    const vpc = vpcOf(graph, one);
    return vpc === undefined ? [] : [{ one, vpc }];
  });
  const [first] = placed;
  const other = placed.find(({ vpc }) => vpc !== first?.vpc);
  if (!first || !other) return;
  const where = (vpc: string): string => graph.find('aws_vpc', 'id', vpc)?.address ?? vpc;
  const what = (one: Resource): string => (one === resource ? 'is' : `names ${one.address}`);
  const sentence = `${what(first.one)} in ${where(first.vpc)} and ${what(other.one)} in ${where(other.vpc)}`;
  yield finding(resource.address, sentence, 'Name what is in one VPC');
}

/** Where it stands, as far as its own values say. */
function vpcOf(graph: Graph, { type, values }: Resource): string | undefined {
  if (type !== 'aws_nat_gateway') return knownOrAbsent(() => textOf(values, 'vpc_id'));
  const subnet = graph.find('aws_subnet', 'id', knownOrAbsent(() => textOf(values, 'subnet_id')) ?? '');
  return subnet && vpcOf(graph, subnet);
}
