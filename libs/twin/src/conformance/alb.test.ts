// Application load balancers with Lambda targets: one test of behaviour per row ALB-*.
import { InputError } from '@dr/contracts';
import type { InvokeResult } from '../services/ports';
import {
  answer,
  DOMAIN,
  edgeOf,
  functionArn,
  groupArn,
  loadBalancer,
  MUMBAI,
  ok,
  resource,
  rule,
  type Edge,
  type EdgeOptions,
  type LambdaEvent,
  type Values,
} from './edge-fixture';
import { resourcesIn, type PlainResource } from './fixtures';

const MEGABYTE = 1_048_576;

const one = (more: Parameters<typeof loadBalancer>[1] = {}, rest: readonly PlainResource[] = []) => [
  ...loadBalancer(MUMBAI, more),
  // The other region of the fixture.
  ...loadBalancer('ap-southeast-1'),
  ...rest,
];
const balancerOf = (options: EdgeOptions = {}): Edge => edgeOf({ resources: one(), ...options });

async function eventOf(request: Parameters<Edge['ask']>[0], group: Values = {}): Promise<LambdaEvent> {
  const edge = balancerOf({ resources: one({ group }) });
  await edge.ask(request);
  const [call] = edge.functions.calls;
  if (!call) throw new Error('no function was invoked');
  return call.event;
}

describe('ALB-01 the event', () => {
  const request = {
    method: 'PUT',
    path: '/items/a%20b?q=1%2F2&tag=a&tag=b&flag',
    headers: { host: DOMAIN, Accept: 'x', 'content-type': 'application/json' },
    body: Buffer.from('{"a":"ü"}'),
  };

  it('names the target group, is not URL-decoded, and keeps the last value of a parameter', async () => {
    expect(await eventOf(request)).toEqual({
      requestContext: { elb: { targetGroupArn: groupArn(MUMBAI) } },
      httpMethod: 'PUT',
      path: '/items/a%20b',
      queryStringParameters: { q: '1%2F2', tag: 'b', flag: '' },
      headers: {
        host: DOMAIN,
        accept: 'x',
        'content-type': 'application/json',
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
        'x-forwarded-for': '203.0.113.10',
        'x-forwarded-port': '443',
        'x-forwarded-proto': 'https',
      },
      body: '{"a":"ü"}',
      isBase64Encoded: false,
    });
  });

  it('has multi-value fields, and only those, when they are enabled', async () => {
    const event = await eventOf(request, { lambda_multi_value_headers_enabled: true });
    expect(event).toMatchObject({
      multiValueQueryStringParameters: { q: ['1%2F2'], tag: ['a', 'b'], flag: [''] },
      multiValueHeaders: { host: [DOMAIN] },
    });
    expect(Object.keys(event)).not.toContain('headers');
    expect(Object.keys(event)).not.toContain('queryStringParameters');
  });

  it('appends to x-forwarded-for', async () => {
    const event = await eventOf({ headers: { 'x-forwarded-for': '198.51.100.7' } });
    expect(event.headers?.['x-forwarded-for']).toBe('198.51.100.7, 203.0.113.10');
  });
});

test.each<[string, Values, boolean]>([
  ['application/json', { 'content-type': 'application/json' }, false],
  ['text of any kind', { 'content-type': 'text/csv; charset=utf-8' }, false],
  ['application/javascript', { 'content-type': 'application/javascript' }, false],
  ['application/xml', { 'content-type': 'application/xml' }, false],
  ['compressed JSON', { 'content-type': 'application/json', 'content-encoding': 'gzip' }, true],
  ['a problem document', { 'content-type': 'application/problem+json' }, true],
  ['no type', {}, true],
])('ALB-02 a body of %s', async (_name, headers, isBase64Encoded) => {
  const body = Buffer.from('{"a":1}');
  const event = await eventOf({ method: 'POST', headers: headers as Record<string, string>, body });
  expect(event['isBase64Encoded']).toBe(isBase64Encoded);
  expect(Buffer.from(String(event['body']), isBase64Encoded ? 'base64' : 'utf8')).toEqual(body);
});

test.each<[string, unknown, number, string]>([
  ['plain text', { statusCode: 201, body: 'hi', headers: { 'Content-Type': 'text/plain' } }, 201, 'hi'],
  ['base64', { statusCode: 200, body: 'aGk=', isBase64Encoded: true }, 200, 'hi'],
  ['no body', { statusCode: 204 }, 204, ''],
])('ALB-02 decodes a response of %s', async (_name, payload, status, body) => {
  const response = await balancerOf({ respond: () => ok(payload) }).ask({});
  expect([response.status, response.body.toString(), response.answeredBy]).toEqual([status, body, 'traffic-router']);
  expect(response.headers['content-length']).toBe(String(body.length));
});

test('ALB-08 hop-by-hop headers of a function do not reach the client', async () => {
  const dropped = {
    Connection: 'close',
    'Keep-Alive': 'timeout=5',
    TE: 'trailers',
    Trailer: 'Expires',
    'Transfer-Encoding': 'chunked',
    Upgrade: 'websocket',
    'Proxy-Authenticate': 'Basic',
    'Proxy-Authorization': 'Basic eDp5',
    'Proxy-Connection': 'close',
  };
  const kept = { 'Cache-Control': 'no-store', 'X-Data-Region': 'mumbai' };
  for (const multiValue of [false, true]) {
    const of = (headers: Readonly<Record<string, string>>): object =>
      multiValue
        ? { multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])) }
        : { headers };
    const edge = balancerOf({
      respond: () => ok({ statusCode: 200, body: 'hi', ...of({ ...dropped, ...kept }) }),
      resources: one(multiValue ? { group: { lambda_multi_value_headers_enabled: true } } : {}),
    });
    const { status, headers } = await edge.ask({});
    expect(status).toBe(200);
    expect(Object.keys(headers).sort()).toEqual(['cache-control', 'content-length', 'content-type', 'x-data-region']);
  }
});

const throwing: InvokeResult = { kind: 'function-error', errorType: 'Error', message: 'no' };
test.each<[string, InvokeResult, number]>([
  ['throws', throwing, 502],
  ['is throttled', { kind: 'throttled' }, 502],
  ['returns nothing', ok(null), 502],
  ['returns no status', ok({ body: 'x' }), 502],
  ['returns a status as text', ok({ statusCode: '200' }), 502],
  ['returns a status out of range', ok({ statusCode: 1_000 }), 502],
  ['returns a body that is no text', ok({ statusCode: 200, body: { a: 1 } }), 502],
  ['returns a header that is no text', ok({ statusCode: 200, headers: { age: 1 } }), 502],
  ['returns more than 1 MB', answer(200, 'x'.repeat(MEGABYTE)), 502],
  ['returns a little less', answer(200, 'x'.repeat(MEGABYTE - 100)), 200],
])('ALB-03 a function that %s gives %#', async (_name, result, status) => {
  const edge = balancerOf({ respond: () => result });
  const response = await edge.ask({});
  expect(response.status).toBe(status);
  expect(response.answeredBy).toBe(status === 200 ? 'traffic-router' : 'load-balancer');
  const errors = edge.samples.filter(({ name }) => name === 'HTTPCode_ELB_5XX_Count');
  expect(errors).toHaveLength(status === 200 ? 0 : 1);
});

it('ALB-03 a request of more than 1 MB gives 413 and invokes nothing', async () => {
  const edge = balancerOf();
  expect((await edge.ask({ method: 'PUT', body: Buffer.alloc(MEGABYTE + 1) })).status).toBe(413);
  expect(edge.functions.calls).toEqual([]);
  expect((await edge.ask({ method: 'PUT', body: Buffer.alloc(MEGABYTE) })).status).toBe(200);
});

it('ALB-03 no target gives 503; a function that does not permit the load balancer 502', async () => {
  expect((await balancerOf({ resources: one({ attachment: null }) }).ask({})).status).toBe(503);
  const forbidden = balancerOf({ permits: false });
  expect((await forbidden.ask({})).status).toBe(502);
  expect(forbidden.functions.calls).toEqual([]);
});

it('ALB-03 Lambda out of reach gives 504 after ten seconds', async () => {
  const edge = balancerOf({ respond: () => ({ kind: 'unreachable' }) });
  let endedMs = 0;
  const asked = edge.ask({}).then((response) => {
    endedMs = edge.world.scheduler.now();
    return response;
  });
  expect((await asked).status).toBe(504);
  expect(endedMs).toBeGreaterThanOrEqual(10_000);
});

describe('ALB-04 target health checks', () => {
  const enabled = {
    health_check: [
      { enabled: true, path: '/health', interval: 35, timeout: 30, healthy_threshold: 5, unhealthy_threshold: 2 },
    ],
  };
  /** Runs for as many seconds; the function answers by virtual second. */
  async function checked(seconds: number, statusAt: (second: number) => number, group: Values = enabled) {
    const clock: { now: () => number } = { now: () => 0 };
    const edge = balancerOf({
      resources: one({ group }),
      start: true,
      respond: () => answer(statusAt(clock.now() / 1_000)),
    });
    clock.now = () => edge.world.scheduler.now();
    await edge.world.scheduler.runUntil(seconds * 1_000);
    const calls = edge.functions.calls.filter(({ trigger }) => trigger === 'alb-health');
    const hosts = edge.samples.filter(
      ({ name, dimensions }) => name === 'HealthyHostCount' && dimensions['TargetGroup'],
    );
    return { edge, calls, healthy: hosts.at(-1)?.value };
  }

  it('are off by default, and nothing is known then', async () => {
    const { calls, edge } = await checked(120, () => 500, {});
    expect(calls).toEqual([]);
    expect(edge.loadBalancers.find('mumbai-alb.ap-south-1.elb.amazonaws.com')?.targetsHealthy()).toBe(true);
  });

  it('ask every 35 s as ELB-HealthChecker/2.0; the first pass makes a new target healthy', async () => {
    const { calls, healthy } = await checked(3, () => 200);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.event).toMatchObject({
      httpMethod: 'GET',
      path: '/health',
      headers: { 'user-agent': 'ELB-HealthChecker/2.0' },
    });
    expect(healthy).toBe(1);
    expect((await checked(2 + 35 * 4, () => 200)).calls).toHaveLength(5);
  });

  test.each([
    ['one failure keeps it', 100, (second: number) => (second < 30 ? 200 : second < 60 ? 500 : 200), 1],
    ['two failures take it out', 100, (second: number) => (second < 30 ? 200 : 500), 0],
    ['four passes do not bring it back', 35 * 6 - 5, (second: number) => (second < 60 ? 500 : 200), 0],
    ['five passes bring it back', 35 * 6 + 3, (second: number) => (second < 60 ? 500 : 200), 1],
    ['only 200 passes by default', 100, () => 204, 0],
  ])('%s', async (_name, seconds, statusAt, expected) => {
    expect((await checked(seconds, statusAt)).healthy).toBe(expected);
  });

  it('a matcher may take a range', async () => {
    const group = { health_check: [{ enabled: true, matcher: '200,204-299' }] };
    expect((await checked(10, () => 250, group)).healthy).toBe(1);
    expect((await checked(80, () => 201, group)).healthy).toBe(0);
  });

  it('with a block that says nothing the provider asks every 30 s, three times each way', async () => {
    const group = { health_check: [{}] };
    expect((await checked(2 + 30 * 4, () => 200, group)).calls).toHaveLength(5);
    const statusAt = (second: number): number => (second < 20 ? 200 : second < 100 ? 500 : 200);
    expect((await checked(75, statusAt, group)).healthy).toBe(1);
    expect((await checked(100, statusAt, group)).healthy).toBe(0);
    expect((await checked(155, statusAt, group)).healthy).toBe(0);
    expect((await checked(190, statusAt, group)).healthy).toBe(1);
  });

  it('ask again so long after the last question, however long the answer takes', async () => {
    const edge = balancerOf({
      resources: one({ group: enabled }),
      start: true,
      respond: async () => {
        await edge.world.scheduler.sleep(20_000);
        return answer(200);
      },
    });
    await edge.world.scheduler.runUntil((2 + 35 * 4) * 1_000);
    expect(edge.functions.calls).toHaveLength(5);
  });

  it('come from each node by itself, one in every zone; the target is unhealthy once all of them say so', async () => {
    const clock: { now: () => number } = { now: () => 0 };
    // Of three nodes that ask in turn every 35 s, two get a failure at first.
    const answers = [200, 500, 500, 200, 500, 500, 500, 500, 500, 500, 500, 500];
    const edge = balancerOf({
      resources: one({ group: enabled, balancer: { subnets: ['a', 'b', 'c'] } }),
      start: true,
      respond: () => answer(answers.shift() ?? 500),
    });
    clock.now = () => edge.world.scheduler.now();
    const balancer = edge.loadBalancers.find('mumbai-alb.ap-south-1.elb.amazonaws.com');
    await edge.world.scheduler.runUntil(3_000);
    expect(edge.functions.calls).toHaveLength(3);
    await edge.world.scheduler.runUntil(40_000);
    expect(edge.functions.calls).toHaveLength(6);
    expect(balancer?.targetsHealthy()).toBe(true);
    await edge.world.scheduler.runUntil(110_000);
    expect(balancer?.targetsHealthy()).toBe(false);
  });

  test.each(['200,503', '503', '199', '200-500', '499-200', '200,', '2xx'])(
    'fails on a matcher that AWS does not take: "%s"',
    (text) => {
      const build = () => balancerOf({ resources: one({ group: { health_check: [{ matcher: text }] } }) });
      expect(build).toThrow(InputError);
      expect(build).toThrow(/aws_lb_target_group\.mumbai: health_check matcher/);
    },
  );

  test.each(['200', '499', '200-499', '200, 302'])('takes a matcher that AWS takes: "%s"', (text) => {
    expect(() => balancerOf({ resources: one({ group: { health_check: [{ matcher: text }] } }) })).not.toThrow();
  });
});

it('ALB-05 a target that is unhealthy still gets requests when there is no other', async () => {
  const group = { health_check: [{ enabled: true, path: '/health' }] };
  const respond = (_arn: string, event: LambdaEvent): InvokeResult => answer(event.path === '/health' ? 500 : 200);
  const edge = balancerOf({ resources: one({ group }), respond, start: true });
  await edge.world.scheduler.runUntil(120_000);
  expect(edge.samples.filter(({ name }) => name === 'UnHealthyHostCount').at(-1)?.value).toBe(1);
  expect((await edge.ask({ path: '/items' })).status).toBe(200);
});

describe('ALB-06 rules', () => {
  const other = functionArn(MUMBAI, 'health-checker');
  const fixed = (text: string): Values => ({
    action: [{ type: 'fixed-response', fixed_response: [{ status_code: '418', message_body: text }] }],
  });
  const path = (...values: string[]): Values => ({ path_pattern: [{ values }] });
  const rules = [
    rule(MUMBAI, 'last', { priority: 30, condition: [path('/a*')], ...fixed('last') }),
    rule(MUMBAI, 'first', {
      priority: 10,
      condition: [path('/a?'), { http_request_method: [{ values: ['GET'] }] }],
      ...fixed('first'),
    }),
    rule(MUMBAI, 'host', {
      priority: 20,
      condition: [{ host_header: [{ values: ['*.EXAMPLE.org'] }] }],
      ...fixed('host'),
    }),
    rule(MUMBAI, 'health', {
      priority: 5,
      condition: [path('/health', '/ready')],
      action: [{ type: 'forward', target_group_arn: groupArn(MUMBAI, 'health') }],
    }),
    ...resourcesIn(MUMBAI, {
      aws_lb_target_group: { health: { arn: groupArn(MUMBAI, 'health'), target_type: 'lambda' } },
      aws_lb_target_group_attachment: { health: { target_group_arn: groupArn(MUMBAI, 'health'), target_id: other } },
    }),
  ];

  test.each<[string, string, string, string]>([
    ['GET', '/ab', DOMAIN, 'first'],
    ['GET', '/ab?x=/a', DOMAIN, 'first'],
    ['PUT', '/ab', DOMAIN, 'last'],
    ['GET', '/abc', DOMAIN, 'last'],
    ['GET', '/A', DOMAIN, 'traffic-router'],
    ['GET', '/', 'x.example.org:443', 'host'],
    ['GET', '/ab', 'x.example.org', 'first'],
    ['GET', '/health', DOMAIN, 'health-checker'],
    ['GET', '/ready', 'x.example.org', 'health-checker'],
    ['GET', '/health/x', DOMAIN, 'traffic-router'],
  ])('%s %s of %s goes to %s', async (method, at, host, expected) => {
    const response = await balancerOf({ resources: one({}, rules) }).ask({ method, path: at, headers: { host } });
    const by = response.answeredBy === 'fixed-response' ? response.body.toString() : response.answeredBy;
    expect(by).toBe(expected);
    if (response.answeredBy === 'fixed-response') expect(response.status).toBe(418);
  });

  it('redirects HTTP with the whole of the address', async () => {
    const response = await balancerOf().ask(
      { path: '/items/a?b=c', headers: { host: `${DOMAIN}:80` } },
      { protocol: 'http' },
    );
    expect([response.status, response.headers['location']]).toEqual([301, `https://${DOMAIN}:443/items/a?b=c`]);
    expect(response.answeredBy).toBe('redirect');
  });

  it('answers 400 to plain HTTP on a TLS port', async () => {
    expect((await balancerOf().ask({}, { protocol: 'http', port: 443 })).status).toBe(400);
  });
});

describe('ports', () => {
  const rule443 = { ip_protocol: 'tcp', from_port: 443, to_port: 443, cidr_ipv4: '0.0.0.0/0' };
  const guarded = (ingress?: Values): Edge => {
    const group = resourcesIn(MUMBAI, {
      aws_security_group: { alb: { id: 'sg-1' } },
      aws_vpc_security_group_ingress_rule: ingress ? { in: { security_group_id: 'sg-1', ...rule443, ...ingress } } : {},
    });
    return balancerOf({ resources: one({ balancer: { security_groups: ['sg-1'] } }, group) });
  };
  const stateOf = (edge: Edge, port: number) =>
    edge.loadBalancers.find('mumbai-alb.ap-south-1.elb.amazonaws.com')?.portState(port);

  test.each<[string, Values | undefined, string]>([
    ['no rule', undefined, 'filtered'],
    ['a rule for everyone', {}, 'open'],
    ['a rule for other ports', { from_port: 80, to_port: 80 }, 'filtered'],
    ['a rule for a few', { cidr_ipv4: '10.0.0.0/8' }, 'filtered'],
    ['a rule for all protocols', { ip_protocol: '-1', from_port: null, to_port: null }, 'open'],
    ['a rule of another group', { security_group_id: 'sg-2' }, 'filtered'],
  ])('a security group with %s: 443 is %s', (_name, ingress, expected) => {
    expect(stateOf(guarded(ingress), 443)).toBe(expected);
  });

  const behindAcl = (values: Values, apart?: Values): Edge => {
    const acl = resourcesIn(MUMBAI, {
      aws_network_acl: { public: { id: 'acl-1', subnet_ids: ['subnet-1'], ...values } },
      aws_network_acl_rule: apart ? { r: { network_acl_id: 'acl-1', ...apart } } : {},
    });
    return balancerOf({ resources: one({ balancer: { subnets: ['subnet-1'] } }, acl) });
  };
  const ANY = { protocol: '-1', cidr_block: '0.0.0.0/0', from_port: 0, to_port: 0 };
  const aclRule = (rule_no: number, action: string, more: Values = {}): Values => ({
    rule_no,
    action,
    ...ANY,
    ...more,
  });
  const lets = (...ingress: Values[]): Values => ({ ...ALL, ingress });
  const ALL = { ingress: [aclRule(100, 'allow')], egress: [aclRule(100, 'allow')] };
  const DENY = { rule_number: 1, rule_action: 'deny', protocol: '-1', cidr_block: '0.0.0.0/0', egress: false };

  test.each<[string, Edge, string]>([
    ['rules that let all pass', behindAcl(ALL), 'open'],
    ['no rule', behindAcl({}), 'filtered'],
    ['a lower rule that denies', behindAcl(lets(aclRule(100, 'allow'), aclRule(1, 'deny'))), 'filtered'],
    ['a higher rule that denies', behindAcl(lets(aclRule(200, 'deny'), aclRule(100, 'allow'))), 'open'],
    ['a rule apart that denies', behindAcl(ALL, DENY), 'filtered'],
    ['a rule apart that denies the way out', behindAcl(ALL, { ...DENY, egress: true }), 'filtered'],
    [
      'a rule that denies another port',
      behindAcl(lets(aclRule(1, 'deny', { protocol: 'tcp', from_port: 80, to_port: 80 }), aclRule(2, 'allow'))),
      'open',
    ],
    ['no way out for the answers', behindAcl({ ...ALL, egress: [] }), 'filtered'],
    ['other subnets', behindAcl({ subnet_ids: ['subnet-2'] }), 'open'],
  ])('ALB-07 a network ACL with %s: 443 is %s', (_name, edge, expected) => {
    expect(stateOf(edge, 443)).toBe(expected);
  });

  it('without a security group in the stack every port passes; one without a listener refuses', () => {
    expect([443, 80, 8080].map((port) => stateOf(balancerOf(), port))).toEqual(['open', 'open', 'closed']);
  });
});

it('counts requests and measures targets, by load balancer and by pair with the group', async () => {
  const edge = balancerOf({ respond: () => answer(503) });
  await edge.ask({});
  const counted = edge.samples.map(({ name, dimensions }) => `${name} ${Object.keys(dimensions).join('+')}`);
  expect(new Set(counted)).toEqual(
    new Set(
      ['RequestCount', 'TargetResponseTime', 'HTTPCode_Target_5XX_Count'].flatMap((name) => [
        `${name} LoadBalancer`,
        `${name} TargetGroup+LoadBalancer`,
      ]),
    ),
  );
});

const ruleThat = (values: Values): PlainResource => rule(MUMBAI, 'r', { priority: 1, ...values });
const second = { target_group_arn: groupArn(MUMBAI), target_id: functionArn(MUMBAI) };
test.each<[string, PlainResource, RegExp]>([
  ['a forward to no group', ruleThat({ action: [{ type: 'forward', target_group_arn: 'arn:gone' }] }), /\.r.*arn:gone/],
  ['an action it cannot enact', ruleThat({ action: [{ type: 'authenticate-oidc' }] }), /authenticate-oidc/],
  [
    'a condition it cannot evaluate',
    ruleThat({ action: [{ type: 'redirect' }], condition: [{ source_ip: [{ values: [] }] }] }),
    /source_ip/,
  ],
  [
    'two targets of one function group',
    resource('aws_lb_target_group_attachment', 'two', second, MUMBAI),
    /attachment\.two/,
  ],
  ['a network load balancer', resource('aws_lb', 'n', { load_balancer_type: 'network' }, MUMBAI), /network/],
])('fails on %s', (_name, more, message) => {
  const build = () => balancerOf({ resources: one({}, [more]) });
  expect(build).toThrow(InputError);
  expect(build).toThrow(message);
});
