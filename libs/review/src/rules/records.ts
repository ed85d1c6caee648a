// Records of any stack: which of them a name has, where each leads, and how long its answer is kept.
import { finding, isWatched, openRecords, type DnsRecord, type Finding, type Names, type PublicName } from '@dr/stack';
import { knownOrAbsent, textOf, type Graph } from '@dr/terraform-json';
import { inEach, managed, ofEach, regionOf } from './each';
import { ALIAS_TARGET, CHOOSES, DNSSEC_KEY, FAILOVER_VALUES, GEOLOCATION } from './pages';
import type { Rule } from './rule';
import { regionsOf } from './served';

const GLOBAL_REGION = 'us-east-1';
/** What AWS recommends at most for a record with a health check. */
const LONGEST_TTL_SECONDS = 60;

export const RECORD_RULES: readonly Rule[] = [
  {
    id: 'failover-set-is-whole',
    of: 'advice',
    source: FAILOVER_VALUES,
    statement: 'A name with failover records has one primary and one secondary.',
    atFailover: 'There is nothing to fail over to',
    *judge({ graph, names }) {
      for (const { records } of names.publicNames)
        for (const primary of [true, false]) yield* ofRole(graph, records, primary);
    },
  },
  {
    id: 'failover-records-lead-apart',
    of: 'advice',
    source: FAILOVER_VALUES,
    statement: 'The primary and the secondary record of a name lead to different regions.',
    atFailover: 'The secondary is lost with the primary',
    judge: ({ names }) => inEach(names.publicNames, leadingTogether),
  },
  {
    id: 'weighted-records-carry-weight',
    of: 'advice',
    severity: 'note',
    source: CHOOSES,
    statement: 'Of the weighted records of a name at least one has a weight above 0: zeros alone share equally.',
    *judge({ names }) {
      for (const { domain, routing, records } of names.publicNames) {
        const weights = records.map(({ policy }) => (policy.kind === 'weighted' ? policy.weight : 1));
        if (routing !== 'weighted' || weights.some((weight) => weight > 0)) continue;
        const sentence = `have a weight of 0, as all records of ${domain} have: they share its clients equally`;
        yield finding(records.map(({ address }) => address).join(', '), sentence, 'Give the shares that are meant');
      }
    },
  },
  {
    id: 'checked-record-has-a-short-ttl',
    of: 'advice',
    severity: 'note',
    source: FAILOVER_VALUES,
    statement: 'A record with a health check has a TTL of 60 seconds or less.',
    atFailover: 'Clients keep the dead address for the whole TTL',
    *judge({ names }) {
      for (const record of names.publicNames.flatMap(({ records }) => records)) {
        const { address, ttlSeconds, isAlias, healthCheckId, unknown } = record;
        const isTold = healthCheckId !== undefined && !unknown.some(({ path }) => path === 'ttl');
        if (isAlias || !isTold || ttlSeconds <= LONGEST_TTL_SECONDS) continue;
        const sentence = `is kept for ${ttlSeconds} s, and AWS recommends ${LONGEST_TTL_SECONDS} s or less`;
        yield finding(address, sentence, `Set ttl to ${LONGEST_TTL_SECONDS} or less`);
      }
    },
  },
  {
    id: 'geolocation-has-a-default',
    of: 'advice',
    source: GEOLOCATION,
    statement: 'A name with geolocation records has a default record: other clients get no answer.',
    atFailover: 'Clients of a lost place have no larger place to go to',
    *judge({ graph, names }) {
      for (const { records, domain, routing } of names.publicNames) {
        const [first] = records;
        if (routing !== 'geolocation' || !first || !isWhole(graph, records)) continue;
        const isDefault = ({ policy }: DnsRecord): boolean =>
          policy.kind === 'geolocation' && (policy.country ?? policy.continent ?? policy.subdivision) === undefined;
        if (records.some(isDefault)) continue;
        const sentence = `is one of the geolocation records of ${domain}, and none of them is the default`;
        yield finding(first.address, sentence, 'Add a record with country "*"');
      }
    },
  },
  {
    id: 'alias-tree-is-evaluated',
    of: 'advice',
    source: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-complex-configs.html',
    statement: 'An alias to records that have health checks evaluates them.',
    atFailover: 'Clients are led on to records that are all unhealthy',
    *judge({ names }) {
      for (const record of names.publicNames.flatMap(({ records }) => records)) yield* blindTo(record, names);
    },
  },
  {
    id: 'distribution-is-not-evaluated',
    of: 'advice',
    source: ALIAS_TARGET,
    statement: 'An alias to a CloudFront distribution does not evaluate it: Route 53 refuses that.',
    atFailover: 'The apply fails, so there is no such record',
    judge: ({ names }) =>
      inEach(names.records, function* ({ address, target, evaluateTargetHealth }) {
        if (!evaluateTargetHealth || names.endpoint(target ?? '')?.kind !== 'distribution') return;
        const sentence = 'evaluates a CloudFront distribution, which Route 53 does not take';
        yield finding(address, sentence, 'Set evaluate_target_health to false');
      }),
  },
  {
    id: 'one-distribution-for-a-failover',
    of: 'advice',
    source: ALIAS_TARGET,
    statement:
      'A primary and a secondary alias do not both lead to CloudFront: two distributions cannot have one name.',
    atFailover: 'One of the two distributions refuses the name',
    *judge({ names }) {
      for (const { domain, routing, ways } of names.publicNames) {
        const led = ways.filter(({ endpoint }) => endpoint.kind === 'distribution');
        const records = [...new Set(led.map(({ record }) => record.address))];
        if (routing !== 'failover' || records.length < 2) continue;
        const sentence = `lead to CloudFront, and no two distributions can have the name ${domain}`;
        yield finding(records.join(' and '), sentence, 'Use one distribution, with an origin group');
      }
    },
  },
  {
    id: 'dnssec-key-is-one-that-signs',
    of: 'advice',
    source: DNSSEC_KEY,
    statement: 'The key that signs a zone is an ECC_NIST_P256 key in us-east-1.',
    atFailover: 'The zone cannot be signed',
    judge: ofEach(['aws_route53_key_signing_key'], function* ({ values, address }, { graph }) {
      const arn = textOf(values, 'key_management_service_arn');
      const key = managed(graph, 'aws_kms_key').find(
        (one) => arn !== undefined && knownOrAbsent(() => graph.attribute(one, 'arn')) === arn,
      );
      if (!key) return;
      const region = regionOf(key);
      if (region !== undefined && region !== GLOBAL_REGION)
        yield finding(address, `uses ${key.address} in ${region}`, `Use a key in ${GLOBAL_REGION}`);
      const spec = textOf(key.values, 'customer_master_key_spec') ?? 'SYMMETRIC_DEFAULT';
      if (spec !== 'ECC_NIST_P256')
        yield finding(address, `uses ${key.address}, whose kind is ${spec}`, 'Use a key of the kind ECC_NIST_P256');
    }),
  },
];

/** Are all records of the name in these files? Another configuration may write into a zone that it does not own. */
const isWhole = (graph: Graph, [record]: readonly DnsRecord[]): boolean =>
  openRecords(graph).length === 0 &&
  managed(graph, 'aws_route53_zone').some(
    (zone) => knownOrAbsent(() => graph.attribute(zone, 'zone_id')) === record?.zoneId,
  );

function* ofRole(graph: Graph, records: readonly DnsRecord[], primary: boolean): Iterable<Finding> {
  const all = records.filter(({ policy }) => policy.kind === 'failover');
  const [other] = all;
  if (!other || all.some(({ policy }) => policy.kind === 'failover' && policy.primary === primary)) return;
  if (all.length < records.length || !isWhole(graph, all)) return;
  const role = primary ? 'primary' : 'secondary';
  yield finding(other.address, `has no ${role} record beside it`, 'Make one record PRIMARY and one SECONDARY');
}

function* leadingTogether({ records, ways }: PublicName): Iterable<Finding> {
  const regionsBehind = (primary: boolean): readonly string[] =>
    regionsOf(
      ways
        .filter(({ record: { policy } }) => policy.kind === 'failover' && policy.primary === primary)
        .map(({ endpoint }) => endpoint),
    );
  const [first, second] = [regionsBehind(true), regionsBehind(false)];
  if (first.length !== 1 || second.join() !== first.join()) return;
  const all = records.map(({ address }) => address).join(' and ');
  yield finding(all, `lead to ${first[0]} both`, 'Lead the secondary record to another region');
}

function* blindTo(record: DnsRecord, { recordsOf, records, endpoint }: Names): Iterable<Finding> {
  const { address, target, isAlias, evaluateTargetHealth, unknown } = record;
  if (!isAlias || target === undefined || evaluateTargetHealth || endpoint(target)) return;
  if (record.healthCheckId !== undefined || unknown.length > 0) return;
  const behind = recordsOf(target);
  if (behind.length === 0 || !behind.every((one) => isWatched(one, { records }))) return;
  const sentence = `leads to ${target}, whose records are checked, and does not evaluate them`;
  yield finding(address, sentence, 'Set evaluate_target_health to true');
}
