// Rules on small stacks of anybody: what is no fault is not found, and each finding names its resource, what is wrong and the fix.
import { parseStack, type Graph } from '@dr/terraform-json';
import { judgeStack, RULES } from '.';

type Body = Readonly<Record<string, unknown>>;
type Records = Readonly<Record<string, Body>>;

const REGIONS: Body = { a: 'eu-west-1', b: 'eu-central-1', c: 'us-east-1' };
const provider = { aws: [{}, ...Object.entries(REGIONS).map(([alias, region]) => ({ alias, region }))] };
const lb = (id: string, evaluate_target_health = false) => ({
  alias: { name: `\${aws_lb.${id}.dns_name}`, zone_id: 'Z', evaluate_target_health },
});
const to = (name: string) => ({ alias: { name, zone_id: 'Z', evaluate_target_health: true } });
const latency = (id: string, more: Body) => ({
  name: 'app',
  set_identifier: id,
  latency_routing_policy: { region: REGIONS[id] },
  ...more,
});
const check = (fqdn: string) => ({ type: 'HTTPS', fqdn, request_interval: 10 });

function stackOf(records: Records, more: Body = {}): Graph {
  const zone = { zone_id: '${aws_route53_zone.zone.zone_id}', type: 'A' };
  const resource = {
    aws_lb: Object.fromEntries(Object.keys(REGIONS).map((id) => [id, { name: id, provider: `aws.${id}` }])),
    aws_route53_zone: { zone: { name: 'example.com' } },
    aws_route53_record: Object.fromEntries(Object.entries(records).map(([id, body]) => [id, { ...zone, ...body }])),
    ...more,
  };
  return parseStack({ provider, resource }, '/stack');
}

const found = (graph: Graph, ...ids: string[]) =>
  judgeStack(graph)
    .filter(({ rule }) => ids.includes(rule))
    .map(({ rule, address }) => `${rule}: ${address}`);

const WATCHED = 'record-has-a-health-check';

test('an alias that evaluates its load balancer is watched; a plain one is not', () => {
  expect(found(stackOf({ a: latency('a', lb('a', true)), b: latency('b', lb('b')) }), WATCHED)).toEqual([
    `${WATCHED}: aws_route53_record.b`,
  ]);
});

test('the last resort of a failover needs no health check, and its primary does', () => {
  const role = (id: string, type: string, evaluate = false) => ({
    name: 'app',
    set_identifier: id,
    failover_routing_policy: { type },
    ...lb(id, evaluate),
  });
  expect(found(stackOf({ a: role('a', 'PRIMARY', true), b: role('b', 'SECONDARY') }), WATCHED)).toEqual([]);
  expect(found(stackOf({ a: role('a', 'PRIMARY'), b: role('b', 'SECONDARY') }), WATCHED)).toHaveLength(1);
});

describe('a policy behind a policy', () => {
  const weighted = (id: string) => ({
    name: 'eu',
    set_identifier: id,
    weighted_routing_policy: { weight: 1 },
    ...lb(id, true),
  });
  const inner = { eu_a: weighted('a'), eu_b: weighted('b'), us: latency('c', lb('c', true)) };
  const RULE_IDS = ['health-check-decides-on-one-region', 'health-check-watches-its-endpoint'];
  const judged = (fqdn: string) =>
    judgeStack(
      stackOf(
        {
          ...inner,
          eu: latency('a', { ...to('eu.example.com'), health_check_id: '${aws_route53_health_check.eu.id}' }),
        },
        { aws_route53_health_check: { eu: check(fqdn) } },
      ),
    ).filter(({ rule }) => RULE_IDS.includes(rule));

  test('may be watched by a check of the inner name', () => {
    expect(judged('eu.example.com').map(({ sentence }) => sentence)).toEqual([
      expect.stringContaining('asks port 443, where aws_lb.a has no listener'),
      expect.stringContaining('asks port 443, where aws_lb.b has no listener'),
    ]);
  });

  test('not by one of the outer name, whatever leads there', () => {
    expect(judged('app.example.com')[0]?.sentence).toMatch(
      /^asks app\.example\.com, which aws_route53_record\.eu and others answer/,
    );
  });
});

test('a table lacks a replica only where its load balancers serve', () => {
  const table = (name: string, ...regions: string[]) => ({
    name,
    provider: 'aws.a',
    hash_key: 'id',
    replica: regions.map((region_name) => ({ region_name })),
  });
  const records = { a: latency('a', lb('a', true)), b: latency('b', lb('b', true)) };
  const graph = stackOf(records, { aws_dynamodb_table: { t: table('t', 'eu-central-1'), u: table('u', 'us-east-1') } });
  expect(judgeStack(graph).filter(({ rule }) => rule === 'table-is-in-every-region')).toEqual([
    {
      rule: 'table-is-in-every-region',
      of: 'failover',
      address: 'aws_dynamodb_table.u',
      sentence: 'has no replica in eu-central-1: what is written elsewhere is lost to it',
      fix: 'Add a replica in eu-central-1',
    },
  ]);
});

test('every rule has an id of its own', () => {
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
});

test('a schedule is on the default bus, by whichever name', () => {
  const rule = (event_bus_name?: string) => ({
    provider: 'aws.a',
    schedule_expression: 'rate(1 hour)',
    event_bus_name,
  });
  const schedules = (bus?: string): readonly string[] =>
    found(stackOf({}, { aws_cloudwatch_event_rule: { r: rule(bus) } }), 'schedule-is-one-that-aws-takes');
  expect([undefined, 'default', 'arn:aws:events:eu-west-1:1:event-bus/default'].flatMap(schedules)).toEqual([]);
  expect(schedules('orders')).toEqual(['schedule-is-one-that-aws-takes: aws_cloudwatch_event_rule.r']);
});

// Data two minutes late leave so many whole periods empty, and FILL puts its value there.
test.each([
  [60, 3, 2, true],
  [60, 4, 2, false],
  [120, 2, 2, true],
  [120, 3, 2, false],
  [180, 2, 2, false],
  [300, 1, 1, false],
])(
  'a filled sum of %i s over %i periods, of which %i must breach',
  (period, evaluation_periods, breaching, isFound) => {
    const metric = (id: string, of: number) => ({
      id,
      metric: { namespace: 'AWS/ApplicationELB', metric_name: id, stat: 'Sum', period: of },
    });
    const alarm = {
      ...{ provider: 'aws.a', evaluation_periods, datapoints_to_alarm: breaching },
      metric_query: [{ id: 'sum', expression: 'FILL(m, 0)', return_data: true }, metric('m', period)],
    };
    const graph = stackOf({}, { aws_cloudwatch_metric_alarm: { a: alarm } });
    expect(found(graph, 'filled-alarm-looks-back')).toHaveLength(isFound ? 1 : 0);
  },
);
