// Edits after which some clients stay down, or wait for a time that nobody knows, as the outcomes of a review say.
import { A, B, checkOf, inZone, REGION, ref, toBalancer, type Alias } from '../bases/parts';
import { add, all, become, drop, set, type Body, type Edit } from '../edits';
import { byAlarm } from './checks';
import type { Row } from './row';

const CHECK = 'aws_route53_health_check.a';
const RECORD = 'aws_route53_record.app_a';
const OTHER_RECORD = 'aws_route53_record.app_b';
const SERVICE = 'aws_ecs_service.b';
const SITE = 'aws_cloudfront_distribution.site';
const check = (values: Body): Edit => set(CHECK, values);
const routed = (policies: readonly [Body, Body]): Edit =>
  all(
    set(RECORD, { failover_routing_policy: undefined, ...policies[0] }),
    set(OTHER_RECORD, { failover_routing_policy: undefined, ...policies[1] }),
  );
const place = (place: Body): Body => ({ geolocation_routing_policy: place });
const unwatched: Edit = set(RECORD, { health_check_id: undefined, ...toBalancer('a', false) });
const counted = (threshold: number): Edit =>
  all(
    add('aws_route53_health_check.all', {
      ...{ type: 'CALCULATED', child_health_threshold: threshold },
      child_healthchecks: ['a', 'b'].map((one) => ref(`aws_route53_health_check.${one}.id`)),
    }),
    set(RECORD, { health_check_id: ref('aws_route53_health_check.all.id'), ...toBalancer('a', false) }),
  );
const alone = (zone: Edit): Edit => all(zone, drop(OTHER_RECORD));
const elsewhere: Edit = (stack) => {
  drop('aws_route53_zone.zone')(stack);
  Object.assign(stack, { data: { aws_route53_zone: { zone: { name: 'example.com' } } } });
  for (const body of Object.values(stack.resource['aws_route53_record'] ?? {}))
    body['zone_id'] = ref('data.aws_route53_zone.zone.zone_id');
};
const replicated = (provider: string): Edit =>
  all(
    add('aws_db_instance.bills', { ...KEPT, provider: 'aws.a', identifier: 'bills' }),
    add('aws_db_instance.copy', { ...KEPT, provider, replicate_source_db: ref('aws_db_instance.bills.arn') }),
  );
const KEPT: Body = { multi_az: true, backup_retention_period: 7, deletion_protection: true };
const onlyIn = (more: Body): Edit =>
  add('aws_dynamodb_table.carts', {
    ...{ provider: 'aws.a', name: 'carts', hash_key: 'id', attribute: [{ name: 'id', type: 'S' }] },
    ...{ billing_mode: 'PAY_PER_REQUEST', point_in_time_recovery: { enabled: true }, ...more },
  });

const originOf = (one: Alias): Body =>
  inZone({
    ...{ name: 'origin', set_identifier: one, latency_routing_policy: { region: REGION[one] } },
    ...{ ...toBalancer(one, false), health_check_id: ref(`aws_route53_health_check.${one}.id`) },
  });

export const CAUSES: Readonly<Record<string, Row>> = {
  'record-without-health-check': {
    base: 'shop',
    catches: unwatched,
    at: RECORD,
    // The last resort needs none.
    leaves: set(OTHER_RECORD, { health_check_id: undefined, ...toBalancer('b', false) }),
  },
  'target-health-does-not-notice': {
    base: 'apis',
    catches: set('aws_route53_record.a', { health_check_id: undefined }),
    at: 'aws_route53_record.a',
    leaves: set('aws_route53_record.a', { set_identifier: 'ireland' }),
  },
  'location-is-pinned': {
    base: 'shop',
    catches: all(routed([place({ country: 'DE' }), place({ country: '*' })]), unwatched),
    at: RECORD,
    leaves: routed([place({ country: 'DE' }), place({ country: '*' })]),
  },
  'location-has-nowhere-to-go': {
    base: 'shop',
    catches: routed([place({ continent: 'EU' }), place({ continent: 'NA' })]),
    at: RECORD,
    leaves: all(
      routed([place({ continent: 'EU' }), place({ country: '*' })]),
      set(OTHER_RECORD, {
        health_check_id: undefined,
        alias: { name: 'any.example.com', zone_id: 'Z', evaluate_target_health: true },
      }),
      ...(['b', 'a'] as const).map((one, at) =>
        add(
          `aws_route53_record.any_${one}`,
          inZone({
            ...{ name: 'any', set_identifier: one, ...toBalancer(one) },
            failover_routing_policy: { type: at === 0 ? 'PRIMARY' : 'SECONDARY' },
            health_check_id: ref(`aws_route53_health_check.${one}.id`),
          }),
        ),
      ),
    ),
  },
  'health-check-is-disabled': {
    base: 'shop',
    catches: all(check({ disabled: true }), set(RECORD, toBalancer('a', false))),
    at: CHECK,
    leaves: check({ disabled: false }),
  },
  'health-check-is-inverted': {
    base: 'shop',
    catches: all(check({ invert_healthcheck: true }), set(RECORD, toBalancer('a', false))),
    at: CHECK,
    leaves: check({ invert_healthcheck: false }),
  },
  'health-check-asks-the-name-it-decides-on': {
    base: 'shop',
    catches: all(check({ fqdn: 'app.example.com' }), set(RECORD, toBalancer('a', false))),
    at: CHECK,
    leaves: check({ fqdn: 'A.origin.example.com.' }),
  },
  'health-check-does-not-notice': {
    base: 'shop',
    catches: all(check({ fqdn: 'b.origin.example.com' }), set(RECORD, toBalancer('a', false))),
    at: CHECK,
    leaves: check({ resource_path: '/deep' }),
  },
  'calculated-check-stays-healthy': {
    base: 'shop',
    catches: counted(1),
    at: 'aws_route53_health_check.all',
    leaves: counted(2),
  },
  'metric-check-is-healthy-without-data': {
    base: 'shop',
    catches: all(
      byAlarm(A, { insufficient_data_health_status: 'Healthy' }, {}, 'aws.a'),
      set(RECORD, toBalancer('a', false)),
    ),
    at: CHECK,
    leaves: all(byAlarm(A, {}, {}, 'aws.a'), set(RECORD, toBalancer('a', false))),
  },
  'routing-control-waits-for-a-person': {
    base: 'shop',
    catches: all(
      become(CHECK, {
        type: 'RECOVERY_CONTROL',
        routing_control_arn: 'arn:aws:route53-recovery-control::1:controlpanel/x',
      }),
      set(RECORD, toBalancer('a', false)),
    ),
    at: CHECK,
    leaves: check({ tags: { Name: 'ireland' } }),
  },
  'nothing-else-to-answer': {
    base: 'shop',
    catches: alone(set(RECORD, { set_identifier: 'only' })),
    at: RECORD,
    leaves: set(RECORD, { set_identifier: 'first' }),
  },
  'set-may-go-on-elsewhere': { base: 'shop', catches: alone(elsewhere), at: RECORD, leaves: elsewhere },
  'detection-time-is-not-published': {
    base: 'shop',
    catches: set(RECORD, { health_check_id: undefined }),
    at: RECORD,
    leaves: set(RECORD, toBalancer('a', false)),
  },
  'accelerator-has-no-other-group': {
    base: 'edge',
    catches: drop('aws_globalaccelerator_endpoint_group.b'),
    at: 'aws_globalaccelerator_endpoint_group.a',
    leaves: set('aws_globalaccelerator_endpoint_group.b', { traffic_dial_percentage: 0 }),
  },
  'distribution-has-no-other-origin': {
    base: 'pages',
    catches: set(SITE, { default_cache_behavior: { target_origin_id: 'a', allowed_methods: ['GET', 'HEAD'] } }),
    at: SITE,
    leaves: set(SITE, { comment: 'the site' }),
  },
  'distribution-fails-over-reads-only': {
    base: 'pages',
    catches: set(SITE, {
      default_cache_behavior: { target_origin_id: 'either', allowed_methods: ['GET', 'HEAD', 'POST'] },
    }),
    at: SITE,
    leaves: all(
      add('aws_route53_record.origin_a', originOf('a')),
      add('aws_route53_record.origin_b', originOf('b')),
      ...(['a', 'b'] as const).map((one) =>
        add(`aws_route53_health_check.${one}`, checkOf(`${one}.probe.example.com`)),
      ),
      ...(['a', 'b'] as const).map((one) =>
        add(`aws_route53_record.probe_${one}`, inZone({ name: `${one}.probe`, ...toBalancer(one, false) })),
      ),
      set(SITE, {
        origin: [{ origin_id: 'app', domain_name: 'origin.example.com' }],
        origin_group: undefined,
        ordered_cache_behavior: undefined,
        default_cache_behavior: { target_origin_id: 'app' },
      }),
    ),
  },
  'one-region-writes': {
    base: 'ledger',
    catches: set('aws_rds_global_cluster.ledger', { database_name: 'ledger' }),
    at: 'aws_rds_global_cluster.ledger',
    leaves: all(
      drop('aws_rds_global_cluster.ledger'),
      ...['a', 'b'].flatMap((one) => [drop(`aws_rds_cluster_instance.${one}`), drop(`aws_rds_cluster.${one}`)]),
    ),
  },
  'standby-runs-nothing': {
    base: 'shop',
    catches: set(SERVICE, { desired_count: 0 }),
    at: SERVICE,
    leaves: set(SERVICE, { desired_count: 1 }),
  },
  'replica-waits-to-be-promoted': {
    base: 'shop',
    catches: replicated('aws.b'),
    at: 'aws_db_instance.copy',
    // Of the other region it is a database of its own.
    leaves: all(replicated('aws.b'), set('aws_db_instance.copy', { replicate_source_db: undefined })),
  },
  'data-in-one-region': {
    base: 'shop',
    catches: onlyIn({}),
    at: 'aws_dynamodb_table.carts',
    leaves: onlyIn({ replica: [{ region_name: B, point_in_time_recovery: true }], stream_enabled: true }),
  },
};
