// Defects that AWS's API refuses, each planted alone in the synthesized JSON, and what the refusal must name.
import { at, changePolicy, withoutActions, type StackJson } from './synthesized';

export interface Plant {
  readonly defect: string;
  /** What is applied: this address and all that it needs. */
  readonly target: string;
  /** A rule of e2e/moto/rules, an error code of AWS, or a member of AWS's API model. */
  readonly refusedBy: string;
  readonly plant: (stack: StackJson) => void;
  /** What is applied first, and taken. */
  readonly after?: (stack: StackJson) => void;
}

const LOAD_BALANCER = 'aws_lb.mumbai_alb';
const TARGET_GROUP = 'aws_lb_target_group.mumbai_alb_health_targets';
const FUNCTION = 'aws_lambda_function.mumbai_health_checker';
const ROLE = 'aws_iam_role.mumbai_health_checker_role';
const ROLE_POLICY = 'aws_iam_role_policy.mumbai_health_checker_policy';
const KEY = 'aws_kms_key.mumbai_key';
const HEALTH_CHECK = 'aws_route53_health_check.mumbai_dns_health_check';
const RECORD = 'aws_route53_record.mumbai_dns_record';
const PEER_RECORD = 'aws_route53_record.singapore_dns_record';
const ALARM = 'aws_cloudwatch_metric_alarm.events_undelivered_us_east_1';
const DASHBOARD = 'aws_cloudwatch_dashboard.lambda_error_rates';
const CERTIFICATE = 'aws_acm_certificate.mumbai_certificate';

/** Gives one attribute of one resource another value. */
const set =
  (address: string, values: Readonly<Record<string, unknown>>) =>
  (stack: StackJson): void => {
    Object.assign(at(stack, address), values);
  };

/** A record of its own, with addresses instead of a load balancer: what a plant needs of the network is nothing. */
function asAddress(stack: StackJson, address: string, more: Readonly<Record<string, unknown>> = {}): void {
  const record = at(stack, address);
  for (const name of Object.keys(record)) if (name.endsWith('_routing_policy')) delete record[name];
  for (const name of ['alias', 'health_check_id', 'depends_on']) delete record[name];
  Object.assign(record, { type: 'A', ttl: 10, records: ['203.0.113.7'], ...more });
}

/** A load balancer that needs no bucket. */
const withoutLogs = (stack: StackJson): void => set(LOAD_BALANCER, { access_logs: [] })(stack);

/** A record of its own that stands for the first load balancer. */
function asAlias(
  stack: StackJson,
  more: Readonly<Record<string, unknown>>,
  zoneId = `\${${LOAD_BALANCER}.zone_id}`,
): void {
  withoutLogs(stack);
  asAddress(stack, RECORD, { name: 'alias.example.com', ...more });
  const record = at(stack, RECORD);
  for (const name of ['ttl', 'records']) delete record[name];
  record['alias'] = { name: `\${${LOAD_BALANCER}.dns_name}`, zone_id: zoneId, evaluate_target_health: false };
}

/** Both regions' records at one name, the second after the first. */
function pair(
  stack: StackJson,
  first: Readonly<Record<string, unknown>>,
  second: Readonly<Record<string, unknown>>,
): void {
  asAddress(stack, RECORD, { set_identifier: 'mumbai', ...first });
  asAddress(stack, PEER_RECORD, { set_identifier: 'singapore', depends_on: [RECORD], ...second });
}

const withoutDisableKeyRotation = (stack: StackJson): void =>
  withoutActions(at(stack, KEY), 'policy', ['kms:DisableKeyRotation', 'kms:*']);

const KEYS_AND_POLICIES: readonly Plant[] = [
  {
    defect: 'a key policy without kms:CreateAlias',
    target: 'aws_kms_alias.mumbai_key_alias',
    refusedBy: 'kms-alias-key-policy',
    plant: (stack) => withoutActions(at(stack, KEY), 'policy', ['kms:CreateAlias', 'kms:*']),
  },
  {
    defect: 'a key policy without kms:DisableKeyRotation, where rotation is switched off',
    target: KEY,
    refusedBy: 'kms-key-policy',
    // The provider switches rotation before it sends the policy.
    after: withoutDisableKeyRotation,
    plant: (stack) => {
      withoutDisableKeyRotation(stack);
      at(stack, KEY)['enable_key_rotation'] = false;
    },
  },
  {
    defect: 'a log group with a key that CloudWatch Logs may not use',
    target: 'aws_cloudwatch_log_group.mumbai_data_consistency_validator_logs',
    refusedBy: 'logs-key',
    plant: (stack) =>
      changePolicy(at(stack, KEY), 'policy', (statements) => {
        const ours = statements.filter(({ Principal }) => !JSON.stringify(Principal).includes('logs.'));
        statements.splice(0, statements.length, ...ours);
      }),
  },
  {
    defect: 'inline policies of more than 10,240 characters',
    target: ROLE_POLICY,
    refusedBy: 'iam-inline-size',
    plant: (stack) =>
      changePolicy(at(stack, ROLE_POLICY), 'policy', ([first]) => {
        first!.Resource = Array.from(
          { length: 200 },
          (_, n) => `arn:aws:logs:ap-south-1:123456789012:log-group:${n}:*`,
        );
      }),
  },
  {
    defect: 'a trust policy without a principal',
    target: ROLE,
    refusedBy: 'iam-trust-policy',
    plant: (stack) =>
      changePolicy(at(stack, ROLE), 'assume_role_policy', ([first]) => {
        delete first!.Principal;
      }),
  },
];

const FUNCTIONS: readonly Plant[] = [
  {
    defect: 'environment variables of more than 4 KB',
    target: FUNCTION,
    refusedBy: 'lambda-environment',
    plant: set(FUNCTION, { environment: { variables: { LARGE: 'x'.repeat(4_100) } } }),
  },
  {
    defect: 'an environment variable that Lambda sets itself',
    target: FUNCTION,
    refusedBy: 'lambda-environment',
    plant: set(FUNCTION, { environment: { variables: { AWS_REGION: 'ap-south-1' } } }),
  },
  {
    defect: 'reserved concurrency that leaves less than 100',
    target: FUNCTION,
    refusedBy: 'lambda-unreserved-concurrency',
    plant: set(FUNCTION, { reserved_concurrent_executions: 901 }),
  },
  {
    defect: 'a failure destination that the role may not send to',
    target: 'aws_lambda_function_event_invoke_config.mumbai_health_checker_failures',
    refusedBy: 'lambda-destination',
    plant: (stack) => withoutActions(at(stack, ROLE_POLICY), 'policy', ['sqs:SendMessage']),
  },
  {
    defect: 'a permission for a principal that is none',
    target: 'aws_lambda_permission.mumbai_health_checker_from_schedule',
    refusedBy: 'lambda-principal',
    plant: set('aws_lambda_permission.mumbai_health_checker_from_schedule', { principal: 'events' }),
  },
];

const LOAD_BALANCING: readonly Plant[] = [
  {
    defect: 'a matcher with 503',
    target: TARGET_GROUP,
    refusedBy: 'elbv2-matcher',
    plant: (stack) => {
      (at(stack, TARGET_GROUP)['health_check'] as Record<string, unknown>)['matcher'] = '200,503';
    },
  },
  {
    defect: 'a health check that waits longer than its interval',
    target: TARGET_GROUP,
    refusedBy: 'elbv2-health-check-timeout',
    plant: (stack) => {
      Object.assign(at(stack, TARGET_GROUP)['health_check'] as object, { interval: 30, timeout: 60 });
    },
  },
  {
    defect: 'a target that the load balancer may not invoke',
    target: 'aws_lb_target_group_attachment.mumbai_alb_health_target',
    refusedBy: 'elbv2-lambda-permission',
    plant: set('aws_lambda_permission.mumbai_health_checker_from_alb', { principal: 'events.amazonaws.com' }),
  },
  {
    defect: 'a load balancer before the internet gateway',
    target: LOAD_BALANCER,
    refusedBy: 'elbv2-internet-gateway',
    // The first of the load balancers: the next ones bring the gateway.
    plant: set(LOAD_BALANCER, { depends_on: [], access_logs: [] }),
  },
  {
    defect: 'a load balancer in one zone',
    target: LOAD_BALANCER,
    refusedBy: 'elbv2-two-zones',
    plant: set(LOAD_BALANCER, { subnets: ['${aws_subnet.mumbai_network_public_a.id}'] }),
  },
  {
    defect: 'access logs to a bucket that lets nobody write',
    target: LOAD_BALANCER,
    refusedBy: 'elbv2-access-logs',
    plant: (stack) => {
      changePolicy(at(stack, 'aws_s3_bucket_policy.mumbai_access_logs_bucket_policy'), 'policy', (statements) => {
        const denials = statements.filter(({ Effect }) => Effect === 'Deny');
        statements.splice(0, statements.length, ...denials);
      });
    },
  },
  {
    defect: 'a certificate whose first name is longer than 64 characters',
    target: CERTIFICATE,
    refusedBy: 'acm-domain-name',
    plant: set(CERTIFICATE, { domain_name: `${'x'.repeat(60)}.example.com` }),
  },
  {
    defect: 'a subnet outside of its network',
    // Of the other region: a subnet that something stands in is not replaced.
    target: 'aws_subnet.singapore_network_public_a',
    refusedBy: 'InvalidSubnet.Range',
    plant: set('aws_subnet.singapore_network_public_a', { cidr_block: '192.168.0.0/24' }),
  },
  {
    defect: 'two subnets of the same addresses',
    target: 'aws_subnet.singapore_network_public_a',
    refusedBy: 'InvalidSubnet.Conflict',
    plant: (stack) => {
      const other = at(stack, 'aws_subnet.singapore_network_public_b')['cidr_block'];
      Object.assign(at(stack, 'aws_subnet.singapore_network_public_a'), {
        cidr_block: other,
        depends_on: ['aws_subnet.singapore_network_public_b'],
      });
    },
  },
  {
    // The last of the load balancers: the bucket stays encrypted so.
    defect: 'access logs to a bucket that is encrypted with a KMS key',
    target: LOAD_BALANCER,
    refusedBy: 'elbv2-access-logs',
    plant: (stack) => {
      const encryption = 'aws_s3_bucket_server_side_encryption_configuration.mumbai_access_logs_bucket_encryption';
      at(stack, encryption)['rule'] = [{ apply_server_side_encryption_by_default: { sse_algorithm: 'aws:kms' } }];
      (at(stack, LOAD_BALANCER)['depends_on'] as string[]).push(encryption);
    },
  },
];

const NAMES: readonly Plant[] = [
  {
    defect: 'a health check for a string, without the string',
    target: HEALTH_CHECK,
    refusedBy: 'route53-check-search-string',
    plant: set(HEALTH_CHECK, { type: 'HTTPS_STR_MATCH' }),
  },
  {
    defect: 'a health check of a private address',
    target: HEALTH_CHECK,
    refusedBy: 'route53-check-endpoint',
    plant: set(HEALTH_CHECK, { ip_address: '10.0.0.7' }),
  },
  {
    defect: 'a health check of an alarm that does not exist',
    target: HEALTH_CHECK,
    refusedBy: 'route53-check-alarm',
    plant: (stack) => {
      const check = at(stack, HEALTH_CHECK);
      for (const name of Object.keys(check)) if (!['provider', 'tags', '//'].includes(name)) delete check[name];
      const alarm = { cloudwatch_alarm_name: 'none', cloudwatch_alarm_region: 'us-east-1' };
      Object.assign(check, { type: 'CLOUDWATCH_METRIC', insufficient_data_health_status: 'Healthy', ...alarm });
    },
  },
  {
    defect: "a CNAME at the zone's apex",
    target: RECORD,
    refusedBy: 'route53-cname-apex',
    plant: (stack) =>
      asAddress(stack, RECORD, {
        name: 'example.com',
        type: 'CNAME',
        records: ['a.example.com'],
        set_identifier: null,
      }),
  },
  {
    defect: 'latency and weighted records at one name',
    target: PEER_RECORD,
    refusedBy: 'route53-mixed-policies',
    plant: (stack) =>
      pair(
        stack,
        { name: 'mixed.example.com', latency_routing_policy: { region: 'ap-south-1' } },
        { name: 'mixed.example.com', weighted_routing_policy: { weight: 1 } },
      ),
  },
  {
    defect: 'two primary records',
    target: PEER_RECORD,
    refusedBy: 'route53-distinct',
    plant: (stack) => {
      const primary = { name: 'twice.example.com', failover_routing_policy: { type: 'PRIMARY' } };
      pair(stack, { ...primary, health_check_id: `\${${HEALTH_CHECK}.id}` }, primary);
    },
  },
  {
    defect: 'a record with a health check that does not exist',
    target: RECORD,
    refusedBy: 'route53-health-check',
    plant: (stack) =>
      asAddress(stack, RECORD, {
        name: 'checked.example.com',
        health_check_id: '00000000-0000-4000-8000-000000000000',
        set_identifier: 'one',
        weighted_routing_policy: { weight: 1 },
      }),
  },
  {
    defect: 'an alias to a load balancer that does not exist',
    target: RECORD,
    refusedBy: 'route53-alias-target',
    plant: (stack) => {
      asAddress(stack, RECORD, { name: 'gone.example.com', set_identifier: null });
      const record = at(stack, RECORD);
      for (const name of ['ttl', 'records']) delete record[name];
      const name = 'none-1.ap-south-1.elb.amazonaws.com';
      record['alias'] = { name, zone_id: 'ZP97RAFLXTNZK', evaluate_target_health: false };
    },
  },
  {
    defect: "an alias to a load balancer by another region's hosted zone",
    target: RECORD,
    refusedBy: 'route53-alias-target',
    plant: (stack) => asAlias(stack, { set_identifier: null }, 'Z1LMS91P8CMLE5'),
  },
  {
    defect: 'an alias among multivalue answers',
    target: RECORD,
    refusedBy: 'route53-policy',
    plant: (stack) => asAlias(stack, { set_identifier: 'one', multivalue_answer_routing_policy: true }),
  },
  {
    defect: 'a text of more than 255 characters in one string',
    target: RECORD,
    refusedBy: 'route53-text',
    plant: (stack) =>
      asAddress(stack, RECORD, {
        name: 'text.example.com',
        type: 'TXT',
        records: ['x'.repeat(256)],
        set_identifier: null,
      }),
  },
];

const DATA_AND_EVENTS: readonly Plant[] = [
  {
    defect: "a replica of a secret in the secret's own region",
    target: 'aws_secretsmanager_secret.api_keys',
    refusedBy: 'secret-replicas',
    plant: set('aws_secretsmanager_secret.api_keys', { replica: [{ region: 'ap-south-1' }] }),
  },
  {
    defect: 'a description beyond the length in the API model',
    target: 'aws_secretsmanager_secret.api_keys',
    refusedBy: "'Description' failed to satisfy constraint",
    plant: set('aws_secretsmanager_secret.api_keys', { description: 'x'.repeat(2_049) }),
  },
  {
    defect: 'periods of more than a day',
    target: ALARM,
    refusedBy: 'cloudwatch-period',
    plant: set(ALARM, { period: 300, evaluation_periods: 289 }),
  },
  {
    defect: 'more datapoints than periods',
    target: ALARM,
    refusedBy: 'cloudwatch-datapoints',
    plant: set(ALARM, { evaluation_periods: 1, datapoints_to_alarm: 2 }),
  },
  {
    defect: 'an alarm that notifies a topic of another region',
    target: ALARM,
    refusedBy: 'cloudwatch-action-region',
    plant: set(ALARM, { alarm_actions: ['arn:aws:sns:ap-south-1:123456789012:dr-mumbai-alerts'] }),
  },
  {
    defect: 'an alarm on metric math that fills gaps with a word',
    target: ALARM,
    refusedBy: 'cloudwatch-metric-math',
    plant: (stack) => {
      const alarm = at(stack, ALARM);
      const metric = { metric_name: alarm['metric_name'], namespace: alarm['namespace'], period: 60, stat: 'Sum' };
      for (const name of ['metric_name', 'namespace', 'dimensions', 'period', 'statistic']) delete alarm[name];
      alarm['metric_query'] = [
        { id: 'filled', expression: 'FILL(failures, ZERO)', return_data: true },
        { id: 'failures', metric },
      ];
    },
  },
  {
    defect: 'a widget beside the grid',
    target: DASHBOARD,
    refusedBy: 'cloudwatch-dashboard',
    plant: (stack) => {
      const widgets = [{ type: 'text', x: 24, y: 0, width: 6, height: 2, properties: { markdown: 'beside' } }];
      at(stack, DASHBOARD)['dashboard_body'] = JSON.stringify({ widgets });
    },
  },
  {
    defect: 'rate(1 minutes)',
    target: 'aws_cloudwatch_event_rule.mumbai_health_schedule',
    refusedBy: 'events-schedule',
    plant: set('aws_cloudwatch_event_rule.mumbai_health_schedule', { schedule_expression: 'rate(1 minutes)' }),
  },
  {
    defect: 'a dead-letter queue in another region',
    target: 'aws_cloudwatch_event_target.mumbai_health_schedule_target',
    refusedBy: 'events-dead-letter-queue',
    plant: set('aws_cloudwatch_event_target.mumbai_health_schedule_target', {
      dead_letter_config: { arn: '${aws_sqs_queue.us_east_1_undelivered.arn}' },
    }),
  },
  {
    defect: 'an e-mail subscription without an address',
    target: 'aws_sns_topic_subscription.us_east_1_alerts_email_0',
    refusedBy: 'sns-endpoint',
    plant: set('aws_sns_topic_subscription.us_east_1_alerts_email_0', { endpoint: 'platform-team' }),
  },
  {
    defect: 'a subscription whose dead-letter queue is in another region',
    target: 'aws_sns_topic_subscription.us_east_1_alerts_email_0',
    refusedBy: 'sns-redrive-policy',
    plant: set('aws_sns_topic_subscription.us_east_1_alerts_email_0', {
      redrive_policy: JSON.stringify({ deadLetterTargetArn: '${aws_sqs_queue.mumbai_undelivered.arn}' }),
    }),
  },
  {
    defect: 'objects that change their class before AWS lets them',
    target: 'aws_s3_bucket_lifecycle_configuration.mumbai_access_logs_bucket_lifecycle',
    refusedBy: 's3-lifecycle',
    plant: (stack) => {
      const transition = [{ days: 10, storage_class: 'STANDARD_IA' }];
      const rule = { id: 'early', status: 'Enabled', filter: {}, transition };
      at(stack, 'aws_s3_bucket_lifecycle_configuration.mumbai_access_logs_bucket_lifecycle')['rule'] = [rule];
    },
  },
  {
    defect: 'former versions that change their class before AWS lets them',
    target: 'aws_s3_bucket_lifecycle_configuration.mumbai_access_logs_bucket_lifecycle',
    refusedBy: 's3-lifecycle',
    plant: (stack) => {
      const transition = [{ noncurrent_days: 10, storage_class: 'STANDARD_IA' }];
      const rule = { id: 'early', status: 'Enabled', filter: {}, noncurrent_version_transition: transition };
      at(stack, 'aws_s3_bucket_lifecycle_configuration.mumbai_access_logs_bucket_lifecycle')['rule'] = [rule];
    },
  },
  {
    defect: 'a trail that is named like an address',
    target: 'aws_cloudtrail.audit_trail',
    refusedBy: 'cloudtrail-name',
    plant: set('aws_cloudtrail.audit_trail', { name: '192.168.5.4' }),
  },
  {
    defect: 'a trail whose bucket lets it not write',
    target: 'aws_cloudtrail.audit_trail',
    refusedBy: 'cloudtrail-bucket-policy',
    plant: (stack) =>
      changePolicy(at(stack, 'aws_s3_bucket_policy.audit_trail_bucket_policy'), 'policy', (statements) => {
        for (const statement of statements) {
          if (JSON.stringify(statement.Principal).includes('cloudtrail')) {
            statement.Principal = { Service: 'config.amazonaws.com' };
          }
        }
      }),
  },
];

export const PLANTS: readonly Plant[] = [
  ...KEYS_AND_POLICIES,
  ...FUNCTIONS,
  ...LOAD_BALANCING,
  ...NAMES,
  ...DATA_AND_EVENTS,
];

/** Aliases of the providers that the prerequisites have in the state; '' is the default one. */
export const PROVIDERS: readonly string[] = ['', 'mumbai', 'singapore'];

/** What plants stand on, applied once. What a plant needs besides, Terraform makes with it. */
export const PREREQUISITES: readonly string[] = [
  KEY,
  'aws_lambda_alias.mumbai_health_checker_live',
  'aws_sqs_queue.mumbai_undelivered',
  'aws_sqs_queue.us_east_1_undelivered',
  'aws_sns_topic.us_east_1_alerts',
  'aws_security_group.mumbai_network_alb_security_group',
  'aws_subnet.mumbai_network_public_a',
  'aws_subnet.mumbai_network_public_b',
];
