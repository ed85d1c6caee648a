// Types of resources that AWS does not bill by themselves. What is neither here nor billed is of unknown cost, and counted as such.
const FAMILIES = [
  // Networks, and what connects or guards them.
  /^aws_(default_)?(vpc|subnet|route_table|network_acl|security_group|vpc_dhcp_options)$/,
  /^aws_(vpc_(dhcp_options_association|security_group_(in|e)gress_rule|ipv4_cidr_block_association)|vpc_endpoint_\w+)$/,
  /^aws_(internet_gateway|egress_only_internet_gateway|route|route_table_association|main_route_table_association)$/,
  /^aws_(security_group_rule|network_acl_rule|network_interface\w*|eip_association|ec2_managed_prefix_list\w*)$/,
  // Parts of load balancers, APIs and accelerators, which are billed as a whole.
  /^aws_(lb|alb)_(listener|target_group|trust_store)\w*$/,
  /^aws_api_gateway_(?!rest_api$)\w+$/,
  /^aws_apigatewayv2_(?!api$)\w+$/,
  /^aws_globalaccelerator_listener$/,
  // Records are billed by the query, with their zone.
  /^aws_route53_(record|zone_association|delegation_set)$/,
  /^aws_route53recoverycontrolconfig_(control_panel|routing_control|safety_rule)$/,
  // Identity, certificates that AWS gives, keys' other names.
  /^aws_iam_\w+$/,
  /^aws_acm_certificate(_validation)?$/,
  /^aws_kms_(alias|grant|key_policy)$/,
  /^aws_secretsmanager_secret_(version|policy|rotation)$/,
  // What describes compute, and is billed where it runs.
  /^aws_ecs_(cluster|cluster_capacity_providers|task_definition|capacity_provider)$/,
  /^aws_(launch_template|launch_configuration|autoscaling_\w+|appautoscaling_\w+|placement_group|key_pair)$/,
  /^aws_lambda_(permission|alias|function_event_invoke_config|event_source_mapping|layer_version\w*|function_url)$/,
  // What describes data, and is billed with it.
  /^aws_(rds_global_cluster|db_subnet_group|db_parameter_group|rds_cluster_parameter_group|db_option_group)$/,
  /^aws_(elasticache_(subnet|parameter)_group|dynamodb_(table_item|resource_policy|tag))$/,
  /^aws_s3_(bucket_\w+|object)$/,
  /^aws_(sns_topic_policy|sqs_queue_policy)$/,
  // What watches and tells.
  /^aws_cloudwatch_(event_(rule|target|permission|bus_policy)|log_(metric_filter|resource_policy|stream|subscription_filter))$/,
  /^aws_(ssm_parameter|budgets_budget|resourcegroups_group|cloudtrail)$/,
];

const known = new Map<string, boolean>();

/** `aws_autoscaling_group` is billed, whatever a family says: who is billed is asked first. */
export function isFree(type: string): boolean {
  const free = known.get(type) ?? (!type.startsWith('aws_') || FAMILIES.some((family) => family.test(type)));
  known.set(type, free);
  return free;
}
