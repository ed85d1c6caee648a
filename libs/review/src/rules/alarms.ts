// Alarms: does each have a metric to read where it is, and does what it says arrive?
import { alarmRoute, GLOBAL_REGION } from '@dr/contracts';
import {
  finding,
  frontBalancers,
  parseArn,
  permitted,
  readTables,
  splitArn,
  type Finding,
  type Names,
} from '@dr/stack';
import {
  blocksOf,
  flagOf,
  textMapOf,
  textOf,
  textsOf,
  type Graph,
  type Resource,
  type Values,
  knownOrAbsent,
  numberOf,
} from '@dr/terraform-json';
import { managed, ofEach } from './each';
import type { Rule } from './rule';

const ALARMS = ['aws_cloudwatch_metric_alarm', 'aws_cloudwatch_composite_alarm'] as const;

/** What a metric alarm reads: its own metric, or those of its queries. */
export const metricsOf = ({ values }: Resource): readonly Values[] => [
  ...(textOf(values, 'metric_name') === undefined ? [] : [values]),
  ...blocksOf(values, 'metric_query').flatMap((query) => blocksOf(query, 'metric')),
];

/** [A] Data of AWS's own metrics arrive so late. */
const LATE_SECONDS = 120;
const MINUTE = 60;

/** How many of the newest periods have no data yet, so that FILL puts its value there: a longer one has some from its beginning. */
function filledPeriods(alarm: Resource): number {
  const isFilled = blocksOf(alarm.values, 'metric_query').some((query) =>
    /\bFILL\s*\(/i.test(knownOrAbsent(() => textOf(query, 'expression')) ?? ''),
  );
  const emptyOf = (metric: Values): number =>
    (textOf(metric, 'namespace') ?? '').startsWith('AWS/')
      ? Math.floor(LATE_SECONDS / Math.max(MINUTE, numberOf(metric, 'period') ?? MINUTE))
      : 0;
  return isFilled ? Math.max(0, ...metricsOf(alarm).map((metric) => knownOrAbsent(() => emptyOf(metric)) ?? 0)) : 0;
}

export const ALARM_RULES: readonly Rule[] = [
  {
    // An alarm can publish only to a topic of its own region (CW-04).
    id: 'alarm-publishes-in-its-region',
    of: 'serving',
    *judge({ graph }) {
      for (const { address, awsRegion, values } of managed(graph, ...ALARMS))
        for (const key of ['alarm_actions', 'ok_actions', 'insufficient_data_actions'])
          for (const action of textsOf(values, key)) {
            const topic = graph.find('aws_sns_topic', 'arn', action);
            if (!topic || topic.awsRegion === awsRegion) continue;
            const sentence = `names ${topic.address} in ${topic.awsRegion} (${key}), but the alarm is in ${awsRegion}`;
            yield finding(address, sentence, `Use a topic of ${awsRegion}`);
          }
    },
  },
  {
    id: 'alarm-tells-somebody',
    of: 'failover',
    source: 'https://docs.aws.amazon.com/config/latest/developerguide/cloudwatch-alarm-action-enabled-check.html',
    statement: 'An alarm with actions has them enabled.',
    atFailover: 'The alarm tells nobody',
    judge: ofEach(ALARMS, function* ({ address, values }) {
      if (flagOf(values, 'actions_enabled') === false && textsOf(values, 'alarm_actions').length > 0)
        yield finding(address, 'has its actions disabled: it tells nobody', 'Set actions_enabled to true');
    }),
  },
  {
    // AWS publishes a metric in the region of what it is about, and Route 53's in us-east-1 (CW-04).
    id: 'alarm-has-its-metric',
    of: 'unseen',
    source: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html',
    statement: 'An alarm is in the region in which AWS publishes its metric; those of Route 53 are in us-east-1.',
    atFailover: 'The alarm has no data and says nothing',
    judge: ofEach(['aws_cloudwatch_metric_alarm'], function* (alarm, { graph, names }) {
      for (const metric of metricsOf(alarm)) yield* metricFindings(graph, names, alarm, metric);
    }),
  },
  {
    // FILL puts its value where data are only late (CW-05), so of such an alarm the newest minutes are always filled.
    id: 'filled-alarm-looks-back',
    of: 'unseen',
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html',
    statement:
      'An alarm that fills the gaps of AWS metrics looks back further than the periods by which their data are late.',
    atFailover: 'The alarm stays in one state, whatever happens',
    judge: ofEach(['aws_cloudwatch_metric_alarm'], function* (alarm) {
      const evaluated = numberOf(alarm.values, 'evaluation_periods');
      const late = filledPeriods(alarm);
      if (evaluated === undefined || late === 0) return;
      const breaching = numberOf(alarm.values, 'datapoints_to_alarm') ?? evaluated;
      if (evaluated - breaching >= late) return;
      yield finding(
        alarm.address,
        `fills the newest periods before their data arrive, and needs ${breaching} of ${evaluated} periods`,
        `Set evaluation_periods to ${breaching + late + 1}, and datapoints_to_alarm to ${breaching}`,
      );
    }),
  },
  {
    // Alarms of a region go to a topic of that region, and are lost with it.
    id: 'somebody-is-told-of-a-lost-region',
    of: 'unseen',
    source: 'https://docs.aws.amazon.com/sns/latest/dg/welcome.html',
    statement: 'A topic that alarms go to is in a region other than the one whose loss it should report.',
    atFailover: 'Nobody is told that the region is lost',
    *judge({ graph, names }) {
      const alarms = graph.ofType('aws_cloudwatch_metric_alarm');
      const actions = new Set(
        alarms.flatMap(({ values }) => knownOrAbsent(() => textsOf(values, 'alarm_actions')) ?? []),
      );
      const topics = graph
        .ofType('aws_sns_topic')
        .filter((topic) => actions.has(String(knownOrAbsent(() => graph.attribute(topic, 'arn')))));
      const regions = new Set(topics.map((topic) => knownOrAbsent(() => topic.awsRegion)));
      const [awsRegion] = regions;
      const served = names.publicNames.flatMap(({ ways }) => ways.map(({ endpoint }) => endpoint.awsRegion));
      if (regions.size !== 1 || awsRegion === undefined || !served.includes(awsRegion)) return;
      const sentence = `is in ${awsRegion}, which it should report as lost, and no alarm goes to a topic elsewhere: nobody is told`;
      for (const { address } of topics)
        yield finding(
          address,
          sentence,
          'Send the alarms of Route 53, which are in us-east-1, to a topic there or in another region',
        );
    },
  },
  {
    // What SNS would drop without a word (SNS-03, SNS-04).
    id: 'subscription-is-delivered',
    of: 'unseen',
    *judge({ graph }) {
      for (const subscription of graph.ofType('aws_sns_topic_subscription'))
        if (textOf(subscription.values, 'protocol') === 'lambda') yield* deliveryFindings(graph, subscription);
    },
  },
];

/** Namespaces of services that publish in one region, wherever what they are about is. */
const PUBLISHED_IN: Readonly<Record<string, string>> = {
  'AWS/Route53': GLOBAL_REGION,
  'AWS/CloudFront': GLOBAL_REGION,
  'AWS/GlobalAccelerator': 'us-west-2',
};

/** Dimensions that are unknown before an apply say nothing here: they stand among what is unknown. */
function* metricFindings(graph: Graph, names: Names, alarm: Resource, metric: Values): Iterable<Finding> {
  const namespace = textOf(metric, 'namespace') ?? '';
  const dimensions = Object.entries(knownOrAbsent(() => textMapOf(metric, 'dimensions')) ?? {});
  const only = Object.hasOwn(PUBLISHED_IN, namespace) ? PUBLISHED_IN[namespace] : undefined;
  const places =
    only === undefined
      ? dimensions.map(([dimension, value]) => publishedIn(graph, names, dimension, value))
      : [[{ address: undefined, awsRegion: only }]];
  for (const at of places) {
    if (at.length === 0 || at.some(({ awsRegion }) => awsRegion === alarm.awsRegion)) continue;
    const regions = [...new Set(at.map(({ awsRegion }) => awsRegion))].join(' and ');
    const name = `${namespace} ${textOf(metric, 'metric_name') ?? ''}`;
    const of = at[0]?.address === undefined ? '' : ` of ${at[0].address}`;
    yield finding(
      alarm.address,
      `reads ${name}${of} in ${alarm.awsRegion}, but AWS publishes it in ${regions}: there is never a data point`,
      `Make the alarm in ${regions}`,
    );
  }
}

/** Dimension -> what it names: a type of resource, and which attribute of it. */
const NAMED: Readonly<Record<string, readonly [type: string, attribute: string]>> = {
  LoadBalancer: ['aws_lb', 'arn_suffix'],
  TargetGroup: ['aws_lb_target_group', 'arn_suffix'],
  FunctionName: ['aws_lambda_function', 'function_name'],
  TopicName: ['aws_sns_topic', 'name'],
  QueueName: ['aws_sqs_queue', 'name'],
  RuleName: ['aws_cloudwatch_event_rule', 'name'],
};

/** Where the metrics of what the dimension names are; empty when the stack does not have it. */
function publishedIn(graph: Graph, names: Names, dimension: string, value: string) {
  if (dimension === 'TableName') {
    // A replica that a region lacks is named by a rule of its own.
    const served = frontBalancers(names).map(({ awsRegion }) => awsRegion);
    return readTables(graph)
      .filter(({ name }) => name === value)
      .flatMap(({ address, awsRegions }) => [...awsRegions, ...served].map((awsRegion) => ({ address, awsRegion })));
  }
  const [type, attribute] = (Object.hasOwn(NAMED, dimension) && NAMED[dimension]) || [];
  if (type === undefined || attribute === undefined) return [];
  return graph
    .ofType(type)
    .filter((resource) => graph.attribute(resource, attribute) === value)
    .map(({ address, awsRegion }) => ({ address, awsRegion }));
}

function* deliveryFindings(graph: Graph, { address, values }: Resource): Iterable<Finding> {
  const [topicArn, endpoint] = [textOf(values, 'topic_arn') ?? '', textOf(values, 'endpoint') ?? ''];
  const [from, to] = [parseArn(topicArn)?.awsRegion, parseArn(endpoint)?.awsRegion];
  const topic = graph.find('aws_sns_topic', 'arn', topicArn);
  if (from === undefined || to === undefined || !topic) return;
  const route = alarmRoute(from, to);
  if (route.way !== 'sns') {
    const sentence = `takes ${topic.address} in ${from} to a function in ${to}, and is never delivered: ${route.because}`;
    return yield finding(address, sentence, 'Bring alarms there over EventBridge');
  }
  if (permitted(graph, to, splitArn(endpoint), route.principal, topicArn)) return;
  const given = graph
    .ofType('aws_lambda_permission')
    .find((one) => one.awsRegion === to && textOf(one.values, 'source_arn') === topicArn);
  const principal = given && textOf(given.values, 'principal');
  if (given && principal !== route.principal)
    yield finding(
      given.address,
      `permits ${principal}, which is not who invokes a function in ${to} for a topic in ${from}: every message is denied`,
      `Use ${route.principal}`,
    );
  else
    yield finding(
      address,
      `leads to a function that ${topic.address} may not invoke: every message is denied`,
      `Permit ${route.principal} to invoke it, with the topic's ARN as source_arn`,
    );
}
