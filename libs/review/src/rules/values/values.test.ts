// Values that AWS does not take: each is found once, with its argument and the fix, and blocks; what AWS takes is left alone.
import { parseStack } from '@dr/terraform-json';
import { reviewStack } from '../../review';
import { BASES } from '../../testing/bases/others';
import { byAlarm } from '../../testing/corpus/checks';
import { add, all, set, setIn, type Body, type Edit } from '../../testing/edits';

const [CHECK, RECORD, GROUP] = ['aws_route53_health_check.a', 'aws_route53_record.app_a', 'aws_lb_target_group.a'];
const OTHER_RECORD = 'aws_route53_record.app_b';
const SET = `${RECORD}, ${OTHER_RECORD}`;
const [ALARM, TABLE, BALANCER] = ['aws_cloudwatch_metric_alarm.a', 'aws_dynamodb_table.orders', 'aws_lb.a'];

const check = (values: Body): Edit => set(CHECK, values);
const searching = (length: number): Edit => check({ type: 'HTTPS_STR_MATCH', search_string: 'x'.repeat(length) });
const tcp = (values: Body): Edit => check({ type: 'TCP', port: 443, resource_path: undefined, ...values });
const counting = check({
  ...Object.fromEntries(['fqdn', 'port', 'resource_path', 'request_interval', 'failure_threshold'].map((one) => [one])),
  ...{ type: 'CALCULATED', child_healthchecks: ['other'], child_health_threshold: 1, ip_address: '192.0.2.1' },
});
const targets = (values: Body): Edit => setIn(GROUP, 'health_check', values);
const ofFunction = (matcher: string): Edit =>
  all(
    set(GROUP, { target_type: 'lambda', port: undefined, protocol: undefined }),
    setIn(GROUP, 'health_check', { matcher }),
  );
const ofGrpc = set(GROUP, { protocol: 'HTTP', protocol_version: 'GRPC' });
const ofNetwork = (protocol: string): Edit => all(set(GROUP, { protocol }), targets({ protocol: 'HTTP' }));
const fn = (values: Body): Edit => add('aws_lambda_function.f', { provider: 'aws.a', function_name: 'f', ...values });
const record = (values: Body): Edit => set(RECORD, values);
const valued = (values: Body): Edit => record({ alias: undefined, records: ['192.0.2.1'], ttl: 60, ...values });
const policy = (values: Body): Edit => set(OTHER_RECORD, values);
const routed = (first: Body, second: Body): Edit =>
  all(
    record({ failover_routing_policy: undefined, ...first }),
    policy({ failover_routing_policy: undefined, ...second }),
  );
const latencies = (...[first, second]: [string, string]): Edit =>
  routed({ latency_routing_policy: { region: first } }, { latency_routing_policy: { region: second } });
const places = (first: Body, second: Body): Edit =>
  routed({ geolocation_routing_policy: first }, { geolocation_routing_policy: second });
const inZone = (zone_id: string): Edit => setIn(RECORD, 'alias', { zone_id });
const alarm = (values: Body): Edit => set(ALARM, values);
const table = (values: Body): Edit => set(TABLE, values);
const replicas = (...replica: Body[]): Edit => table({ replica });
const strong = (...regions: string[]): Edit =>
  replicas(...regions.map((region_name) => ({ region_name, consistency_mode: 'STRONG' })));
const measuring = (metric: Body): Body => ({
  ...{ metric_name: undefined, namespace: undefined, statistic: undefined, period: undefined },
  metric_query: [
    {
      id: 'a',
      return_data: true,
      metric: { namespace: 'shop', metric_name: 'errors', period: 60, stat: 'Sum', ...metric },
    },
  ],
});
const followed = (values: Body): Edit => byAlarm('us-east-2', {}, values);

const REFUSED: readonly (readonly [name: string, at: string, sentence: string, edit: Edit])[] = [
  ['one checker region', CHECK, 'is refused: regions names 1,', check({ regions: ['us-east-1'] })],
  ['one of them three times', CHECK, 'is refused: regions names 1,', check({ regions: Array(3).fill('us-east-1') })],
  [
    'a region without checkers',
    CHECK,
    'is refused: regions "ap-south-1" is no region with checkers',
    check({ regions: ['us-east-1', 'us-west-1', 'us-west-2', 'ap-south-1'] }),
  ],
  ['threshold 0', CHECK, 'is refused: failure_threshold 0 is not within 1 to 10', check({ failure_threshold: 0 })],
  ['threshold 11', CHECK, 'is refused: failure_threshold 11', check({ failure_threshold: 11 })],
  ['interval 20', CHECK, 'is refused: request_interval 20 is neither 10 nor 30', check({ request_interval: 20 })],
  ['a long search string', CHECK, 'is refused: search_string has 256 characters', searching(256)],
  ['a long path', CHECK, 'is refused: resource_path has 256', check({ resource_path: `/${'x'.repeat(255)}` })],
  ['port 0', CHECK, 'is refused: port 0', check({ port: 0 })],
  ['a path of TCP', CHECK, 'sets resource_path,', tcp({ resource_path: '/x' })],
  ['TCP without a port', CHECK, 'is of type TCP and has no port', tcp({ port: undefined })],
  ['two targets of TCP', CHECK, 'both ip_address and fqdn', tcp({ ip_address: '192.0.2.1' })],
  ['an address of a count', CHECK, 'sets ip_address, which Route 53 does not take for type CALCULATED', counting],
  ['an alarm of an endpoint', CHECK, 'sets cloudwatch_alarm_name,', check({ cloudwatch_alarm_name: 'x' })],
  [
    'a status',
    CHECK,
    '"Failure" is not a status',
    byAlarm('us-east-2', { insufficient_data_health_status: 'Failure' }),
  ],
  ['a period of 30 s', CHECK, 'whose period of 30 s is of high resolution', followed({ period: 30 })],
  ['the same in a query', CHECK, 'whose period of 10 s is of high resolution', followed(measuring({ period: 10 }))],
  ['a percentile in a query', CHECK, 'whose extended statistic p99', followed(measuring({ stat: 'p99' }))],
  ['M of N', CHECK, 'at 2 of 3 datapoints', followed({ evaluation_periods: 3, datapoints_to_alarm: 2 })],
  ['period 45', ALARM, 'has period 45,', alarm({ period: 45 })],
  ['period 40', ALARM, 'has period 40,', alarm({ period: 40 })],
  ['two statistics', ALARM, 'has both statistic and', alarm({ extended_statistic: 'p99' })],
  ['p101', ALARM, 'has extended_statistic "p101"', alarm({ statistic: undefined, extended_statistic: 'p101' })],
  ['more datapoints than periods', ALARM, 'has datapoints_to_alarm 2,', alarm({ datapoints_to_alarm: 2 })],
  ['two days of minutes', ALARM, 'looks back 172800 s', alarm({ evaluation_periods: 2_880 })],
  ['a period in a query', ALARM, 'has metric_query.metric.period 15', alarm(measuring({ period: 15 }))],
  ['matcher 503 of a function', GROUP, 'has health_check.matcher "200,503"', ofFunction('200,503')],
  ['matcher 300-200', GROUP, 'has health_check.matcher "300-200"', targets({ matcher: '300-200' })],
  ['interval 4', GROUP, 'has health_check.interval 4', targets({ interval: 4 })],
  ['a timeout of the interval', GROUP, 'has health_check.timeout 10', targets({ timeout: 10 })],
  ['threshold 1', GROUP, 'has health_check.healthy_threshold 1', targets({ healthy_threshold: 1 })],
  ['a deregistration delay', GROUP, 'has deregistration_delay 3601', set(GROUP, { deregistration_delay: 3_601 })],
  [
    'an interval of the default timeout',
    GROUP,
    'has health_check.interval 5',
    targets({ interval: 5, timeout: undefined }),
  ],
  ['a code that gRPC has not', GROUP, 'has health_check.matcher "200"', all(ofGrpc, targets({ matcher: '200' }))],
  ['a short keep-alive', BALANCER, 'has client_keep_alive 59', set(BALANCER, { client_keep_alive: 59 })],
  ['the memory of a managed instance alone', 'aws_lambda_function.f', 'memory_size 10241', fn({ memory_size: 10_241 })],
  ['an alias with a TTL', RECORD, 'has alias and ttl,', record({ ttl: 60 })],
  ['an alias with values', RECORD, 'has alias and records,', record({ records: ['192.0.2.1'] })],
  ['values without a TTL', RECORD, 'has records and no ttl', valued({ ttl: undefined })],
  ['neither', RECORD, 'has neither alias nor records', valued({ records: undefined })],
  ['no identifier', RECORD, 'has failover_routing_policy and no set_id', record({ set_identifier: undefined })],
  ['two primaries', SET, 'are all primary', policy({ failover_routing_policy: { type: 'PRIMARY' } })],
  ['two for one region', SET, 'are all for clients near eu-west-1', latencies('eu-west-1', 'eu-west-1')],
  ['two for one place', SET, 'are all for clients in EU', places({ continent: 'EU' }, { continent: 'eu' })],
  ['two defaults', SET, 'are all the default', places({ country: '*' }, { country: '*' })],
  ['a region that is none', RECORD, 'has latency_routing_policy.region "moon-1"', latencies('moon-1', 'eu-west-1')],
  [
    'an unwatched primary',
    RECORD,
    'is PRIMARY and no alias, and has no health check',
    valued({ health_check_id: undefined }),
  ],
  ['a zone of another region', RECORD, 'of application load balancers in ap-south-1', inZone('ZP97RAFLXTNZK')],
  ['a zone of another kind', RECORD, 'of network load balancers in eu-west-1', inZone('Z2IFOLAFXWLO4F')],
  ['a billing mode', TABLE, 'has billing_mode "ON_DEMAND"', table({ billing_mode: 'ON_DEMAND' })],
  ['no units', TABLE, 'has billing_mode PROVISIONED and no', table({ billing_mode: 'PROVISIONED', read_capacity: 1 })],
  [
    'an attribute of no key',
    TABLE,
    'has attribute "x",',
    table({ attribute: ['id', 'x'].map((name) => ({ name, type: 'S' })) }),
  ],
  ['a replica at home', TABLE, 'has replica.region_name "eu-west-1"', replicas({ region_name: 'eu-west-1' })],
  ['no region', TABLE, 'has replica.region_name "moon-1"', replicas({ region_name: 'moon-1' })],
  ['strong in four regions', TABLE, 'consistent in 4 regions', strong('eu-west-2', 'eu-west-3', 'eu-central-1')],
  ['strong where AWS has it not', TABLE, 'not of one set', strong('ap-south-1', 'ap-southeast-1')],
  [
    'one that is eventual',
    TABLE,
    'its replica in eu-west-3 has not',
    replicas({ region_name: 'eu-west-2', consistency_mode: 'STRONG' }, { region_name: 'eu-west-3' }),
  ],
  [
    'strong and expiring',
    TABLE,
    'STRONG and ttl',
    all(strong('eu-west-2', 'eu-west-3'), table({ ttl: { enabled: true, attribute_name: 'end' } })),
  ],
];

const edited = (edit: Edit) => {
  const stack = BASES.shop();
  edit(stack);
  return parseStack(stack, '/stack');
};
const blocking = (edit: Edit) =>
  reviewStack(edited(edit), { rtoSeconds: null, rpoSeconds: null }).findings.filter(
    ({ rule, severity }) => severity === 'blocks' && /aws-takes|plain-alarm/.test(rule),
  );

test.each(REFUSED)('refused: %s', (_name, at, sentence, edit) => {
  const [found, ...others] = blocking(edit);
  expect(others).toEqual([]);
  expect(found).toMatchObject({ address: at, message: expect.stringContaining(sentence) as string });
  expect([found?.fix, found?.source]).toEqual([expect.stringMatching(/./), expect.stringMatching(/^https:/)]);
});

test.each<[string, Edit]>([
  ['TCP', tcp({})],
  ['three checker regions', check({ regions: ['us-east-1', 'sa-east-1', 'ap-southeast-1'] })],
  ['255 characters', searching(255)],
  ['the widest threshold', check({ failure_threshold: 10, request_interval: 30 })],
  ['a period of 20 s', alarm({ period: 20 })],
  ['a week of hours', alarm({ period: 3_600, evaluation_periods: 168 })],
  ['a percentile', alarm({ statistic: undefined, extended_statistic: 'p99.9' })],
  ['what a state shows of an alarm on queries', alarm({ ...measuring({}), period: 0, datapoints_to_alarm: 0 })],
  ['a plain alarm in a query', followed(measuring({}))],
  ['all datapoints', followed({ evaluation_periods: 2, datapoints_to_alarm: 2 })],
  ['a matcher', targets({ matcher: '200-299,404' })],
  ['an interval above the default timeout', targets({ interval: 6, timeout: undefined })],
  ['codes of gRPC', all(ofGrpc, targets({ matcher: '0-99' }))],
  ['a code of gRPC', all(ofGrpc, targets({ matcher: '12' }))],
  [
    'a timeout of the interval of a network load balancer',
    all(ofNetwork('TCP'), targets({ interval: 10, timeout: 10 })),
  ],
  ['a status of a network load balancer', all(ofNetwork('TCP'), targets({ matcher: '200-599' }))],
  ['the same over QUIC', all(ofNetwork('TCP_QUIC'), targets({ matcher: '200-599' }))],
  ['what a network load balancer does not look at', set(BALANCER, { load_balancer_type: 'network', idle_timeout: 0 })],
  ['the memory of a managed instance', fn({ memory_size: 32_768, capacity_provider_config: [{}] })],
  ['a delay as text', set(GROUP, { deregistration_delay: '300', slow_start: 0 })],
  ['its own zone', inZone('Z32O12XQLNTSW2')],
  ['a zone that nobody lists', inZone('ZNEW')],
  ['two regions', latencies('eu-west-1', 'us-east-2')],
  ['two places', places({ continent: 'EU' }, { country: 'DE' })],
  ['two weights alike', routed({ weighted_routing_policy: { weight: 1 } }, { weighted_routing_policy: { weight: 1 } })],
  [
    'an attribute of an index that is a resource of its own',
    all(
      table({ attribute: ['id', 'owner'].map((name) => ({ name, type: 'S' })) }),
      add('aws_dynamodb_global_secondary_index.owner', {
        ...{ provider: 'aws.a', table_name: 'orders', index_name: 'owner' },
        key_schema: [{ attribute_name: 'owner', attribute_type: 'S', key_type: 'HASH' }],
      }),
    ),
  ],
  ['values and a TTL of 0', valued({ ttl: 0 })],
  ['provisioned units', table({ billing_mode: 'PROVISIONED', read_capacity: 1, write_capacity: 1 })],
  ['strong in three regions of a set', strong('eu-west-2', 'eu-central-1')],
  ['strong with a witness', all(strong('eu-west-2'), table({ global_table_witness: { region_name: 'eu-west-3' } }))],
])('taken: %s', (_name, edit) => expect(blocking(edit)).toEqual([]));

test('what is refused twice is named twice', () => {
  const edit = all(check({ failure_threshold: 0 }), targets({ interval: 4, timeout: 1 }));
  expect(
    blocking(edit)
      .map(({ address }) => address)
      .sort(),
  ).toEqual([GROUP, GROUP, CHECK]);
});

test('of a stack as it should be nothing is refused', () => {
  for (const base of Object.keys(BASES) as (keyof typeof BASES)[])
    expect(blocking((stack) => void Object.assign(stack, BASES[base]()))).toEqual([]);
});
