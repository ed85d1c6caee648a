// What a review says of a stack in closed form, and what clients of it meet in a drill, are one.
import { reviewStack, type ReviewedFaultOutcome } from '@dr/review';
import {
  A,
  B,
  both,
  check,
  checkedBy,
  CHECKS,
  ENDPOINTS,
  foreignStack,
  leadingTo,
  origins,
  type Body,
  type Kind,
  type Resources,
} from '../../testing/foreign-stack';
import { drillNames, type DrilledFault } from '.';

/** The policy's block for each of two records of a name. */
type Policy = (alias: string) => Body;
const failover: Policy = (alias) => ({ failover_routing_policy: { type: alias === 'a' ? 'PRIMARY' : 'SECONDARY' } });
const latency: Policy = (alias) => ({ latency_routing_policy: { region: alias === 'a' ? A : B } });
const weighted: Policy = () => ({ weighted_routing_policy: { weight: 10 } });
const multivalue: Policy = () => ({ multivalue_answer_routing_policy: true });
const pinned: Policy = (alias) => ({
  geolocation_routing_policy: alias === 'a' ? { continent: 'EU' } : { country: '*' },
});

interface Shape {
  readonly kind?: Kind;
  readonly policy?: Policy;
  /** Of `leadingTo`. */
  readonly evaluate?: boolean;
  readonly ttl?: number;
  readonly checks?: Resources[''];
  /** Has the record of that region a check? @default both */
  readonly isChecked?: (alias: string) => boolean;
  readonly more?: Resources;
}

/** `www`, with a record for each region. */
function stackOf({
  kind = 'alb',
  policy = failover,
  checks = CHECKS,
  isChecked = () => true,
  more = {},
  ...how
}: Shape) {
  const record = (alias: string): Body => ({
    set_identifier: alias,
    ...policy(alias),
    ...leadingTo(kind, alias, how),
    ...(isChecked(alias) ? checkedBy(alias) : {}),
  });
  const { aws_route53_record: records, ...rest } = more;
  return foreignStack({
    ...ENDPOINTS[kind].resources,
    aws_route53_health_check: checks,
    aws_route53_record: { ...both(record), ...origins(kind), ...records },
    ...rest,
  });
}

const unchecked = { checks: {}, isChecked: () => false };
const only = (body: Body): Partial<Shape> => ({ checks: { a: body }, isChecked: (alias) => alias === 'a' });
const calculated = (threshold: number): Partial<Shape> => ({
  isChecked: (alias) => alias === 'a',
  checks: {
    quick: check('a.origin', { failure_threshold: 1 }),
    slow: check('a.origin', { request_interval: 30 }),
    a: {
      type: 'CALCULATED',
      child_health_threshold: threshold,
      child_healthchecks: ['quick', 'slow'].map((one) => `\${aws_route53_health_check.${one}.id}`),
    },
  },
});
const front = (target: string): Resources => ({
  aws_route53_record: { www: { alias: { name: `\${${target}}`, zone_id: 'Z', evaluate_target_health: false } } },
});
const group = (alias: string): Body => ({
  ...{ listener_arn: '${aws_globalaccelerator_listener.x.arn}', endpoint_group_region: alias === 'a' ? A : B },
  endpoint_configuration: { endpoint_id: `\${aws_lb.${alias}.arn}` },
});
const accelerated = foreignStack({
  ...ENDPOINTS.alb.resources,
  aws_globalaccelerator_accelerator: { x: { name: 'x' } },
  aws_globalaccelerator_listener: { x: { accelerator_arn: '${aws_globalaccelerator_accelerator.x.id}' } },
  aws_globalaccelerator_endpoint_group: both(group),
  ...front('aws_globalaccelerator_accelerator.x.dns_name'),
});
const distributed = (statuses: readonly number[]) =>
  foreignStack({
    ...ENDPOINTS.alb.resources,
    aws_cloudfront_distribution: {
      x: {
        origin: ['a', 'b'].map((alias) => ({ origin_id: alias, domain_name: `\${aws_lb.${alias}.dns_name}` })),
        origin_group: {
          origin_id: 'group',
          failover_criteria: { status_codes: statuses },
          member: [{ origin_id: 'a' }, { origin_id: 'b' }],
        },
        default_cache_behavior: { target_origin_id: 'group' },
      },
    },
    ...front('aws_cloudfront_distribution.x.domain_name'),
  });
const behindDistribution: Resources = {
  aws_cloudfront_distribution: {
    x: {
      origin: [{ origin_id: 'one', domain_name: 'www.shop.example' }],
      default_cache_behavior: { target_origin_id: 'one' },
    },
  },
  aws_route53_record: {
    cdn: { name: 'cdn', alias: { name: '${aws_cloudfront_distribution.x.domain_name}', zone_id: 'Z' } },
  },
};
/** `eu` and `world` fail over for themselves, and `www` chooses between them by place. */
const chained = (): ReturnType<typeof foreignStack> => {
  const set = (name: string, alias: string, first: string): Body => ({
    ...{ name, set_identifier: alias, failover_routing_policy: { type: alias === first ? 'PRIMARY' : 'SECONDARY' } },
    ...leadingTo('alb', alias),
    ...checkedBy(alias),
  });
  const choice = (name: string, place: Body): Body => ({
    ...{ set_identifier: name, geolocation_routing_policy: place },
    alias: { name: `${name}.shop.example`, zone_id: '${aws_route53_zone.zone.zone_id}', evaluate_target_health: true },
  });
  return foreignStack({
    ...ENDPOINTS.alb.resources,
    aws_route53_health_check: CHECKS,
    aws_route53_record: {
      ...origins('alb'),
      ...{ eu_a: set('eu', 'a', 'a'), eu_b: set('eu', 'b', 'a'), world_a: set('world', 'a', 'b') },
      ...{ world_b: set('world', 'b', 'b'), www_eu: choice('eu', { continent: 'EU' }) },
      ...{ www_world: choice('world', { country: '*' }) },
    },
  });
};
const NAMED: Body = {
  alias: { name: 'other-1.ap-south-1.elb.amazonaws.com', zone_id: 'Z', evaluate_target_health: true },
};
const ELSEWHERE: Body = {
  alias: { name: 'other.example.net', zone_id: 'Z', evaluate_target_health: false },
};
const ARN = 'arn:aws:route53-recovery-control::123456789012:controlpanel/x/routingcontrol/y';
const ALARM = { type: 'CLOUDWATCH_METRIC', cloudwatch_alarm_name: 'x', cloudwatch_alarm_region: A };

const CASES: Readonly<Record<string, ReturnType<typeof foreignStack>>> = {
  ...Object.fromEntries(
    (Object.keys(ENDPOINTS) as Kind[]).map((kind) => [`failover between two: ${kind}`, stackOf({ kind })]),
  ),
  latency: stackOf({ policy: latency, kind: 'api' }),
  'weights, TTL 30': stackOf({ policy: weighted, kind: 'machine', ttl: 30 }),
  multivalue: stackOf({ policy: multivalue, kind: 'machine' }),
  'places, TTL 120': stackOf({ policy: pinned, kind: 'functionUrl', ttl: 120 }),
  'a place that is pinned': stackOf({ policy: pinned, isChecked: () => false }),
  'one of two weights without a check': stackOf({ policy: weighted, isChecked: (alias) => alias === 'a' }),
  'checks of 30 s, by connection': stackOf({
    checks: both((a) =>
      check(`${a}.origin`, { type: 'TCP', port: 443, resource_path: undefined, request_interval: 30 }),
    ),
  }),
  'evaluated alone, a load balancer': stackOf({ ...unchecked, evaluate: true }),
  'evaluated alone, a network load balancer': stackOf({ ...unchecked, evaluate: true, kind: 'nlb' }),
  'evaluated alone, an API': stackOf({ ...unchecked, evaluate: true, kind: 'api' }),
  'both are counted': stackOf(calculated(2)),
  'one is enough': stackOf(calculated(1)),
  'none is needed': stackOf(calculated(0)),
  'a disabled check': stackOf(only(check('a.origin', { disabled: true }))),
  'an inverted check': stackOf(only(check('a.origin', { invert_healthcheck: true }))),
  'a check of the other region': stackOf(only(check('b.origin'))),
  'a check of the name that it decides on': stackOf(only(check('www'))),
  'a routing control': stackOf(only({ type: 'RECOVERY_CONTROL', routing_control_arn: ARN })),
  'a standby that is scaled to zero': stackOf({
    more: {
      aws_ecs_service: both((alias) => ({
        ...{ name: alias, provider: `aws.${alias}`, desired_count: alias === 'a' ? 2 : 0 },
        load_balancer: { target_group_arn: `\${aws_lb_target_group.${alias}.arn}` },
      })),
    },
  }),
  'an alarm': stackOf(only(ALARM)),
  'an alarm that fails without data': stackOf(only({ ...ALARM, insufficient_data_health_status: 'Unhealthy' })),
  'an alarm of the second': stackOf({ checks: { ...CHECKS, b: ALARM } }),
  'a check of what is elsewhere': stackOf(only(check('elsewhere'))),
  'a record that leads elsewhere': stackOf({
    policy: latency,
    more: {
      aws_route53_record: {
        c: { ...ELSEWHERE, set_identifier: 'c', latency_routing_policy: { region: 'ap-south-1' } },
      },
    },
  }),
  'a load balancer that only its name tells of': stackOf({
    policy: latency,
    more: {
      aws_route53_record: { c: { ...NAMED, set_identifier: 'c', latency_routing_policy: { region: 'ap-south-1' } } },
    },
  }),
  'a bias': stackOf({
    policy: (alias) => ({ geoproximity_routing_policy: { aws_region: alias === 'a' ? A : B, bias: 10 } }),
  }),
  'names behind a name': chained(),
  'an accelerator': accelerated,
  'a distribution with two origins': distributed([500, 502, 503]),
  'a distribution that goes on at no 5xx': distributed([404]),
  'a distribution that goes on at errors, and not at silence': distributed([403, 404, 500, 502]),
  'a distribution that goes on at silence alone': distributed([503, 504]),
  'a distribution in front of a name that fails over': stackOf({ more: behindDistribution }),
};

/** Requests that only read are answered all the same. */
const OF_WRITES: readonly string[] = ['distribution-fails-over-reads-only'];

it.each(Object.keys(CASES))('%s', async (title) => {
  const graph = CASES[title] as ReturnType<typeof foreignStack>;
  const review = reviewStack(graph, { rtoSeconds: null, rpoSeconds: null });
  const drill = await drillNames({ graph, seed: 1 });
  const isOfWrites = review.findings.some(({ rule }) => OF_WRITES.includes(rule));
  const differing = drill.names.flatMap(({ name, faults }) =>
    faults.flatMap((met) => {
      const said = review.names
        .find((one) => one.name === name)
        ?.faults.find(({ fault, region }) => fault === met.fault && region === met.region);
      const outcome = isOfWrites && said?.outcome === 'partly' ? 'recovers' : said?.outcome;
      const isOne = said && met.outcome === outcome && isWithin(met, said);
      return isOne ? [] : [{ name, met, said }];
    }),
  );
  expect(drill.names.length).toBe(review.names.length);
  expect(differing).toEqual([]);
});

/** From the best of the closed answer to its worst: nearer than one interval and the TTL. */
function isWithin({ worstSeconds }: DrilledFault, { seconds }: ReviewedFaultOutcome): boolean {
  if (seconds === null) return true;
  const [best, worst] = seconds;
  return worstSeconds !== null && worstSeconds >= best && worstSeconds <= worst;
}
