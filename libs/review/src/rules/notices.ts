// Alarms of any stack: does somebody hear of a region that is lost?
import { finding } from '@dr/stack';
import { knownOrAbsent, textMapOf, textOf, textsOf, type Resource, type Values } from '@dr/terraform-json';
import { indexed, managed, ofEach, referredIn, regionOf } from './each';
import { CHECK_ALARMS } from './pages';
import type { Rule } from './rule';
import { guardsOf } from './served';

const CLOUDWATCH = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring';
const CONFIG = 'https://docs.aws.amazon.com/config/latest/developerguide';
const METRIC_ALARM = 'aws_cloudwatch_metric_alarm';
const COMPOSITE_ALARM = 'aws_cloudwatch_composite_alarm';
const ACTIONS = ['alarm_actions', 'ok_actions', 'insufficient_data_actions'] as const;

const actionsOf = ({ values }: Resource): readonly string[] => ACTIONS.flatMap((key) => textsOf(values, key));

/** Names or ARNs of the alarms that a composite alarm's rule counts. */
const countedBy = (values: Values): readonly (string | undefined)[] =>
  [...(textOf(values, 'alarm_rule') ?? '').matchAll(/(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*"?([^")]+?)"?\s*\)/g)].map(
    ([, name]) => name,
  );

export const NOTICE_RULES: readonly Rule[] = [
  {
    id: 'alarm-has-an-action',
    of: 'advice',
    severity: 'note',
    source: `${CONFIG}/cloudwatch-alarm-action-check.html`,
    statement: 'An alarm has an action, or is part of another alarm or of a health check.',
    atFailover: 'The alarm tells nobody',
    judge: ofEach([METRIC_ALARM, COMPOSITE_ALARM], function* (alarm, { graph }) {
      if (actionsOf(alarm).length > 0) return;
      const name = textOf(alarm.values, 'alarm_name');
      const isFollowed = indexed(graph, 'aws_route53_health_check', 'cloudwatch_alarm_name').has(name);
      if (referredIn(graph).has(alarm.address) || isFollowed) return;
      if (managed(graph, COMPOSITE_ALARM).some(({ values }) => countedBy(values).includes(name))) return;
      yield finding(alarm.address, 'has no action', 'Send it to a topic');
    }),
  },
  {
    id: 'silence-is-an-alarm',
    of: 'advice',
    source: `${CLOUDWATCH}/AlarmThatSendsEmail.html`,
    statement: 'An alarm on too little of something does not take silence for well.',
    atFailover: 'A lost region sends no data, and the alarm stays OK',
    judge: ofEach([METRIC_ALARM], function* ({ address, values }) {
      const isLow = (textOf(values, 'comparison_operator') ?? '').startsWith('LessThan');
      // Route 53 publishes the state of its health checks whatever becomes of a region.
      const isKept = textOf(values, 'namespace') === 'AWS/Route53';
      if (!isLow || isKept || textOf(values, 'treat_missing_data') !== 'notBreaching') return;
      const sentence = 'is on too little, and takes missing data for well (notBreaching)';
      yield finding(address, sentence, 'Set treat_missing_data to breaching');
    }),
  },
  {
    id: 'composite-alarm-sees-its-alarms',
    of: 'advice',
    source: `${CLOUDWATCH}/Create_Composite_Alarm.html`,
    statement: 'The alarms that a composite alarm counts are in its region.',
    atFailover: 'The apply fails, or the alarm never changes',
    judge: ofEach([COMPOSITE_ALARM], function* ({ address, values, awsRegion }, { graph }) {
      for (const name of countedBy(values)) {
        const found = [METRIC_ALARM, COMPOSITE_ALARM].flatMap(
          (type) => indexed(graph, type, 'alarm_name', 'arn').get(name) ?? [],
        );
        const regions = found.map(regionOf);
        if (found.length === 0 || regions.includes(undefined) || regions.includes(awsRegion)) continue;
        yield finding(
          address,
          `counts ${found[0]?.address} of ${regions[0]}, and is in ${awsRegion}`,
          `Count alarms of ${awsRegion}`,
        );
      }
    }),
  },
  {
    id: 'failover-is-announced',
    of: 'advice',
    severity: 'note',
    source: CHECK_ALARMS,
    statement: 'An alarm tells when a health check that moves clients fails.',
    atFailover: 'Clients are moved and nobody knows',
    *judge(stack) {
      const { graph } = stack;
      const alarms = managed(graph, METRIC_ALARM).filter(
        ({ values }) => knownOrAbsent(() => textOf(values, 'namespace')) === 'AWS/Route53',
      );
      const checks = [...new Set(guardsOf(stack).map(({ check }) => check))].filter(
        ({ source }) => source.kind === 'endpoint',
      );
      const watched = new Set(alarms.flatMap(({ references }) => references['dimensions'] ?? []));
      const ids = new Set(
        alarms.map(({ values }) => knownOrAbsent(() => textMapOf(values, 'dimensions')['HealthCheckId'])),
      );
      for (const { id, address } of checks) {
        // One of which nobody can tell what it watches may watch this one.
        if (!watched.has(address) && !ids.has(id) && !ids.has(undefined))
          yield finding(address, 'is watched by no alarm', 'Add an alarm on its HealthCheckStatus in us-east-1');
      }
    },
  },
];
