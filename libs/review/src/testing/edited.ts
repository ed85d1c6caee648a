// A small stack of another team, to be changed in one way at a time.
import { stays, type Edits } from './planned';

export const [EU, US] = ['eu-west-1', 'us-east-2'];
export const arn = (service: string, region: string, rest: string): string =>
  `arn:aws:${service}:${region}:111122223333:${rest}`;
export const ZONE = { id: 'Z1', zone_id: 'Z1', arn: 'arn:aws:route53:::hostedzone/Z1', name: 'a.example' };
export const balancer = (region: string) => ({
  arn: arn('elasticloadbalancing', region, `loadbalancer/app/${region}/1`),
  ...{ name: region, dns_name: `x.${region}.elb.amazonaws.com`, load_balancer_type: 'application' },
  enable_deletion_protection: true,
});
export const record = (region: string, more: object = {}) => ({
  ...{ name: 'app.a.example', fqdn: 'app.a.example', type: 'A', zone_id: 'Z1', set_identifier: region },
  latency_routing_policy: [{ region }],
  alias: [{ name: `x.${region}.elb.amazonaws.com`, zone_id: 'ZLB', evaluate_target_health: true }],
  health_check_id: `check-${region}`,
  ...more,
});
export const check = (region: string) => ({
  ...{ id: `check-${region}`, type: 'HTTPS_STR_MATCH', search_string: 'ok', fqdn: `x.${region}.elb.amazonaws.com` },
  ...{ resource_path: '/', request_interval: 10, failure_threshold: 3 },
});
export const CALCULATED = {
  id: 'all',
  type: 'CALCULATED',
  child_healthchecks: ['check-eu-west-1'],
  child_health_threshold: 1,
};
export const TABLE = {
  ...{ arn: arn('dynamodb', EU, 'table/t'), name: 't', hash_key: 'k', billing_mode: 'PAY_PER_REQUEST' },
  ...{ deletion_protection_enabled: true, point_in_time_recovery: [{ enabled: true }] },
  replica: [{ region_name: US, kms_key_arn: 'one', propagate_tags: false }],
  global_secondary_index: [{ name: 'by-owner', hash_key: 'owner', projection_type: 'ALL', read_capacity: 0 }],
};
export const REPLICA = { arn: arn('dynamodb', US, 'table/u'), global_table_arn: arn('dynamodb', EU, 'table/u') };
export const ALARM = {
  ...{ arn: arn('cloudwatch', EU, 'alarm:a'), alarm_name: 'a', namespace: 'AWS/ApplicationELB' },
  ...{ metric_name: 'HTTPCode_ELB_5XX_Count', alarm_actions: [arn('sns', EU, 't')], actions_enabled: true },
};
export const CLUSTER = {
  ...{ arn: arn('rds', US, 'cluster:c'), cluster_identifier: 'c', global_cluster_identifier: 'g' },
  ...{ skip_final_snapshot: false, deletion_protection: true, backup_retention_period: 7 },
};
export const SUBSCRIPTION = {
  arn: arn('sns', EU, 't:1'),
  topic_arn: arn('sns', EU, 't'),
  protocol: 'email',
  endpoint: 'a@b.example',
};

export const STACK: Edits = {
  'aws_route53_zone.z': stays(ZONE),
  'aws_lb.eu': stays(balancer(EU)),
  'aws_lb.us': stays(balancer(US)),
  'aws_route53_record.eu': stays(record(EU)),
  'aws_route53_record.us': stays(record(US)),
  'aws_route53_health_check.eu': stays(check(EU)),
  'aws_route53_health_check.us': stays(check(US)),
  'aws_sns_topic.t': stays({ arn: arn('sns', EU, 't'), name: 't' }),
};
