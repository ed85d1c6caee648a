// Health checks that Route 53 does not take.
import { ALL_REGIONS, InputError } from '@dr/contracts';
import { finding, type Finding } from '@dr/stack';
import { numberOf, textOf, UnknownValueError, type Resource } from '@dr/terraform-json';
import { CHECK_VALUES } from '../pages';
import type { Stack } from '../rule';
import { isGiven, otherTexts, takenRule } from './taken';

export const healthCheckValues = takenRule({
  kind: 'health-check',
  type: 'aws_route53_health_check',
  source: CHECK_VALUES,
  statement:
    'A health check has the settings of its type: an interval of 10 or 30 s, a threshold of 1 to 10, texts of 255 characters at most, three checker regions at least.',
  judge: [
    unread,
    ofOtherTypes,
    ofTcp,
    ({ address, values }) => otherTexts(address, values, { cloudwatch_alarm_region: ALL_REGIONS.map(({ id }) => id) }),
  ],
});

const ENDPOINT = [
  ...['fqdn', 'ip_address', 'port', 'resource_path', 'request_interval', 'failure_threshold', 'search_string'],
  'regions',
];
const METRIC = ['cloudwatch_alarm_name', 'cloudwatch_alarm_region', 'insufficient_data_health_status'];
const CALCULATED = ['child_healthchecks', 'child_health_threshold'];

/** Arguments that Route 53 does not take for the type. */
function othersOf(type: string): readonly string[] {
  switch (type) {
    case 'CLOUDWATCH_METRIC':
      return [...ENDPOINT, ...CALCULATED];
    case 'CALCULATED':
      return [...ENDPOINT, ...METRIC];
    case 'RECOVERY_CONTROL':
      return [...ENDPOINT, ...METRIC, ...CALCULATED];
    case 'TCP':
      return [...METRIC, ...CALCULATED, 'search_string', 'resource_path'];
    default:
      return [...METRIC, ...CALCULATED, ...(type.endsWith('_STR_MATCH') ? [] : ['search_string'])];
  }
}

function* ofOtherTypes({ address, values }: Resource): Iterable<Finding> {
  const type = textOf(values, 'type') ?? '';
  for (const argument of othersOf(type).filter((one) => isGiven(values, one)))
    yield finding(address, `sets ${argument}, which Route 53 does not take for type ${type}`, `Remove ${argument}`);
}

/** "TCP health checks that have IP address must not have a fully qualified domain name specified", says Route 53; a port has a default of HTTP alone. */
function* ofTcp({ address, values }: Resource): Iterable<Finding> {
  if (textOf(values, 'type') !== 'TCP') return;
  if (numberOf(values, 'port') === undefined) yield finding(address, 'is of type TCP and has no port', 'Give port');
  if (isGiven(values, 'ip_address') && isGiven(values, 'fqdn'))
    yield finding(address, 'is of type TCP and has both ip_address and fqdn', 'Keep one of them');
}

/** What its reader refuses, in the reader's words. */
function* unread({ address }: Resource, { checks }: Stack): Iterable<Finding> {
  const source = [...checks.values()].find((one) => one.address === address)?.source;
  const error = source?.kind === 'unread' ? source.error : undefined;
  if (!(error instanceof InputError) || error instanceof UnknownValueError) return;
  const what = error.what.replace(`${address}: `, '');
  yield finding(address, `is refused: ${what} ${error.why}`, error.fix);
}
