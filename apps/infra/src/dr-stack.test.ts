// The default stack: what it holds, how often, and with which settings.
import { ALARM_DEFINITIONS } from '@dr/alarms';
import { FUNCTION_SPECS, FUNCTIONS, LIVE_ALIAS, TARGET_GROUPS, type FunctionName } from '@dr/contracts/system';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesized } from './testing/synth-in-test';

const { query, json, warnings } = synthesized();
const REGIONS = [
  ['mumbai', 'ap-south-1'],
  ['singapore', 'ap-southeast-1'],
] as const;

test('counts of the resources that carry traffic, data and news', () => {
  const counts = Object.fromEntries(Object.keys(query.stack.resource).map((type) => [type, query.all(type).length]));
  expect(counts).toMatchObject({
    aws_dynamodb_table: 1,
    aws_lb: 2,
    aws_lb_listener: 4,
    aws_lb_listener_rule: 2 * TARGET_GROUPS.length,
    aws_lb_target_group: 2 * TARGET_GROUPS.length,
    aws_lb_target_group_attachment: 2 * TARGET_GROUPS.length,
    aws_lambda_function: 2 * FUNCTIONS.length,
    aws_lambda_alias: 2 * FUNCTIONS.length,
    aws_iam_role: 2 * FUNCTIONS.length,
    aws_cloudwatch_log_group: 2 * FUNCTIONS.length,
    aws_sns_topic: 3,
    aws_kms_key: 3,
    aws_dynamodb_table_replica: 1,
    aws_route53_health_check: 2,
    aws_acm_certificate: 2,
    aws_secretsmanager_secret: 1,
    aws_cloudtrail: 1,
    aws_cloudwatch_dashboard: 4,
    aws_cloudwatch_metric_alarm: ALARM_DEFINITIONS.reduce(
      (sum, { scope }) => sum + (scope === 'everywhere' ? 3 : 2),
      0,
    ),
    aws_cloudwatch_event_rule: 6,
    aws_sqs_queue: 3,
    aws_s3_bucket: 3,
  });
  expect(counts).not.toHaveProperty('aws_route53_zone');
  expect(counts).not.toHaveProperty('aws_nat_gateway');
  expect(counts).not.toHaveProperty('aws_vpc_endpoint');
});

test('names of the system that this one replaces are kept', () => {
  expect(query.property('aws_lb', 'name')).toEqual({ mumbai_alb: 'mumbai-dr-alb', singapore_alb: 'singapore-dr-alb' });
  expect(Object.values(query.property('aws_sns_topic', 'name'))).toEqual([
    'dr-alerts-mumbai',
    'dr-alerts-singapore',
    'dr-alerts-us-east-1',
  ]);
  expect(query.one('aws_dynamodb_table', 'system_table')['name']).toBe('dr-system-table');
  expect(new Set(Object.values(query.property('aws_lambda_function', 'function_name')))).toEqual(
    new Set(FUNCTIONS.map((name) => `dr-${name}`)),
  );
});

test('the table has every other region as a replica, recovery points and encryption', () => {
  expect(query.one('aws_dynamodb_table', 'system_table')).toMatchObject({
    provider: 'aws.mumbai',
    billing_mode: 'PAY_PER_REQUEST',
    hash_key: 'id',
    range_key: 'timestamp',
    stream_enabled: true,
    stream_view_type: 'NEW_AND_OLD_IMAGES',
    point_in_time_recovery: { enabled: true },
    server_side_encryption: { enabled: true },
    deletion_protection_enabled: true,
    lifecycle: { ignore_changes: ['replica'] },
  });
  expect(query.one('aws_dynamodb_table', 'system_table')).not.toHaveProperty('replica');
  expect(query.one('aws_dynamodb_table_replica', 'system_table_replica_singapore')).toMatchObject({
    provider: 'aws.singapore',
    global_table_arn: '${aws_dynamodb_table.system_table.arn}',
    point_in_time_recovery: true,
    deletion_protection_enabled: true,
  });
  for (const { properties } of query.all('aws_lambda_function')) {
    expect(properties['depends_on']).toContain('aws_dynamodb_table_replica.system_table_replica_singapore');
  }
});

test.each(REGIONS)('%s answers HTTPS only, and HTTP with a redirect', (region) => {
  expect(query.one('aws_lb_listener', `${region}_alb_https`)).toMatchObject({ port: 443, protocol: 'HTTPS' });
  expect(query.one('aws_lb_listener', `${region}_alb_http`)).toMatchObject({
    port: 80,
    default_action: [{ type: 'redirect', redirect: { port: '443', protocol: 'HTTPS', status_code: 'HTTP_301' } }],
  });
  expect(query.one('aws_lb', `${region}_alb`)).toMatchObject({
    access_logs: { enabled: true },
    enable_deletion_protection: true,
  });
});

test('each function runs with the settings that are promised, behind the alias', () => {
  expect(FUNCTION_SPECS['health-checker'].timeoutSeconds).toBe(2);
  for (const { properties } of query.all('aws_lambda_function')) {
    const name = String(properties['function_name']).replace(/^dr-/, '') as FunctionName;
    expect(properties).toMatchObject({
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      memory_size: 512,
      timeout: FUNCTION_SPECS[name].timeoutSeconds,
      handler: 'index.handler',
      publish: true,
      logging_config: { log_format: 'JSON', system_log_level: 'WARN' },
      tags: { GitCommit: '${var.commit}' },
    });
    expect(properties).not.toHaveProperty('reserved_concurrent_executions');
  }
  expect(new Set(Object.values(query.property('aws_lambda_permission', 'qualifier')))).toEqual(new Set([LIVE_ALIAS]));
  expect(Object.values(query.property('aws_lb_target_group_attachment', 'target_id'))).toEqual(
    expect.arrayContaining(REGIONS.map(([region]) => `\${aws_lambda_alias.${region}_traffic_router_live.arn}`)),
  );
});

test('the tests run on the Node that the functions run on', () => {
  const { config } = JSON.parse(readFileSync(join(__dirname, '../../../package.json'), 'utf8')) as {
    config: { lambdaNode: string };
  };
  const runtimes = new Set(Object.values(query.property('aws_lambda_function', 'runtime')));
  expect(runtimes).toEqual(new Set([`nodejs${config.lambdaNode.split('.')[0]}.x`]));
});

test('a load balancer asks each function whether it runs, with statuses that AWS takes', () => {
  const checks = query
    .all('aws_lb_target_group')
    .map(({ id, properties }) => [id, properties['health_check']] as const);
  expect(checks).toHaveLength(2 * TARGET_GROUPS.length);
  for (const [id, check] of checks) {
    const behind = Object.values(FUNCTION_SPECS).find(({ short }) => id.endsWith(`_${short}_targets`));
    expect(check).toEqual({
      enabled: true,
      path: behind?.route?.livenessPath,
      matcher: '200',
      // Interval 5-300, timeout 2-120, thresholds 2-10 (ELBv2 API); the interval is longer than a function may run.
      interval: 35,
      timeout: 30,
      healthy_threshold: 5,
      unhealthy_threshold: 2,
    });
  }
});

test('a dead-letter queue takes messages of the topics and rules that name it, and of nobody else', () => {
  const senders = { sns: 'sns.amazonaws.com', events: 'events.amazonaws.com' };
  const named: Record<string, string[]> = {};
  for (const { properties } of query.all('aws_sns_topic_subscription')) {
    const queue = /aws_sqs_queue\.\w+/.exec(String(properties['redrive_policy']))?.[0];
    if (queue) (named[`${queue} ${senders.sns}`] ??= []).push(String(properties['topic_arn']));
  }
  for (const { properties } of query.all('aws_cloudwatch_event_target')) {
    const queue = /aws_sqs_queue\.\w+/.exec(JSON.stringify(properties['dead_letter_config']))?.[0];
    if (queue) (named[`${queue} ${senders.events}`] ??= []).push(String(properties['rule']).replace('.name}', '.arn}'));
  }
  const taken: Record<string, string[]> = {};
  for (const { properties } of query.all('aws_sqs_queue_policy')) {
    const queue = /aws_sqs_queue\.\w+/.exec(String(properties['queue_url']))?.[0];
    const policy = JSON.parse(String(properties['policy'])) as {
      Statement: { Principal: { Service: string }; Condition: Record<string, Record<string, string[]>> }[];
    };
    for (const { Principal, Condition } of policy.Statement) {
      expect(Object.keys(Condition)).toEqual(['ArnEquals']);
      taken[`${queue} ${Principal.Service}`] = Condition['ArnEquals']?.['aws:SourceArn'] ?? [];
    }
  }
  const sorted = (of: Record<string, string[]>): Record<string, string[]> =>
    Object.fromEntries(Object.entries(of).map(([key, values]) => [key, [...new Set(values)].sort()]));
  expect(sorted(taken)).toEqual(sorted(named));
  expect(Object.keys(taken)).toHaveLength(5);
});

test('every orchestrator hears every topic, each subscription made where its topic is', () => {
  const subscriptions = query.all('aws_sns_topic_subscription').filter((s) => s.properties['protocol'] === 'lambda');
  expect(subscriptions).toHaveLength(6);
  for (const { properties } of subscriptions) {
    const topic = /aws_sns_topic\.(\w+)_alerts/.exec(String(properties['topic_arn']))?.[1];
    expect(properties['provider']).toBe(topic === 'us_east_1' ? 'aws' : `aws.${topic}`);
    expect(properties['redrive_policy']).toContain(`aws_sqs_queue.${topic}_undelivered.arn`);
  }
});

test('Route 53 checks HTTPS on the regional name, which itself has no health check', () => {
  for (const [region] of REGIONS) {
    expect(query.one('aws_route53_health_check', `${region}_dns_health_check`)).toMatchObject({
      type: 'HTTPS',
      port: 443,
      enable_sni: true,
      fqdn: `${region}.app.example.com`,
      resource_path: '/health/${sensitive(terraform_data.check_token_1.id)}',
      request_interval: 10,
      failure_threshold: 3,
    });
    expect(query.one('aws_route53_record', `${region}_dns_regional_name`)).not.toHaveProperty('health_check_id');
    expect(query.one('aws_route53_record', `${region}_dns_record`)).toMatchObject({
      type: 'CNAME',
      ttl: 10,
      records: [`${region}.app.example.com`],
      set_identifier: region,
      health_check_id: `\${aws_route53_health_check.${region}_dns_health_check.id}`,
    });
  }
});

test('the regions share the validation record of the domain', () => {
  const validations = query.ids('aws_route53_record').filter((id) => id.includes('validation'));
  expect(validations).toEqual([
    'mumbai_certificate_validation',
    'mumbai_certificate_validation_shared',
    'singapore_certificate_validation',
  ]);
  expect(query.one('aws_acm_certificate_validation', 'singapore_certificate_issued')['depends_on']).toContain(
    'aws_route53_record.mumbai_certificate_validation_shared',
  );
});

test('each region is watched from outside of it', () => {
  const alarms = query.all('aws_cloudwatch_metric_alarm');
  for (const [region] of REGIONS) {
    const about = alarms.filter((a) => String(a.properties['alarm_name']).startsWith(`dr-${region}-`));
    const outside = about
      .filter((a) => a.properties['provider'] !== `aws.${region}`)
      .map((a) => a.properties['alarm_name']);
    expect(outside).toEqual(expect.arrayContaining([`dr-${region}-route53-unhealthy`, `dr-${region}-peer-stale`]));
  }
});

test('only 443 and 80 are open, every bucket is private, no secret has a value', () => {
  expect(new Set(Object.values(query.property('aws_vpc_security_group_ingress_rule', 'from_port')))).toEqual(
    new Set([443, 80]),
  );
  expect(query.all('aws_s3_bucket_public_access_block')).toHaveLength(query.all('aws_s3_bucket').length);
  expect(query.all('aws_secretsmanager_secret_version')).toHaveLength(0);
});

/** Where IAM has no narrower resource, or "*" means the resource the policy is attached to. */
const WILDCARD_RESOURCES = [/^aws_kms_key\./];

test('no policy allows a wildcard action, and wildcard resources are the named ones', () => {
  for (const { address, policy } of query.policies()) {
    for (const { Effect, Action, Resource } of policy.Statement) {
      if (Effect === 'Deny') continue;
      expect({ address, wildcards: Action.filter((a) => a.includes('*')) }).toEqual({ address, wildcards: [] });
      const wide = Resource?.includes('*') && !WILDCARD_RESOURCES.some((named) => named.test(address));
      expect({ address, wide: wide ?? false }).toEqual({ address, wide: false });
    }
  }
});

test('nothing that only one provider major knows is set', () => {
  const providerSixOnly = ['"region":', '"consistency_mode"', '"source_kms_key_arn"', '"tenancy_config"', 'nodejs24'];
  const resources = JSON.stringify(query.stack.resource).replaceAll(/"latency_routing_policy":\{[^}]*\}/g, '');
  const withoutReplicas = resources.replaceAll(/"replica":\[[^\]]*\]/g, '');
  for (const property of providerSixOnly) expect(withoutReplicas).not.toContain(property);
});

test('the JSON is the same wherever and whenever it is made', () => {
  expect(synthesized().json).toBe(json);
  expect(json).not.toContain(process.cwd());
  expect(query.stack.terraform).toMatchObject({
    backend: { local: { path: 'terraform.tfstate' } },
    required_providers: { aws: { version: '>= 5.100.0, < 7.0.0' } },
  });
  expect(warnings).toEqual([]);
});
