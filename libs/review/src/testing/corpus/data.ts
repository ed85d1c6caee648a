// Edits of tables, databases, caches, buckets, secrets, keys and alarms.
import { B, ref } from '../bases/parts';
import { add, all, drop, set, setIn, type Body, type Edit } from '../edits';
import type { Row } from './row';

const TABLE = 'aws_dynamodb_table.orders';
const REPLICATION = 'aws_s3_bucket_replication_configuration.a';
const ALARM = 'aws_cloudwatch_metric_alarm.hosts';
const INSTANCE = 'aws_db_instance.bills';
const CACHE = 'aws_elasticache_replication_group.carts';
const LONDON = 'eu-west-2';
const PROVISIONED: Body = { billing_mode: 'PROVISIONED', read_capacity: 10, write_capacity: 10 };

const table = (values: Body): Edit => set(TABLE, values);
const strong = (...regions: readonly string[]): Edit =>
  table({
    replica: regions.map((region_name) => ({ region_name, consistency_mode: 'STRONG', point_in_time_recovery: true })),
  });
/** An alarm on a sum in which a gap counts as 0. */
const filled = (window: Body): Body => ({
  ...{ metric_name: undefined, namespace: undefined, statistic: undefined, period: undefined, dimensions: undefined },
  ...{ comparison_operator: 'GreaterThanThreshold', ...window },
  metric_query: [
    { id: 'sum', expression: 'FILL(a, 0)', return_data: true },
    {
      id: 'a',
      metric: {
        ...{ namespace: 'AWS/ApplicationELB', metric_name: 'UnHealthyHostCount', period: 60, stat: 'Maximum' },
        dimensions: { LoadBalancer: ref('aws_lb.a.arn_suffix') },
      },
    },
  ],
});
const database = (values: Body): Edit =>
  add(INSTANCE, {
    ...{
      provider: 'aws.a',
      identifier: 'bills',
      multi_az: true,
      backup_retention_period: 7,
      deletion_protection: true,
    },
    ...values,
  });
const cache = (values: Body): Edit =>
  add(CACHE, { provider: 'aws.a', num_cache_clusters: 2, automatic_failover_enabled: true, ...values });
const datastore = (follower: Body): Edit =>
  all(
    add('aws_elasticache_global_replication_group.carts', { provider: 'aws.a' }),
    cache({ provider: 'aws.b', ...follower }),
  );
const rule = (values: Body, destination: Body = {}): Edit =>
  setIn(REPLICATION, 'rule', {
    ...{ id: 'all', status: 'Enabled', filter: {}, delete_marker_replication: { status: 'Enabled' } },
    destination: { bucket: ref('aws_s3_bucket.b.arn'), replication_time: { status: 'Enabled' }, ...destination },
    ...values,
  });
/** A third region that clients are led to. */
const third = (...replicas: readonly string[]): Edit =>
  all(
    (stack) => (stack.provider as { aws: Body[] }).aws.push({ alias: 'c', region: LONDON }),
    add('aws_lb.c', { provider: 'aws.c', name: 'web', client_keep_alive: 60 }),
    set('aws_route53_record.app_b', {
      alias: { name: ref('aws_lb.c.dns_name'), zone_id: 'Z', evaluate_target_health: true },
    }),
    table({ replica: replicas.map((region_name) => ({ region_name, point_in_time_recovery: true })) }),
  );

export const DATA: Readonly<Record<string, Row>> = {
  'replicas-are-where-clients-are-led': { base: 'shop', catches: third(B), at: TABLE, leaves: third(B, LONDON) },
  'global-table-streams-both-images': {
    base: 'shop',
    catches: table({ stream_view_type: 'KEYS_ONLY' }),
    at: TABLE,
    leaves: table({ stream_view_type: undefined }),
  },
  'replicated-table-scales-its-writes': {
    base: 'shop',
    catches: table(PROVISIONED),
    at: TABLE,
    leaves: all(
      table(PROVISIONED),
      add('aws_appautoscaling_target.orders', { provider: 'aws.a', resource_id: 'table/orders', max_capacity: 100 }),
    ),
  },
  'strong-table-is-one-that-aws-takes': {
    base: 'shop',
    catches: strong(B, LONDON),
    at: TABLE,
    leaves: strong(LONDON, 'eu-central-1'),
  },
  'table-is-one-that-aws-takes': {
    base: 'shop',
    catches: table({ attribute: [{ name: 'number', type: 'S' }] }),
    at: TABLE,
    leaves: table({ billing_mode: 'PROVISIONED', read_capacity: 10, write_capacity: 10 }),
  },
  'alarm-is-one-that-aws-takes': {
    base: 'shop',
    catches: set('aws_cloudwatch_metric_alarm.a', { period: 45 }),
    at: 'aws_cloudwatch_metric_alarm.a',
    leaves: set('aws_cloudwatch_metric_alarm.a', { period: 20 }),
  },
  'table-can-be-restored': {
    base: 'shop',
    catches: table({ point_in_time_recovery: undefined }),
    at: TABLE,
    leaves: table({ table_class: 'STANDARD' }),
  },
  'replica-can-be-restored': {
    base: 'shop',
    catches: table({ replica: [{ region_name: B }] }),
    at: TABLE,
    leaves: table({ replica: [{ region_name: B, point_in_time_recovery: true, propagate_tags: true }] }),
  },
  'standby-database-has-an-instance': {
    base: 'ledger',
    catches: drop('aws_rds_cluster_instance.b'),
    at: 'aws_rds_cluster.b',
    leaves: set('aws_rds_cluster_instance.b', { promotion_tier: 1 }),
  },
  'global-database-is-of-one-version': {
    base: 'ledger',
    catches: set('aws_rds_cluster.b', { engine_version: '16.4' }),
    at: 'aws_rds_cluster.b',
    leaves: set('aws_rds_cluster.b', { engine_version: undefined }),
  },
  'global-database-is-set-alike': {
    base: 'ledger',
    catches: set('aws_rds_cluster_instance.b', { instance_class: 'db.t4g.medium' }),
    at: 'aws_rds_cluster.b',
    leaves: set('aws_rds_cluster_instance.b', { identifier: 'ledger-b-0' }),
  },
  'global-datastore-waits-for-a-person': {
    base: 'shop',
    catches: datastore({ global_replication_group_id: ref('aws_elasticache_global_replication_group.carts.id') }),
    at: 'aws_elasticache_global_replication_group.carts',
    leaves: datastore({}),
  },
  'cache-fails-over-between-zones': {
    base: 'shop',
    catches: cache({ automatic_failover_enabled: false }),
    at: CACHE,
    leaves: cache({ multi_az_enabled: true }),
  },
  'database-fails-over-between-zones': {
    base: 'shop',
    catches: database({ multi_az: false }),
    at: INSTANCE,
    leaves: database({}),
  },
  'database-is-backed-up': {
    base: 'shop',
    catches: database({ backup_retention_period: 0 }),
    at: INSTANCE,
    leaves: database({ backup_retention_period: 1 }),
  },
  'database-is-protected-from-deletion': {
    base: 'ledger',
    catches: set('aws_rds_global_cluster.ledger', { deletion_protection: false }),
    at: 'aws_rds_global_cluster.ledger',
    leaves: set('aws_rds_global_cluster.ledger', { database_name: 'ledger' }),
  },
  'replicated-bucket-keeps-versions': {
    base: 'shop',
    catches: set('aws_s3_bucket_versioning.b', { versioning_configuration: { status: 'Suspended' } }),
    at: 'aws_s3_bucket.b',
    leaves: set('aws_s3_bucket_versioning.b', { expected_bucket_owner: '111122223333' }),
  },
  'buckets-replicate-both-ways': {
    base: 'shop',
    catches: drop('aws_s3_bucket_replication_configuration.b'),
    at: REPLICATION,
    leaves: rule({ priority: 1 }),
  },
  'replication-time-is-bounded': {
    base: 'shop',
    catches: rule({}, { replication_time: undefined }),
    at: REPLICATION,
    leaves: rule({}, { storage_class: 'STANDARD_IA' }),
  },
  'deletions-are-replicated': {
    base: 'shop',
    catches: rule({ delete_marker_replication: [] }),
    at: REPLICATION,
    leaves: rule({ delete_marker_replication: { status: 'Disabled' } }),
  },
  'secret-is-in-every-region': {
    base: 'shop',
    catches: set('aws_secretsmanager_secret.token', { replica: [] }),
    at: 'aws_secretsmanager_secret.token',
    leaves: all(
      set('aws_secretsmanager_secret.token', { replica: [] }),
      add('aws_secretsmanager_secret.own', { provider: 'aws.b', name: 'token' }),
    ),
  },
  'key-is-of-its-region': {
    base: 'shop',
    catches: set('aws_secretsmanager_secret.token', {
      replica: [{ region: B, kms_key_id: ref('aws_kms_key.shared.arn') }],
    }),
    at: 'aws_secretsmanager_secret.token',
    leaves: set('aws_secretsmanager_secret.token', {
      kms_key_id: ref('aws_kms_key.shared.arn'),
      replica: [{ region: B, kms_key_id: `arn:aws:kms:${B}:111122223333:key/mrk-1` }],
    }),
  },
  'multi-region-key-is-in-every-region': {
    base: 'shop',
    catches: drop('aws_kms_replica_key.shared'),
    at: 'aws_kms_key.shared',
    leaves: set('aws_kms_key.shared', { enable_key_rotation: true }),
  },
  'alarm-has-its-metric': {
    base: 'shop',
    catches: set('aws_cloudwatch_metric_alarm.a', {
      provider: 'aws.a',
      alarm_actions: [ref('aws_sns_topic.pager_a.arn')],
    }),
    at: 'aws_cloudwatch_metric_alarm.a',
    leaves: set('aws_cloudwatch_metric_alarm.a', { period: 120 }),
  },
  'alarm-tells-somebody': {
    base: 'shop',
    catches: set(ALARM, { actions_enabled: false }),
    at: ALARM,
    leaves: set(ALARM, { actions_enabled: true }),
  },
  'somebody-is-told-of-a-lost-region': {
    base: 'shop',
    catches: all(
      drop('aws_cloudwatch_composite_alarm.dark'),
      drop('aws_cloudwatch_metric_alarm.a'),
      drop('aws_cloudwatch_metric_alarm.b'),
    ),
    at: 'aws_sns_topic.pager_a',
    leaves: drop('aws_cloudwatch_composite_alarm.dark'),
  },
  'alarm-has-an-action': {
    base: 'shop',
    catches: set(ALARM, { alarm_actions: [] }),
    at: ALARM,
    // Another alarm reads it.
    leaves: set('aws_cloudwatch_metric_alarm.a', { alarm_actions: [] }),
  },
  'silence-is-an-alarm': {
    base: 'shop',
    catches: set(ALARM, { treat_missing_data: 'notBreaching' }),
    at: ALARM,
    leaves: set(ALARM, { treat_missing_data: 'notBreaching', comparison_operator: 'GreaterThanThreshold' }),
  },
  'composite-alarm-sees-its-alarms': {
    base: 'shop',
    catches: set('aws_cloudwatch_composite_alarm.dark', { alarm_rule: 'ALARM("shop-hosts")' }),
    at: 'aws_cloudwatch_composite_alarm.dark',
    leaves: set('aws_cloudwatch_composite_alarm.dark', { alarm_rule: 'ALARM(shop-a-down)' }),
  },
  'filled-alarm-looks-back': {
    base: 'shop',
    catches: set(ALARM, filled({ evaluation_periods: 3, datapoints_to_alarm: 2 })),
    at: ALARM,
    leaves: set(ALARM, filled({ evaluation_periods: 5, datapoints_to_alarm: 2 })),
  },
  'failover-is-announced': {
    base: 'shop',
    catches: all(drop('aws_cloudwatch_composite_alarm.dark'), drop('aws_cloudwatch_metric_alarm.a')),
    at: 'aws_route53_health_check.a',
    leaves: set('aws_cloudwatch_metric_alarm.a', { evaluation_periods: 2 }),
  },
};
