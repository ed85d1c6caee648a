// Endpoints that are not run: they answer by assumption, and are lost with their region or their application.
import { ACCELERATOR_LAG_SECONDS } from '@dr/stack';
import { parseStack } from '@dr/terraform-json';
import type { HttpFailure, Site } from '../site';
import { OpaqueTwin } from '../opaque-twin';

const [A, B] = ['eu-west-1', 'us-east-2'];
type Body = Readonly<Record<string, unknown>>;
type Resources = Readonly<Record<string, Readonly<Record<string, Body>>>>;

const twinOf = (resource: Resources): OpaqueTwin =>
  new OpaqueTwin({
    seed: 1,
    graph: parseStack(
      {
        provider: { aws: [{ region: 'us-east-1' }, { alias: 'a', region: A }, { alias: 'b', region: B }] },
        resource: { aws_route53_zone: { zone: { name: 'example.com' } }, ...resource },
      },
      '/stack',
    ),
  });

const both = <T>(of: (alias: string) => T) => ({ a: of('a'), b: of('b') });
const BALANCERS = {
  aws_lb: both((alias) => ({ name: alias, provider: `aws.${alias}` })),
  aws_lb_target_group: both((alias) => ({
    ...{ name: alias, provider: `aws.${alias}`, port: 80, protocol: 'HTTP' },
    health_check: { interval: 10, unhealthy_threshold: 2 },
  })),
  aws_lb_listener: both((alias) => ({
    ...{ provider: `aws.${alias}`, load_balancer_arn: `\${aws_lb.${alias}.arn}`, port: 443, protocol: 'HTTPS' },
    default_action: { type: 'forward', target_group_arn: `\${aws_lb_target_group.${alias}.arn}` },
  })),
};
const named = (name: string, more: Body): Body => ({
  zone_id: '${aws_route53_zone.zone.zone_id}',
  type: 'A',
  name,
  ...more,
});
const toBalancer = (alias: string, evaluate = false): Body => ({
  alias: { name: `\${aws_lb.${alias}.dns_name}`, zone_id: 'Z', evaluate_target_health: evaluate },
});
const failover = (alias: string, to: Body): Body =>
  named('app', {
    set_identifier: alias,
    failover_routing_policy: { type: alias === 'a' ? 'PRIMARY' : 'SECONDARY' },
    ...to,
  });

const PARIS: Site = { group: 'clients', at: 'eu-west-3' };

/** GET of that URL from Paris: a status, or why there is none. */
async function get(twin: OpaqueTwin, name: string, path = '/', method = 'GET'): Promise<number | HttpFailure | null> {
  const answer = twin.internet.resolve(name, PARIS);
  if (!answer) return null;
  const request = { method, path, headers: { host: name }, body: Buffer.alloc(0) };
  const wait = { connectMs: 60_000, responseMs: 60_000 };
  let met: number | HttpFailure | undefined;
  void twin.internet
    .request(PARIS, answer, { protocol: 'https', port: 443 }, request, wait)
    .then((reply) => (met = typeof reply === 'string' ? reply : reply.status));
  while (met === undefined) await twin.world.scheduler.runUntil(twin.world.scheduler.now() + 100);
  return met;
}

const lose = (twin: OpaqueTwin, kind: 'region-dark' | 'app-errors', region = A): void =>
  twin.world.faults.start({ kind, region, startSeconds: 0, durationSeconds: 600 });
const after = (twin: OpaqueTwin, seconds: number): Promise<void> =>
  twin.world.scheduler.runUntil(twin.world.scheduler.now() + seconds * 1_000);

/** One of each kind in region A, and the name that AWS gives it. */
const KINDS: readonly [string, Resources, string][] = [
  [
    'a network load balancer',
    { aws_lb: { x: { load_balancer_type: 'network', provider: 'aws.a' } } },
    'aws_lb.x.dns_name',
  ],
  ['an HTTP API', { aws_apigatewayv2_api: { x: { provider: 'aws.a' } } }, 'aws_apigatewayv2_api.x.api_endpoint'],
  ['a machine', { aws_instance: { x: { provider: 'aws.a' } } }, 'aws_instance.x.public_dns'],
  [
    'a function URL',
    { aws_lambda_function_url: { x: { function_name: 'f', provider: 'aws.a' } } },
    'aws_lambda_function_url.x.function_url',
  ],
];

describe.each([['an application load balancer', BALANCERS, 'aws_lb.a.dns_name'], ...KINDS] as typeof KINDS)(
  '%s',
  (_, resources, attribute) => {
    const alias = { name: `\${${attribute}}`, zone_id: 'Z', evaluate_target_health: false };
    const start = (): OpaqueTwin => twinOf({ ...resources, aws_route53_record: { x: named('x', { alias }) } });

    it('EP-01 answers, fails where its application does, and is silent where its region is dark', async () => {
      const twin = start();
      expect(await get(twin, 'x.example.com')).toBe(200);
      lose(twin, 'app-errors', B);
      lose(twin, 'region-dark', B);
      expect(await get(twin, 'x.example.com')).toBe(200);
      lose(twin, 'app-errors');
      expect(await get(twin, 'x.example.com')).toBe(500);
      lose(twin, 'region-dark');
      expect(await get(twin, 'x.example.com')).toBe('connect-timeout');
    });
  },
);

it('EP-02 a load balancer answers a path by a rule of its own, with its application dead', async () => {
  const rule = {
    ...{ provider: 'aws.a', listener_arn: '${aws_lb_listener.a.arn}', priority: 1 },
    condition: { path_pattern: { values: ['/health'] } },
    action: { type: 'fixed-response', fixed_response: { content_type: 'text/plain', status_code: 200 } },
  };
  const twin = twinOf({
    ...BALANCERS,
    aws_lb_listener_rule: { health: rule },
    aws_route53_record: { x: named('x', toBalancer('a')) },
  });
  lose(twin, 'app-errors');
  expect([await get(twin, 'x.example.com', '/health'), await get(twin, 'x.example.com')]).toEqual([200, 500]);
});

it.each([
  ['region-dark', 20, 30],
  ['app-errors', 10, 20],
] as const)('EP-03 evaluate_target_health finds %s after %i s at least and %i s at most', async (kind, least, most) => {
  const twin = twinOf({
    ...BALANCERS,
    aws_route53_record: both((alias) => failover(alias, toBalancer(alias, true))),
  });
  const regionOf = (): string | undefined => twin.internet.resolve('app.example.com', PARIS)?.awsRegion;
  twin.start();
  await after(twin, 60);
  lose(twin, kind);
  await after(twin, least - 0.1);
  expect(regionOf()).toBe(A);
  await after(twin, most - least + 0.2);
  expect(regionOf()).toBe(B);
});

// The provider turns checks on with its block, and asks by HTTP; without the block the API's own values hold (ALB-04, CreateTargetGroup).
it.each<[string, Body, number | undefined]>([
  ['of a function with the block', { target_type: 'lambda', health_check: { path: '/' } }, 90],
  ['of a function without it', { target_type: 'lambda' }, undefined],
  ['of a function with the block turned off', { target_type: 'lambda', health_check: { enabled: false } }, undefined],
  ['of a network load balancer with the block', { protocol: 'TCP', port: 80, health_check: { interval: 10 } }, 30],
  ['of a network load balancer without it', { protocol: 'TCP', port: 80 }, undefined],
  ['of hosts without the block', { protocol: 'HTTP', port: 80 }, 60],
])('EP-03 a group %s', async (_, group, most) => {
  const groups = both((alias) => ({ name: alias, provider: `aws.${alias}`, ...group }));
  const twin = twinOf({
    ...BALANCERS,
    aws_lb_target_group: groups,
    aws_route53_record: both((alias) => failover(alias, toBalancer(alias, true))),
  });
  twin.start();
  await after(twin, 120);
  lose(twin, 'app-errors');
  await after(twin, most ?? 300);
  const region = twin.internet.resolve('app.example.com', PARIS)?.awsRegion;
  expect(region).toBe(most === undefined ? A : B);
});

it('EP-01 a health check asks it, and takes what it looks for to be there', async () => {
  const twin = twinOf({
    ...BALANCERS,
    aws_route53_health_check: {
      a: {
        type: 'HTTPS_STR_MATCH',
        search_string: 'fine',
        fqdn: 'a.example.com',
        request_interval: 10,
        failure_threshold: 1,
      },
    },
    aws_route53_record: {
      origin: named('a', toBalancer('a')),
      a: failover('a', { ...toBalancer('a'), health_check_id: '${aws_route53_health_check.a.id}' }),
      b: failover('b', toBalancer('b')),
    },
  });
  twin.start();
  await after(twin, 60);
  expect(twin.internet.resolve('app.example.com', PARIS)?.awsRegion).toBe(A);
  lose(twin, 'app-errors');
  await after(twin, 12);
  expect(twin.internet.resolve('app.example.com', PARIS)?.awsRegion).toBe(B);
});

describe('EP-04 an accelerator', () => {
  const group = (alias: string, more: Body = {}): Body => ({
    ...{ listener_arn: '${aws_globalaccelerator_listener.x.arn}', endpoint_group_region: alias === 'a' ? A : B },
    endpoint_configuration: { endpoint_id: `\${aws_lb.${alias}.arn}` },
    ...more,
  });
  const front = (more: Body = {}): OpaqueTwin =>
    twinOf({
      ...BALANCERS,
      aws_globalaccelerator_accelerator: { x: { name: 'x' } },
      aws_globalaccelerator_listener: { x: { accelerator_arn: '${aws_globalaccelerator_accelerator.x.id}' } },
      aws_globalaccelerator_endpoint_group: { a: group('a', more), b: group('b') },
      aws_route53_record: {
        x: named('x', { alias: { name: '${aws_globalaccelerator_accelerator.x.dns_name}', zone_id: 'Z' } }),
      },
    });
  const regionOf = (twin: OpaqueTwin): string | undefined => twin.internet.resolve('x.example.com', PARIS)?.awsRegion;

  it('leads to the nearest group, and to another once its lag is over', async () => {
    const twin = front();
    twin.start();
    expect(regionOf(twin)).toBe(A);
    lose(twin, 'app-errors');
    await after(twin, 10 + ACCELERATOR_LAG_SECONDS - 1);
    expect(await get(twin, 'x.example.com')).toBe(500);
    await after(twin, 12);
    expect([await get(twin, 'x.example.com'), regionOf(twin)]).toEqual([200, B]);
  });

  it('leaves out a group whose dial is 0 until no other is healthy', async () => {
    const twin = front({ traffic_dial_percentage: 0 });
    twin.start();
    expect(regionOf(twin)).toBe(B);
    lose(twin, 'region-dark', B);
    await after(twin, 40 + ACCELERATOR_LAG_SECONDS);
    expect(regionOf(twin)).toBe(A);
  });
});

describe('EP-05 a distribution', () => {
  const origin = (alias: string): Body => ({ origin_id: alias, domain_name: `\${aws_lb.${alias}.dns_name}` });
  const front = (statuses: readonly number[]): OpaqueTwin =>
    twinOf({
      ...BALANCERS,
      aws_cloudfront_distribution: {
        x: {
          origin: [origin('a'), origin('b')],
          origin_group: {
            origin_id: 'group',
            failover_criteria: { status_codes: statuses },
            member: [{ origin_id: 'a' }, { origin_id: 'b' }],
          },
          default_cache_behavior: { target_origin_id: 'group' },
        },
      },
      aws_route53_record: {
        x: named('x', { alias: { name: '${aws_cloudfront_distribution.x.domain_name}', zone_id: 'Z' } }),
      },
    });

  it('asks its second origin at a status that it is told of, and for what only reads', async () => {
    const twin = front([500, 503]);
    twin.start();
    lose(twin, 'app-errors');
    expect(await get(twin, 'x.example.com')).toBe(200);
    expect(await get(twin, 'x.example.com', '/', 'POST')).toBe(500);
    const deaf = front([404]);
    deaf.start();
    lose(deaf, 'app-errors');
    expect(await get(deaf, 'x.example.com')).toBe(500);
  });

  it('waits three times 10 s for an origin that is silent', async () => {
    const twin = front([504]);
    twin.start();
    lose(twin, 'region-dark');
    expect(await get(twin, 'x.example.com')).toBe(200);
    expect(twin.world.scheduler.now()).toBeGreaterThan(30_000);
    expect(twin.world.scheduler.now()).toBeLessThan(31_500);
  });

  it('stays with an origin that is silent where neither 503 nor 504 is among its statuses', async () => {
    const twin = front([500, 502]);
    twin.start();
    lose(twin, 'region-dark');
    expect(await get(twin, 'x.example.com')).toBe(504);
  });
});

it('EP-06 a check that follows a routing control stays healthy', async () => {
  const arn = 'arn:aws:route53-recovery-control::123456789012:controlpanel/x/routingcontrol/y';
  const twin = twinOf({
    ...BALANCERS,
    aws_route53_health_check: { a: { type: 'RECOVERY_CONTROL', routing_control_arn: arn } },
    aws_route53_record: {
      a: failover('a', { ...toBalancer('a'), health_check_id: '${aws_route53_health_check.a.id}' }),
      b: failover('b', toBalancer('b')),
    },
  });
  twin.start();
  lose(twin, 'region-dark');
  await after(twin, 300);
  expect(twin.internet.resolve('app.example.com', PARIS)?.awsRegion).toBe(A);
});
