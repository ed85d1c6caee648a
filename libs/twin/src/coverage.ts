// Resource types that no service of the twin reads: checked before a drill, or known to decide nothing in one. What is neither, nor
// read by a service, is reported, and fails the drill where it may carry traffic (`understood.ts`).

/** Types whose part in the way to the functions is checked. */
const CHECKED = {
  certificates: ['aws_acm_certificate', 'aws_acm_certificate_validation', 'aws_lb_listener_certificate'],
  networks: ['aws_vpc', 'aws_subnet', 'aws_internet_gateway', 'aws_internet_gateway_attachment'],
  networkAcls: ['aws_network_acl', 'aws_network_acl_association', 'aws_network_acl_rule', 'aws_default_network_acl'],
  privateWaysOut: ['aws_nat_gateway', 'aws_vpc_endpoint'],
  routes: ['aws_route', 'aws_route_table', 'aws_default_route_table'],
  routeTablesInUse: ['aws_route_table_association', 'aws_main_route_table_association'],
  securityGroups: ['aws_security_group', 'aws_security_group_rule'],
  securityGroupRules: ['aws_vpc_security_group_egress_rule', 'aws_vpc_security_group_ingress_rule'],
  terraform: ['terraform_data'],
};
const CHECKED_TYPES: ReadonlySet<string> = new Set(Object.values(CHECKED).flat());

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

export const isCheckedOrInert = (type: string): boolean => CHECKED_TYPES.has(type) || Object.hasOwn(INERT, type);
