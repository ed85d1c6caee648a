// What stands before endpoints, or beside load balancers, and what becomes of clients that it leads.
import { reviewStack } from '../review';
import {
  A,
  B,
  check,
  checked,
  failover,
  judged,
  never,
  NOBODY,
  PAIR,
  recovers,
  stackWith,
  toBalancer,
  verdict,
  withCheck,
  type Body,
  type Resources,
} from '../testing/two-regions';

const DISTRIBUTION = 'aws_cloudfront_distribution.edge';
const READS = ['GET', 'HEAD', 'OPTIONS'];
const leadingTo = (front: string): Resources => ({
  aws_route53_record: {
    app: { name: 'app', alias: { name: `\${${front}}`, zone_id: 'Z', evaluate_target_health: false } },
  },
});

describe('a distribution', () => {
  const origin = (alias: string, domain = `\${aws_lb.${alias}.dns_name}`): Body => ({
    origin_id: alias,
    domain_name: domain,
  });
  const all = (target_origin_id: string): Body => ({
    default_cache_behavior: { target_origin_id, allowed_methods: READS },
  });
  const path = (target_origin_id: string): Body => ({
    ordered_cache_behavior: [{ path_pattern: '/api/*', target_origin_id, allowed_methods: READS }],
  });
  const group = (codes: readonly number[]): Body => ({
    origin_group: {
      ...{ origin_id: 'both', failover_criteria: { status_codes: codes } },
      member: [{ origin_id: 'a' }, { origin_id: 'b' }],
    },
  });
  const site = (...parts: Body[]): Resources => ({
    aws_cloudfront_distribution: { edge: Object.assign({ origin: [origin('a'), origin('b')] }, ...parts) },
    ...leadingTo('aws_cloudfront_distribution.edge.domain_name'),
  });
  const partly = { kind: 'partly', span: null, causes: [DISTRIBUTION] };

  it('sends a path past its group: those requests fail', () => {
    const resources = site(group([503, 504]), all('both'), path('a'));
    expect(verdict(resources, 'region-dark', A)).toMatchObject({ kind: 'partly', causes: [DISTRIBUTION] });
    expect(verdict(resources, 'region-dark', B)).toEqual(NOBODY);
  });

  it('sends paths to a region each: the loss of either is the loss of some', () => {
    const resources = site(all('a'), path('b'));
    expect([A, B].map((region) => verdict(resources, 'region-dark', region))).toEqual([partly, partly]);
  });

  it.each([
    [[403, 404], never(DISTRIBUTION), never(DISTRIBUTION)],
    [[403, 404, 500, 502], never(DISTRIBUTION), recovers(0, 5)],
    [[503], recovers(0, 35), never(DISTRIBUTION)],
  ])('goes on from a silent origin at 503 or 504, and from an application that fails at 500: %p', (codes, ...found) => {
    const resources = site(group(codes), all('both'));
    expect([verdict(resources, 'region-dark', A), verdict(resources, 'app-errors', A)]).toEqual(found);
  });

  it('of buckets: files answer while an application fails, and not without their region', () => {
    const bucket = (alias: string): Body => ({ provider: `aws.${alias}`, bucket: `files-${alias}` });
    const named = (alias: string): Body => origin(alias, `\${aws_s3_bucket.${alias}.bucket_regional_domain_name}`);
    const resources = {
      aws_s3_bucket: { a: bucket('a'), b: bucket('b') },
      ...site({ origin: [named('a'), named('b')] }, group([500, 503]), all('both')),
    };
    expect(verdict(resources, 'region-dark', A)).toEqual(recovers(0, 35));
    expect(verdict(resources, 'app-errors', A)).toEqual(NOBODY);
  });
});

describe('an accelerator', () => {
  const machine = (alias: string): Body => ({ provider: `aws.${alias}`, instance_type: 'c7g.large' });
  const group = (alias: string, more: Body, endpoint: Body): Body => ({
    ...{ listener_arn: '${aws_globalaccelerator_listener.x.arn}', endpoint_group_region: alias === 'a' ? A : B },
    endpoint_configuration: { endpoint_id: `\${aws_eip.${alias}.id}`, ...endpoint },
    ...more,
  });
  const over = (more: Body = {}, last: Body = {}): Resources => ({
    aws_instance: { a: machine('a'), b: machine('b') },
    aws_eip: { a: { provider: 'aws.a' }, b: { provider: 'aws.b' } },
    aws_globalaccelerator_accelerator: { x: { name: 'x' } },
    aws_globalaccelerator_listener: { x: { accelerator_arn: '${aws_globalaccelerator_accelerator.x.arn}' } },
    aws_globalaccelerator_endpoint_group: { a: group('a', more, {}), b: group('b', more, last) },
    ...leadingTo('aws_globalaccelerator_accelerator.x.dns_name'),
  });
  const byHttp = { health_check_protocol: 'HTTP', health_check_interval_seconds: 10, threshold_count: 2 };

  it('asks addresses by its own check', () => {
    expect(verdict(over(byHttp), 'app-errors', A)).toEqual(recovers(10, 55));
    expect(verdict(over(byHttp), 'region-dark', A)).toEqual(recovers(10, null));
  });

  it('over TCP alone does not notice errors', () => {
    expect(verdict(over(), 'app-errors', A)).toEqual(never('aws_globalaccelerator_endpoint_group.a'));
  });

  it('does not go to a group whose endpoints weigh nothing', () => {
    expect(verdict(over(byHttp, { weight: 0 }), 'region-dark', A)).toEqual(
      never('aws_globalaccelerator_endpoint_group.a'),
    );
  });

  it.each([
    ['a weight', byHttp, { weight: '${timestamp()}' }],
    ['a dial', { ...byHttp, traffic_dial_percentage: '${timestamp()}' }, {}],
    ['an interval', { ...byHttp, health_check_interval_seconds: '${timestamp()}' }, {}],
  ])('of which %s is unknown is not taken for one with the default', (_, more, last) => {
    expect(verdict(over(more, last), 'region-dark', A)).toMatchObject({ kind: 'unknown' });
  });
});

describe('a check that never passes', () => {
  it('of an internal load balancer: the secondary is answered while all is well', () => {
    const resources = {
      ...PAIR,
      aws_lb: { a: { name: 'a', provider: 'aws.a', internal: true }, b: { name: 'b', provider: 'aws.b' } },
    };
    expect(verdict(resources, 'region-dark', A)).toEqual(NOBODY);
    expect(verdict(resources, 'region-dark', B)).toEqual(never('aws_route53_record.app_b'));
  });

  it('of a text that a redirect does not have', () => {
    const rule = {
      ...{ provider: 'aws.a', listener_arn: '${aws_lb_listener.a.arn}', priority: 1 },
      condition: { path_pattern: { values: ['/health'] } },
      action: { type: 'redirect', redirect: { port: '8443', status_code: 'HTTP_301' } },
    };
    const of = (more: Body): Resources => ({ ...withCheck(more), aws_lb_listener_rule: { health: rule } });
    expect(verdict(of({ type: 'HTTPS_STR_MATCH', search_string: 'ok' }), 'region-dark', A)).toEqual(NOBODY);
    expect(verdict(of({}), 'region-dark', A)).toEqual(recovers(80, 107));
  });
});

describe('IPv6', () => {
  const over = (six: Resources['']): Resources => ({
    ...PAIR,
    aws_route53_record: { ...PAIR['aws_route53_record'], ...six },
  });
  const aaaa = (alias: string, more: Body = {}): Body => ({ ...failover(alias, more), type: 'AAAA' });

  it('is answered by records of its own, which have checks of their own', () => {
    const all = over({ six_a: aaaa('a', checked('a')), six_b: aaaa('b') });
    expect(verdict(all, 'region-dark', A)).toEqual(recovers(80, 107));
    const some = over({ six_a: aaaa('a'), six_b: aaaa('b') });
    expect(verdict(some, 'region-dark', A)).toEqual({
      kind: 'partly',
      span: [80, 107],
      causes: ['aws_route53_record.six_a'],
    });
  });

  it('a set that IPv4 has whole is whole', () => {
    const [first] = [over({ six_a: aaaa('a', checked('a')) })];
    expect(verdict(first, 'region-dark', A)).toMatchObject({ kind: 'partly', causes: ['aws_route53_record.six_a'] });
  });
});

test('a name that leads to one that fails over does so with it', () => {
  const www: Body = { name: 'www', type: 'CNAME', ttl: 300, records: ['app.example.com'] };
  const resources = { ...PAIR, aws_route53_record: { ...PAIR['aws_route53_record'], www } };
  expect(verdict(resources, 'region-dark', A, 'www.example.com')).toEqual(recovers(80, 107));
  expect(judged(stackWith(resources)).map(({ name }) => name)).toEqual(['app.example.com', 'www.example.com']);
});

test('a page of a bucket stands by, in a region of its own or in the lost one', () => {
  const page = (alias: string): Resources => ({
    aws_s3_bucket_website_configuration: { page: { provider: `aws.${alias}`, bucket: 'app.example.com' } },
    aws_route53_health_check: { a: check('a.origin') },
    aws_route53_record: {
      app_a: failover('a', { ...toBalancer('a'), ...checked('a') }),
      app_b: failover('b', {
        alias: {
          name: '${aws_s3_bucket_website_configuration.page.website_domain}',
          zone_id: 'Z',
          evaluate_target_health: false,
        },
      }),
    },
  });
  expect(verdict(page('b'), 'region-dark', A)).toEqual(recovers(80, 107));
  expect(verdict(page('a'), 'app-errors', A)).toEqual(recovers(80, 95));
  expect(verdict(page('a'), 'region-dark', A)).toMatchObject({ kind: 'never' });
});

test.each([
  ['that an address of the stack has', '127.0.0.9', []],
  ['that nothing of the stack has', '127.0.0.8', ['aws_route53_health_check.a']],
])('a check asks an address %s', (_, ip_address, expected) => {
  const graph = stackWith({
    ...withCheck({ fqdn: undefined, ip_address }),
    aws_eip: { a: { provider: 'aws.a', public_ip: '127.0.0.9' } },
  });
  const { findings } = reviewStack(graph, { rtoSeconds: null, rpoSeconds: null });
  const found = findings.filter(({ rule }) => rule === 'health-check-address-is-public');
  expect(found.map(({ address }) => address)).toEqual(expected);
});
