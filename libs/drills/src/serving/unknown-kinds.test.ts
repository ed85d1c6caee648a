// What the twin does not know, and may decide: types of whatever provider, arguments, and what is switched off.
import { add, ALB_ARN, isFound, judged, on, set, type Plant } from './testing/plant';

const KINDS: readonly string[] = [
  // Policies from above, and what puts a firewall before load balancers.
  ...['aws_organizations_policy', 'aws_fms_policy', 'aws_controltower_control', 'aws_budgets_budget_action'],
  ...['aws_shield_application_layer_automatic_response', 'aws_wafregional_web_acl_association'],
  // What makes, moves or changes resources behind Terraform's back.
  ...['aws_cloudformation_stack', 'aws_cloudcontrolapi_resource', 'aws_codedeploy_deployment_group'],
  ...['aws_ssm_association', 'aws_config_remediation_configuration', 'aws_sfn_state_machine'],
  // What takes zones or regions away.
  ...['aws_arczonalshift_zonal_autoshift_configuration', 'aws_account_region', 'aws_autoscalingplans_scaling_plan'],
  // Other networks, other fronts, other providers of AWS's resources.
  ...['aws_vpclattice_service', 'aws_appmesh_virtual_gateway', 'aws_route53_resolver_rule', 'aws_ram_resource_share'],
  ...['awscc_wafv2_web_acl_association', 'awscc_ec2_route', 'cloudflare_record', 'kubernetes_ingress_v1'],
  'never_heard_of_it',
];

isFound([
  ...KINDS.map((type): Plant => [type, add(`${type}.x`, { resource_arn: ALB_ARN }), `${type}.x is of a kind`]),
  ...on('aws_subnet.mumbai_network_public_a', [
    ['a subnet of IPv6 alone', { ipv6_native: true }, 'sets ipv6_native'],
    ['a subnet of an outpost', { outpost_arn: 'arn:x' }, 'sets outpost_arn'],
  ]),
  ...on('aws_vpc.mumbai_network_vpc', [
    ['a VPC without a resolver', { enable_dns_support: false }, 'sets enable_dns_support to false'],
  ]),
  ...on('aws_kms_key.mumbai_key', [['a key that is off', { is_enabled: false }, 'sets is_enabled to false']]),
  ...on('aws_iam_role.mumbai_traffic_router_role', [
    [
      'a boundary of permissions',
      { permissions_boundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
      'sets permissions_boundary',
    ],
  ]),
]);

const ASIDE = [
  ...['aws_kinesis_stream', 'aws_rds_cluster', 'aws_ssm_parameter', 'aws_cloudwatch_log_metric_filter', 'aws_iam_user'],
  ...['aws_ecr_repository', 'random_id', 'datadog_monitor', 'null_resource'],
];
test.each(ASIDE)('nothing is found: %s', (type) => expect(judged(add(`${type}.x`, { name: 'x' }))).toBe(''));

test('what is on as it is by itself is no finding', () => {
  expect(judged(set('aws_kms_key.mumbai_key', { is_enabled: true }))).toBe('');
  expect(judged(set('aws_subnet.mumbai_network_public_a', { ipv6_native: false, outpost_arn: null }))).toBe('');
});
