// What the twin makes of each resource type: modelled, or known not to change what a drill measures. The rest is reported.
import type { Graph } from '@dr/terraform-json';

/** Types whose resources the twin enacts. */
const MODELLED = new Set([
  'aws_cloudwatch_composite_alarm',
  'aws_cloudwatch_event_bus',
  'aws_cloudwatch_event_bus_policy',
  'aws_cloudwatch_event_rule',
  'aws_cloudwatch_event_target',
  'aws_cloudwatch_metric_alarm',
  'aws_dynamodb_table',
  'aws_dynamodb_table_replica',
  'aws_iam_policy',
  'aws_iam_role',
  'aws_iam_role_policy',
  'aws_iam_role_policy_attachment',
  'aws_kms_key',
  'aws_kms_key_policy',
  'aws_lambda_alias',
  'aws_lambda_function',
  'aws_lambda_function_event_invoke_config',
  'aws_lambda_permission',
  'aws_lb',
  'aws_lb_listener',
  'aws_lb_listener_rule',
  'aws_lb_target_group',
  'aws_lb_target_group_attachment',
  'aws_network_acl',
  'aws_network_acl_rule',
  'aws_route53_health_check',
  'aws_route53_record',
  'aws_route53_zone',
  'aws_secretsmanager_secret',
  'aws_security_group',
  'aws_sns_topic',
  'aws_sns_topic_policy',
  'aws_sns_topic_subscription',
  'aws_sqs_queue',
  'aws_sqs_queue_policy',
]);

/** Types that carry no traffic and decide nothing during a drill: networks below the security group, audit, certificates. */
const INERT = new Set([
  'aws_acm_certificate',
  'aws_acm_certificate_validation',
  'aws_cloudtrail',
  'aws_cloudwatch_dashboard',
  'aws_cloudwatch_log_group',
  'aws_cloudwatch_log_resource_policy',
  'aws_default_security_group',
  'aws_flow_log',
  'aws_fis_experiment_template',
  'aws_internet_gateway',
  'aws_kms_alias',
  'aws_route',
  'aws_route_table',
  'aws_route_table_association',
  'aws_s3_bucket',
  'aws_s3_bucket_intelligent_tiering_configuration',
  'aws_s3_bucket_lifecycle_configuration',
  'aws_s3_bucket_ownership_controls',
  'aws_s3_bucket_policy',
  'aws_s3_bucket_public_access_block',
  'aws_s3_bucket_server_side_encryption_configuration',
  'aws_s3_bucket_versioning',
  'aws_subnet',
  'aws_vpc',
  'aws_vpc_security_group_egress_rule',
  'aws_vpc_security_group_ingress_rule',
]);

/** Managed resource types of the stack that are neither, sorted. */
export function notModelled(graph: Graph): readonly string[] {
  const types = graph.resources.filter((resource) => resource.mode === 'managed').map((resource) => resource.type);
  return [...new Set(types)].filter((type) => !MODELLED.has(type) && !INERT.has(type)).sort();
}
