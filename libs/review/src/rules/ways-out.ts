// The way out of a function in a VPC: it has no public address, so it reaches the world through NAT, and AWS through NAT or endpoints.
import {
  ANYWHERE,
  finding,
  openPorts,
  readAcls,
  requestsIn,
  requestsOut,
  routesOf,
  tableOf,
  type Finding,
} from '@dr/stack';
import { blockOf, flagOf, textOf, textsOf, type Graph, type Resource, type Values } from '@dr/terraform-json';
import { IN_THE_STACK, strayRoutes, toGateway } from './network';

const HTTPS = 443;
const WAY_OUT = `Route ${ANYWHERE} to a NAT gateway that stands in a public subnet`;
const PASSES = `Allow ${ANYWHERE} out on ${HTTPS} and in on 1024-65535`;

/** `needsPeers`: does it call the other regions? */
export function* wayOut(graph: Graph, fn: Resource, needsPeers: boolean): Iterable<Finding> {
  const { address } = fn;
  const vpc = blockOf(fn.values, 'vpc_config');
  const ids = vpc ? textsOf(vpc, 'subnet_ids') : [];
  if (!vpc || ids.length === 0) return;
  const closed = `denies ${address} requests on ${HTTPS} or the answers to them`;
  for (const id of ids) {
    const subnet = graph.find('aws_subnet', 'id', id);
    const sentence = `runs in subnet "${id}", which is not in the stack: its way out is unknown`;
    if (!subnet) yield finding(address, sentence, IN_THE_STACK);
    else
      for (const why of toNat(graph, subnet, needsPeers))
        yield finding(address, `runs in ${subnet.address}, ${why}`, WAY_OUT);
  }
  for (const acl of readAcls(graph, ids)(requestsOut(HTTPS))) yield finding(acl, closed, PASSES);
  const endpoints = endpointsOf(graph, ids);
  yield* groupsOpen(graph, fn, vpc, needsPeers || endpoints.length === 0);
  for (const endpoint of endpoints) yield* endpointAdmits(graph, endpoint, fn, vpc);
}

function toNat(graph: Graph, subnet: Resource, needsPeers: boolean): string[] {
  const table = tableOf(graph, subnet);
  const routes = typeof table === 'string' ? [] : routesOf(graph, table);
  const open = routes.find(({ destination }) => destination === ANYWHERE);
  const nat = open && graph.find('aws_nat_gateway', 'id', textOf(open.values, 'nat_gateway_id') ?? '');
  if (nat) return [...natFindings(graph, nat, subnet), ...strayRoutes(routes).map((why) => `which ${why}`)];
  const endpoints = endpointsOf(graph, [graph.attribute(subnet, 'id')]);
  if (endpoints.length === 0) return ['which has no way out: neither a route to a NAT gateway nor an endpoint'];
  return needsPeers
    ? [
        `which has endpoints (${endpoints.map(({ address }) => address).join(', ')}) but no NAT gateway: it cannot reach the other regions`,
      ]
    : [];
}

/** `from`: the subnet that sends its packets there. */
function natFindings(graph: Graph, nat: Resource, from: Resource): string[] {
  const { address, values } = nat;
  if (textOf(values, 'connectivity_type') === 'private') return [`whose ${address} is private`];
  const id = textOf(values, 'subnet_id') ?? '';
  const subnet = graph.find('aws_subnet', 'id', id);
  if (!subnet) return [`whose ${address} stands in a subnet that is not in the stack`];
  const inside = addressesOf(graph, String(graph.attribute(from, 'id')));
  const closed = readAcls(graph, [id])([...requestsIn(HTTPS, inside), ...requestsOut(HTTPS)]);
  return [
    ...(textOf(values, 'allocation_id') ? [] : [`whose ${address} has no allocation_id, so no public address`]),
    ...toGateway(graph, subnet).map((why) => `whose ${address} stands in ${subnet.address}, which ${why}`),
    ...closed.map((acl) => `whose ${address} is cut off by ${acl}: requests on ${HTTPS} or the answers do not pass`),
  ];
}

/** Of the VPC of those subnets. */
function endpointsOf(graph: Graph, subnetIds: readonly unknown[]): readonly Resource[] {
  const vpcs = subnetIds.flatMap((id) => textOf(graph.find('aws_subnet', 'id', id)?.values ?? {}, 'vpc_id') ?? []);
  return graph.ofType('aws_vpc_endpoint').filter(({ values }) => vpcs.includes(textOf(values, 'vpc_id') ?? ''));
}

/** Terraform takes AWS's own rule, which lets everything out, from the groups that it makes. */
function* groupsOpen(graph: Graph, { address }: Resource, vpc: Values, toWorld: boolean): Iterable<Finding> {
  const ids = textsOf(vpc, 'security_group_ids');
  const groups = ids.map((id) => graph.find('aws_security_group', 'id', id));
  // [A] The API refuses subnets without a group.
  if (ids.length === 0) yield finding(address, 'names subnets and no security group', 'Name one that lets HTTPS out');
  for (const [at, id] of ids.entries()) {
    const unknown = `has the security group "${id}", which is not in the stack: what it lets out is unknown`;
    if (!groups[at]) yield finding(address, unknown, IN_THE_STACK);
  }
  if (ids.length === 0 || groups.includes(undefined)) return;
  const isOpen = openPorts(graph, ids, 'egress', toWorld ? undefined : 'anybody')(HTTPS);
  const shut = `lets nothing out to ${toWorld ? ANYWHERE : 'anybody'} on ${HTTPS}, and ${address} has no other group`;
  const named = groups.map((group) => group?.address).join(', ');
  if (!isOpen) yield finding(named, shut, 'Add an egress rule: Terraform takes away the one that AWS makes');
}

/** An endpoint with a private name takes all requests to its service, so it must let them in. */
function* endpointAdmits(graph: Graph, endpoint: Resource, fn: Resource, vpc: Values): Iterable<Finding> {
  const { address, values, awsRegion } = endpoint;
  const service = textOf(values, 'service_name') ?? '';
  const far = `is in ${awsRegion}, and its service ${service} is not`;
  if (!service.startsWith(`com.amazonaws.${awsRegion}.`)) yield finding(address, far, `Name a service of ${awsRegion}`);
  if (flagOf(values, 'private_dns_enabled') !== true) return;
  const own = textsOf(values, 'security_group_ids');
  const groups = textsOf(vpc, 'security_group_ids');
  const from = textsOf(vpc, 'subnet_ids');
  const shut = `admits no requests of ${fn.address} on ${HTTPS}, and takes all that it sends to ${service}`;
  if (!from.every((id) => openPorts(graph, own, 'ingress', { cidr: addressesOf(graph, id), groups })(HTTPS)))
    yield finding(address, shut, `Give it a security group that admits the functions on ${HTTPS}`);
  // What stays within a subnet passes no ACL.
  const ways = textsOf(values, 'subnet_ids').flatMap((to) =>
    from.filter((id) => id !== to).map((id) => [id, to] as const),
  );
  const closed = ways.flatMap(([id, to]) => [
    ...readAcls(graph, [to])(requestsIn(HTTPS, addressesOf(graph, id))),
    ...readAcls(graph, [id])(requestsOut(HTTPS, addressesOf(graph, to))),
  ]);
  for (const acl of new Set(closed))
    yield finding(
      acl,
      `stands between ${fn.address} and ${address}: requests on ${HTTPS} or the answers do not pass`,
      PASSES,
    );
}

/** All that there are, where the subnet does not say. */
const addressesOf = (graph: Graph, subnetId: string): string =>
  textOf(graph.find('aws_subnet', 'id', subnetId)?.values ?? {}, 'cidr_block') ?? ANYWHERE;
