// Every region must have the same resources with the same settings, but for a named list: a survivor carries the whole load.
import { findAwsRegion, InputError } from '@dr/contracts';
import type { RegionConfig } from '@dr/contracts/system/config';
import { resourcesOf, type Resource, type StackJson } from './stack-json';

interface Exception {
  /** With `<self>` for the region's own name, and `*` at the end for all that begin so. */
  readonly address: string;
  /** Absent: the whole resource. */
  readonly property?: string;
  readonly because: string;
  /** Absent: always. `opt-in`: where some regions must be enabled by the account and others not. */
  readonly where?: 'opt-in';
}

/** What may differ. */
export const PARITY_EXCEPTIONS: readonly Exception[] = [
  {
    address: 'aws_route53_record.<self>_certificate_validation_shared',
    because: 'ACM asks for one and the same record in all regions, so one region makes it',
  },
  {
    address: 'aws_acm_certificate_validation.<self>_certificate_issued',
    property: 'depends_on',
    because: 'the other regions wait for that one record too',
  },
  {
    address: 'aws_route53_record.<self>_dns_record',
    property: 'failover_routing_policy',
    because: 'one region is the primary',
  },
  {
    address: 'aws_route53_record.<self>_dns_record',
    property: 'weighted_routing_policy',
    because: 'shares are set by region',
  },
  {
    address: 'aws_lambda_function.*',
    property: 'depends_on',
    because: 'a function waits for all replicas, and the region that owns the table has none',
  },
  ...['filename', 'source_code_hash'].map((property) => ({
    address: 'aws_lambda_function.*',
    property,
    because: 'a release goes to one region after the other',
  })),
  ...[
    'aws_lambda_permission.<self>_failover_orchestrator_from_topic_',
    'aws_sns_topic_subscription.<self>_failover_',
  ].map((prefix): Exception => ({
    address: `${prefix}*`,
    where: 'opt-in',
    because: 'SNS does not deliver to a function of an opt-in region, and under another name from one',
  })),
  ...['event_bus', 'event_bus_policy', 'event_rule', 'event_target']
    .map((type) => `aws_cloudwatch_${type}`)
    .concat('aws_iam_role', 'aws_iam_role_policy')
    .map((type) => `${type}.<self>_alarm_events*`)
    .concat('aws_lambda_permission.<self>_failover_orchestrator_from_alarm_events')
    .map((address): Exception => ({
      address,
      where: 'opt-in',
      because: 'what SNS does not deliver goes over EventBridge',
    })),
  {
    address: 'aws_sqs_queue_policy.<self>_undelivered_policy',
    property: 'policy',
    where: 'opt-in',
    because: 'the queue takes what those rules could not deliver, each in its own region',
  },
];

/** Metadata of cdktf, not of AWS. */
const IGNORED = '//';

/** Throws InputError with the address of the first difference. */
export function checkParity(stack: StackJson, regions: readonly RegionConfig[]): void {
  const exceptions = exceptionsFor(regions);
  const [first, ...others] = regions.map((region, index) => ({
    region,
    resources: normalised(stack, regions, index, exceptions),
  }));
  if (!first) return;
  for (const other of others) {
    for (const address of new Set([...first.resources.keys(), ...other.resources.keys()])) {
      const a = first.resources.get(address) ?? [];
      const b = other.resources.get(address) ?? [];
      if (JSON.stringify(a) === JSON.stringify(b)) continue;
      throw difference(address, [first.region.name, a], [other.region.name, b]);
    }
  }
}

function exceptionsFor(regions: readonly RegionConfig[]): readonly Exception[] {
  const isMixed = new Set(regions.map(({ awsRegion }) => findAwsRegion(awsRegion)?.optIn)).size > 1;
  return PARITY_EXCEPTIONS.filter(({ where }) => where === undefined || isMixed);
}

type Settings = readonly (readonly [property: string, value: string])[];

/** Region-neutral address -> settings of the resources there: several when they are one for each peer. */
function normalised(
  stack: StackJson,
  regions: readonly RegionConfig[],
  index: number,
  exceptions: readonly Exception[],
): Map<string, Settings[]> {
  const own = regions[index]?.name ?? '';
  const neutral = neutraliser(regions, index);
  const found = new Map<string, Settings[]>();
  for (const resource of resourcesOf(stack)) {
    if (!resource.id.startsWith(`${own}_`)) continue;
    const address = neutral(resource.address);
    if (isException(exceptions, address)) continue;
    const settings = settingsOf(resource, address, neutral, exceptions);
    found.set(
      address,
      [...(found.get(address) ?? []), settings].sort((a, b) => compare(JSON.stringify(a), JSON.stringify(b))),
    );
  }
  return found;
}

const settingsOf = (
  { properties }: Resource,
  address: string,
  neutral: (text: string) => string,
  exceptions: readonly Exception[],
): Settings =>
  Object.entries(properties)
    .filter(([property]) => property !== IGNORED && !isException(exceptions, address, property))
    .map(([property, value]) => [property, inOrder(property, neutral(JSON.stringify(value)))] as const)
    .sort(([a], [b]) => compare(a, b));

/** With lists sorted where they are sets: what `depends_on` names, and the lists of a policy, which is JSON in JSON. */
function inOrder(property: string, value: string): string {
  const isPolicy = value.startsWith('"{\\"Version');
  if (property !== 'depends_on' && !isPolicy) return value;
  const parsed: unknown = JSON.parse(isPolicy ? (JSON.parse(value) as string) : value);
  return JSON.stringify(parsed, (_, part: unknown) =>
    Array.isArray(part) && part.every((item) => typeof item === 'string') ? [...part].sort() : part,
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const isException = (exceptions: readonly Exception[], address: string, property?: string): boolean =>
  exceptions.some(
    (e) =>
      e.property === property &&
      (e.address.endsWith('*') ? address.startsWith(e.address.slice(0, -1)) : address === e.address),
  );

/** Replaces names, AWS regions and address ranges of all regions by `<self>` and `<peer>`. */
function neutraliser(regions: readonly RegionConfig[], own: number): (text: string) => string {
  const replacements = regions.flatMap(({ name, awsRegion }, i) => {
    const who = i === own ? 'self' : 'peer';
    return [
      [word(name), `<${who}>`],
      [word(awsRegion), `<${who}-region>`],
      [new RegExp(`\\b10\\.${i}\\.`, 'g'), `10.<${who}>.`],
    ] as const;
  });
  return (text) => replacements.reduce((t, [pattern, neutral]) => t.replace(pattern, neutral), text);
}

/** The name as a whole word; ids join words with `_`, which \b would not split. */
const word = (name: string): RegExp => new RegExp(`(?<![a-z0-9])${name}(?![a-z0-9])`, 'g');

function difference(
  address: string,
  [nameA, a]: readonly [string, readonly Settings[]],
  [nameB, b]: readonly [string, readonly Settings[]],
): InputError {
  const what = `the stack is not the same in ${nameA} and ${nameB}: ${address.replace('<self>', `{${nameA},${nameB}}`)}`;
  const fix = 'Make both regions the same, or name the difference with its reason in checks/parity.ts';
  if (a.length !== b.length) {
    return new InputError(what, `is there ${a.length} times in ${nameA} and ${b.length} times in ${nameB}`, fix);
  }
  const [mapA, mapB] = a.map((s, i) => [new Map(s), new Map(b[i])] as const).find(([x, y]) => !sameMap(x, y)) ?? [];
  const property = [...(mapA?.keys() ?? []), ...(mapB?.keys() ?? [])].find((key) => mapA?.get(key) !== mapB?.get(key));
  const value = (settings?: Map<string, string>): string => settings?.get(property ?? '') ?? 'not set';
  return new InputError(what, `has ${property} = ${value(mapA)} in ${nameA}, ${value(mapB)} in ${nameB}`, fix);
}

const sameMap = (a: Map<string, string>, b: Map<string, string>): boolean =>
  JSON.stringify([...a]) === JSON.stringify([...b]);
