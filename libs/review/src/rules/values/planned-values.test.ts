// A plan does not show what AWS fills in: of a new resource whose other arguments are known, each value is judged all the same.
import { create, planned } from '../../testing/planned';
import { reviewStack } from '../../review';

const METRIC = { namespace: 'shop', metric_name: 'm', statistic: 'Sum', comparison_operator: 'LessThanThreshold' };
const ALB = { name: 'a', load_balancer_type: 'application', ip_address_type: undefined };
const GROUP = { name: 'g', port: 80, protocol: 'HTTP', target_type: 'instance' };
const TABLE = { name: 't', hash_key: 'k', billing_mode: 'PAY_PER_REQUEST', attribute: [{ name: 'k', type: 'S' }] };

const refused = (address: string, values: object): string[] =>
  reviewStack(planned({ [address]: create({ ...values }) }), { rtoSeconds: null, rpoSeconds: null })
    .findings.filter(({ severity }) => severity === 'blocks')
    .map(({ message }) => message);

test.each<[string, string, object, string]>([
  [
    'an alarm of which AWS fills in how it takes percentiles',
    'aws_cloudwatch_metric_alarm.a',
    { ...METRIC, evaluation_periods: 1, period: 45, evaluate_low_sample_count_percentiles: undefined },
    'has period 45',
  ],
  [
    'a load balancer without its kind of address',
    'aws_lb.a',
    { ...ALB, client_keep_alive: 59 },
    'client_keep_alive 59',
  ],
  [
    'a target group',
    'aws_lb_target_group.g',
    { ...GROUP, health_check: [{ interval: 4 }], slow_start: undefined, deregistration_delay: undefined },
    'interval 4',
  ],
  [
    'a function',
    'aws_lambda_function.f',
    { function_name: 'f', timeout: 901, architectures: undefined },
    'timeout 901',
  ],
  [
    'a table',
    'aws_dynamodb_table.t',
    { ...TABLE, ttl: [{ enabled: true }], stream_view_type: undefined, read_capacity: undefined },
    'enables ttl',
  ],
  [
    'a health check of a name that is not known yet',
    'aws_route53_health_check.c',
    { type: 'HTTPS', fqdn: undefined, failure_threshold: 11, request_interval: 10 },
    'failure_threshold 11',
  ],
  [
    'a record whose identifier is unknown',
    'aws_route53_record.r',
    { name: 'a.example', type: 'A', ttl: 60, alias: [{ name: 'x', zone_id: 'Z' }], set_identifier: undefined },
    'has alias and ttl',
  ],
])('%s', (_name, address, values, sentence) => {
  expect(refused(address, values)).toEqual([expect.stringContaining(sentence)]);
});

// Which zone each of them is in is told after the apply: they may be in two.
test('records of zones that are not known yet are not held against each other', () => {
  const record = (id: string) =>
    create({
      ...{ name: 'app', type: 'A', set_identifier: id, zone_id: undefined },
      latency_routing_policy: [{ region: 'eu-west-1' }],
      alias: [{ name: `${id}.eu-west-1.elb.amazonaws.com`, zone_id: 'Z', evaluate_target_health: true }],
    });
  // A local hides where the zone comes from.
  const hidden = (address: string) => ({
    ...{
      address,
      mode: 'managed',
      type: 'aws_route53_record',
      name: address.split('.')[1],
      provider_config_key: 'aws',
    },
    expressions: { zone_id: { references: ['local.zone'] } },
  });
  const graph = planned(
    { 'aws_route53_record.a': record('a'), 'aws_route53_record.b': record('b') },
    {
      configuration: {
        provider_config: { aws: { name: 'aws', expressions: { region: { constant_value: 'eu-west-1' } } } },
        root_module: { resources: ['aws_route53_record.a', 'aws_route53_record.b'].map(hidden) },
      },
    },
  );
  const { findings } = reviewStack(graph, { rtoSeconds: null, rpoSeconds: null });
  expect(findings.filter(({ rule }) => rule === 'record-set-is-one-that-aws-takes')).toEqual([]);
});
