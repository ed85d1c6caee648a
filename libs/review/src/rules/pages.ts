// Pages of AWS that rules rest on, where several rest on one.
const ROUTE53 = 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide';

export const CHECK_VALUES = `${ROUTE53}/health-checks-creating-values.html`;
export const CHOOSES = `${ROUTE53}/health-checks-how-route-53-chooses-records.html`;
export const FAILOVER_VALUES = `${ROUTE53}/resource-record-sets-values-failover.html`;
export const LATENCY = `${ROUTE53}/routing-policy-latency.html`;
export const GEOLOCATION = `${ROUTE53}/routing-policy-geo.html`;
export const DETERMINES = `${ROUTE53}/dns-failover-determining-health-of-endpoints.html`;
export const PRIVATE_FAILOVER = `${ROUTE53}/dns-failover-private-hosted-zones.html`;
export const CHECKER_FIREWALL = `${ROUTE53}/dns-failover-router-firewall-rules.html`;
export const DNSSEC_KEY = `${ROUTE53}/dns-configuring-dnssec-cmk-requirements.html`;
export const CHECK_ALARMS = `${ROUTE53}/monitoring-health-checks.html`;
export const ALIAS_TARGET = 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html';
export const ALARM_OF_CHECK = 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_AlarmIdentifier.html';
export const CHECK_API = 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html';
export const API_FAILOVER = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/dns-failover.html';
export const ORIGIN_FAILOVER =
  'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html';
export const CERTIFICATE_REGIONS = 'https://docs.aws.amazon.com/acm/latest/userguide/acm-regions.html';
export const STANDBY =
  'https://aws.amazon.com/blogs/architecture/disaster-recovery-dr-architecture-on-aws-part-iii-pilot-light-and-warm-standby/';
export const CONCURRENCY = 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html';
export const REPLICATED_SECRETS =
  'https://docs.aws.amazon.com/secretsmanager/latest/userguide/create-manage-multi-region-secrets.html';
export const GLOBAL_DATABASE_RECOVERY =
  'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html';
