// Arguments by type that decides who is served: what the twin or a rule reads, and what decides nothing in a drill. Any other may decide.

const NETWORK: Arguments = {
  aws_vpc: [
    ['cidr_block', 'instance_tenancy', 'enable_dns_support', 'enable_dns_hostnames'],
    ['ipv4_ipam_pool_id', 'ipv4_netmask_length', 'enable_network_address_usage_metrics'],
    // Nothing of the system needs IPv6.
    ['assign_generated_ipv6_cidr_block', 'ipv6_cidr_block', 'ipv6_ipam_pool_id', 'ipv6_netmask_length'],
    ['ipv6_cidr_block_network_border_group'],
  ],
  aws_subnet: [
    ['vpc_id', 'cidr_block', 'availability_zone', 'availability_zone_id', 'map_public_ip_on_launch'],
    ['assign_ipv6_address_on_creation', 'ipv6_cidr_block', 'private_dns_hostname_type_on_launch'],
    ['enable_resource_name_dns_a_record_on_launch', 'enable_resource_name_dns_aaaa_record_on_launch'],
  ],
  aws_internet_gateway: [['vpc_id']],
  aws_internet_gateway_attachment: [['internet_gateway_id', 'vpc_id']],
  aws_network_acl: [['vpc_id', 'subnet_ids', 'ingress', 'egress']],
  aws_network_acl_association: [['network_acl_id', 'subnet_id']],
  aws_network_acl_rule: [
    ['network_acl_id', 'rule_number', 'egress', 'protocol', 'rule_action', 'cidr_block', 'ipv6_cidr_block'],
    ['from_port', 'to_port', 'icmp_type', 'icmp_code'],
  ],
  aws_default_network_acl: [['default_network_acl_id', 'subnet_ids', 'ingress', 'egress']],
  aws_nat_gateway: [
    ['allocation_id', 'subnet_id', 'connectivity_type', 'private_ip'],
    ['secondary_allocation_ids', 'secondary_private_ip_address_count', 'secondary_private_ip_addresses'],
  ],
  aws_vpc_endpoint: [
    ['vpc_id', 'service_name', 'vpc_endpoint_type', 'subnet_ids', 'security_group_ids', 'private_dns_enabled'],
    ['route_table_ids', 'auto_accept'],
  ],
  aws_route: [
    ['route_table_id', 'destination_cidr_block', 'destination_ipv6_cidr_block', 'destination_prefix_list_id'],
    ['gateway_id', 'nat_gateway_id', 'egress_only_gateway_id', 'carrier_gateway_id', 'core_network_arn'],
    ['local_gateway_id', 'network_interface_id', 'transit_gateway_id', 'vpc_endpoint_id', 'vpc_peering_connection_id'],
  ],
  aws_route_table: [['vpc_id', 'route']],
  aws_default_route_table: [['default_route_table_id', 'route']],
  aws_route_table_association: [['subnet_id', 'route_table_id']],
  aws_main_route_table_association: [['vpc_id', 'route_table_id']],
  aws_security_group: [['name', 'name_prefix', 'description', 'vpc_id', 'ingress', 'egress', 'revoke_rules_on_delete']],
  aws_security_group_rule: [
    ['security_group_id', 'type', 'protocol', 'from_port', 'to_port', 'cidr_blocks', 'ipv6_cidr_blocks', 'self'],
    ['prefix_list_ids', 'source_security_group_id', 'description'],
  ],
  aws_vpc_security_group_ingress_rule: [
    ['security_group_id', 'ip_protocol', 'from_port', 'to_port', 'cidr_ipv4', 'cidr_ipv6', 'prefix_list_id'],
    ['referenced_security_group_id', 'description'],
  ],
  aws_vpc_security_group_egress_rule: [
    ['security_group_id', 'ip_protocol', 'from_port', 'to_port', 'cidr_ipv4', 'cidr_ipv6', 'prefix_list_id'],
    ['referenced_security_group_id', 'description'],
  ],
};

const TRUST: Arguments = {
  aws_acm_certificate: [
    ['domain_name', 'subject_alternative_names', 'validation_method', 'validation_option', 'key_algorithm'],
    ['certificate_authority_arn', 'certificate_body', 'certificate_chain', 'private_key', 'early_renewal_duration'],
  ],
  aws_acm_certificate_validation: [['certificate_arn', 'validation_record_fqdns']],
  aws_lb_listener_certificate: [['listener_arn', 'certificate_arn']],
  aws_iam_role: [
    ['name', 'name_prefix', 'path', 'description', 'assume_role_policy', 'inline_policy', 'managed_policy_arns'],
    ['max_session_duration', 'force_detach_policies'],
  ],
  aws_iam_policy: [['name', 'name_prefix', 'path', 'description', 'policy', 'delay_after_policy_creation_in_ms']],
  aws_iam_role_policy: [['name', 'name_prefix', 'role', 'policy']],
  aws_iam_role_policy_attachment: [['role', 'policy_arn']],
  aws_kms_key: [
    ['description', 'policy', 'is_enabled', 'key_usage', 'customer_master_key_spec', 'multi_region'],
    ['deletion_window_in_days', 'enable_key_rotation', 'rotation_period_in_days'],
    ['bypass_policy_lockout_safety_check'],
  ],
  aws_kms_alias: [['name', 'name_prefix', 'target_key_id']],
  aws_kms_key_policy: [['key_id', 'policy', 'bypass_policy_lockout_safety_check']],
  aws_secretsmanager_secret: [
    ['name', 'name_prefix', 'description', 'kms_key_id', 'replica', 'recovery_window_in_days'],
    ['force_overwrite_replica_secret'],
  ],
  aws_secretsmanager_secret_version: [['secret_id', 'secret_string', 'version_stages']],
};

const SERVICES: Arguments = {
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
  aws_globalaccelerator_accelerator: [['name', 'enabled', 'ip_address_type', 'ip_addresses', 'attributes']],
  aws_globalaccelerator_listener: [['accelerator_arn', 'protocol', 'port_range', 'client_affinity']],
  aws_globalaccelerator_endpoint_group: [
    ['listener_arn', 'endpoint_group_region', 'endpoint_configuration', 'traffic_dial_percentage'],
    // Of machines and addresses: a load balancer is asked for its targets.
    ['health_check_interval_seconds', 'health_check_path', 'health_check_port', 'health_check_protocol'],
    ['threshold_count'],
  ],
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

type Arguments = Readonly<Record<string, readonly (readonly string[])[]>>;

const UNDERSTOOD: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({ ...NETWORK, ...TRUST, ...SERVICES, terraform_data: [['input', 'triggers_replace']] }).map(
    ([type, lists]) => [type, new Set(lists.flat())],
  ),
);

/** undefined for a type of which no argument decides who is served, or that is not known at all. */
export const understoodArguments = (type: string): ReadonlySet<string> | undefined => UNDERSTOOD.get(type);
