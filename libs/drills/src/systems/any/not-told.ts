// What of a name of any stack a drill cannot tell: what the files do not hold, and what the twin does not run.
import { checksBehind, type Stack } from '@dr/review';
import {
  argumentOf,
  endpointGroupsOf,
  idleBehind,
  isInternal,
  originsOf,
  showsTargets,
  type DnsRecord,
  type Endpoint,
} from '@dr/stack';
import { LONGEST_TTL_SECONDS } from './settling';

/** Sentences that begin with an address. */
export interface NotTold {
  /** Where the name leads: it is not drilled. */
  readonly where: readonly string[];
  /** Which health check a record has: whoever is hit may be moved, or not. */
  readonly records: readonly string[];
  /** What a load balancer finds of its targets, where that alone moves clients: `app-errors` may move them, or not. */
  readonly targets: readonly { readonly awsRegion: string | undefined; readonly why: string }[];
  /** Who else might answer: whoever is not served here may be served by them. */
  readonly whoElse: readonly string[];
}

export function notTold(name: string, stack: Stack): NotTold {
  const { records, endpoints } = behind(name, stack);
  const unknown = records.flatMap((record) =>
    record.unknown.map(({ path, reason }) => ({ path, why: `${record.address}: ${path}: ${reason}` })),
  );
  const ofHealth = ({ path }: { readonly path: string }): boolean => path === 'health_check_id';
  return {
    where: unique([
      ...unknown.filter((one) => !ofHealth(one)).map(({ why }) => why),
      ...records.flatMap((record) => ofRecord(record, stack)),
      ...endpoints.flatMap((endpoint) => ofEndpoint(endpoint, stack)),
      ...askingInside(name, stack),
    ]),
    targets: records.flatMap((record) => ofTargets(record, stack)),
    records: unique(unknown.filter(ofHealth).map(({ why }) => why)),
    whoElse: othersOf(name, stack),
  };
}

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/** Checkers of the twin reach every load balancer. */
const askingInside = (name: string, stack: Stack): string[] =>
  [...checksBehind(name, stack)].flatMap((id) => {
    const { address, source } = stack.checks.get(id) ?? {};
    if (source?.kind !== 'endpoint' || !stack.names.endpointsBehind(source.host).some(isInternal)) return [];
    return [`${address} asks an internal load balancer, which a drill lets it reach`];
  });

/** The only record of a set in a zone that other files own. */
function othersOf(name: string, { graph, names }: Stack): string[] {
  const [record, other] = names.recordsOf(name);
  if (!record || other || record.policy.kind === 'simple') return [];
  const isZoneHere = graph.ofType('aws_route53_zone').some((one) => graph.attribute(one, 'zone_id') === record.zoneId);
  return isZoneHere ? [] : [`${record.address} is the only record of ${name} here: the others may be in other files`];
}

function ofTargets(
  { address, evaluateTargetHealth, healthCheckId, target }: DnsRecord,
  { graph, names }: Stack,
): NotTold['targets'] {
  if (!evaluateTargetHealth || healthCheckId !== undefined || target === undefined) return [];
  return names
    .endpointsBehind(target)
    .filter((endpoint) => !showsTargets(graph, endpoint))
    .map((endpoint) => ({
      awsRegion: endpoint.awsRegion,
      why: `${address} evaluates the targets of ${endpoint.names[0]}, which no file holds`,
    }));
}

/** What waits for a person: sentences that begin with an address. */
export function waitsForPeople(name: string, stack: Stack): readonly string[] {
  const controls = [...checksBehind(name, stack)].flatMap((id) => {
    const check = stack.checks.get(id);
    return check?.source.kind === 'routing-control' ? [`${check.address} waits for its routing control`] : [];
  });
  const idle = behind(name, stack)
    .endpoints.filter(({ kind, isElsewhere }) => (kind === 'alb' || kind === 'nlb') && !isElsewhere)
    .flatMap(({ resource }) => idleBehind(stack.graph, resource))
    .map(({ address }) => `${address} is scaled to zero`);
  return unique([...controls, ...idle]);
}

/** All that the name may lead to. */
function behind(name: string, { graph, names }: Stack) {
  const [records, endpoints, ahead] = [new Set<DnsRecord>(), new Set<Endpoint>(), [name]];
  for (let at = ahead.pop(); at !== undefined; at = ahead.pop()) {
    const endpoint = names.endpoint(at);
    if (endpoint) {
      if (endpoints.has(endpoint)) continue;
      endpoints.add(endpoint);
      if (endpoint.kind === 'distribution')
        ahead.push(...originsOf(graph, endpoint.resource).flatMap(({ domain }) => domain ?? []));
      continue;
    }
    for (const record of names.recordsOf(at)) {
      if (records.has(record)) continue;
      records.add(record);
      if (record.target !== undefined) ahead.push(record.target);
    }
  }
  return { records: [...records], endpoints: [...endpoints] };
}

function ofRecord({ address, policy, target, ttlSeconds, unknown }: DnsRecord, { names }: Stack): string[] {
  if (policy.kind === 'other') return [`${address} has ${argumentOf(policy)}, which the twin does not answer`];
  if (ttlSeconds > LONGEST_TTL_SECONDS)
    return [`${address} is kept for ${ttlSeconds} s, and a drill waits for ${LONGEST_TTL_SECONDS} s at most`];
  if (target === undefined) return unknown.length > 0 ? [] : [`${address} leads out of these files (to addresses)`];
  const leads = names.endpoint(target) ?? names.recordsOf(target)[0];
  return leads ? [] : [`${address} leads out of these files (to ${target})`];
}

function ofEndpoint({ kind, resource, awsRegion }: Endpoint, { graph }: Stack): string[] {
  const { address } = resource;
  const elsewhere = [`${address} leads to what is not in these files`];
  switch (kind) {
    case 'accelerator': {
      const groups = endpointGroupsOf(graph, resource);
      if (groups.length === 0 || groups.some(({ leadsOut }) => leadsOut)) return elsewhere;
      const isAsked = groups.some(({ endpoints }) => endpoints.some((one) => one.kind === 'compute'));
      return isAsked ? [`${address} asks machines itself, which the twin does not run`] : [];
    }
    case 'distribution': {
      const origins = originsOf(graph, resource);
      return origins.length > 0 && origins.every(({ endpoints }) => endpoints.length > 0) ? [] : elsewhere;
    }
    default:
      return awsRegion === undefined ? [`${address} is in a region that these files do not tell`] : [];
  }
}
