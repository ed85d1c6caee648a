// Records that Route 53 does not take.
import { finding, type Finding } from '@dr/stack';
import { blocksOf, flagOf, numberOf, textOf, textsOf, type Resource, type Values } from '@dr/terraform-json';
import { isGiven, otherTexts, takenRule } from './taken';

export const recordValues = takenRule({
  kind: 'record',
  type: 'aws_route53_record',
  source: 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html',
  statement:
    'A record is an alias, or has values and a TTL, and not both; it has a set identifier where it has a routing policy, and none elsewhere.',
  judge: [({ address, values }) => otherTexts(address, values, { type: TYPES }), aliasAlone, valuesAndTtl, identifier],
});

const TYPES = [
  ...['A', 'AAAA', 'CAA', 'CNAME', 'DS', 'HTTPS', 'MX', 'NAPTR', 'NS', 'PTR', 'SOA', 'SPF', 'SRV', 'SSHFP', 'SVCB'],
  ...['TLSA', 'TXT'],
];
const POLICIES = ['cidr', 'failover', 'geolocation', 'geoproximity', 'latency', 'weighted'];
const MULTIVALUE = 'multivalue_answer_routing_policy';

const isAlias = (values: Values): boolean => blocksOf(values, 'alias').length > 0;

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
