// What a stack says of itself: its regions, the name that clients use, how it is routed and how fast it fails over.
import { InputError, ROUTINGS, type Routing } from '@dr/contracts';
import { type Graph, UnknownValueError } from '@dr/terraform-json';
import { readHealthChecks } from './health-checks';
import { targetHealthOf, type TargetHealth } from './load-balancers/target-health';
import { frontBalancers, frontNames, readNames, type FrontDoor, type PublicName } from './names/names';

/** A region of the stack: the short name that people call it by, and its AWS id. */
export interface StackRegion {
  readonly name: string;
  readonly awsRegion: string;
}

/** What decides how fast clients of a name are moved; the slowest where its records differ. */
export interface RecoverySettings {
  readonly intervalSeconds: number;
  readonly failureThreshold: number;
  readonly ttlSeconds: number;
  /** An accelerator moves them, by this check that load balancers make of a target. @default Route 53 moves them */
  readonly accelerator?: Pick<TargetHealth, 'intervalSeconds' | 'unhealthyThreshold' | 'timeoutSeconds'>;
}

export interface StackShape {
  /** AWS regions of the load balancers that public names lead to, in the order of the records. */
  readonly regions: readonly StackRegion[];
  /** The first public name: what clients of a drill ask for. */
  readonly domain: string;
  readonly routing: Routing;
  readonly settings: RecoverySettings;
}

/** Route 53's own values where a health check leaves them out (API reference, HealthCheckConfig). */
const DEFAULT = { intervalSeconds: 30, failureThreshold: 3 };
/** [A] How Route 53 itself asks a load balancer's nodes, for `evaluate_target_health`: every 10 s, three times. */
export const NODE_CHECK = { intervalSeconds: 10, failureThreshold: 3 };

/** `names`: AWS region -> what people call it. Throws InputError when there is nothing to fail over with. */
export function readShape(graph: Graph, names: ReadonlyMap<string, string> = new Map()): StackShape {
  const read = readNames(graph);
  const [first] = frontNames(read);
  if (!first) {
    throw new InputError(
      'the stack',
      `has no Route 53 record with a routing policy (${ROUTINGS.join(', ')}), and none that leads to an accelerator, so no client can be moved`,
      'Add one record for each region, each with its health check',
    );
  }
  if (graph.ofType('aws_lb').length === 0) {
    throw new InputError(
      'the stack',
      'has no load balancer (aws_lb)',
      'Name a stack that serves clients from two regions or more',
    );
  }
  const awsRegions = [...new Set(frontBalancers(read).map(({ awsRegion }) => awsRegion))];
  return {
    regions: awsRegions.map((awsRegion) => ({ awsRegion, name: names.get(awsRegion) ?? awsRegion })),
    ...shapeOf(graph, first),
  };
}

/** Of one public name. Throws InputError where its records have a policy that no drill simulates. */
export const shapeOf = (graph: Graph, name: PublicName): Omit<StackShape, 'regions'> => ({
  domain: name.domain,
  routing: isAccelerated(name) ? NEAREST : routingOf(name),
  settings: isAccelerated(name) ? acceleratedSettings(graph, name) : settingsOf(graph, name),
});

const isAccelerated = ({ ways, routing }: PublicName): boolean =>
  routing === 'simple' && ways.every(({ endpoint }) => endpoint.kind === 'accelerator');

/** What an accelerator does with each connection, as latency records do with each name. */
const NEAREST: Routing = 'latency';

function routingOf({ domain, routing, records }: PublicName): Routing {
  const known = ROUTINGS.find((one) => one === routing);
  if (known) return known;
  throw new InputError(
    `${records[0]?.address ?? domain}: ${routing} routing`,
    'is not simulated',
    `Use one of ${ROUTINGS.join(', ')}`,
  );
}

/**
 * Health checks of the regions say what people are told. Of the groups of a load balancer the one that is asked most often is the first
 * to notice; the slowest load balancer counts.
 */
function acceleratedSettings(graph: Graph, { records, doors }: PublicName): RecoverySettings {
  const balancers = [...new Set(doors.map(({ balancer }) => balancer))];
  const names = readNames(graph);
  const used = [...readHealthChecks(graph).values()].flatMap(({ source }) =>
    source.kind === 'endpoint' && names.behind(source.host).some((one) => balancers.includes(one))
      ? [{ intervalSeconds: source.intervalMs / 1_000, failureThreshold: source.threshold }]
      : [],
  );
  const checks = used.length > 0 ? used : [DEFAULT];
  const targets = balancers.flatMap((balancer) => quickestOf(targetHealthOf(graph, balancer)) ?? []);
  const accelerator = targets.sort((a, b) => noticedSeconds(b) - noticedSeconds(a))[0];
  return {
    intervalSeconds: Math.max(...checks.map((one) => one.intervalSeconds)),
    failureThreshold: Math.max(...checks.map((one) => one.failureThreshold)),
    ttlSeconds: Math.max(...records.map(({ ttlSeconds }) => ttlSeconds)),
    ...(accelerator ? { accelerator: timingOf(accelerator) } : {}),
  };
}

const timingOf = ({
  intervalSeconds,
  unhealthyThreshold,
  timeoutSeconds,
}: TargetHealth): NonNullable<RecoverySettings['accelerator']> => ({
  intervalSeconds,
  unhealthyThreshold,
  timeoutSeconds,
});

const noticedSeconds = ({ intervalSeconds, unhealthyThreshold, timeoutSeconds }: TargetHealth): number =>
  intervalSeconds * unhealthyThreshold + timeoutSeconds;

const quickestOf = (groups: readonly TargetHealth[]): TargetHealth | undefined =>
  groups.filter(({ asks }) => asks !== 'none').sort((a, b) => noticedSeconds(a) - noticedSeconds(b))[0];

/** What of a record these settings rest on. */
const SETTINGS = /^(ttl|health_check_id|alias\b.*evaluate_target_health)$/;

/** How fast clients of a public name are moved. Throws InputError where that is unknown before an apply. */
function settingsOf(graph: Graph, { records, doors }: PublicName): RecoverySettings {
  const unknown = records.flatMap((record) => record.unknown).find(({ path }) => SETTINGS.test(path));
  if (unknown) throw new UnknownValueError(unknown);
  const checks = readHealthChecks(graph);
  const asked = records.flatMap((record) => {
    if (record.healthCheckId === undefined) return record.evaluateTargetHealth ? [NODE_CHECK] : [];
    const source = checks.get(record.healthCheckId)?.source;
    const sources = source?.kind === 'calculated' ? source.children.map((id) => checks.get(id)?.source) : [source];
    return sources.flatMap((one) =>
      one?.kind === 'endpoint' ? [{ intervalSeconds: one.intervalMs / 1_000, failureThreshold: one.threshold }] : [],
    );
  });
  const used = asked.length > 0 ? asked : [DEFAULT];
  return {
    intervalSeconds: Math.max(...used.map((one) => one.intervalSeconds)),
    failureThreshold: Math.max(...used.map((one) => one.failureThreshold)),
    ttlSeconds: Math.max(...(doors.length > 0 ? doors.map(choiceTtl) : records.map(({ ttlSeconds }) => ttlSeconds))),
  };
}

/** An alias to another record has the TTL of that record (DNS-04). */
const choiceTtl = ({ record, chain }: FrontDoor): number =>
  record.isAlias && chain[1] ? chain[1].ttlSeconds : record.ttlSeconds;
