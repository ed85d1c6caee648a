// What the twin makes of each resource type: enacted or checked, or known to decide nothing in a drill. The rest is reported,
// and fails the drill where it may carry traffic (`understood.ts`).
import type { Graph } from '@dr/terraform-json';

/** Types whose resources the twin enacts, or whose part in the way to the functions it checks. */
const BY_SERVICE = {
  alarms: ['aws_cloudwatch_composite_alarm', 'aws_cloudwatch_metric_alarm'],
  certificates: ['aws_acm_certificate', 'aws_acm_certificate_validation'],
  eventBuses: ['aws_cloudwatch_event_bus', 'aws_cloudwatch_event_bus_policy'],
  eventRules: ['aws_cloudwatch_event_rule', 'aws_cloudwatch_event_target'],
  functions: ['aws_lambda_function', 'aws_lambda_alias', 'aws_lambda_permission'],
  asynchronousInvocation: ['aws_lambda_function_event_invoke_config'],
  keys: ['aws_kms_alias', 'aws_kms_key', 'aws_kms_key_policy'],
  loadBalancers: ['aws_lb', 'aws_lb_target_group', 'aws_lb_target_group_attachment'],
  listeners: ['aws_lb_listener', 'aws_lb_listener_certificate', 'aws_lb_listener_rule'],
  names: ['aws_route53_health_check', 'aws_route53_record', 'aws_route53_zone'],
  networks: ['aws_vpc', 'aws_subnet', 'aws_internet_gateway', 'aws_internet_gateway_attachment'],
  networkAcls: ['aws_network_acl', 'aws_network_acl_association', 'aws_network_acl_rule', 'aws_default_network_acl'],
  privateWaysOut: ['aws_nat_gateway', 'aws_vpc_endpoint'],
  queues: ['aws_sqs_queue', 'aws_sqs_queue_policy'],
  roles: ['aws_iam_policy', 'aws_iam_role', 'aws_iam_role_policy', 'aws_iam_role_policy_attachment'],
  routes: ['aws_route', 'aws_route_table', 'aws_default_route_table'],
  routeTablesInUse: ['aws_route_table_association', 'aws_main_route_table_association'],
  secrets: ['aws_secretsmanager_secret', 'aws_secretsmanager_secret_version'],
  securityGroups: ['aws_security_group', 'aws_security_group_rule'],
  securityGroupRules: ['aws_vpc_security_group_egress_rule', 'aws_vpc_security_group_ingress_rule'],
  tables: ['aws_dynamodb_table', 'aws_dynamodb_table_replica'],
  terraform: ['terraform_data'],
  topics: ['aws_sns_topic', 'aws_sns_topic_policy', 'aws_sns_topic_subscription'],
};
const MODELLED: ReadonlySet<string> = new Set(Object.values(BY_SERVICE).flat());

/** Types that decide nothing during a drill, each with the reason. A type that may decide must not stand here. */
const INERT: Readonly<Record<string, string>> = {
  aws_budgets_budget: 'tells of costs',
  aws_cloudtrail: 'records what people and services do',
  aws_cloudwatch_dashboard: 'shows metrics',
  aws_cloudwatch_log_group: 'keeps what functions print; a function without one prints into one that Lambda makes',
  aws_cloudwatch_log_resource_policy: 'lets other services write logs',
  aws_default_security_group: 'holds for what names no group, and a load balancer without one is refused',
  aws_eip: 'gives a NAT gateway its address; whether there is a NAT gateway is checked',
  aws_fis_experiment_template: 'does nothing until somebody starts it',
  aws_flow_log: 'records connections',
  aws_lb_trust_store: 'is used by a listener with mutual_authentication, which is refused',
  aws_s3_bucket: 'keeps logs; no request waits for one',
  aws_s3_bucket_intelligent_tiering_configuration: 'moves logs to cheaper storage',
  aws_s3_bucket_lifecycle_configuration: 'deletes old logs',
  aws_s3_bucket_ownership_controls: 'says who owns logs',
  aws_s3_bucket_policy: 'lets services write logs',
  aws_s3_bucket_public_access_block: 'keeps logs from the public',
  aws_s3_bucket_server_side_encryption_configuration: 'encrypts logs',
  aws_s3_bucket_versioning: 'keeps old versions of logs',
  aws_shield_protection: 'acts against floods of requests only',
  aws_vpc_endpoint_route_table_association: 'gives a table the routes of an endpoint; whether there is one is checked',
};

/** Does the twin know what the type does in a drill, if it does anything? */
export const isKnownType = (type: string): boolean => MODELLED.has(type) || Object.hasOwn(INERT, type);

/** Managed resource types of the stack that the twin does not know, sorted. */
export function notModelled(graph: Graph): readonly string[] {
  const types = graph.resources.filter(({ mode }) => mode === 'managed').map(({ type }) => type);
  return [...new Set(types)].filter((type) => !isKnownType(type)).sort();
}
