// Alarms and topics: who is told of a lost region.
import { knownOrAbsent, textMapOf, textOf, textsOf } from '@dr/terraform-json';
import { sentences } from './dns';
import { attribute, flag, nameIn, number, several, text, type Kinds, type Setting } from './kind';

const ACTIONS: readonly Setting[] = [
  several(
    'alarm_actions',
    (gone, added) => sentences(gone, 'it no longer tells', added, 'it tells'),
    ({ graph, resource: { values } }) => textsOf(values, 'alarm_actions').map((one) => nameIn(graph, one)),
  ),
  flag('actions_enabled', true, 'its actions are turned on', 'its actions are turned off: it tells nobody'),
];

const METRIC: readonly Setting[] = [
  ...ACTIONS,
  text('namespace', 'it watches something else'),
  text('metric_name', 'it watches something else'),
  {
    key: 'dimensions',
    read: ({ resource: { values } }) =>
      Object.entries(textMapOf(values, 'dimensions'))
        .map(([key, value]) => `${key}=${value}`)
        .sort()
        .join('\n'),
    says: () => 'its dimensions change: it watches something else',
  },
  text('threshold', 'it goes off at another value'),
  text('comparison_operator', 'it goes off on the other side of its threshold'),
  number({
    key: 'evaluation_periods',
    more: () => 'it goes off later',
    less: () => 'it goes off earlier',
  }),
  number({
    key: 'datapoints_to_alarm',
    read: ({ resource: { values } }) =>
      Number(knownOrAbsent(() => textOf(values, 'datapoints_to_alarm')) ?? 0) ||
      Number(textOf(values, 'evaluation_periods')),
    more: () => 'it goes off later',
    less: () => 'it goes off earlier',
  }),
  number({ key: 'period', more: () => 'it goes off later', less: () => 'it goes off earlier' }),
  text(
    'treat_missing_data',
    'it takes missing data for something else',
    ({ resource: { values } }) => textOf(values, 'treat_missing_data') ?? 'missing',
  ),
];

export const ALARM_KINDS: Kinds = {
  aws_cloudwatch_metric_alarm: {
    noun: 'the alarm',
    removed: 'nobody is told of what it watches',
    replaced: 'nobody is told of what it watches until it is made again',
    settings: METRIC,
  },
  aws_cloudwatch_composite_alarm: {
    noun: 'the alarm',
    removed: 'nobody is told of what it watches',
    replaced: 'nobody is told of what it watches until it is made again',
    settings: [...ACTIONS, text('alarm_rule', 'other alarms set it off')],
  },
  aws_sns_topic: {
    noun: 'the topic',
    removed: 'nobody is told through it any more',
    replaced: 'its subscriptions go with it',
    settings: [],
  },
  aws_sns_topic_subscription: {
    noun: 'the subscription',
    removed: 'its endpoint is told nothing any more',
    replaced: 'its endpoint is told nothing until the new one is confirmed',
    // An endpoint may be an address with a key in it: it is not shown.
    settings: [{ key: 'endpoint', read: attribute('endpoint'), says: () => 'somebody else is told' }],
  },
};
