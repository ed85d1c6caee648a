// A load balancer that the world reaches on 443, and whose rules hand what clients ask for to functions.
import {
  finding,
  frontNames,
  listenerOn,
  readAclPorts,
  readOpenPorts,
  ruleFor,
  type Finding,
  type PublicName,
} from '@dr/stack';
import { blockOf, flagOf, textOf, textsOf, type Resource } from '@dr/terraform-json';
import { certificateFindings } from './certificates';
import { publicSubnets } from './network';
import type { Rule, ServedSystem, Stack } from './rule';
import { tlsPolicyFindings } from './tls-policies';

const HTTPS = 443;

export const LOAD_BALANCER_RULES: readonly Rule[] = [
  {
    id: 'regions-apart',
    of: 'serving',
    *judge({ graph }) {
      const seen = new Map<string, string>();
      for (const { address, awsRegion } of graph.ofType('aws_lb')) {
        const other = seen.get(awsRegion);
        seen.set(awsRegion, other ?? address);
        const sentence = `is in ${awsRegion}, as ${other} is: they are one region, and lost together`;
        if (other !== undefined) yield finding(address, sentence, 'Put it into a region of its own');
      }
    },
  },
  {
    id: 'load-balancer-is-public',
    of: 'serving',
    *judge(stack, system) {
      for (const name of frontNames(stack.names))
        for (const balancer of new Set(name.doors.map((door) => door.balancer)))
          yield* balancerFindings(stack, balancer, name, system);
    },
  },
];

function* balancerFindings(
  stack: Stack,
  balancer: Resource,
  name: PublicName,
  system: ServedSystem,
): Iterable<Finding> {
  const { address, values } = balancer;
  const kind = textOf(values, 'load_balancer_type') ?? 'application';
  if (kind !== 'application') {
    const sentence = `is a ${kind} load balancer, which cannot invoke functions by path`;
    return yield finding(address, sentence, 'Use an application load balancer');
  }
  if (flagOf(values, 'internal') === true)
    yield finding(address, 'is internal: nobody on the internet reaches it', 'Set it to false');
  const noAddress = 'has no public IPv4 address, and health checks and many clients know no other';
  if (textOf(values, 'ip_address_type') === 'dualstack-without-public-ipv4')
    yield finding(address, noAddress, 'Use ipv4 or dualstack');
  yield* publicSubnets(stack.graph, balancer);
  yield* admitted(stack, balancer);
  yield* httpsFindings(stack, balancer, name, system);
}

function* admitted({ graph }: Stack, balancer: Resource): Iterable<Finding> {
  const { address } = balancer;
  const ids = textsOf(balancer.values, 'security_groups');
  if (ids.length === 0) {
    const sentence = "names no security group: the VPC's own admits nobody from the internet";
    return yield finding(address, sentence, `Name one that admits ${HTTPS}`);
  }
  const groups = ids.map((id) => graph.find('aws_security_group', 'id', id));
  const strange = ids.filter((_, at) => !groups[at]);
  if (strange.length > 0) {
    const sentence = `has the security group ${strange.join(', ')}, which is not in the stack: what it admits is unknown`;
    return yield finding(address, sentence, 'Make it in this stack');
  }
  const named = groups.map((group) => group?.address).join(', ');
  const nobody = `(of ${address}) admits nobody from the internet on ${HTTPS}`;
  if (!readOpenPorts(graph, balancer)(HTTPS)) yield finding(named, nobody, `Admit 0.0.0.0/0 on ${HTTPS}`);
  const denies = `denies ${address} requests on ${HTTPS} or its answers to them`;
  for (const acl of readAclPorts(graph, balancer).closedBy(HTTPS))
    yield finding(acl, denies, `Allow 0.0.0.0/0 in on ${HTTPS} and out on 1024-65535`);
}

function* httpsFindings(
  { graph, names }: Stack,
  balancer: Resource,
  { domain }: PublicName,
  { asked }: ServedSystem,
): Iterable<Finding> {
  const listener = listenerOn(graph, balancer, HTTPS);
  if (!listener) {
    const sentence = `has no listener on port ${HTTPS}, where clients call it`;
    return yield finding(balancer.address, sentence, `Add an HTTPS listener on ${HTTPS}`);
  }
  const { address } = listener;
  if (!listener.isTls) return yield finding(address, `speaks plain HTTP on port ${HTTPS}`, 'Use HTTPS');
  const resource = graph.get(address) as Resource;
  const mutual = textOf(blockOf(resource.values, 'mutual_authentication') ?? {}, 'mode') ?? 'off';
  const asksBack = `asks clients for certificates (mutual_authentication ${mutual})`;
  if (mutual !== 'off') yield finding(address, asksBack, 'Set it to off');
  yield* tlsPolicyFindings(resource);
  const called = names.records.filter(({ name }) => names.behind(name).includes(balancer));
  yield* certificateFindings(graph, resource, [...new Set([domain, ...called.map(({ name }) => name)])], names);
  for (const [method, path] of asked) {
    const rule = ruleFor(listener, { method, path, headers: { host: domain } });
    const { kind } = rule.action;
    const sentence = `answers ${method} ${path} itself (${kind}): no function of ${balancer.awsRegion} gets it`;
    if (kind !== 'forward')
      yield finding(rule.address, sentence, `Forward ${method} ${path} to the function that serves it`);
  }
}
