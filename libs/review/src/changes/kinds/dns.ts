// Records, health checks and zones: who is led where, and when that changes.
import { ALIAS_TTL_SECONDS } from '@dr/contracts';
import { argumentOf, normalName, readPolicy, TTL_SECONDS } from '@dr/stack';
import { blockOf, blocksOf, knownOrAbsent, numberOf, textOf, textsOf } from '@dr/terraform-json';
import {
  attribute,
  flag,
  list,
  nameIn,
  number,
  reference,
  several,
  text,
  type Kinds,
  type Place,
  type Said,
  type Setting,
} from './kind';

const TTL = number({
  key: 'ttl',
  label: 'TTL',
  read: ({ resource: { values } }) =>
    blockOf(values, 'alias') ? ALIAS_TTL_SECONDS : numberOf(values, 'ttl', TTL_SECONDS),
  more: (by) => `clients keep an old answer ${by} s longer`,
  less: (by) => `clients ask again ${by} s earlier`,
  isTiming: true,
});

const RECORD_CHECK: Setting = {
  key: 'health_check_id',
  read: reference('health_check_id'),
  says: (was, is) => {
    if (is === undefined) return 'the health check is detached: the record is always answered';
    if (was === undefined) return `the health check ${is} is attached: the record is answered while it is healthy`;
    return `another health check decides, ${is} instead of ${was}`;
  },
};

function targetOf({ graph, resource: { values } }: Place): string {
  const alias = blockOf(values, 'alias');
  const targets = alias ? [textOf(alias, 'name') ?? ''] : textsOf(values, 'records');
  return list(targets.map((one) => targetName(graph, one)).sort());
}

function targetName(graph: Place['graph'], given: string): string {
  const name = normalName(given).replace(/^dualstack\./, '');
  const found = nameIn(graph, given);
  return found === given ? nameIn(graph, name) : found;
}

function policyOf({ resource }: Place): Said {
  const policy = readPolicy(resource);
  return policy.kind === 'simple' ? 'simple' : argumentOf(policy).replace(/_routing_policy$/, '');
}

const PLACED = ['failover', 'latency', 'geolocation', 'geoproximity', 'cidr'];
const PLACES = ['type', 'region', 'continent', 'country', 'subdivision', 'aws_region', 'bias', 'location_name'];

/** What the block of the routing policy says, beside the weight, in the order of its keys. */
function placeOf({ resource: { values } }: Place): Said {
  const words = PLACED.flatMap((policy) =>
    blocksOf(values, `${policy}_routing_policy`).flatMap((block) => PLACES.flatMap((key) => textOf(block, key) ?? [])),
  );
  return words.length === 0 ? undefined : words.join(' ');
}

const weightOf = ({ resource: { values } }: Place): number | undefined => {
  const block = blockOf(values, 'weighted_routing_policy');
  return block && numberOf(block, 'weight');
};

const RECORD: readonly Setting[] = [
  {
    key: 'name',
    read: ({ graph, resource }) => normalName(String(graph.attribute(resource, 'fqdn'))),
    says: (was, is) => `it answers for ${is} instead of ${was}: clients of the old name get no answer from it`,
  },
  TTL,
  RECORD_CHECK,
  {
    key: 'records',
    read: targetOf,
    says: (was, is) => `clients are led to ${is === '' ? 'nothing' : is} instead of ${was === '' ? 'nothing' : was}`,
  },
  flag(
    'evaluate_target_health',
    false,
    'evaluate_target_health is turned on: an unhealthy target takes the record out of the answers',
    'evaluate_target_health is turned off: an unhealthy target is no longer noticed',
    ({ resource: { values } }) => textOf(blockOf(values, 'alias') ?? {}, 'evaluate_target_health'),
  ),
  {
    key: 'routing_policy',
    read: policyOf,
    says: (was, is) => `routing policy ${was} -> ${is}: another rule chooses which region a client is led to`,
  },
  number({
    key: 'weight',
    read: weightOf,
    more: () => 'it gets a larger share of the clients',
    less: () => 'it gets a smaller share of the clients',
  }),
  {
    key: 'routing_policy.place',
    read: placeOf,
    says: (was, is) => `${was ?? 'no place'} -> ${is ?? 'no place'}: other clients are led to it`,
  },
];

const regionsOf = ({ resource: { values } }: Place): readonly string[] => textsOf(values, 'regions');

const HEALTH_CHECK: readonly Setting[] = [
  text('type', 'it asks in another way whether the endpoint is well'),
  text('host', 'it watches another endpoint', ({ graph, resource: { values } }) => {
    const host = textOf(values, 'ip_address') ?? textOf(values, 'fqdn');
    return host === undefined ? undefined : targetName(graph, host);
  }),
  { ...text('port', 'it asks another port', portOf), matters: isBoth },
  { ...text('resource_path', 'it asks for another path', pathOf), matters: isBoth },
  {
    key: 'search_string',
    read: attribute('search_string'),
    says: (_, is) =>
      is === undefined ? 'it looks for no text in the answer any more' : 'it looks for another text in the answer',
  },
  number({
    key: 'request_interval',
    unset: 30,
    more: (by) => `a loss is noticed later: each probe comes ${by} s later`,
    less: (by) => `a loss is noticed earlier: each probe comes ${by} s earlier`,
    isTiming: true,
  }),
  number({
    key: 'failure_threshold',
    unset: 3,
    more: (by) => `a loss is noticed later: ${by} more ${by === 1 ? 'probe has' : 'probes have'} to fail`,
    less: (by) =>
      `a loss is noticed earlier: ${by} ${by === 1 ? 'probe' : 'probes'} less ${by === 1 ? 'has' : 'have'} to fail`,
    isTiming: true,
  }),
  flag('disabled', false, 'it is disabled: its records are taken for healthy', 'it is enabled'),
  flag(
    'invert_healthcheck',
    false,
    'it is inverted: its records are healthy while the endpoint is not',
    'it is no longer inverted',
  ),
  number({
    key: 'child_health_threshold',
    unset: 0,
    more: (by) => `${by} more of its checks must be healthy`,
    less: (by) => `${by} less of its checks must be healthy: it stays healthy longer`,
  }),
  several('child_healthchecks', (gone, added) => sentences(gone, 'it no longer counts', added, 'it counts')),
  several('regions', (gone, added) => sentences(gone, 'no checker asks from', added, 'checkers ask from'), regionsOf),
  text('cloudwatch_alarm_name', 'it follows another alarm'),
  text('insufficient_data_health_status', 'it is something else while its alarm has no data'),
  text('routing_control_arn', 'it follows another routing control', reference('routing_control_arn')),
];

/** What goes with the type is told by the type. */
function isBoth(was: Said, is: Said): boolean {
  return was !== undefined && is !== undefined;
}

function pathOf({ resource: { values } }: Place): Said {
  if (!/^HTTP/.test(textOf(values, 'type') ?? '')) return undefined;
  return (textOf(values, 'resource_path') ?? '/').replace(/^(?!\/)/, '/');
}

/** Route 53's own port, where none is given. */
function portOf({ resource: { values } }: Place): Said {
  const type = textOf(values, 'type') ?? '';
  const usual = type.startsWith('HTTPS') ? 443 : type.startsWith('HTTP') ? 80 : undefined;
  return knownOrAbsent(() => numberOf(values, 'port')) || usual;
}

export const sentences = (gone: readonly string[], less: string, added: readonly string[], more: string): string =>
  [...(gone.length > 0 ? [`${less} ${list(gone)}`] : []), ...(added.length > 0 ? [`${more} ${list(added)}`] : [])].join(
    '; ',
  );

export const DNS_KINDS: Kinds = {
  aws_route53_record: {
    noun: 'the record',
    removed: 'nobody is led by it any more',
    replaced: 'it is not answered from the deletion until it is made again',
    settings: RECORD,
  },
  aws_route53_health_check: {
    noun: 'the health check',
    removed: 'it takes nothing out of the answers any more',
    replaced: 'its records follow the new one once they are updated; Route 53 takes a deleted one for healthy',
    settings: HEALTH_CHECK,
  },
  aws_route53_zone: {
    noun: 'the zone',
    removed: 'none of its names is answered any more',
    replaced: 'the new one has other name servers: its names fail until the delegation is changed',
    settings: [
      flag(
        'vpc',
        false,
        'it becomes private: nobody on the internet can resolve its names',
        'it becomes public',
        ({ resource: { values } }) => blocksOf(values, 'vpc').length > 0,
      ),
    ],
  },
  aws_route53recoverycontrolconfig_routing_control: {
    noun: 'the routing control',
    removed: 'nobody can turn a region off with it any more',
    replaced: 'the new one is turned off until a person turns it on',
    settings: [],
  },
  aws_route53recoverycontrolconfig_safety_rule: {
    noun: 'the safety rule',
    removed: 'nothing keeps people from turning all regions off',
    replaced: 'nothing keeps people from turning all regions off until it is made again',
    settings: [],
  },
};
