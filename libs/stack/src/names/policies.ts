// Routing policies: how each is read from a record, and which of the records that may be answered it answers (DNS-02, DNS-03).
import { InputError, oneWayMs, placeOf } from '@dr/contracts';
import { blockOf, flagOf, numberOf, type Resource, textOf, UnknownValueError, type Values } from '@dr/terraform-json';

/** What a record says of its policy. */
interface Said {
  latency: { readonly awsRegion: string };
  weighted: { readonly weight: number };
  failover: { readonly primary: boolean };
  /** As Route 53 names places: `EU`, `DE`, `CA` of `US`. The default record has none of them. */
  geolocation: Place & { readonly subdivision?: string };
  multivalue: object;
  geoproximity: object;
}

export type PolicyKind = keyof Said;

export type RoutingPolicy =
  | { readonly kind: 'simple' }
  /** One that is not known before an apply, or whose choice is not modelled: `argument` is Terraform's name of it. */
  | { readonly kind: 'other'; readonly argument: string }
  | { readonly [K in PolicyKind]: { readonly kind: K } & Said[K] }[PolicyKind];

/** ISO country and Route 53's continent; both are empty for a place that is not known. */
export interface Place {
  readonly country?: string;
  readonly continent?: string;
}

/** Where somebody asks from. */
export interface Asker extends Place {
  /** The AWS region that is nearest. */
  readonly awsRegion: string;
}

/** Somebody near an AWS region, in its country. */
export function askerNear(awsRegion: string): Asker {
  const { country, continent } = placeOf(awsRegion) ?? {};
  return {
    awsRegion,
    ...(country === undefined ? {} : { country }),
    ...(continent === undefined ? {} : { continent }),
  };
}

interface Policy<S> {
  readonly argument: string;
  /** From the block of the record at that address. Throws InputError on what Route 53 would not take. */
  read(block: Values, address: string): S;
  /** May it be answered to that asker at all? @default true */
  applies?(record: S, asker: Asker): boolean;
  /** Of the answers to that asker, the share of each record, in the order of the records, all of which apply. */
  shares(records: readonly S[], asker: Asker): readonly number[];
}

const POLICIES: { readonly [K in PolicyKind]: Policy<Said[K]> } = {
  latency: {
    argument: 'latency_routing_policy',
    read: (block, address) => ({ awsRegion: readRegion(block, address) }),
    shares: (records, asker) => allToLeast(records, ({ awsRegion }) => oneWayMs(asker.awsRegion, awsRegion)),
  },
  weighted: {
    argument: 'weighted_routing_policy',
    read: (block) => ({ weight: numberOf(block, 'weight', { least: 0, most: 255 }) ?? 0 }),
    // A weight of zero counts only where no other record may be answered; zeros alone share equally.
    shares: (records) =>
      records.some(({ weight }) => weight > 0) ? records.map(({ weight }) => weight) : records.map(() => 1),
  },
  failover: {
    argument: 'failover_routing_policy',
    read: (block, address) => ({ primary: readRole(block, address) === 'PRIMARY' }),
    shares: (records) => allToLeast(records, ({ primary }) => (primary ? 0 : 1)),
  },
  geolocation: {
    argument: 'geolocation_routing_policy',
    read: (block) => readPlace(block),
    // Of the places that hold the asker, the smallest.
    applies: (record, asker) => sizeOf(record, asker) !== undefined,
    shares: (records, asker) => allToLeast(records, (record) => sizeOf(record, asker) ?? Infinity),
  },
  multivalue: {
    argument: 'multivalue_answer_routing_policy',
    read: () => ({}),
    // Up to eight of them, at random; clients try the first.
    shares: (records) => records.map(() => 1),
  },
  geoproximity: {
    argument: 'geoproximity_routing_policy',
    read: () => ({}),
    // [A] AWS does not publish by how much a bias moves a border: any of them may be the one for somebody.
    shares: (records) => records.map(() => 1),
  },
};

/** Those that are understood. */
export const KINDS = Object.keys(POLICIES) as readonly PolicyKind[];
const ARGUMENT = /_routing_policy$/;

/** Throws InputError on one that Route 53 would not take, and on two; UnknownValueError on one that is not known before an apply. */
export function readPolicy({ values, address }: Resource): RoutingPolicy {
  const isGiven = (argument: string): boolean =>
    argument === POLICIES.multivalue.argument
      ? flagOf(values, argument) === true
      : blockOf(values, argument) !== undefined;
  const given = Object.keys(values).filter((key) => ARGUMENT.test(key) && isGiven(key));
  const [argument, other] = given;
  if (argument === undefined) return { kind: 'simple' };
  if (other !== undefined) {
    throw new InputError(`${address}: ${argument} and ${other}`, 'are two policies, and a record has one', 'Keep one');
  }
  const kind = KINDS.find((one) => POLICIES[one].argument === argument);
  if (kind === undefined) return { kind: 'other', argument };
  return { kind, ...POLICIES[kind].read(blockOf(values, argument) ?? {}, address) } as RoutingPolicy;
}

/** Terraform's name of it; '' for none. */
export function argumentOf(policy: RoutingPolicy): string {
  if (policy.kind === 'simple') return '';
  return policy.kind === 'other' ? policy.argument : POLICIES[policy.kind].argument;
}

interface Routed {
  readonly policy: RoutingPolicy;
}

/** May Route 53 answer it to that asker, healthy or not? */
export function appliesTo({ policy }: Routed, asker: Asker): boolean {
  if (policy.kind === 'simple' || policy.kind === 'other') return true;
  return (POLICIES[policy.kind] as Policy<unknown>).applies?.(policy, asker) ?? true;
}

/** For records of one name, which have one policy and apply: see `Policy.shares`. Without a policy the first has all. */
export function sharesOf(records: readonly Routed[], asker: Asker): readonly number[] {
  const policies = records.map(({ policy }) => policy);
  const kind = policies[0]?.kind ?? 'simple';
  // Beside one that is not told, the others tell nothing.
  if (kind === 'simple' || kind === 'other' || policies.some((one) => one.kind !== kind))
    return allToLeast(policies, () => 0);
  return (POLICIES[kind] as Policy<unknown>).shares(policies, asker);
}

function allToLeast<S>(records: readonly S[], costOf: (record: S) => number): readonly number[] {
  const costs = records.map(costOf);
  const least = costs.indexOf(Math.min(...costs));
  return costs.map((_, at) => (at === least ? 1 : 0));
}

/** Of the record's place: 1 for a country, 2 for a continent, 3 for the world; undefined where the asker is not in it. */
function sizeOf({ country, continent, subdivision }: Said['geolocation'], asker: Asker): number | undefined {
  // [A] No asker is in a subdivision: only its country is known.
  if (subdivision !== undefined) return undefined;
  if (country !== undefined) return country === asker.country ? 1 : undefined;
  if (continent !== undefined) return continent === asker.continent ? 2 : undefined;
  return 3;
}

/** `*` is the default record's country. */
function readPlace(block: Values): Said['geolocation'] {
  const [country, continent, subdivision] = ['country', 'continent', 'subdivision'].map((key) => textOf(block, key));
  return {
    ...(country === undefined || country === '*' ? {} : { country: country.toUpperCase() }),
    ...(continent === undefined ? {} : { continent: continent.toUpperCase() }),
    ...(subdivision === undefined ? {} : { subdivision: subdivision.toUpperCase() }),
  };
}

function readRegion(block: Values, address: string): string {
  const awsRegion = textOf(block, 'region') ?? '';
  if (placeOf(awsRegion)) return awsRegion;
  throw new UnknownValueError({
    address,
    path: 'latency_routing_policy.region',
    reason: `nobody knows here where "${awsRegion}" is`,
    fix: 'Use an id such as ap-south-1',
  });
}

function readRole(block: Values, address: string): 'PRIMARY' | 'SECONDARY' {
  const role = textOf(block, 'type');
  if (role === 'PRIMARY' || role === 'SECONDARY') return role;
  throw new InputError(
    `${address}: failover_routing_policy.type "${role ?? ''}"`,
    'is no role that Route 53 knows',
    'Use PRIMARY or SECONDARY',
  );
}
