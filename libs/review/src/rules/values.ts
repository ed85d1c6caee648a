// Values that AWS does not take: an apply fails on them, and what has been applied before stays as it was.
import { ALL_REGIONS, CHECKER_REGIONS } from '@dr/contracts';
import { finding, whyNotScheduled, type Finding } from '@dr/stack';
import { blocksOf, knownOrAbsent, textOf, textsOf, type Resource, type Values } from '@dr/terraform-json';
import { ofEach } from './each';
import { CHECK_VALUES } from './pages';
import type { Rule } from './rule';

/** `type` or `type.block` -> argument -> what the API's model has for it (of the SDK's clients, `models/enums`). */
const ALLOWED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  aws_route53_health_check: {
    insufficient_data_health_status: ['Healthy', 'Unhealthy', 'LastKnownStatus'],
    regions: CHECKER_REGIONS,
    cloudwatch_alarm_region: ALL_REGIONS.map(({ id }) => id),
  },
  aws_route53_record: {
    type: [
      ...['A', 'AAAA', 'CAA', 'CNAME', 'DS', 'HTTPS', 'MX', 'NAPTR', 'NS', 'PTR', 'SOA', 'SPF', 'SRV', 'SSHFP', 'SVCB'],
      ...['TLSA', 'TXT'],
    ],
  },
  aws_lb: {
    load_balancer_type: ['application', 'gateway', 'network'],
    ip_address_type: ['ipv4', 'dualstack', 'dualstack-without-public-ipv4'],
  },
  aws_lb_target_group: { target_type: ['instance', 'ip', 'lambda', 'alb'] },
  aws_cloudwatch_metric_alarm: {
    comparison_operator: [
      ...['GreaterThanOrEqualToThreshold', 'GreaterThanThreshold', 'LessThanThreshold', 'LessThanOrEqualToThreshold'],
      ...['LessThanLowerOrGreaterThanUpperThreshold', 'LessThanLowerThreshold', 'GreaterThanUpperThreshold'],
    ],
    statistic: ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'],
    treat_missing_data: ['breaching', 'notBreaching', 'ignore', 'missing'],
  },
  aws_dynamodb_table: {
    billing_mode: ['PROVISIONED', 'PAY_PER_REQUEST'],
    stream_view_type: ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'],
    table_class: ['STANDARD', 'STANDARD_INFREQUENT_ACCESS'],
  },
  'aws_dynamodb_table.attribute': { type: ['S', 'N', 'B'] },
  'aws_dynamodb_table.replica': {
    region_name: ALL_REGIONS.map(({ id }) => id),
    consistency_mode: ['EVENTUAL', 'STRONG'],
  },
  aws_lambda_function: { package_type: ['Zip', 'Image'], architectures: ['x86_64', 'arm64'] },
  'aws_lambda_function.logging_config': { log_format: ['JSON', 'Text'] },
  'aws_lambda_function.tracing_config': { mode: ['Active', 'PassThrough'] },
};

export const VALUE_RULES: readonly Rule[] = [
  {
    id: 'value-is-known-to-aws',
    of: 'serving',
    *judge({ graph }) {
      for (const [place, allowed] of Object.entries(ALLOWED)) {
        const [type = '', block] = place.split('.');
        for (const { address, values } of graph.ofType(type))
          for (const body of block === undefined ? [values] : blocksOf(values, block))
            for (const [argument, texts] of Object.entries(allowed))
              for (const text of given(body, argument).filter((one) => !texts.includes(one))) {
                const name = block === undefined ? argument : `${block}.${argument}`;
                const use = texts.length > 12 ? `one such as ${texts.slice(0, 3).join(', ')}` : texts.join(', ');
                yield finding(address, `has ${name} "${text}", which AWS does not know`, `Use ${use}`);
              }
      }
    },
  },
  {
    id: 'health-check-is-one-that-aws-takes',
    of: 'serving',
    source: CHECK_VALUES,
    statement:
      'A health check has the settings of its type, a search string of 255 characters at most, and three checker regions at least.',
    atFailover: 'The apply fails, so there is no such health check',
    judge: ofEach(['aws_route53_health_check'], healthCheckFindings),
  },
  {
    id: 'schedule-is-one-that-aws-takes',
    of: 'serving',
    source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html',
    statement:
      'A rule with a schedule is on the default bus. Its rate has a unit that agrees with its number, its cron has one ? for the day.',
    atFailover: 'The apply fails, so nothing runs on that schedule',
    judge: ofEach(['aws_cloudwatch_event_rule'], scheduleFindings),
  },
];

const given = (values: Values, argument: string): readonly string[] =>
  Array.isArray(values[argument]) ? textsOf(values, argument) : [textOf(values, argument) ?? []].flat();

/** Route 53 API reference, HealthCheckConfig. */
const MOST_SEARCHED = 255;
const FEWEST_REGIONS = 3;
const ENDPOINT_ONLY = [
  'fqdn',
  'port',
  'resource_path',
  'request_interval',
  'failure_threshold',
  'search_string',
  'regions',
];
const METRIC_ONLY = ['cloudwatch_alarm_name', 'cloudwatch_alarm_region', 'insufficient_data_health_status'];
const CALCULATED_ONLY = ['child_healthchecks', 'child_health_threshold'];

function* healthCheckFindings({ address, values }: Resource): Iterable<Finding> {
  const type = textOf(values, 'type') ?? '';
  const searched = textOf(values, 'search_string') ?? '';
  const regions = textsOf(values, 'regions');
  const others =
    type === 'CLOUDWATCH_METRIC'
      ? [...ENDPOINT_ONLY, ...CALCULATED_ONLY]
      : type === 'CALCULATED'
        ? [...ENDPOINT_ONLY, ...METRIC_ONLY]
        : [...METRIC_ONLY, ...CALCULATED_ONLY, ...(type.endsWith('_STR_MATCH') ? [] : ['search_string'])];
  const tooLong = `has a search_string of ${searched.length} characters, and Route 53 takes ${MOST_SEARCHED} at most`;
  if (searched.length > MOST_SEARCHED) yield finding(address, tooLong, 'Search for less');
  const tooFew = `names ${regions.length} regions, and Route 53 takes ${FEWEST_REGIONS} at least`;
  if (regions.length > 0 && regions.length < FEWEST_REGIONS) yield finding(address, tooFew, 'Name more, or none');
  for (const argument of others.filter((one) => isGiven(values, one)))
    yield finding(address, `sets ${argument}, which Route 53 does not take for type ${type}`, `Remove ${argument}`);
}

/** A state shows what was never set as empty, 0 or false; a plan shows what AWS will fill in as unknown. */
function isGiven(values: Values, argument: string): boolean {
  const value = knownOrAbsent(() => values[argument]);
  return Array.isArray(value) ? value.length > 0 : !['', 0, false, null, undefined].includes(value as string);
}

function* scheduleFindings({ address, values }: Resource): Iterable<Finding> {
  const expression = textOf(values, 'schedule_expression') ?? '';
  if (expression === '') return;
  const refused = whyNotScheduled(expression);
  const fix = 'Write rate(1 minute), rate(5 minutes) or cron(minutes hours day-of-month month ? year)';
  if (refused !== undefined) yield finding(address, `has the schedule ${expression}, which ${refused}`, fix);
  const bus = textOf(values, 'event_bus_name') ?? '';
  if (/^(|default|arn:.*:event-bus\/default)$/.test(bus)) return;
  yield finding(
    address,
    `has a schedule on the bus ${bus}, and EventBridge runs schedules on the default one alone`,
    'Remove event_bus_name',
  );
}
