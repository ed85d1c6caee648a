// A well-made shop: containers behind a load balancer in two regions, a primary and a secondary record, data in both.
import type { Body, StackJson } from '../edits';
import {
  B,
  balancers,
  both,
  checkOf,
  inRegion,
  inZone,
  providers,
  REGION,
  ref,
  toBalancer,
  zone,
  type Alias,
} from './parts';

const other = (alias: Alias): Alias => (alias === 'a' ? 'b' : 'a');

export const shop = (): StackJson => ({
  provider: providers(),
  resource: { ...balancers(), ...fleets(), ...names(), ...data(), ...alarms() },
});

const fleets = (): Record<string, Record<string, Body>> => ({
  aws_ecs_task_definition: both((one) =>
    inRegion(one, {
      family: 'shop',
      container_definitions: JSON.stringify([
        { name: 'web', image: `111122223333.dkr.ecr.${REGION[one]}.amazonaws.com/shop:1` },
      ]),
    }),
  ),
  aws_ecs_service: both((one) =>
    inRegion(one, {
      name: 'shop',
      desired_count: 2,
      task_definition: ref(`aws_ecs_task_definition.${one}.arn`),
      load_balancer: [{ target_group_arn: ref(`aws_lb_target_group.${one}.arn`), container_port: 80 }],
    }),
  ),
});

const names = (): Record<string, Record<string, Body>> => ({
  aws_route53_zone: zone(),
  aws_route53_health_check: both((one) => checkOf(`${one}.origin.example.com`)),
  aws_route53_record: {
    origin_a: inZone({ name: 'a.origin', ...toBalancer('a', false) }),
    origin_b: inZone({ name: 'b.origin', ...toBalancer('b', false) }),
    app_a: inZone({ name: 'app', set_identifier: 'a', failover_routing_policy: { type: 'PRIMARY' }, ...decided('a') }),
    app_b: inZone({
      name: 'app',
      set_identifier: 'b',
      failover_routing_policy: { type: 'SECONDARY' },
      ...decided('b'),
    }),
  },
});

const decided = (alias: Alias): Body => ({
  ...toBalancer(alias),
  health_check_id: ref(`aws_route53_health_check.${alias}.id`),
});

const data = (): Record<string, Record<string, Body>> => ({
  aws_dynamodb_table: {
    orders: inRegion('a', {
      ...{ name: 'orders', hash_key: 'id', attribute: [{ name: 'id', type: 'S' }], billing_mode: 'PAY_PER_REQUEST' },
      ...{ stream_enabled: true, stream_view_type: 'NEW_AND_OLD_IMAGES', point_in_time_recovery: { enabled: true } },
      replica: [{ region_name: B, point_in_time_recovery: true }],
    }),
  },
  aws_secretsmanager_secret: { token: inRegion('a', { name: 'token', replica: [{ region: B }] }) },
  aws_kms_key: { shared: inRegion('a', { multi_region: true }) },
  aws_kms_replica_key: { shared: inRegion('b', { primary_key_arn: ref('aws_kms_key.shared.arn') }) },
  aws_s3_bucket: both((one) => inRegion(one, { bucket: `shop-${one}` })),
  aws_s3_bucket_versioning: both((one) =>
    inRegion(one, { bucket: ref(`aws_s3_bucket.${one}.id`), versioning_configuration: { status: 'Enabled' } }),
  ),
  aws_s3_bucket_replication_configuration: both((one) =>
    inRegion(one, {
      ...{ bucket: ref(`aws_s3_bucket.${one}.id`), role: 'arn:aws:iam::111122223333:role/copy' },
      rule: {
        ...{ id: 'all', status: 'Enabled', filter: {}, delete_marker_replication: { status: 'Enabled' } },
        destination: {
          bucket: ref(`aws_s3_bucket.${other(one)}.arn`),
          replication_time: { status: 'Enabled', time: { minutes: 15 } },
        },
      },
    }),
  ),
});

const alarms = (): Record<string, Record<string, Body>> => ({
  aws_sns_topic: { pager: { name: 'pager' }, pager_a: inRegion('a', { name: 'pager' }) },
  aws_cloudwatch_metric_alarm: {
    ...both((one) => ({
      ...{ alarm_name: `shop-${one}-down`, namespace: 'AWS/Route53', metric_name: 'HealthCheckStatus', period: 60 },
      ...{ statistic: 'Minimum', comparison_operator: 'LessThanThreshold', threshold: 1, evaluation_periods: 1 },
      dimensions: { HealthCheckId: ref(`aws_route53_health_check.${one}.id`) },
      alarm_actions: [ref('aws_sns_topic.pager.arn')],
    })),
    hosts: inRegion('a', {
      ...{ alarm_name: 'shop-hosts', namespace: 'AWS/ApplicationELB', metric_name: 'HealthyHostCount', period: 60 },
      ...{ statistic: 'Minimum', comparison_operator: 'LessThanThreshold', threshold: 1, evaluation_periods: 1 },
      ...{ treat_missing_data: 'breaching', alarm_actions: [ref('aws_sns_topic.pager_a.arn')] },
      dimensions: { LoadBalancer: ref('aws_lb.a.arn_suffix') },
    }),
  },
  aws_cloudwatch_composite_alarm: {
    dark: {
      alarm_name: 'shop-dark',
      alarm_rule: 'ALARM("shop-a-down") AND ALARM("shop-b-down")',
      alarm_actions: [ref('aws_sns_topic.pager.arn')],
    },
  },
});
