// What may carry traffic and is not understood: types that the twin does not know, and arguments that it does not read.
import type { Graph, Resource } from '@dr/terraform-json';
import { finding, when, type Finding } from '@dr/stack';
import { isKnownType } from './twin';

/** Services and parts of them through which requests go, or which decide whether they may. */
const CARRIES =
  /^aws_(alb|lb|elb|load_balancer|route|main_route|vpc|subnet|internet_gateway|egress_only|nat_|network|security_group|default_(route|network|vpc|subnet)|waf|cloudfront|globalaccelerator|api_gateway|apigateway|lambda|dynamodb|dax|ec2_|ecs_|eks_|instance|launch|autoscaling|appautoscaling|acm|iam_policy_attachment|iam_role|kms_|secretsmanager|service_discovery|vpn|dx_|customer_gateway|placement|sns_topic|sqs_queue|cloudwatch_event|scheduler_)/;

/** Arguments by type: what the twin reads, and what decides nothing in a drill. Any other argument may decide. */
const UNDERSTOOD: Readonly<Record<string, readonly (readonly string[])[]>> = {
  aws_lb: [
    ['name', 'name_prefix', 'internal', 'load_balancer_type', 'security_groups', 'subnets', 'ip_address_type'],
    // Logs and protection.
    ['access_logs', 'connection_logs', 'health_check_logs', 'enable_deletion_protection', 'enable_waf_fail_open'],
    // How HTTP is read on the way.
    ['desync_mitigation_mode', 'drop_invalid_header_fields', 'enable_http2', 'preserve_host_header', 'idle_timeout'],
    ['client_keep_alive', 'xff_header_processing_mode', 'enable_xff_client_port'],
    ['enable_tls_version_and_cipher_suite_headers'],
    // Zones and capacity.
    ['enable_cross_zone_load_balancing', 'enable_zonal_shift', 'minimum_load_balancer_capacity'],
  ],
  aws_lb_listener: [
    ['load_balancer_arn', 'port', 'protocol', 'certificate_arn', 'default_action', 'mutual_authentication'],
    // Every policy of AWS's own takes TLS 1.2, which clients speak.
    ['ssl_policy', 'routing_http_response_server_enabled'],
  ],
  aws_lb_listener_rule: [['listener_arn', 'priority', 'action', 'condition']],
  aws_lb_target_group: [
    ['name', 'name_prefix', 'target_type', 'health_check', 'lambda_multi_value_headers_enabled'],
    // Of no effect on a group with a function.
    ['deregistration_delay', 'slow_start', 'port', 'protocol', 'protocol_version', 'vpc_id'],
    ['load_balancing_algorithm_type', 'load_balancing_cross_zone_enabled', 'connection_termination'],
  ],
  aws_lb_target_group_attachment: [['target_group_arn', 'target_id']],
  aws_route53_record: [
    ['name', 'type', 'zone_id', 'ttl', 'records', 'alias', 'health_check_id', 'set_identifier', 'allow_overwrite'],
    ['latency_routing_policy', 'weighted_routing_policy', 'failover_routing_policy'],
    // Those that the twin cannot answer are refused by name where records are read.
    ['geolocation_routing_policy', 'geoproximity_routing_policy', 'cidr_routing_policy'],
    ['multivalue_answer_routing_policy'],
  ],
  aws_route53_health_check: [
    ['type', 'fqdn', 'ip_address', 'port', 'resource_path', 'request_interval', 'failure_threshold', 'search_string'],
    ['enable_sni', 'invert_healthcheck', 'disabled', 'regions', 'child_healthchecks', 'child_health_threshold'],
    ['cloudwatch_alarm_name', 'cloudwatch_alarm_region', 'insufficient_data_health_status'],
    ['measure_latency', 'reference_name', 'triggers'],
  ],
  aws_lambda_function: [
    ['function_name', 'filename', 'handler', 'runtime', 'role', 'timeout', 'memory_size', 'environment', 'publish'],
    ['logging_config', 'reserved_concurrent_executions', 'dead_letter_config', 'vpc_config'],
    // JavaScript runs the same on both; nothing of the bundles is written to disk, traced or signed.
    ['architectures', 'description', 'source_code_hash', 'code_sha256', 'tracing_config', 'ephemeral_storage'],
    ['skip_destroy', 'code_signing_config_arn', 'package_type'],
  ],
  aws_lambda_alias: [['name', 'function_name', 'function_version', 'description']],
  aws_lambda_permission: [
    ['action', 'function_name', 'principal', 'qualifier', 'source_arn', 'source_account'],
    ['statement_id', 'statement_id_prefix'],
  ],
  aws_dynamodb_table: [
    ['name', 'hash_key', 'range_key', 'attribute', 'global_secondary_index', 'local_secondary_index', 'ttl', 'replica'],
    ['billing_mode', 'read_capacity', 'write_capacity', 'on_demand_throughput'],
    ['stream_enabled', 'stream_view_type', 'server_side_encryption', 'point_in_time_recovery'],
    ['deletion_protection_enabled', 'table_class', 'warm_throughput'],
  ],
  aws_dynamodb_table_replica: [
    ['global_table_arn', 'kms_key_arn', 'point_in_time_recovery', 'deletion_protection_enabled'],
    ['table_class_override'],
  ],
};
const WITHOUT = 'Drill the stack without it';
const EVERYWHERE = new Set(['tags', 'tags_all', 'timeouts', 'region', 'id']);

export function notUnderstood(graph: Graph): Finding[] {
  return [
    ...graph.modules.map((address) =>
      finding(address, 'is a module, and what is in it is not read', 'Write its resources into the stack'),
    ),
    ...graph.resources.filter(({ mode }) => mode === 'managed').flatMap((resource) => unknownPart(resource)),
  ];
}

function unknownPart(resource: Resource): Finding[] {
  const { address, type, values } = resource;
  if (!isKnownType(type)) {
    const sentence = 'is of a kind that the twin does not know, and may decide whether requests are answered';
    return when(CARRIES.test(type), address, sentence, WITHOUT);
  }
  const known = Object.hasOwn(UNDERSTOOD, type) ? UNDERSTOOD[type]?.flat() : undefined;
  if (!known) return [];
  return Object.keys(values)
    .filter((key) => !known.includes(key) && !EVERYWHERE.has(key) && !isEmpty(resource, key))
    .map((key) =>
      finding(address, `sets ${key}, which the twin does not know and which may decide who is served`, WITHOUT),
    );
}

/** Off, empty, or not there: as if it were not set. */
function isEmpty({ values }: Resource, key: string): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(values, key);
  if (descriptor?.get) return false;
  const value = values[key];
  return value === false || value === '' || (Array.isArray(value) && value.length === 0);
}
