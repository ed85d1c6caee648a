// A load balancer that the world reaches on 443, and whose rules hand the item API and /health to functions.
import { textOf, textsOf, flagOf, blockOf, type Graph, type Resource } from '@dr/terraform-json';
import { readAclPorts } from '../services/alb/network-acl';
import { readListeners, ruleFor, type Listener } from '../services/alb/rules';
import { readOpenPorts } from '../services/alb/security';
import { certificateFindings } from './certificates';
import { finding, type Finding } from './finding';
import type { Names } from './front-doors';
import { functionBehind, targetFindings } from './functions';
import { publicSubnets } from './network';

const HTTPS = 443;
/** What clients ask for. */
const ASKED: readonly (readonly [method: string, path: string])[] = [
  ['GET', '/items/some-id'],
  ['PUT', '/items/some-id'],
];

export function balancerFindings(graph: Graph, balancer: Resource, domain: string, names: Names): Finding[] {
  const { address, values } = balancer;
  const kind = textOf(values, 'load_balancer_type') ?? 'application';
  if (kind !== 'application')
    return [finding(address, `is a ${kind} load balancer, which cannot invoke functions by path`)];
  return [
    ...(flagOf(values, 'internal') === true
      ? [finding(address, 'is internal: nobody on the internet reaches it')]
      : []),
    ...(textOf(values, 'ip_address_type') === 'dualstack-without-public-ipv4'
      ? [finding(address, 'has no public IPv4 address, and health checks and many clients know no other')]
      : []),
    ...publicSubnets(graph, balancer),
    ...admitted(graph, balancer),
    ...httpsFindings(graph, balancer, domain, names),
  ];
}

function admitted(graph: Graph, balancer: Resource): Finding[] {
  const ids = textsOf(balancer.values, 'security_groups');
  if (ids.length === 0) {
    return [finding(balancer.address, "names no security group: the VPC's own admits nobody from the internet")];
  }
  const groups = ids.map((id) => graph.find('aws_security_group', 'id', id));
  const strange = ids.filter((_, at) => !groups[at]);
  if (strange.length > 0) {
    return [
      finding(
        balancer.address,
        `has the security group ${strange.join(', ')}, which is not in the stack: what it admits is unknown`,
      ),
    ];
  }
  const named = groups.map((group) => group?.address).join(', ');
  return [
    ...(readOpenPorts(graph, balancer)(HTTPS)
      ? []
      : [finding(named, `(of ${balancer.address}) admits nobody from the internet on ${HTTPS}`)]),
    ...readAclPorts(graph, balancer)
      .closedBy(HTTPS)
      .map((acl) => finding(acl, `denies ${balancer.address} requests on ${HTTPS} or its answers to them`)),
  ];
}

function httpsFindings(graph: Graph, balancer: Resource, domain: string, names: Names): Finding[] {
  const arn = graph.attribute(balancer, 'arn');
  const listener = readListeners(graph, arn).find(({ port }) => port === HTTPS);
  if (!listener) return [finding(balancer.address, `has no listener on port ${HTTPS}, where clients call it`)];
  if (!listener.isTls) return [finding(listener.address, `speaks plain HTTP on port ${HTTPS}`)];
  const resource = graph.get(listener.address) as Resource;
  const mutual = textOf(blockOf(resource.values, 'mutual_authentication') ?? {}, 'mode') ?? 'off';
  const called = names.records.filter(({ name }) => names.follow(name).balancer?.address === balancer.address);
  return [
    ...(mutual === 'off'
      ? []
      : [finding(listener.address, `asks clients for certificates (mutual_authentication ${mutual})`)]),
    ...certificateFindings(graph, resource, [...new Set([domain, ...called.map(({ name }) => name)])]),
    ...ASKED.flatMap(([method, path]) => answered(graph, listener, balancer, { method, path, domain })),
  ];
}

function answered(
  graph: Graph,
  listener: Listener,
  balancer: Resource,
  { method, path, domain }: { readonly method: string; readonly path: string; readonly domain: string },
): Finding[] {
  const rule = ruleFor(listener, { method, path, headers: { host: domain }, body: Buffer.alloc(0) });
  const { action, address } = rule;
  if (action.kind !== 'forward') {
    return [
      finding(
        address,
        `answers ${method} ${path} itself (${action.kind}): no function of ${balancer.awsRegion} gets it`,
      ),
    ];
  }
  return action.groups
    .filter(({ weight }) => weight > 0 || action.groups.length === 1)
    .flatMap(({ arn }) => {
      const name = functionBehind(graph, arn)?.logicalName;
      const wrong = name !== undefined && KNOWN_OTHERS.has(name);
      return [
        ...targetFindings(graph, arn, balancer),
        ...(wrong ? [finding(address, `sends ${method} ${path} to ${name}, which does not serve it`)] : []),
      ];
    });
}

/** Functions of our own that serve no items. */
const KNOWN_OTHERS: ReadonlySet<string> = new Set([
  ...['health-checker', 'failover-orchestrator', 'data-consistency-validator'],
]);
