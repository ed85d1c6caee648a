// Resource types that no service of the twin reads: checked before a drill, or known to decide nothing in one. What is neither, nor
// read by a service, is reported, and refused where nobody can say that it is aside (`understood.ts`).

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
export const CHECKED_TYPES: ReadonlySet<string> = new Set(Object.values(CHECKED).flat());

/** Types that decide nothing during a drill, each with the reason. A type that may decide must not stand here. */
export const INERT: Readonly<Record<string, string>> = {
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

/**
 * Services that keep data, show or report something, or build it: no request of the system goes through them, and none of them
 * says who may be served. By the second part of a type's name.
 */
const ASIDE_SERVICES = [
  ...['accessanalyzer', 'athena', 'auditmanager', 'backup', 'bedrock', 'ce', 'chatbot', 'cloudtrail', 'codeartifact'],
  ...[
    'codebuild',
    'codecommit',
    'codeconnections',
    'codestarconnections',
    'codestarnotifications',
    'comprehend',
    'cur',
  ],
  ...[
    'computeoptimizer',
    'dataexchange',
    'datapipeline',
    'datasync',
    'datazone',
    'db',
    'detective',
    'devopsguru',
    'dlm',
  ],
  ...['dms', 'docdb', 'ebs', 'ecr', 'ecrpublic', 'efs', 'elasticache', 'elasticsearch', 'emr', 'emrserverless', 'fsx'],
  ...[
    'glacier',
    'glue',
    'grafana',
    'guardduty',
    'imagebuilder',
    'inspector',
    'inspector2',
    'internetmonitor',
    'kendra',
  ],
  ...['key', 'keyspaces', 'kinesis', 'lakeformation', 'macie2', 'memorydb', 'mq', 'msk', 'neptune', 'networkmonitor'],
  ...['notifications', 'oam', 'opensearch', 'opensearchserverless', 'osis', 'prometheus', 'qldb', 'quicksight', 'rds'],
  ...['redshift', 'redshiftserverless', 'rekognition', 'resiliencehub', 'resourceexplorer2', 'resourcegroups', 'rum'],
  ...[
    's3',
    's3tables',
    's3vectors',
    'sagemaker',
    'schemas',
    'securityhub',
    'securitylake',
    'servicecatalogappregistry',
  ],
  ...[
    'ses',
    'sesv2',
    'snapshot',
    'ssmcontacts',
    'ssmincidents',
    'synthetics',
    'timestreamwrite',
    'transcribe',
    'volume',
  ],
  'xray',
] as const;

/** The same of services of which other types decide. */
const ASIDE_TYPES = [
  ...[
    'aws_budgets_budget',
    'aws_config_config_rule',
    'aws_config_configuration_recorder',
    'aws_config_delivery_channel',
  ],
  ...['aws_cloudwatch_dashboard', 'aws_cloudwatch_log_(?!data_protection)\\w+', 'aws_cloudwatch_metric_stream'],
  ...[
    'aws_cloudwatch_query_definition',
    'aws_flow_log',
    'aws_ssm_document',
    'aws_ssm_parameter',
    'aws_shield_protection',
  ],
  ...[
    'aws_iam_access_key',
    'aws_iam_account_alias',
    'aws_iam_account_password_policy',
    'aws_iam_group',
    'aws_iam_user',
  ],
  ...['aws_iam_openid_connect_provider', 'aws_iam_saml_provider', 'aws_iam_service_linked_role'],
] as const;

/** Providers of Terraform beside AWS that hold values, watch systems, or keep their code. */
const ASIDE_PROVIDERS = [
  ...['archive', 'checkly', 'datadog', 'external', 'github', 'gitlab', 'grafana', 'honeycombio', 'http', 'local'],
  ...['newrelic', 'null', 'opsgenie', 'pagerduty', 'random', 'sentry', 'statuscake', 'time', 'tls', 'uptimerobot'],
] as const;

const ASIDE = new RegExp(
  `^(aws_(${ASIDE_SERVICES.join('|')})(_|$)|(${ASIDE_PROVIDERS.join('|')})_|(${ASIDE_TYPES.join('|')})$)`,
);

/** Does the type, which the twin does not know, stand aside of all requests? */
export const isAside = (type: string): boolean => ASIDE.test(type);

export const isCheckedOrInert = (type: string): boolean => CHECKED_TYPES.has(type) || Object.hasOwn(INERT, type);
