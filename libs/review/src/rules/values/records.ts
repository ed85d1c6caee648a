// Records that Route 53 does not take.
import { ALL_REGIONS } from '@dr/contracts';
import { endpointName, finding, type Finding } from '@dr/stack';
import { blocksOf, flagOf, numberOf, textOf, textsOf, type Resource, type Values } from '@dr/terraform-json';
import { inEach } from '../each';
import type { Stack } from '../rule';
import { balancersOfZone, type BalancerKind } from './balancer-zones';
import { blocksAt, isGiven, otherTexts, takenRule } from './taken';

export const recordValues = takenRule({
  kind: 'record',
  type: 'aws_route53_record',
  source: 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html',
  statement:
    'A record is an alias, or has values and a TTL, and not both; it has a set identifier where it has a routing policy, and none elsewhere; a primary record that is no alias has a health check; an alias to a load balancer has the zone of its kind and region.',
  judge: [
    ({ address, values }) => otherTexts(address, values, { type: TYPES }),
    ({ address, values }) =>
      inEach(blocksAt(values, 'latency_routing_policy'), ([at, block]) =>
        otherTexts(address, block, { region: ALL_REGIONS.map(({ id }) => id) }, at),
      ),
    aliasAlone,
    valuesAndTtl,
    identifier,
    watchedPrimary,
    zoneOfTarget,
  ],
});

const TYPES = [
  ...['A', 'AAAA', 'CAA', 'CNAME', 'DS', 'HTTPS', 'MX', 'NAPTR', 'NS', 'PTR', 'SOA', 'SPF', 'SRV', 'SSHFP', 'SVCB'],
  ...['TLSA', 'TXT'],
];
const POLICIES = ['cidr', 'failover', 'geolocation', 'geoproximity', 'latency', 'weighted'];
const MULTIVALUE = 'multivalue_answer_routing_policy';

const isAlias = (values: Values): boolean => blocksOf(values, 'alias').length > 0;

/** "A non-alias primary ResourceRecordSet must have an associated health check", says Route 53. */
function* watchedPrimary({ address, values }: Resource): Iterable<Finding> {
  if (isAlias(values) || textOf(values, 'health_check_id') !== undefined) return;
  if (!blocksOf(values, 'failover_routing_policy').some((one) => textOf(one, 'type') === 'PRIMARY')) return;
  yield finding(address, 'is PRIMARY and no alias, and has no health check', 'Give health_check_id');
}

const NAMED = { alb: 'application', nlb: 'network' } as const;

/** "the alias target name does not lie within the target zone", says Route 53. */
function* zoneOfTarget({ address, values }: Resource, { names }: Stack): Iterable<Finding> {
  const [alias] = blocksOf(values, 'alias');
  const zone = balancersOfZone((alias && textOf(alias, 'zone_id')) ?? '');
  const target = alias && names.endpoint(endpointName(textOf(alias, 'name') ?? ''));
  if (!zone || !target || (target.kind !== 'alb' && target.kind !== 'nlb') || target.awsRegion === undefined) return;
  if (target.kind === zone.kind && target.awsRegion === zone.awsRegion) return;
  const of = (kind: BalancerKind, region: string): string => `${NAMED[kind]} load balancers in ${region}`;
  yield finding(
    address,
    `has the alias.zone_id of ${of(zone.kind, zone.awsRegion)}, and leads to one of the ${of(target.kind, target.awsRegion)}`,
    `Use the zone_id of ${target.resource.address}`,
  );
}

function* aliasAlone({ address, values }: Resource): Iterable<Finding> {
  if (!isAlias(values)) return;
  for (const argument of ['ttl', 'records'].filter((one) => isGiven(values, one)))
    yield finding(address, `has alias and ${argument}, which exclude each other`, `Remove ${argument}, or alias`);
  if (flagOf(values, MULTIVALUE) === true)
    yield finding(address, `has alias and ${MULTIVALUE}, which exclude each other`, `Use another policy, or records`);
}

function* valuesAndTtl({ address, values }: Resource): Iterable<Finding> {
  if (isAlias(values)) return;
  if (textsOf(values, 'records').length === 0)
    yield finding(address, 'has neither alias nor records', 'Give one of them');
  else if (numberOf(values, 'ttl') === undefined) yield finding(address, 'has records and no ttl', 'Give ttl');
}

function* identifier({ address, values }: Resource): Iterable<Finding> {
  const policy = POLICIES.map((one) => `${one}_routing_policy`).find((one) => blocksOf(values, one).length > 0);
  const found = policy ?? (flagOf(values, MULTIVALUE) === true ? MULTIVALUE : undefined);
  const id = textOf(values, 'set_identifier');
  if (found !== undefined && id === undefined)
    yield finding(
      address,
      `has ${found} and no set_identifier`,
      'Give set_identifier, another one for each record of the name',
    );
  if (found === undefined && id !== undefined)
    yield finding(address, 'has set_identifier and no routing policy', 'Remove set_identifier, or give a policy');
}
