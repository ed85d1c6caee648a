// What a review finds beside the outcomes, each with an edit that it leaves alone.
import { parseStack, type Graph } from '@dr/terraform-json';
import { reviewStack } from './review';
import {
  A,
  check,
  checked,
  failover,
  PAIR,
  stackWith,
  toBalancer,
  withCheck,
  type Body,
  type Resources,
} from './testing/two-regions';

const NO_OBJECTIVE = { rtoSeconds: null, rpoSeconds: null };
/** What weighs more than a note. */
const found = (resources: Resources) =>
  reviewStack(stackWith(resources), NO_OBJECTIVE)
    .findings.filter(({ severity }) => severity !== 'note')
    .map(({ rule, severity, address }) => [rule, severity, address]);

const alarm = (alias: string, more: Body = {}): Body => ({
  ...{ provider: `aws.${alias}`, alarm_name: 'x', namespace: 'AWS/ApplicationELB', metric_name: 'RequestCount' },
  ...{ alarm_actions: [`\${aws_sns_topic.${alias}.arn}`] },
  ...more,
});
const topics = { aws_sns_topic: { a: { name: 'a', provider: 'aws.a' }, b: { name: 'b', provider: 'aws.b' } } };

test('a pair that fails over is left alone', () => {
  expect(found(PAIR)).toEqual([]);
});

test('the only topic of the alarms is in a region that they report on', () => {
  const of = (...aliases: string[]) =>
    found({
      ...PAIR,
      ...topics,
      aws_cloudwatch_metric_alarm: Object.fromEntries(aliases.map((one) => [one, alarm(one)])),
    });
  expect(of('a')).toEqual([['somebody-is-told-of-a-lost-region', 'warns', 'aws_sns_topic.a']]);
  expect(of('a', 'b')).toEqual([]);
});

test("an alarm on Route 53's metrics outside us-east-1", () => {
  const route53 = { namespace: 'AWS/Route53', metric_name: 'HealthCheckStatus', alarm_actions: [] };
  expect(found({ ...PAIR, aws_cloudwatch_metric_alarm: { x: alarm('a', route53) } })).toEqual([
    ['alarm-has-its-metric', 'warns', 'aws_cloudwatch_metric_alarm.x'],
  ]);
  expect(found({ ...PAIR, aws_cloudwatch_metric_alarm: { x: alarm('a', { ...route53, provider: 'aws' }) } })).toEqual(
    [],
  );
});

test('clients that evaluate_target_health alone moves wait for a time that nobody publishes', () => {
  const records = { app_a: failover('a', toBalancer('a', true)), app_b: failover('b') };
  expect(found({ aws_route53_record: records })).toEqual([
    ['detection-time-is-not-published', 'warns', 'aws_route53_record.app_a'],
  ]);
});

test('a group of an accelerator that seems quicker than its target group', () => {
  const of = (threshold: number): Resources => ({
    aws_globalaccelerator_accelerator: { edge: { name: 'edge' } },
    aws_globalaccelerator_listener: { all: { accelerator_arn: '${aws_globalaccelerator_accelerator.edge.id}' } },
    aws_globalaccelerator_endpoint_group: {
      a: {
        ...{ listener_arn: '${aws_globalaccelerator_listener.all.id}', endpoint_group_region: A },
        ...{ threshold_count: threshold, health_check_interval_seconds: 10 },
        endpoint_configuration: { endpoint_id: '${aws_lb.a.arn}' },
      },
    },
    aws_route53_record: {
      app: {
        name: 'app',
        alias: {
          name: '${aws_globalaccelerator_accelerator.edge.dns_name}',
          zone_id: 'Z',
          evaluate_target_health: false,
        },
      },
    },
  });
  const rules = (threshold: number) => found(of(threshold)).map(([rule]) => rule);
  expect(rules(1)).toContain('accelerator-follows-target-groups');
  expect(rules(2)).not.toContain('accelerator-follows-target-groups');
});

describe('beside its base', () => {
  const beside = (before: Graph, after: Graph) => {
    const { verdict, names, findings } = reviewStack(after, NO_OBJECTIVE, before);
    return {
      verdict,
      was: names.flatMap(({ faults }) =>
        faults.flatMap(({ fault, region, before: was }) => (was ? [[fault, region, was.outcome, was.seconds]] : [])),
      ),
      findings: findings
        .filter(({ rule }) => rule.startsWith('change-'))
        .map(({ rule, severity, address, message }) => [rule, severity, address, message]),
    };
  };
  const [quick, slow] = [stackWith(PAIR), stackWith(withCheck({ request_interval: 30 }))];

  test('what makes recovery slower is said by its settings', () => {
    expect(beside(quick, slow)).toEqual({
      verdict: 'passes',
      was: [
        ['region-dark', A, 'recovers', [80, 107]],
        ['app-errors', A, 'recovers', [80, 95]],
      ],
      findings: [
        [
          'change-makes-recovery-slower',
          'warns',
          'aws_route53_health_check.a',
          'aws_route53_health_check.a: request_interval 10 -> 30: worst client that honours the TTL and opens a new connection 107 s -> 167 s',
        ],
      ],
    });
    expect(beside(slow, quick).findings).toEqual([]);
    expect(beside(quick, stackWith(PAIR))).toEqual({ verdict: 'passes', was: [], findings: [] });
  });

  test('a name that recovered and does not any more fails, once', () => {
    const bare = stackWith({ aws_route53_record: { app_a: failover('a'), app_b: failover('b') } });
    const { verdict, was, findings } = beside(quick, bare);
    expect([verdict, findings]).toEqual(['fails', []]);
    expect(was[0]).toEqual(['region-dark', A, 'recovers', [80, 107]]);
    // What only warns by itself blocks where the change brings it.
    const geo = (place: Body, alias: string, more: Body = {}): Body => ({
      ...{ name: 'app', set_identifier: alias, geolocation_routing_policy: place, ...toBalancer(alias) },
      ...more,
    });
    const located = (more: Body) =>
      stackWith({
        aws_route53_health_check: { a: check('a.origin') },
        aws_route53_record: { app_a: geo({ continent: 'EU' }, 'a', more), app_b: geo({ country: '*' }, 'b') },
      });
    const pinned = beside(located(checked('a')), located({}));
    expect(pinned.verdict).toBe('fails');
    expect(pinned.findings.map(([rule, severity, address]) => [rule, severity, address])).toEqual([
      ['change-stops-recovery', 'blocks', 'app.example.com'],
    ]);
    expect(beside(located({}), located({})).findings).toEqual([]);
  });

  test('a public name that is removed', () => {
    const one = (name: string): Resources => ({
      ...PAIR,
      aws_route53_record: Object.fromEntries(
        ['a', 'b'].map((alias) => [`${name}_${alias}`, failover(alias, { name, ...(alias === 'a' && checked('a')) })]),
      ),
    });
    expect(beside(stackWith(one('app')), stackWith(one('new'))).findings).toMatchObject([
      [
        'change-removes-a-public-name',
        'blocks',
        'aws_route53_record.app_a',
        expect.stringContaining('app.example.com'),
      ],
    ]);
  });
});

test('what is said of the files as a whole leaves the verdict open', () => {
  const graph = stackWith(PAIR);
  expect(reviewStack(graph, NO_OBJECTIVE).verdict).toBe('passes');
  const noted = Object.assign(Object.create(graph) as Graph, { notes: ['the plan ended with an error'] });
  expect(reviewStack(noted, NO_OBJECTIVE)).toMatchObject({
    verdict: 'unknown',
    unknown: [{ address: '', why: 'the plan ended with an error' }],
  });
});

test('files without a public name, and files of another provider', () => {
  const of = (resource: Resources) => reviewStack(parseStack({ provider: { aws: {} }, resource }, '/'), NO_OBJECTIVE);
  expect(of({ aws_sns_topic: { a: { name: 'a' } } })).toMatchObject({ verdict: 'unknown', names: [] });
  expect(() => of({ random_id: { a: {} } })).toThrow(/no resource of the AWS provider/);
});

test('a name that leads to no region of these files is not passed', () => {
  const address = { name: 'app', ttl: 60, records: ['192.0.2.1'], multivalue_answer_routing_policy: true };
  const graph = parseStack(
    {
      provider: { aws: { region: A } },
      resource: { aws_route53_record: { a: { zone_id: 'Z', type: 'A', set_identifier: 'a', ...address } } },
    },
    '/stack',
  );
  expect(reviewStack(graph, NO_OBJECTIVE)).toMatchObject({ verdict: 'unknown', names: [{ faults: [] }], findings: [] });
});
