// Routing policies: how each is read from a record, and which of the records that may be answered it answers (DNS-02, DNS-03).
import { findAwsRegion, InputError, oneWayMs, ROUTINGS, type Routing } from '@dr/contracts';
import { blockOf, flagOf, numberOf, type Resource, textOf, type Values } from '@dr/terraform-json';

/** What a record says of its policy. */
interface Said {
  latency: { readonly awsRegion: string };
  weighted: { readonly weight: number };
  failover: { readonly primary: boolean };
}

export type RoutingPolicy =
  { readonly kind: 'simple' } | { readonly [K in Routing]: { readonly kind: K } & Said[K] }[Routing];

interface Policy<S> {
  /** From the block of the record at that address. Throws InputError on what Route 53 would not take. */
  read(block: Values, address: string): S;
  /** Of the answers to someone near an AWS region, the share of each record, in the order of the records. */
  shares(records: readonly S[], awsRegion: string): readonly number[];
}

const POLICIES: { readonly [K in Routing]: Policy<Said[K]> } = {
  latency: {
    read: (block, address) => ({ awsRegion: readRegion(block, address) }),
    shares: (records, near) => allToLeast(records, ({ awsRegion }) => oneWayMs(near, awsRegion)),
  },
  weighted: {
    read: (block) => ({ weight: numberOf(block, 'weight', { least: 0, most: 255 }) ?? 0 }),
    // A weight of zero counts only where no other record may be answered; zeros alone share equally.
    shares: (records) =>
      records.some(({ weight }) => weight > 0) ? records.map(({ weight }) => weight) : records.map(() => 1),
  },
  failover: {
    read: (block, address) => ({ primary: readRole(block, address) === 'PRIMARY' }),
    shares: (records) => allToLeast(records, ({ primary }) => (primary ? 0 : 1)),
  },
};

/** Throws InputError on a policy that the twin cannot answer, and on one that Route 53 would not take. */
export function readPolicy({ values, address }: Resource): RoutingPolicy {
  const isKnown = (argument: string): boolean => ROUTINGS.some((kind) => argument === argumentOf(kind));
  const other = Object.keys(values).find(
    (key) => key.endsWith(argumentOf('')) && !isKnown(key) && (flagOf(values, key) === true || blockOf(values, key)),
  );
  if (other !== undefined) {
    throw new InputError(
      `${address}: ${other}`,
      'the twin does not know how Route 53 would answer it',
      `Use one of ${ROUTINGS.join(', ')}`,
    );
  }
  for (const kind of ROUTINGS) {
    const block = blockOf(values, argumentOf(kind));
    if (block) return { kind, ...POLICIES[kind].read(block, address) } as RoutingPolicy;
  }
  return { kind: 'simple' };
}

/** For records of one name, which have one policy: see `Policy.shares`. Without a policy the first has all. */
export function sharesOf(records: readonly { readonly policy: RoutingPolicy }[], awsRegion: string): readonly number[] {
  const policies = records.map(({ policy }) => policy);
  const kind = policies[0]?.kind ?? 'simple';
  if (kind === 'simple') return allToLeast(policies, () => 0);
  return (POLICIES[kind] as Policy<unknown>).shares(policies, awsRegion);
}

const argumentOf = (kind: string): string => `${kind}_routing_policy`;

function allToLeast<S>(records: readonly S[], costOf: (record: S) => number): readonly number[] {
  const costs = records.map(costOf);
  const least = costs.indexOf(Math.min(...costs));
  return costs.map((_, at) => (at === least ? 1 : 0));
}

function readRegion(block: Values, address: string): string {
  const awsRegion = textOf(block, 'region') ?? '';
  if (findAwsRegion(awsRegion)) return awsRegion;
  throw new InputError(
    `${address}: latency_routing_policy.region "${awsRegion}"`,
    'is not an AWS region',
    'Use an id such as ap-south-1',
  );
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
