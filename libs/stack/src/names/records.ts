// Records of the stack's hosted zones, checked as Route 53 would check them, with what the twin cannot answer refused.
import { ALIAS_TTL_SECONDS, InputError } from '@dr/contracts';
import {
  blockOf,
  blocksOf,
  flagOf,
  type Graph,
  ifKnown,
  numberOf,
  qualifiedName,
  type Resource,
  textOf,
  textsOf,
  type UnknownValue,
  UnknownValueError,
} from '@dr/terraform-json';
import { endpointName, normalName } from './normal-name';
import { argumentOf, KINDS, readPolicy, type RoutingPolicy } from './policies';

/** Which addresses somebody asks for: IPv4 or IPv6. Each has sets of records of its own. */
export type Family = 'A' | 'AAAA';

export interface DnsRecord {
  readonly address: string;
  readonly zoneId: string;
  readonly name: string;
  readonly type: Family | 'CNAME';
  /** Where it leads: an endpoint's DNS name, another name, or an address. */
  readonly target: string | undefined;
  readonly isAlias: boolean;
  readonly ttlSeconds: number;
  readonly evaluateTargetHealth: boolean;
  readonly healthCheckId: string | undefined;
  readonly policy: RoutingPolicy;
  readonly setIdentifier: string | undefined;
  /** What of the above cannot be told before an apply, and stands there as if it were absent. */
  readonly unknown: readonly UnknownValue[];
}

const POLICY = /^\w+_routing_policy/;
/** [A] TTL of a record that gives none; Terraform requires one for every record that is not an alias. */
const DEFAULT_TTL_SECONDS = 300;
/** Route 53 API reference, ResourceRecordSet. */
export const TTL_SECONDS = { least: 0, most: 2_147_483_647 } as const;

/** Records by name, in the stack's order. Throws InputError that names the record which cannot work in the twin. */
export function readRecords(graph: Graph): ReadonlyMap<string, readonly DnsRecord[]> {
  const zones = [...readZones(graph).values()].filter((zone) => typeof zone === 'string');
  const byName = recordsByName(declaredRecords(graph));
  const doors = [...graph.ofType('aws_lb'), ...graph.ofType('aws_globalaccelerator_accelerator')];
  const ends = doors.map((door) => normalName(String(graph.attribute(door, 'dns_name'))));
  const answered = new Set([...ends, ...byName.keys()]);
  for (const record of [...byName.values()].flat()) checkReferences(graph, record, answered, zones);
  return byName;
}

/**
 * As they stand in the stack, for those who ask for such addresses; those whose name or type is unknown are left out. Throws InputError that names a record which Route 53 would not take.
 */
export function declaredRecords(graph: Graph, family: Family = 'A'): DnsRecord[] {
  const zones = readZones(graph);
  const records = graph.ofType('aws_route53_record').flatMap((resource) => {
    const read = ifKnown(() => [textOf(resource.values, 'type'), textOf(resource.values, 'name') ?? ''] as const);
    const [type, name] = 'value' in read ? read.value : [];
    return type === family || type === 'CNAME' ? [readRecord(resource, type, name ?? '', zones)] : [];
  });
  const sets = [...recordsByName(records).values()].map((set) => asFromTheInternet(set, graph));
  sets.forEach(checkSet);
  const asked = new Set(sets.flat());
  return records.filter((record) => asked.has(record));
}

export function recordsByName(records: readonly DnsRecord[]): ReadonlyMap<string, readonly DnsRecord[]> {
  const byName = new Map<string, DnsRecord[]>();
  for (const record of records) {
    const set = byName.get(record.name);
    if (set) set.push(record);
    else byName.set(record.name, [record]);
  }
  return byName;
}

/** A name may be in a public zone and in a private one (split view): clients on the internet get the public zone's records. */
function asFromTheInternet(set: readonly DnsRecord[], graph: Graph): readonly DnsRecord[] {
  if (new Set(set.map(({ zoneId }) => zoneId)).size < 2) return set;
  const hidden = new Set(
    zonesOf(graph)
      .filter(isPrivateZone)
      .map((zone) => String(graph.attribute(zone, 'zone_id'))),
  );
  const open = set.filter(({ zoneId }) => !hidden.has(zoneId));
  // Records that could all be in one set are one set, of which some are in the wrong zone.
  const inside = set.filter(({ zoneId }) => hidden.has(zoneId));
  const isSecondView = inside.some(({ policy, setIdentifier }) =>
    open.some((one) => one.policy.kind !== policy.kind || one.setIdentifier === setIdentifier),
  );
  return isSecondView ? open : set;
}

const zonesOf = ({ resources }: Graph): readonly Resource[] =>
  resources.filter(({ type }) => type === 'aws_route53_zone');

/** Nobody on the internet can resolve its names. */
export const isPrivateZone = ({ values }: Resource): boolean =>
  flagOf(values, 'private_zone') === true ||
  blocksOf(values, 'vpc').length > 0 ||
  textOf(values, 'vpc_id') !== undefined;

/**
 * Zone id -> name, or what is unknown of it, of zones the stack makes and of those it looks up; one that is looked up by its id
 * alone has no name here.
 */
function readZones(graph: Graph): ReadonlyMap<string, string | UnknownValue> {
  return new Map(
    zonesOf(graph).flatMap((zone): [string, string | UnknownValue][] => {
      const read = ifKnown(() => textOf(zone.values, 'name'));
      const id = String(graph.attribute(zone, 'zone_id'));
      if ('unknown' in read) return [[id, read.unknown]];
      return read.value === undefined ? [] : [[id, normalName(read.value)]];
    }),
  );
}

function readRecord(
  resource: Resource,
  type: DnsRecord['type'],
  given: string,
  zones: ReadonlyMap<string, string | UnknownValue>,
): DnsRecord {
  const { values, address } = resource;
  const unknown: UnknownValue[] = [];
  const orAbsent = <T>(read: () => T): T | undefined => {
    const found = ifKnown(read);
    if ('value' in found) return found.value;
    unknown.push(found.unknown);
    return undefined;
  };
  const zoneId = orAbsent(() => textOf(values, 'zone_id')) ?? '';
  const found = zones.get(zoneId);
  const zone = typeof found === 'string' ? found : undefined;
  if (typeof found === 'object') unknown.push({ ...found, address, path: 'zone_id' });
  const name = qualifiedName(given, zone ?? '');
  if (zone !== undefined && !isInZone(name, zone)) {
    throw new InputError(
      `${address}: name "${name}"`,
      `is outside its zone ${zone}`,
      `Use a name that ends in .${zone}`,
    );
  }
  if (type === 'CNAME' && name === zone) {
    throw new InputError(
      `${address}: CNAME ${name}`,
      'is at the apex of its zone, where DNS allows no CNAME',
      'Use an alias (TTL 60) or a name below the zone',
    );
  }
  const alias = orAbsent(() => blockOf(values, 'alias'));
  const target = orAbsent(() => (alias ? textOf(alias, 'name') : textsOf(values, 'records')[0]));
  return {
    address,
    zoneId,
    name,
    type,
    target: target === undefined ? undefined : endpointName(target),
    isAlias: alias !== undefined,
    ttlSeconds: alias
      ? ALIAS_TTL_SECONDS
      : (orAbsent(() => numberOf(values, 'ttl', TTL_SECONDS)) ?? DEFAULT_TTL_SECONDS),
    evaluateTargetHealth: alias !== undefined && orAbsent(() => flagOf(alias, 'evaluate_target_health')) === true,
    healthCheckId: orAbsent(() => textOf(values, 'health_check_id')),
    policy: orAbsent(() => readPolicy(resource)) ?? {
      kind: 'other',
      argument: POLICY.exec(unknown.at(-1)?.path ?? '')?.[0] ?? '',
    },
    setIdentifier: orAbsent(() => textOf(values, 'set_identifier')),
    unknown,
  };
}

/** Records of one name: one policy, one type, and an identifier of its own for each, as Route 53 demands at apply. */
function checkSet(records: readonly DnsRecord[]): void {
  const first = records.find(({ policy }) => policy.kind !== 'other') ?? records[0];
  if (!first) return;
  const seen = new Map<string, DnsRecord>();
  for (const record of records) {
    // What is not known yet contradicts nothing.
    if (record.unknown.some(({ path }) => path === 'set_identifier' || POLICY.test(path))) continue;
    const key = record.policy.kind === 'simple' ? '' : (record.setIdentifier ?? '');
    const other = seen.get(key);
    if (other || record.policy.kind !== first.policy.kind || record.type !== first.type) {
      throw new InputError(
        `${record.address}: ${record.type} ${record.name}`,
        `conflicts with ${(other ?? first).address}, which has the same name`,
        'Records of one name need one type, one routing policy and a set_identifier each',
      );
    }
    seen.set(key, record);
  }
}

/** AWS does not publish what the bias of geoproximity does. */
const isAnswered = ({ kind }: RoutingPolicy): boolean => kind !== 'other' && kind !== 'geoproximity';

/** `answered`: names of load balancers and records. */
function checkReferences(
  graph: Graph,
  record: DnsRecord,
  answered: ReadonlySet<string>,
  zones: readonly string[],
): void {
  const { address, healthCheckId, policy, target } = record;
  const [unknown] = record.unknown;
  if (unknown) throw new UnknownValueError(unknown);
  if (!isAnswered(policy)) {
    throw new InputError(
      `${address}: ${argumentOf(policy)}`,
      'the twin does not know how Route 53 would answer it',
      `Use one of ${KINDS.filter((kind) => kind !== 'geoproximity').join(', ')}`,
    );
  }
  if (healthCheckId !== undefined && !graph.find('aws_route53_health_check', 'id', healthCheckId)) {
    throw new InputError(
      `${address}: health_check_id "${healthCheckId}"`,
      'names no health check of this stack, so Route 53 could never find the record unhealthy',
      'Refer to an aws_route53_health_check of the same stack',
    );
  }
  if (target !== undefined && answered.has(target)) return;
  // Records that validate a certificate, and names of hosts outside the stack, may lead elsewhere: no client is routed by them.
  const mustWork =
    record.isAlias ||
    record.policy.kind !== 'simple' ||
    healthCheckId !== undefined ||
    (target !== undefined && zones.some((zone) => isInZone(target, zone)));
  if (!mustWork || record.name.startsWith('_')) return;
  throw new InputError(
    `${address}: target "${target ?? 'addresses'}"`,
    'is no load balancer and no record of this stack, so nobody would answer there',
    'Point it at dns_name of an aws_lb, or at a record that leads to one',
  );
}

const isInZone = (name: string, zone: string): boolean => name === zone || name.endsWith(`.${zone}`);
