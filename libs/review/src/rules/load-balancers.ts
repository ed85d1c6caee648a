// A load balancer that the world reaches on 443, and whose rules hand what clients ask for to functions.
import {
  finding,
  listenerOn,
  readAclPorts,
  readOpenPorts,
  ruleFor,
  type Finding,
  type PublicName,
  when,
} from '@dr/stack';
import { blockOf, flagOf, textOf, textsOf, type Resource } from '@dr/terraform-json';
import { certificateFindings } from './certificates';
import { publicSubnets } from './network';
import type { Rule, ServedSystem, Stack } from './rule';

const HTTPS = 443;

const apart: Rule = {
  id: 'regions-apart',
  of: 'serving',
  judge: ({ graph }) => {
    const seen = new Map<string, Resource>();
    return graph.ofType('aws_lb').flatMap(({ address, awsRegion }, at, all) => {
      const other = seen.get(awsRegion);
      seen.set(awsRegion, other ?? (all[at] as Resource));
      if (!other) return [];
      const sentence = `is in ${awsRegion}, as ${other.address} is: they are one region, and lost together`;
      return [finding(address, sentence, 'Put it into a region of its own')];
    });
  },
};

const reachable: Rule = {
  id: 'load-balancer-is-public',
  of: 'serving',
  judge: (stack, system) =>
    stack.names.publicNames.flatMap((name) => {
      const balancers = new Set(name.doors.map(({ balancer }) => balancer));
      return [...balancers].flatMap((balancer) => balancerFindings(stack, balancer, name, system));
    }),
};

function balancerFindings(stack: Stack, balancer: Resource, name: PublicName, system: ServedSystem): Finding[] {
  const { address, values } = balancer;
  const kind = textOf(values, 'load_balancer_type') ?? 'application';
  if (kind !== 'application') {
    const sentence = `is a ${kind} load balancer, which cannot invoke functions by path`;
    return [finding(address, sentence, 'Use an application load balancer')];
  }
  const addresses = textOf(values, 'ip_address_type');
  const noAddress = 'has no public IPv4 address, and health checks and many clients know no other';
  return [
    ...when(
      flagOf(values, 'internal') === true,
      address,
      'is internal: nobody on the internet reaches it',
      'Set it to false',
    ),
    ...when(addresses === 'dualstack-without-public-ipv4', address, noAddress, 'Use ipv4 or dualstack'),
    ...publicSubnets(stack.graph, balancer),
    ...admitted(stack, balancer),
    ...httpsFindings(stack, balancer, name, system),
  ];
}

function admitted({ graph }: Stack, balancer: Resource): Finding[] {
  const ids = textsOf(balancer.values, 'security_groups');
  if (ids.length === 0) {
    const sentence = "names no security group: the VPC's own admits nobody from the internet";
    return [finding(balancer.address, sentence, `Name one that admits ${HTTPS}`)];
  }
  const groups = ids.map((id) => graph.find('aws_security_group', 'id', id));
  const strange = ids.filter((_, at) => !groups[at]);
  if (strange.length > 0) {
    const sentence = `has the security group ${strange.join(', ')}, which is not in the stack: what it admits is unknown`;
    return [finding(balancer.address, sentence, 'Make it in this stack')];
  }
  const named = groups.map((group) => group?.address).join(', ');
  const nobody = `(of ${balancer.address}) admits nobody from the internet on ${HTTPS}`;
  return [
    ...when(!readOpenPorts(graph, balancer)(HTTPS), named, nobody, `Admit 0.0.0.0/0 on ${HTTPS}`),
    ...readAclPorts(graph, balancer)
      .closedBy(HTTPS)
      .map((acl) =>
        finding(
          acl,
          `denies ${balancer.address} requests on ${HTTPS} or its answers to them`,
          `Allow 0.0.0.0/0 in on ${HTTPS} and out on 1024-65535`,
        ),
      ),
  ];
}

function httpsFindings(
  { graph, names }: Stack,
  balancer: Resource,
  { domain }: PublicName,
  { asked }: ServedSystem,
): Finding[] {
  const listener = listenerOn(graph, balancer, HTTPS);
  if (!listener) {
    const sentence = `has no listener on port ${HTTPS}, where clients call it`;
    return [finding(balancer.address, sentence, `Add an HTTPS listener on ${HTTPS}`)];
  }
  const { address } = listener;
  if (!listener.isTls) return [finding(address, `speaks plain HTTP on port ${HTTPS}`, 'Use HTTPS')];
  const resource = graph.get(address) as Resource;
  const mutual = textOf(blockOf(resource.values, 'mutual_authentication') ?? {}, 'mode') ?? 'off';
  const called = names.records.filter(({ name }) => names.behind(name).includes(balancer));
  return [
    ...when(
      mutual !== 'off',
      address,
      `asks clients for certificates (mutual_authentication ${mutual})`,
      'Set it to off',
    ),
    ...certificateFindings(graph, resource, [...new Set([domain, ...called.map(({ name }) => name)])], names),
    ...asked.flatMap(([method, path]) => {
      const rule = ruleFor(listener, { method, path, headers: { host: domain } });
      const { kind } = rule.action;
      if (kind === 'forward') return [];
      const sentence = `answers ${method} ${path} itself (${kind}): no function of ${balancer.awsRegion} gets it`;
      return [finding(rule.address, sentence, `Forward ${method} ${path} to the function that serves it`)];
    }),
  ];
}

export const LOAD_BALANCER_RULES: readonly Rule[] = [apart, reachable];
