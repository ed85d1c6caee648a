// Health checks that Route 53 does not take.
import { ALL_REGIONS, InputError } from '@dr/contracts';
import { finding, type Finding } from '@dr/stack';
import { textOf, UnknownValueError, type Resource } from '@dr/terraform-json';
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
    ({ address, values }) => otherTexts(address, values, { cloudwatch_alarm_region: ALL_REGIONS.map(({ id }) => id) }),
  ],
});

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

function* ofOtherTypes({ address, values }: Resource): Iterable<Finding> {
  const type = textOf(values, 'type') ?? '';
  const others =
    type === 'CLOUDWATCH_METRIC'
      ? [...ENDPOINT_ONLY, ...CALCULATED_ONLY]
      : type === 'CALCULATED'
        ? [...ENDPOINT_ONLY, ...METRIC_ONLY]
        : [...METRIC_ONLY, ...CALCULATED_ONLY, ...(type.endsWith('_STR_MATCH') ? [] : ['search_string'])];
  for (const argument of others.filter((one) => isGiven(values, one)))
    yield finding(address, `sets ${argument}, which Route 53 does not take for type ${type}`, `Remove ${argument}`);
}

/** What its reader refuses, in the reader's words. */
function* unread({ address }: Resource, { checks }: Stack): Iterable<Finding> {
  const source = [...checks.values()].find((one) => one.address === address)?.source;
  const error = source?.kind === 'unread' ? source.error : undefined;
  if (!(error instanceof InputError) || error instanceof UnknownValueError) return;
  const what = error.what.replace(`${address}: `, '');
  yield finding(address, `is refused: ${what} ${error.why}`, error.fix);
}
