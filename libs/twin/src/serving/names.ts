// Names: can the world resolve them, does each region have one, and does each health check watch what its record leads to?
import { textOf, flagOf, blocksOf, type Graph, type Resource } from '@dr/terraform-json';
import { readListeners, ruleFor } from '../services/alb/rules';
import { readHealthChecks, type EndpointSource, type HealthCheckSpec } from '../services/route53/health-checks-model';
import type { DnsRecord } from '../services/route53/records';
import { finding, type Finding } from './finding';
import type { FrontDoor, Names } from './front-doors';
import { functionBehind } from './functions';

export function nameFindings(graph: Graph, domain: string, names: Names): Finding[] {
  const checks = readHealthChecks(graph);
  return [
    ...names.doors.flatMap(({ chain }) => chain.flatMap((record) => privateZone(graph, record))),
    ...regionsWithoutName(graph, domain, names),
    ...roles(names.doors),
    ...names.doors.flatMap((door) => wrongRegion(door, names)),
    ...names.doors.flatMap((door) => {
      const check = checks.get(door.record.healthCheckId ?? '');
      return check ? healthCheck(graph, check, door, names) : [];
    }),
  ];
}

function privateZone(graph: Graph, { address, zoneId }: DnsRecord): Finding[] {
  const zone = graph.resources.find(
    (one) => one.type === 'aws_route53_zone' && String(graph.attribute(one, 'zone_id')) === zoneId,
  );
  if (!zone || !isPrivate(zone)) return [];
  return [finding(address, `is in ${zone.address}, a private zone: nobody on the internet can resolve it`)];
}

const isPrivate = ({ values }: Resource): boolean =>
  flagOf(values, 'private_zone') === true ||
  blocksOf(values, 'vpc').length > 0 ||
  textOf(values, 'vpc_id') !== undefined;

function regionsWithoutName(graph: Graph, domain: string, { doors }: Names): Finding[] {
  return graph
    .ofType('aws_lb')
    .filter((balancer) => !doors.some((door) => door.balancer.address === balancer.address))
    .map((balancer) =>
      finding(
        balancer.address,
        `is led to by no record of ${domain}, so clients cannot be sent to ${balancer.awsRegion}`,
      ),
    );
}

/** Route 53 takes one primary record and one secondary of a name. */
function roles(doors: readonly FrontDoor[]): Finding[] {
  return [true, false].flatMap((primary) => {
    const same = doors.filter(({ record: { policy } }) => policy.kind === 'failover' && policy.primary === primary);
    const others = doors.filter(({ record: { policy } }) => policy.kind === 'failover' && policy.primary !== primary);
    const role = primary ? 'primary' : 'secondary';
    if (same.length > 1) return [finding(same.map(({ record }) => record.address).join(', '), `are all ${role}`)];
    const [other] = others;
    return same.length === 0 && other ? [finding(other.record.address, `has no ${role} beside it`)] : [];
  });
}

/** A latency record of one region that leads to another, while the first has a load balancer of its own. */
function wrongRegion({ record, balancer }: FrontDoor, { doors }: Names): Finding[] {
  const { policy, address } = record;
  if (policy.kind !== 'latency' || policy.awsRegion === balancer.awsRegion) return [];
  if (!doors.some((door) => door.balancer.awsRegion === policy.awsRegion || door.record.policy.kind === 'latency'))
    return [];
  return [
    finding(
      address,
      `is for clients near ${policy.awsRegion}, but leads to ${balancer.address} in ${balancer.awsRegion}`,
    ),
  ];
}

function healthCheck(graph: Graph, check: HealthCheckSpec, { record, balancer }: FrontDoor, names: Names): Finding[] {
  const { address, source } = check;
  const off = [
    ...(check.isDisabled ? [finding(address, `is disabled, so Route 53 takes ${record.address} for healthy`)] : []),
    ...(check.isInverted ? [finding(address, `is inverted: ${record.address} is healthy when the region is not`)] : []),
  ];
  if (source.kind !== 'endpoint') return off;
  const watched = names.follow(source.host).balancer;
  if (!watched) return [...off, finding(address, `asks ${source.host}, which leads to no load balancer of the stack`)];
  if (watched.address !== balancer.address) {
    return [...off, finding(address, `watches ${watched.address}, but ${record.address} leads to ${balancer.address}`)];
  }
  return [...off, ...asked(graph, address, source, watched)];
}

/** What answers the check: it has to be a function, and the one that knows whether the region serves. */
function asked(graph: Graph, address: string, source: EndpointSource, balancer: Resource): Finding[] {
  const { port, protocol, path, host } = source;
  const listener = readListeners(graph, graph.attribute(balancer, 'arn')).find((one) => one.port === port);
  if (!listener) return [finding(address, `asks port ${port}, where ${balancer.address} has no listener`)];
  if (protocol === 'tcp') return [];
  if (listener.isTls !== (protocol === 'https')) {
    return [finding(address, `speaks ${protocol.toUpperCase()} to ${listener.address}, which does not`)];
  }
  const rule = ruleFor(listener, { method: 'GET', path, headers: { host }, body: Buffer.alloc(0) });
  if (rule.action.kind !== 'forward') {
    return [finding(address, `asks ${path}, which ${rule.address} answers itself (${rule.action.kind})`)];
  }
  const answering = rule.action.groups.map(({ arn }) => functionBehind(graph, arn)?.logicalName);
  const wrong = answering.find((name) => name !== undefined && name !== 'health-checker');
  const knows = graph
    .ofType('aws_lambda_function')
    .some(({ values }) => textOf(values, 'function_name')?.endsWith('health-checker'));
  if (wrong === undefined || !knows) return [];
  return [
    finding(address, `asks ${path}, which ${wrong} answers: only health-checker knows whether the region serves`),
  ];
}
