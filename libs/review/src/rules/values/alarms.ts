// Alarms that CloudWatch does not take.
import { finding, type Finding } from '@dr/stack';
import { blocksOf, textOf, type Values } from '@dr/terraform-json';
import { inEach } from '../each';
import { blocksAt, numberIn, numbersOutside, otherTexts, takenRule } from './taken';

export const alarmValues = takenRule({
  kind: 'alarm',
  type: 'aws_cloudwatch_metric_alarm',
  source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html',
  statement:
    'An alarm has a period of 10, 20, 30 or a multiple of 60 s, one statistic, and looks back a day at most, or a week with periods of an hour.',
  judge: [
    ({ address, values }) => otherTexts(address, values, TEXTS),
    ({ address, values }) => numbersOutside(address, values, { evaluation_periods: [1, 604_800] }),
    ({ address, values }) => datapoints(address, values),
    ({ address, values }) => statistics(address, values),
    ({ address, values }) => inEach(measured(values), ([at, block]) => periodFindings(address, block, at)),
    ({ address, values }) => span(address, values),
  ],
});

const STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'];
const TEXTS = {
  comparison_operator: [
    ...['GreaterThanOrEqualToThreshold', 'GreaterThanThreshold', 'LessThanThreshold', 'LessThanOrEqualToThreshold'],
    ...['LessThanLowerOrGreaterThanUpperThreshold', 'LessThanLowerThreshold', 'GreaterThanUpperThreshold'],
  ],
  statistic: STATISTICS,
  treat_missing_data: ['breaching', 'notBreaching', 'ignore', 'missing'],
  evaluate_low_sample_count_percentiles: ['evaluate', 'ignore'],
};
/** Percentiles, trimmed and winsorized means and counts, shares of a range, the interquartile mean. */
const EXTENDED = /^(?:(?:p|tm|wm|tc|ts)(?:\d{1,2}(?:\.\d{1,10})?|100(?:\.0+)?)|(?:TM|WM|PR|TC|TS)\(.*\)|IQM)$/;
const FINE_SECONDS = [10, 20, 30];
const MINUTE = 60;
const HOUR = 3_600;
const DAY = 24 * HOUR;

/** The alarm itself, and each metric of its queries. */
const measured = (values: Values): readonly (readonly [at: string, block: Values])[] => [
  ['', values],
  ...blocksOf(values, 'metric_query').flatMap((query) => [
    ['metric_query.', query] as const,
    ...blocksAt(query, 'metric').map(([at, block]) => [`metric_query.${at}`, block] as const),
  ]),
];

/** 0 is what a state shows of an alarm on queries. */
function* periodFindings(address: string, block: Values, at: string): Iterable<Finding> {
  const period = numberIn(block, 'period') ?? 0;
  if (FINE_SECONDS.includes(period) || (period >= 0 && period % MINUTE === 0)) return;
  const sentence = `has ${at}period ${period}, and CloudWatch takes 10, 20, 30 or a multiple of 60`;
  yield finding(address, sentence, 'Use 10, 20, 30 or a multiple of 60 seconds');
}

/** 0: not set. */
function* datapoints(address: string, values: Values): Iterable<Finding> {
  const [count, of] = [numberIn(values, 'datapoints_to_alarm') ?? 0, numberIn(values, 'evaluation_periods') ?? 1];
  if (count === 0 || (count >= 1 && count <= of)) return;
  const sentence = `has datapoints_to_alarm ${count}, which is not within 1 to evaluation_periods ${of}`;
  yield finding(address, sentence, `Use 1 to ${of}`);
}

function* statistics(address: string, values: Values): Iterable<Finding> {
  const [plain, extended] = [textOf(values, 'statistic'), textOf(values, 'extended_statistic')];
  if (plain !== undefined && extended !== undefined)
    yield finding(address, 'has both statistic and extended_statistic, and an alarm has one', 'Keep one of them');
  if (extended !== undefined && !EXTENDED.test(extended)) {
    const sentence = `has extended_statistic "${extended}", which CloudWatch does not know`;
    yield finding(address, sentence, 'Use one such as p99, tm90 or IQM');
  }
}

function* span(address: string, values: Values): Iterable<Finding> {
  const periods = measured(values).map(([, block]) => numberIn(block, 'period') ?? 0);
  const period = Math.max(0, ...periods);
  const seconds = period * (numberIn(values, 'evaluation_periods') ?? 1);
  const most = period >= HOUR ? 7 * DAY : DAY;
  if (seconds <= most) return;
  const sentence = `looks back ${seconds} s (period x evaluation_periods), and CloudWatch takes ${most} at most with such a period`;
  yield finding(address, sentence, 'Lower evaluation_periods');
}
