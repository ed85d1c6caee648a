// Health checks that follow a CloudWatch alarm: is the alarm there, can Route 53 read it, and does it outlive what it reports on?
import { finding, type Finding } from '@dr/stack';
import { numberOf, textOf, type Graph, type Resource } from '@dr/terraform-json';
import { indexed, inEach, regionOf } from './each';
import { ALARM_OF_CHECK, API_FAILOVER } from './pages';
import type { Rule, Stack } from './rule';
import { guardsOf, regionsOf } from './served';

interface Followed {
  /** Of the health check. */
  readonly address: string;
  readonly alarmName: string;
  readonly awsRegion: string;
}

const followed = ({ checks }: Stack): readonly Followed[] =>
  [...checks.values()].flatMap(({ address, source }) => (source.kind === 'metric' ? [{ address, ...source }] : []));

const alarmsNamed = (graph: Graph, name: string): readonly Resource[] =>
  ['aws_cloudwatch_metric_alarm', 'aws_cloudwatch_composite_alarm'].flatMap(
    (type) => indexed(graph, type, 'alarm_name').get(name) ?? [],
  );

export const METRIC_CHECK_RULES: readonly Rule[] = [
  {
    id: 'metric-check-has-its-alarm',
    of: 'advice',
    source: ALARM_OF_CHECK,
    statement: 'A health check that follows an alarm names the region in which that alarm is.',
    atFailover: 'The health check follows nothing',
    judge: (stack) =>
      inEach(followed(stack), function* ({ address, alarmName, awsRegion }) {
        const alarms = alarmsNamed(stack.graph, alarmName);
        const regions = new Set(alarms.map(regionOf));
        if (alarms.length === 0 || regions.has(awsRegion) || regions.has(undefined)) return;
        const sentence = `follows ${alarmName} in ${awsRegion}, and the stack has it in ${[...regions].join(' and ')}`;
        yield finding(address, sentence, `Set cloudwatch_alarm_region to ${[...regions][0]}`);
      }),
  },
  {
    id: 'metric-check-follows-a-plain-alarm',
    of: 'advice',
    source: ALARM_OF_CHECK,
    statement: 'An alarm that a health check follows has a standard-resolution metric and no extended statistic.',
    atFailover: 'Route 53 does not take such an alarm, so the health check follows nothing',
    judge: (stack) =>
      inEach(followed(stack), function* ({ address, alarmName }) {
        for (const alarm of alarmsNamed(stack.graph, alarmName)) yield* notPlain(address, alarm);
      }),
  },
  {
    id: 'metric-check-outlives-its-region',
    of: 'advice',
    severity: 'note',
    source: API_FAILOVER,
    statement: 'The alarm that decides on a region is in another one, so that it can be read when the region is lost.',
    atFailover: 'The alarm is lost with the region that it should report',
    *judge(stack) {
      for (const { check, record, endpoints } of guardsOf(stack)) {
        const { source, address } = check;
        if (source.kind !== 'metric' || !regionsOf(endpoints).includes(source.awsRegion)) continue;
        const sentence = `follows an alarm in ${source.awsRegion}, the region that ${record.address} leads to`;
        yield finding(address, sentence, 'Keep the alarm in the region that takes over');
      }
    },
  },
];

const FINEST_SECONDS = 60;

function* notPlain(address: string, alarm: Resource): Iterable<Finding> {
  const statistic = textOf(alarm.values, 'extended_statistic');
  const period = numberOf(alarm.values, 'period');
  const takes = 'Use a standard statistic and a period of 60 s or more';
  if (statistic !== undefined)
    yield finding(address, `follows ${alarm.address}, whose statistic ${statistic} Route 53 does not take`, takes);
  if (period !== undefined && period < FINEST_SECONDS)
    yield finding(address, `follows ${alarm.address}, whose period of ${period} s is of high resolution`, takes);
}
