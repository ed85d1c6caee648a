// Records that Route 53 does not take.
import { ALL_REGIONS } from '@dr/contracts';
import { finding, type Finding } from '@dr/stack';
import { blocksOf, flagOf, numberOf, textOf, textsOf, type Resource, type Values } from '@dr/terraform-json';
import { inEach } from '../each';
import { blocksAt, isGiven, otherTexts, takenRule } from './taken';

export const recordValues = takenRule({
  kind: 'record',
  type: 'aws_route53_record',
  source: 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html',
  statement:
    'A record is an alias, or has values and a TTL, and not both; it has a set identifier where it has a routing policy, and none elsewhere; a primary record that is no alias has a health check.',
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
