// Mutations of our own stack: what no drill is run of, what a drill shows, and other ways to write what is sound.
import { add, all, at, drop, set, told, zone, type Json, type Stack } from '../../serving/testing/plant';

export type Plant = (stack: Stack) => void;
/** What is done to the stack, and the address that must be named. */
export type Mutation = readonly [name: string, plant: Plant, guilty: string];
/** The fault that shows it. */
export interface Shown {
  readonly fault?: string;
  readonly region?: string;
}
type ShownMutation = readonly [...Mutation, Shown];

const change =
  (address: string, edit: (body: Json) => void): Plant =>
  (stack) =>
    edit(at(stack, address));

const RECORD = 'aws_route53_record.mumbai_dns_record';
const OTHER_RECORD = 'aws_route53_record.singapore_dns_record';
const CHECK = 'aws_route53_health_check.mumbai_dns_health_check';
const OTHER_CHECK = 'aws_route53_health_check.singapore_dns_health_check';
const ALARM = 'aws_cloudwatch_metric_alarm.mumbai_latency_high';
const DNS_ALARM = 'aws_cloudwatch_metric_alarm.mumbai_route53_unhealthy';
const ROUTER = 'aws_lambda_function.mumbai_traffic_router';
const CHECKER = 'aws_lambda_function.mumbai_health_checker';
const TABLE = 'aws_dynamodb_table.system_table';
const ZONE = '${data.aws_route53_zone.zone.zone_id}';
const dropKey = (address: string, key: string) => change(address, (body) => void delete body[key]);
const calculated = (threshold: number) =>
  change(CHECK, (body) => {
    const kept = { provider: 'aws', type: 'CALCULATED' };
    for (const key of Object.keys(body)) delete body[key];
    Object.assign(body, kept, { child_healthchecks: [`\${${OTHER_CHECK}.id}`], child_health_threshold: threshold });
  });
const byAlarm = (more: Json) =>
  change(CHECK, (body) => {
    for (const key of Object.keys(body)) delete body[key];
    Object.assign(body, {
      provider: 'aws',
      type: 'CLOUDWATCH_METRIC',
      cloudwatch_alarm_name: 'dr-mumbai-table-throttled',
      cloudwatch_alarm_region: 'ap-south-1',
      ...more,
    });
  });

/** What no drill is run of. */
export const REFUSED: readonly Mutation[] = [
  ['a check on its own name', set(CHECK, { fqdn: 'app.example.com' }), CHECK],
  ['a check on its own name, of the other region', set(OTHER_CHECK, { fqdn: 'APP.example.com.' }), OTHER_CHECK],
  ['one check on two records', set(OTHER_RECORD, { health_check_id: `\${${CHECK}.id}` }), CHECK],
  ['a disabled check', set(CHECK, { disabled: true }), CHECK],
  ['an inverted check', set(CHECK, { invert_healthcheck: true }), CHECK],
  ['a check of the other region', set(CHECK, { fqdn: 'singapore.app.example.com' }), CHECK],
  ['a check that a redirect answers', set(CHECK, { type: 'HTTP', port: 80 }), CHECK],
  ['a check at a port where nobody listens', set(CHECK, { port: 8443 }), CHECK],
  ['a check of the wrong function', set(CHECK, { resource_path: '/ready' }), CHECK],
  ['a check with a token that is none', set(CHECK, { resource_path: '/health/guessed' }), CHECK],
  ['a calculated check that is always healthy', calculated(0), CHECK],
  ['a calculated check that is never healthy', calculated(2), CHECK],
  ['a calculated check of the other region', calculated(1), CHECK],
  ['too long a search string', set(CHECK, { type: 'HTTPS_STR_MATCH', search_string: 'x'.repeat(256) }), CHECK],
  ['too few checker regions', set(CHECK, { regions: ['us-east-1', 'eu-west-1'] }), CHECK],
  ['a checker region that is none', set(CHECK, { regions: ['us-east-1', 'eu-west-1', 'ap-south-1'] }), CHECK],
  ['a state of data that is none', byAlarm({ insufficient_data_health_status: 'Failure' }), CHECK],
  ['an alarm on a check of an endpoint', set(CHECK, { cloudwatch_alarm_name: 'dr-mumbai-latency-high' }), CHECK],
  ['a threshold that is none', set(CHECK, { failure_threshold: 11 }), CHECK],
  ['an interval that is none', set(CHECK, { request_interval: 20 }), CHECK],
  ['a latency region that is none', set(RECORD, { latency_routing_policy: { region: 'moon-1' } }), RECORD],
  ['a record of the other region', set(RECORD, { latency_routing_policy: { region: 'ap-southeast-1' } }), RECORD],
  ['a record to nobody', set(RECORD, { records: ['gone.app.example.com'] }), RECORD],
  ['a check that is not there', set(RECORD, { health_check_id: 'gone' }), RECORD],
  ['a record without the policy of the others', dropKey(RECORD, 'latency_routing_policy'), RECORD],
  ['one identifier twice', set(OTHER_RECORD, { set_identifier: 'mumbai' }), OTHER_RECORD],
  ['a name outside the zone', set(RECORD, { name: 'app-example.com' }), RECORD],
  ['a private zone', zone({ private_zone: true }), RECORD],
  ["an alarm on Route 53's metric elsewhere", set(DNS_ALARM, nearby('mumbai')), DNS_ALARM],
  [
    'an alarm on a load balancer of the other region',
    change(ALARM, (body) => {
      const dimensions = body['dimensions'] as Json;
      dimensions['LoadBalancer'] = '${aws_lb.singapore_alb.arn_suffix}';
      dimensions['TargetGroup'] = '${aws_lb_target_group.singapore_alb_router_targets.arn_suffix}';
    }),
    ALARM,
  ],
  [
    'an alarm on a metric of the other region',
    set('aws_cloudwatch_metric_alarm.singapore_records_bad', { dimensions: { Region: 'mumbai' } }),
    'aws_cloudwatch_metric_alarm.singapore_records_bad',
  ],
  ['an alarm on a far topic', set(ALARM, { alarm_actions: ['${aws_sns_topic.singapore_alerts.arn}'] }), ALARM],
  ['a treatment of missing data that is none', set(ALARM, { treat_missing_data: 'none' }), ALARM],
  ['a comparison that is none', set(ALARM, { comparison_operator: 'GreaterThan' }), ALARM],
  ['a period that is none', set(ALARM, { period: 45 }), ALARM],
  [
    'a permission for another service',
    set('aws_lambda_permission.singapore_failover_orchestrator_from_topic_mumbai', {
      principal: 'events.amazonaws.com',
    }),
    'aws_lambda_permission.singapore_failover_orchestrator_from_topic_mumbai',
  ],
  ['an internal load balancer', set('aws_lb.mumbai_alb', { internal: true }), 'aws_lb.mumbai_alb'],
  ['no permission for the load balancer', drop('aws_lambda_permission.mumbai_traffic_router_from_alb'), ROUTER],
  ['no execution reserved', set(ROUTER, { reserved_concurrent_executions: 0 }), ROUTER],
  ['a function to ask that is not there', told(CHECKER, { DR_ROUTER_FUNCTION: 'dr-gone:live' }), CHECKER],
  [
    'a schedule that AWS refuses',
    set('aws_cloudwatch_event_rule.mumbai_health_schedule', { schedule_expression: 'rate(1 minutes)' }),
    'aws_cloudwatch_event_rule.mumbai_health_schedule',
  ],
  ['no peers told', told(ROUTER, { DR_PEERS: '[]' }), ROUTER],
  ['a billing mode that is none', set(TABLE, { billing_mode: 'ON_DEMAND' }), TABLE],
  [
    'a group without a target, that an alias evaluates',
    all(
      drop('aws_lb_target_group_attachment.mumbai_alb_health_target'),
      change('aws_route53_record.mumbai_dns_regional_name', (body) => {
        (body['alias'] as Json)['evaluate_target_health'] = true;
      }),
    ),
    'aws_lb_target_group.mumbai_alb_health_targets',
  ],
  ['a firewall that nobody reads', add('aws_wafv2_web_acl_association.w', {}), 'aws_wafv2_web_acl_association.w'],
];

function nearby(region: string): Json {
  const topic = [`\${aws_sns_topic.${region}_alerts.arn}`];
  return { provider: `aws.${region}`, alarm_actions: topic, ok_actions: topic, insufficient_data_actions: topic };
}

function asConnection(body: Json): void {
  body['type'] = 'TCP';
  delete body['resource_path'];
}

/** What a rule sees in the stack as well. */
export const FAILS: readonly ShownMutation[] = [
  ['a record without a health check', dropKey(RECORD, 'health_check_id'), RECORD, {}],
  ['a table without its replica', drop('aws_dynamodb_table_replica.system_table_replica_singapore'), TABLE, {}],
  ['a check of a connection alone', change(CHECK, asConnection), CHECK, { fault: 'lambda-errors' }],
];

/** What a drill shows. */
export const SHOWN: readonly ShownMutation[] = [
  ...FAILS,
  [
    'a search string that never matches',
    set(CHECK, { type: 'HTTPS_STR_MATCH', search_string: 'all is well' }),
    CHECK,
    {},
  ],
  [
    'a search string that never matches, of the other region',
    set(OTHER_CHECK, { type: 'HTTPS_STR_MATCH', search_string: 'all is well' }),
    OTHER_CHECK,
    {},
  ],
  ['a TTL that outlasts the objective', set(RECORD, { ttl: 300 }), RECORD, {}],
  ['a threshold that outlasts the objective', set(CHECK, { failure_threshold: 10 }), CHECK, {}],
  ['an interval that outlasts the objective', set(CHECK, { request_interval: 30 }), CHECK, {}],
  ['an alarm that tells nobody', set(DNS_ALARM, { actions_enabled: false }), DNS_ALARM, {}],
  [
    'a role that may not write',
    change('aws_iam_role_policy.mumbai_traffic_router_policy', (body) => {
      body['policy'] = String(body['policy']).replaceAll('dynamodb:PutItem', 'dynamodb:GetItem');
    }),
    'aws_iam_role.mumbai_traffic_router_role',
    {},
  ],
  ['a handler that is not there', set(ROUTER, { handler: 'index.handle' }), ROUTER, {}],
];

/** Other ways to write what is sound. */
export const SOUND: readonly (readonly [name: string, plant: Plant])[] = [
  [
    'names are written without their zone',
    (stack) => {
      for (const record of Object.values(stack.resource['aws_route53_record'] ?? {}))
        record['name'] = String(record['name']).replace(/\.example\.com$/, '');
    },
  ],
  [
    'there is another name, of somebody else',
    add('aws_route53_record.docs', {
      zone_id: ZONE,
      name: 'docs',
      type: 'CNAME',
      ttl: 60,
      records: ['pages.example.net'],
    }),
  ],
];
