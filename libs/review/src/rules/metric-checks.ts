// Health checks that follow a CloudWatch alarm: is the alarm there, can Route 53 read it, and does it outlive what it reports on?
import { finding, type Finding } from '@dr/stack';
import { blocksOf, numberOf, textOf, type Graph, type Resource } from '@dr/terraform-json';
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
    severity: 'blocks',
    source: ALARM_OF_CHECK,
    statement:
      'An alarm that a health check follows is of one standard-resolution metric, without metric math, extended statistic or M of N.',
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
const STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'];

/** What Route 53 does not take of an alarm. */
function* notPlain(address: string, { type, address: alarm, values }: Resource): Iterable<Finding> {
  const queries = blocksOf(values, 'metric_query');
  const metrics = [values, ...queries.flatMap((query) => blocksOf(query, 'metric'))];
  const takes = 'Use a standard statistic of one metric, a period of 60 s or more, and all datapoints to alarm';
  const not = (what: string): Finding => finding(address, `follows ${alarm}, ${what}`, takes);
  if (type === 'aws_cloudwatch_composite_alarm') return yield not('a composite alarm, which Route 53 does not take');
  if (queries.some((query) => textOf(query, 'expression') !== undefined))
    yield not('whose metric math Route 53 does not take');
  for (const metric of metrics) {
    const statistic = textOf(metric, 'extended_statistic') ?? textOf(metric, 'stat') ?? 'Sum';
    const period = numberOf(metric, 'period') ?? 0;
    if (!STATISTICS.includes(statistic)) yield not(`whose extended statistic ${statistic} Route 53 does not take`);
    if (period > 0 && period < FINEST_SECONDS) yield not(`whose period of ${period} s is of high resolution`);
  }
  const [some, of] = [numberOf(values, 'datapoints_to_alarm') ?? 0, numberOf(values, 'evaluation_periods') ?? 1];
  if (some > 0 && some < of) yield not(`which goes off at ${some} of ${of} datapoints (M of N)`);
}
