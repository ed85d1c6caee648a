// The fixed cost of a stack: each charge by hand on a small graph.
import { parseStack, type Resource } from '@dr/terraform-json';
import { metricId } from './custom-metrics';
import { fixedMonthlyCost } from './fixed-cost';
import { oneTimeCost } from './one-time';
import { PRICES } from './book/prices';

const provider = {
  aws: [
    { region: 'us-east-1' },
    { alias: 'mumbai', region: 'ap-south-1' },
    { alias: 'singapore', region: 'ap-southeast-1' },
    { alias: 'queretaro', region: 'mx-central-1' },
  ],
};
/** Resources by type, or `{ resource, data }`. */
const costOf = (of: object) =>
  fixedMonthlyCost(parseStack({ provider, ...('resource' in of ? of : { resource: of }) }, '/stack'), emitted);
/** Each function emits what is its own, and what all of a region emit between them. */
const emitted = ({ name, awsRegion }: Resource) =>
  [name, 'shared'].map((metric) => ({ id: metricId(awsRegion, 'Shop', metric, {}), awsRegion }));
const mumbai = { provider: 'aws.mumbai' };
const many = (count: number, body: object) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`r${at}`, body]));
const query = (period: number) => ({ metric: { namespace: 'AWS/Lambda', metric_name: 'Errors', period } });

const CASES: readonly (readonly [string, object, Readonly<Record<string, number | null>>])[] = [
  [
    'a load balancer and an address in each of its zones',
    { aws_lb: { a: { name: 'a', subnets: ['a', 'b', 'c'], ...mumbai } } },
    { 'Application load balancers': 730 * 0.0239, 'Public IPv4 addresses': 3 * 730 * 0.005 },
  ],
  [
    'two zones when the subnets are not known',
    { aws_lb: { a: { name: 'a' } } },
    { 'Application load balancers': 730 * 0.0225, 'Public IPv4 addresses': 2 * 730 * 0.005 },
  ],
  [
    'no public address of an internal load balancer',
    { aws_lb: { a: { name: 'a', internal: true } } },
    { 'Application load balancers': 730 * 0.0225 },
  ],
  [
    'NAT gateways with their addresses',
    { aws_nat_gateway: { n: mumbai }, aws_eip: { e: mumbai } },
    { 'NAT gateways': 730 * 0.056, 'Public IPv4 addresses': 730 * 0.005 },
  ],
  [
    'interface endpoints, but not gateways, at a price that is unknown',
    { aws_vpc_endpoint: { i: { vpc_endpoint_type: 'Interface' }, g: { vpc_endpoint_type: 'Gateway' } } },
    { 'Interface endpoints': null },
  ],
  ['keys, also replicas', { aws_kms_key: { k: mumbai }, aws_kms_replica_key: { r: {} } }, { 'KMS keys': 2 }],
  [
    'a secret in each region that has it',
    { aws_secretsmanager_secret: { s: { replica: [{ region: 'ap-southeast-1' }], ...mumbai } } },
    { 'Secrets and their replicas': 2 * 0.4 },
  ],
  ['a zone', { aws_route53_zone: { z: { name: 'example.com' } } }, { 'Route 53 hosted zones': 0.5 }],
  [
    'a zone that is looked up as well as made, once',
    {
      resource: { aws_route53_zone: { z: { name: 'example.com.' } } },
      data: { aws_route53_zone: { a: { name: 'example.com' }, b: { zone_id: 'Z1' } } },
    },
    { 'Route 53 hosted zones': 1 },
  ],
  [
    'a check on an alias of a load balancer: the base is free, options are not',
    {
      aws_lb: { a: { name: 'a', internal: true } },
      aws_route53_record: { r: { name: 'a.example.com', type: 'A', alias: { name: '${aws_lb.a.dns_name}' } } },
      aws_route53_health_check: { c: { type: 'HTTPS', fqdn: 'a.example.com', request_interval: 10 } },
    },
    {
      'Application load balancers': 730 * 0.0225,
      'Health checks on AWS endpoints': 0,
      'Health check option on AWS endpoints: HTTPS': 1,
      'Health check option on AWS endpoints: fast interval': 1,
    },
  ],
  [
    'a check on any other name',
    { aws_route53_health_check: { c: { type: 'HTTP_STR_MATCH', fqdn: 'other.test', measure_latency: true } } },
    {
      'Health checks on endpoints outside AWS': 0.75,
      'Health check option on endpoints outside AWS: string match': 2,
      'Health check option on endpoints outside AWS: latency': 2,
    },
  ],
  [
    'standard alarms after ten, by metric; high-resolution ones from the first',
    {
      aws_cloudwatch_metric_alarm: {
        ...many(9, { period: 60 }),
        math: { metric_query: [{ expression: 'a/b' }, query(60), query(60)] },
        fast: { period: 10 },
      },
    },
    { 'Alarms, by metric': 0.1, 'High-resolution alarms, by metric': 0.3 },
  ],
  ['dashboards after three', { aws_cloudwatch_dashboard: many(5, {}) }, { Dashboards: 6 }],
  [
    'metrics of the functions, once each, and metrics that only an alarm names',
    {
      aws_lambda_function: many(10, {}),
      aws_cloudwatch_metric_alarm: {
        own: { namespace: 'Shop', metric_name: 'shared' },
        ...Object.fromEntries(
          ['x', 'y'].map((name) => [name, { namespace: 'Shop', metric_name: 'Orders', dimensions: { name } }]),
        ),
      },
    },
    // 10 of the functions, 1 of all of them, 2 of the alarms; 10 are free.
    { 'Alarms, by metric': 0, 'Custom metrics': 0.9 },
  ],
  ['nothing of what is paid by use', { aws_sns_topic: { t: { name: 't' } } }, {}],
];

test.each(CASES)('%s', (_, resource, expected) => {
  const { lines, totalUsd, unknown } = costOf(resource);
  expect(lines.map(({ what }) => what).sort()).toEqual(Object.keys(expected).sort());
  for (const { what, usd } of lines) {
    const price = expected[what] ?? null;
    if (price === null) expect(usd).toBeNull();
    else expect(usd).toBeCloseTo(price, 9);
  }
  expect(totalUsd).toBeCloseTo(
    Object.values(expected).reduce<number>((sum, usd) => sum + (usd ?? 0), 0),
    9,
  );
  expect(unknown).toHaveLength(Object.values(expected).filter((usd) => usd === null).length);
});

test('a region that the price book does not have is unknown, not free', () => {
  const { lines, totalUsd, unknown } = costOf({ aws_kms_key: { a: mumbai, b: { provider: 'aws.queretaro' } } });
  expect(lines.map(({ usd, regions }) => [usd, regions])).toEqual([
    [1, ['ap-south-1']],
    [null, ['mx-central-1']],
  ]);
  expect({ totalUsd, unknown }).toEqual({ totalUsd: 1, unknown: ['KMS keys in mx-central-1'] });
});

test('every price has a date, is positive or unknown, and is in the book once', () => {
  for (const { usd, read } of PRICES) {
    expect(read).toMatch(/^20\d\d(-(0[1-9]|1[0-2]))?$/);
    expect(usd ?? 1).toBeGreaterThan(0);
  }
  expect(new Set(PRICES.map(({ item, region }) => `${item} ${region}`)).size).toBe(PRICES.length);
});

test('warm throughput is paid once, for what a table has more than a new one, in each region, and in no month', () => {
  const cold = { billing_mode: 'PAY_PER_REQUEST', replica: [{ region_name: 'ap-southeast-1' }] };
  const table = { ...cold, warm_throughput: { read_units_per_second: 24_000, write_units_per_second: 4_000 } };
  const graph = (of: object) =>
    parseStack(
      { provider: { aws: [{ region: 'ap-south-1' }] }, resource: { aws_dynamodb_table: { t: of } } },
      '/stack',
    );
  const line = { what: 'Warm throughput, read units', addresses: ['aws_dynamodb_table.t'], unitUsd: 0.000148 };
  const regions = ['ap-south-1', 'ap-southeast-1'];
  expect(oneTimeCost(graph(table))).toEqual([{ ...line, regions, quantity: 2 * 12_000, usd: 0.000148 * 24_000 }]);
  expect(oneTimeCost(graph(cold))).toEqual([]);
  expect(fixedMonthlyCost(graph(table)).lines).toEqual(fixedMonthlyCost(graph(cold)).lines);
  const provisioned = { ...table, billing_mode: 'PROVISIONED', read_capacity: 20_000, write_capacity: 3_000 };
  expect(oneTimeCost(graph(provisioned)).map(({ quantity }) => quantity)).toEqual([8_000, 2_000]);
});

test('warm throughput where its price is unknown costs an unknown amount, not nothing', () => {
  const warm_throughput = { read_units_per_second: 13_000, write_units_per_second: 4_000 };
  const table = { billing_mode: 'PAY_PER_REQUEST', warm_throughput };
  const stack = { provider: { aws: [{ region: 'mx-central-1' }] }, resource: { aws_dynamodb_table: { t: table } } };
  expect(oneTimeCost(parseStack(stack, '/stack'))).toMatchObject([{ unitUsd: null, usd: null, quantity: 1_000 }]);
});

test('a trail costs by the event where another one copies them already, in no total', () => {
  const cost = costOf({ aws_cloudtrail: { audit: { name: 'a' } } });
  expect(cost).toMatchObject({
    totalUsd: 0,
    conditional: [{ what: 'Audit trails', addresses: ['aws_cloudtrail.audit'], unitUsd: 2 }],
  });
  expect(costOf({ aws_kms_key: { k: {} } }).conditional).toEqual([]);
});
