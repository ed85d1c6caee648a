// Edits of health checks, records and zones.
import { A, B, checkOf, inZone, ref, toBalancer } from '../bases/parts';
import { add, all, become, drop, set, type Body, type Edit } from '../edits';
import type { Row } from './row';

const CHECK = 'aws_route53_health_check.a';
const OTHER_CHECK = 'aws_route53_health_check.b';
const RECORD = 'aws_route53_record.app_a';
const OTHER_RECORD = 'aws_route53_record.app_b';
const ALARM = 'aws_cloudwatch_metric_alarm.shop';
const id = (address: string): string => ref(`${address}.id`);

const calculated = (threshold: number): Edit =>
  all(
    add('aws_route53_health_check.all', {
      ...{ type: 'CALCULATED', child_health_threshold: threshold, child_healthchecks: [id(CHECK)] },
    }),
    set(RECORD, { health_check_id: id('aws_route53_health_check.all') }),
  );

/** The primary's check follows an alarm of a region; the alarm is there. */
export const byAlarm = (awsRegion: string, check: Body = {}, alarm: Body = {}, provider = 'aws.b'): Edit =>
  all(
    add(ALARM, {
      ...{ provider, alarm_name: 'shop', namespace: 'shop', metric_name: 'errors', statistic: 'Sum', period: 60 },
      ...{ comparison_operator: 'GreaterThanThreshold', threshold: 1 },
      ...alarm,
    }),
    become(CHECK, {
      ...{ type: 'CLOUDWATCH_METRIC', cloudwatch_alarm_name: 'shop', cloudwatch_alarm_region: awsRegion },
      ...{ insufficient_data_health_status: 'Unhealthy' },
      ...check,
    }),
  );

/** A rule of the load balancer answers the path of the check, which looks for a text. */
const answering = (text: string | undefined): Edit =>
  all(
    add('aws_lb_listener_rule.health', {
      ...{ provider: 'aws.a', listener_arn: ref('aws_lb_listener.a.arn'), priority: 1 },
      condition: { path_pattern: { values: ['/health'] } },
      action: { type: 'fixed-response', fixed_response: { content_type: 'text/plain', status_code: 200 } },
    }),
    ...(text === undefined ? [] : [set(CHECK, { type: 'HTTPS_STR_MATCH', search_string: text })]),
  );

const routed = (policy: (alias: 'a' | 'b') => Body): Edit =>
  all(
    set(RECORD, { failover_routing_policy: undefined, ...policy('a') }),
    set(OTHER_RECORD, { failover_routing_policy: undefined, ...policy('b') }),
  );
const weighted = (weight: number): Edit => routed(() => ({ weighted_routing_policy: { weight } }));
const both = (edit: (address: string) => Edit): Edit => all(edit(RECORD), edit(OTHER_RECORD));
const asNames = (ttl: number): Edit =>
  both((address) =>
    set(address, {
      ...{ alias: undefined, type: 'CNAME', ttl },
      records: [address === RECORD ? 'a.origin.example.com' : 'b.origin.example.com'],
    }),
  );

/** A second name that leads to the first, with somewhere else to go. */
const inTree = (evaluate: boolean): Edit =>
  all(
    add(
      'aws_route53_record.world',
      inZone({
        ...{ name: 'world', set_identifier: 'app', weighted_routing_policy: { weight: 1 } },
        alias: { name: 'app.example.com', zone_id: 'Z', evaluate_target_health: evaluate },
      }),
    ),
    add(
      'aws_route53_record.rest',
      inZone({ name: 'world', set_identifier: 'b', weighted_routing_policy: { weight: 1 }, ...toBalancer('b') }),
    ),
  );

const SITE: Body = { name: ref('aws_cloudfront_distribution.site.domain_name'), zone_id: 'Z' };

const twoSites = (second: string): Edit =>
  all(
    set('aws_route53_record.www', { set_identifier: 'a', failover_routing_policy: { type: 'PRIMARY' } }),
    add(
      'aws_route53_record.second',
      inZone({
        ...{ name: 'www', set_identifier: 'b', failover_routing_policy: { type: 'SECONDARY' } },
        alias: { name: ref(second), zone_id: 'Z', evaluate_target_health: false },
      }),
    ),
  );

const signedBy = (key: Body): Edit =>
  all(
    add('aws_kms_key.signing', key),
    add('aws_route53_key_signing_key.zone', {
      ...{ name: 'zone', hosted_zone_id: ref('aws_route53_zone.zone.zone_id') },
      key_management_service_arn: ref('aws_kms_key.signing.arn'),
    }),
  );

export const CHECKS: Readonly<Record<string, Row>> = {
  'health-check-is-used': {
    base: 'shop',
    catches: add('aws_route53_health_check.left', checkOf('a.origin.example.com')),
    at: 'aws_route53_health_check.left',
    leaves: calculated(1),
  },
  'health-check-has-a-choice-to-make': {
    base: 'shop',
    catches: set('aws_route53_record.origin_a', { health_check_id: id(CHECK) }),
    at: 'aws_route53_record.origin_a',
    leaves: set('aws_route53_record.origin_a', { name: 'ireland.origin' }),
  },
  'health-check-decides-on-one-region': {
    base: 'shop',
    catches: set(OTHER_RECORD, { health_check_id: id(CHECK) }),
    at: CHECK,
    leaves: all(
      add(
        'aws_route53_record.more_a',
        inZone({
          name: 'more',
          set_identifier: 'a',
          failover_routing_policy: { type: 'PRIMARY' },
          ...toBalancer('a'),
          health_check_id: id(CHECK),
        }),
      ),
      add(
        'aws_route53_record.more_b',
        inZone({
          name: 'more',
          set_identifier: 'b',
          failover_routing_policy: { type: 'SECONDARY' },
          ...toBalancer('b'),
          health_check_id: id(OTHER_CHECK),
        }),
      ),
    ),
  },
  'calculated-health-check-can-change': {
    base: 'shop',
    catches: calculated(2),
    at: 'aws_route53_health_check.all',
    leaves: calculated(1),
  },
  'calculated-check-counts-checks-in-force': {
    base: 'shop',
    catches: all(calculated(1), set(CHECK, { disabled: true })),
    at: 'aws_route53_health_check.all',
    leaves: all(calculated(1), set(CHECK, { disabled: false })),
  },
  'health-check-sends-the-host-name': {
    base: 'shop',
    catches: set(CHECK, { enable_sni: false }),
    at: CHECK,
    leaves: set(CHECK, { enable_sni: true }),
  },
  'health-check-speaks-the-tls-of-its-endpoint': {
    base: 'shop',
    catches: set('aws_lb_listener.a', { ssl_policy: 'ELBSecurityPolicy-TLS13-1-3-2021-06' }),
    at: CHECK,
    leaves: set('aws_lb_listener.a', { ssl_policy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' }),
  },
  'health-check-address-is-public': {
    base: 'shop',
    catches: set(CHECK, { ip_address: '10.0.3.7' }),
    at: CHECK,
    leaves: set(CHECK, { ip_address: '203.0.113.7' }),
  },
  'health-check-can-pass': {
    base: 'shop',
    catches: answering('ready'),
    at: CHECK,
    leaves: answering(undefined),
  },
  'health-check-endpoint-is-public': {
    base: 'shop',
    catches: set('aws_lb.a', { internal: true }),
    at: CHECK,
    leaves: set('aws_lb.a', { internal: false }),
  },
  'health-check-is-one-that-aws-takes': {
    base: 'shop',
    catches: set(CHECK, { regions: ['eu-west-1', 'us-east-1'] }),
    at: CHECK,
    leaves: set(CHECK, { regions: ['eu-west-1', 'us-east-1', 'us-west-1'] }),
  },
  'record-is-one-that-aws-takes': {
    base: 'shop',
    catches: set(RECORD, { ttl: 60 }),
    at: RECORD,
    leaves: set(RECORD, { alias: undefined, ttl: 60, type: 'A', records: ['192.0.2.1'] }),
  },
  'record-set-is-one-that-aws-takes': {
    base: 'apis',
    catches: set('aws_route53_record.b', { latency_routing_policy: { region: A } }),
    at: 'aws_route53_record.a, aws_route53_record.b',
    leaves: set('aws_route53_record.b', { set_identifier: 'other' }),
  },
  'metric-check-has-its-alarm': { base: 'shop', catches: byAlarm(A), at: CHECK, leaves: byAlarm(B) },
  'metric-check-follows-a-plain-alarm': {
    base: 'shop',
    catches: byAlarm(B, {}, { extended_statistic: 'p99', statistic: undefined }),
    at: CHECK,
    leaves: byAlarm(B, {}, { statistic: 'Average' }),
  },
  'metric-check-outlives-its-region': {
    base: 'shop',
    catches: byAlarm(A, {}, {}, 'aws.a'),
    at: CHECK,
    leaves: byAlarm(B),
  },
  'routing-control-has-a-safety-rule': {
    base: 'shop',
    catches: add('aws_route53recoverycontrolconfig_routing_control.a', { name: 'a', cluster_arn: 'arn:aws:x' }),
    at: 'aws_route53recoverycontrolconfig_routing_control.a',
    leaves: all(
      add('aws_route53recoverycontrolconfig_routing_control.a', { name: 'a', cluster_arn: 'arn:aws:x' }),
      add('aws_route53recoverycontrolconfig_safety_rule.one', {
        asserted_controls: [ref('aws_route53recoverycontrolconfig_routing_control.a.arn')],
      }),
    ),
  },
  'failover-set-is-whole': {
    base: 'shop',
    catches: drop(OTHER_RECORD),
    at: RECORD,
    leaves: set(OTHER_RECORD, { set_identifier: 'second' }),
  },
  'failover-records-lead-apart': {
    base: 'shop',
    catches: set(OTHER_RECORD, toBalancer('a')),
    at: `${RECORD} and ${OTHER_RECORD}`,
    leaves: set(OTHER_RECORD, toBalancer('b', false)),
  },
  'record-leads-to-its-region': {
    base: 'apis',
    catches: set('aws_route53_record.a', { latency_routing_policy: { region: B } }),
    at: 'aws_route53_record.a',
    leaves: set('aws_route53_record.a', { set_identifier: 'ireland' }),
  },
  'weighted-records-carry-weight': {
    base: 'shop',
    catches: weighted(0),
    at: `${RECORD}, ${OTHER_RECORD}`,
    leaves: weighted(1),
  },
  'checked-record-has-a-short-ttl': { base: 'shop', catches: asNames(300), at: RECORD, leaves: asNames(60) },
  'geolocation-has-a-default': {
    base: 'shop',
    catches: routed((one) => ({ geolocation_routing_policy: { continent: one === 'a' ? 'EU' : 'NA' } })),
    at: RECORD,
    leaves: routed((one) => ({ geolocation_routing_policy: one === 'a' ? { continent: 'EU' } : { country: '*' } })),
  },
  'alias-tree-is-evaluated': {
    base: 'shop',
    catches: inTree(false),
    at: 'aws_route53_record.world',
    leaves: inTree(true),
  },
  'distribution-is-not-evaluated': {
    base: 'pages',
    catches: set('aws_route53_record.www', { alias: { ...SITE, evaluate_target_health: true } }),
    at: 'aws_route53_record.www',
    leaves: set('aws_route53_record.www', { name: 'WWW.example.com' }),
  },
  'one-distribution-for-a-failover': {
    base: 'pages',
    catches: twoSites('aws_cloudfront_distribution.site.domain_name'),
    at: 'aws_route53_record.www and aws_route53_record.second',
    leaves: twoSites('aws_lb.b.dns_name'),
  },
  'dnssec-key-is-one-that-signs': {
    base: 'shop',
    catches: signedBy({ provider: 'aws.a', customer_master_key_spec: 'ECC_NIST_P256' }),
    at: 'aws_route53_key_signing_key.zone',
    leaves: signedBy({ customer_master_key_spec: 'ECC_NIST_P256' }),
  },
};
