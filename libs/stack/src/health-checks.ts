// Route 53 health checks as the stack configures them, refused where Route 53 would refuse them.
import { CHECKER_REGIONS, InputError } from '@dr/contracts';
import {
  flagOf,
  type Graph,
  ifKnown,
  knownOrAbsent,
  numberOf,
  type Resource,
  textMapOf,
  textOf,
  textsOf,
  UnknownValueError,
} from '@dr/terraform-json';

export interface EndpointSource {
  readonly kind: 'endpoint';
  readonly protocol: 'http' | 'https' | 'tcp';
  /** What is connected to: a name, or an address. */
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** The path is secret or not known yet, and `path` says nothing. @default absent: it is known */
  readonly unknownPath?: InputError;
  readonly searchString: string | undefined;
  readonly intervalMs: number;
  readonly threshold: number;
  readonly checkerRegions: readonly string[];
}

type HealthCheckSource =
  | EndpointSource
  | { readonly kind: 'calculated'; readonly children: readonly string[]; readonly threshold: number }
  | { readonly kind: 'metric'; readonly awsRegion: string; readonly alarmName: string; readonly insufficient: string }
  /** A person turns it: a routing control of Application Recovery Controller. */
  | { readonly kind: 'routing-control'; readonly arn: string }
  /** Unknown before an apply, or not one that is understood: `error` says which. */
  | { readonly kind: 'unread'; readonly error: InputError };

export interface HealthCheckSpec {
  readonly id: string;
  readonly address: string;
  /** For the log: the Name tag, else the resource's name. */
  readonly name: string;
  readonly isInverted: boolean;
  readonly isDisabled: boolean;
  readonly source: HealthCheckSource;
}

const INTERVALS_SECONDS = [10, 30];
const MAX_THRESHOLD = 10;
const DEFAULT_THRESHOLD = 3;
const MAX_CHILDREN = 256;
/** Route 53 API reference, HealthCheckConfig: characters of a search string, a name and a path. */
const MAX_TEXT = 255;
const FEWEST_REGIONS = 3;
const INSUFFICIENT = ['Healthy', 'Unhealthy', 'LastKnownStatus'];

/** By id. Throws InputError that names the one which the twin cannot run, or which Route 53 would not take. */
export function readHealthChecks(graph: Graph): ReadonlyMap<string, HealthCheckSpec> {
  const specs = declaredHealthChecks(graph);
  for (const spec of specs.values()) {
    const { address, source } = spec;
    if (source.kind === 'unread') throw source.error;
    if (source.kind === 'endpoint' && source.unknownPath) throw source.unknownPath;
    if (source.kind === 'routing-control') throw unknownType(address, 'RECOVERY_CONTROL');
    if (source.kind === 'endpoint' && isAddress(source.host)) {
      const why = 'the twin reaches endpoints by name only';
      throw new InputError(`${address}: ip_address`, why, 'Give fqdn, and no ip_address');
    }
    checkChildren(spec, specs);
  }
  return specs;
}

const isAddress = (host: string): boolean => /^[\d.]+$/.test(host) || host.includes(':');

/** By id, as they stand in the stack. */
export const declaredHealthChecks = (graph: Graph): ReadonlyMap<string, HealthCheckSpec> =>
  new Map(
    graph.ofType('aws_route53_health_check').map((resource) => {
      const spec = readHealthCheck(graph, resource);
      return [spec.id, spec];
    }),
  );

/** Endpoints that checkers probe; calculated and metric checks send no requests. */
export const probedEndpoints = (graph: Graph): number =>
  [...readHealthChecks(graph).values()].filter(({ source }) => source.kind === 'endpoint').length;

function readHealthCheck(graph: Graph, resource: Resource): HealthCheckSpec {
  const { values, address, name } = resource;
  return {
    id: String(knownOrAbsent(() => graph.attribute(resource, 'id')) ?? address),
    address,
    // Only a name: tags that are secret, or known after an apply, hide nothing else of the check.
    name: knownOrAbsent(() => textMapOf(values, 'tags')['Name']) ?? name,
    isInverted: flagOf(values, 'invert_healthcheck') === true,
    isDisabled: flagOf(values, 'disabled') === true,
    source: sourceOf(resource),
  };
}

function sourceOf(resource: Resource): HealthCheckSource {
  try {
    return readSource(resource);
  } catch (error) {
    if (error instanceof InputError) return { kind: 'unread', error };
    throw error;
  }
}

function readSource(resource: Resource): HealthCheckSource {
  const { values, address } = resource;
  const type = textOf(values, 'type') ?? '';
  if (/^(HTTPS?(_STR_MATCH)?|TCP)$/.test(type)) return readEndpoint(resource, type);
  switch (type) {
    case 'CALCULATED':
      return {
        kind: 'calculated',
        children: textsOf(values, 'child_healthchecks').slice(0, MAX_CHILDREN),
        threshold: numberOf(values, 'child_health_threshold', { least: 0, most: MAX_CHILDREN }) ?? 0,
      };
    case 'CLOUDWATCH_METRIC':
      return readMetric(resource);
    case 'RECOVERY_CONTROL':
      return { kind: 'routing-control', arn: textOf(values, 'routing_control_arn') ?? '' };
    default:
      throw unknownType(address, type);
  }
}

function readMetric({ values, address }: Resource): HealthCheckSource {
  const [awsRegion, alarmName] = ['cloudwatch_alarm_region', 'cloudwatch_alarm_name'].map((argument) => {
    const text = textOf(values, argument);
    if (text !== undefined) return text;
    throw new InputError(`${address}: ${argument}`, 'is missing', 'Name the alarm, and the region in which it is');
  }) as [string, string];
  const insufficient = textOf(values, 'insufficient_data_health_status') ?? 'LastKnownStatus';
  if (!INSUFFICIENT.includes(insufficient)) {
    const what = `${address}: insufficient_data_health_status "${insufficient}"`;
    throw new InputError(what, 'is not a status that Route 53 takes', `Use ${INSUFFICIENT.join(', ')}`);
  }
  return { kind: 'metric', awsRegion, alarmName, insufficient };
}

const unknownType = (address: string, type: string): InputError =>
  new InputError(
    `${address}: type "${type}"`,
    'is not a type that the twin knows',
    'Use HTTP, HTTPS, HTTP_STR_MATCH, HTTPS_STR_MATCH, TCP, CALCULATED or CLOUDWATCH_METRIC',
  );

function readEndpoint(resource: Resource, type: string): EndpointSource {
  const { values } = resource;
  const interval = numberOf(values, 'request_interval') ?? 30;
  const threshold = numberOf(values, 'failure_threshold') ?? DEFAULT_THRESHOLD;
  const searchString = textOf(values, 'search_string');
  const refuse = refusing(resource);
  if (!INTERVALS_SECONDS.includes(interval)) {
    return refuse(`request_interval ${interval}`, 'is neither 10 nor 30 s, which Route 53 takes', 'Use 10 or 30');
  }
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > MAX_THRESHOLD) {
    const why = 'is not within 1 to 10, which Route 53 takes';
    return refuse(`failure_threshold ${threshold}`, why, 'Use a whole number from 1 to 10');
  }
  if (type.endsWith('STR_MATCH') && searchString === undefined) {
    return refuse(`type ${type}`, 'has no search_string to look for', 'Give search_string');
  }
  const given = ifKnown(() => textOf(values, 'resource_path'));
  const path = ('value' in given ? given.value : undefined) ?? '/';
  const protocol = type.startsWith('HTTPS') ? 'https' : type === 'TCP' ? 'tcp' : 'http';
  const port = numberOf(values, 'port', { least: 1, most: 65_535 }) ?? (protocol === 'https' ? 443 : 80);
  const checkerRegions = readCheckerRegions(resource);
  refuseLong(resource, { search_string: searchString, resource_path: path });
  return {
    kind: 'endpoint',
    protocol,
    // Read last: the name of what is not made yet may be unknown, and what is wrong with the rest is still said.
    host: readHost(resource),
    port,
    path: path.startsWith('/') ? path : `/${path}`,
    ...('unknown' in given ? { unknownPath: new UnknownValueError(given.unknown) } : {}),
    searchString: type.endsWith('STR_MATCH') ? searchString : undefined,
    intervalMs: interval * 1_000,
    threshold,
    checkerRegions,
  };
}

/** With an address, the name is only what is asked for there. */
function readHost(resource: Resource): string {
  const [address, fqdn] = [textOf(resource.values, 'ip_address'), textOf(resource.values, 'fqdn')];
  refuseLong(resource, { fqdn });
  return address ?? fqdn ?? refusing(resource)('fqdn', 'is missing, and so is ip_address', 'Give one of them');
}

const refusing =
  ({ address }: Resource) =>
  (what: string, why: string, fix: string): never => {
    throw new InputError(`${address}: ${what}`, why, fix);
  };

function refuseLong(resource: Resource, texts: Readonly<Record<string, string | undefined>>): void {
  for (const [argument, text = ''] of Object.entries(texts)) {
    if (text.length <= MAX_TEXT) continue;
    const why = `has ${text.length} characters, and Route 53 takes ${MAX_TEXT} at most`;
    refusing(resource)(argument, why, `Give ${MAX_TEXT} characters or fewer`);
  }
}

/** Three of them at least, or none for all. */
function readCheckerRegions(resource: Resource): readonly string[] {
  const regions = textsOf(resource.values, 'regions');
  const refuse = refusing(resource);
  if (regions.length === 0) return CHECKER_REGIONS;
  const stranger = regions.find((region) => !CHECKER_REGIONS.some((one) => one === region));
  if (stranger !== undefined) {
    const fix = `Use some of ${CHECKER_REGIONS.join(', ')}, or leave regions out`;
    return refuse(`regions "${stranger}"`, 'is no region with checkers of Route 53', fix);
  }
  const known = CHECKER_REGIONS.filter((region) => regions.includes(region));
  if (known.length >= FEWEST_REGIONS) return known;
  const why = `names ${known.length}, and Route 53 takes ${FEWEST_REGIONS} at least`;
  return refuse('regions', why, `Name ${FEWEST_REGIONS} or more, or leave regions out`);
}

function checkChildren({ address, source }: HealthCheckSpec, specs: ReadonlyMap<string, HealthCheckSpec>): void {
  if (source.kind !== 'calculated') return;
  for (const id of source.children) {
    const child = specs.get(id);
    if (child && child.source.kind !== 'calculated') continue;
    throw new InputError(
      `${address}: child_healthchecks "${child?.address ?? id}"`,
      child ? 'is calculated itself, which Route 53 does not nest' : 'is no health check of this stack',
      'List endpoint or CloudWatch health checks of the same stack',
    );
  }
}
