// Route 53 answers: one test of behaviour per row DNS-*, and what Route 53 or the twin refuses.
import { InputError, oneWayMs } from '@dr/contracts';
import {
  aliasTo,
  dnsName,
  DOMAIN,
  edgeOf,
  answer,
  fetchFrom,
  groupArn,
  healthCheck,
  latencyRecord,
  loadBalancer,
  MUMBAI,
  near,
  record,
  regionalName,
  resource,
  rule,
  SINGAPORE,
  ZONE,
  type Edge,
  type Values,
} from './edge-fixture';
import type { PlainResource } from './fixtures';

const ALL = [MUMBAI, SINGAPORE];
const BALANCERS = ALL.flatMap((awsRegion) => loadBalancer(awsRegion));
/** Checks that have failed from the start: inverted, with a healthy endpoint nobody probes. */
const DEAD = { invert_healthcheck: true, disabled: true };

interface Shape {
  readonly mumbai?: Values;
  readonly singapore?: Values;
  readonly dead?: readonly ('mumbai' | 'singapore')[];
}

/** Two records of the domain with a health check each; `policy` differs by region. */
function routed(policy: (region: 'mumbai' | 'singapore') => Values, shape: Shape = {}): Edge {
  const one = (region: 'mumbai' | 'singapore', awsRegion: string): PlainResource[] => [
    healthCheck(`hc_${region}`, shape.dead?.includes(region) ? DEAD : { disabled: true }),
    record(region, {
      set_identifier: region,
      health_check_id: `hc_${region}`,
      ...aliasTo(awsRegion),
      ...policy(region),
      ...shape[region],
    }),
  ];
  return edgeOf({ resources: [...BALANCERS, ...one('mumbai', MUMBAI), ...one('singapore', SINGAPORE)] });
}

const latency = (region: 'mumbai' | 'singapore'): Values => ({
  latency_routing_policy: [{ region: region === 'mumbai' ? MUMBAI : SINGAPORE }],
});
const failover = (region: 'mumbai' | 'singapore'): Values => ({
  failover_routing_policy: [{ type: region === 'mumbai' ? 'PRIMARY' : 'SECONDARY' }],
});
const weighted =
  (mumbai: number, singapore: number) =>
  (region: 'mumbai' | 'singapore'): Values => ({
    weighted_routing_policy: [{ weight: region === 'mumbai' ? mumbai : singapore }],
  });

const regionFor = (edge: Edge, from: string): string | undefined => {
  const answer = edge.dns.resolve(DOMAIN, near(from));
  return answer ? edge.world.regionNames.nameOf(answer.awsRegion) : undefined;
};

it('DNS-01 a record without a health check is always healthy', () => {
  const edge = routed(latency, { dead: ['mumbai', 'singapore'], mumbai: { health_check_id: null } });
  expect(ALL.map((from) => regionFor(edge, from))).toEqual(['mumbai', 'mumbai']);
});

it('DNS-02 all unhealthy: treated as all healthy', () => {
  const edge = routed(latency, { dead: ['mumbai', 'singapore'] });
  expect(ALL.map((from) => regionFor(edge, from))).toEqual(['mumbai', 'singapore']);
});

test.each<[string, readonly ('mumbai' | 'singapore')[], string]>([
  ['none', [], 'mumbai'],
  ['the primary', ['mumbai'], 'singapore'],
  ['the secondary', ['singapore'], 'mumbai'],
  ['both', ['mumbai', 'singapore'], 'mumbai'],
])('DNS-02 failover with %s unhealthy', (_name, dead, expected) => {
  expect(regionFor(routed(failover, { dead }), SINGAPORE)).toBe(expected);
});

test.each<[string, readonly ('mumbai' | 'singapore')[], string]>([
  ['eu-central-1', [], 'mumbai'],
  ['ap-northeast-1', [], 'singapore'],
  [MUMBAI, ['mumbai'], 'singapore'],
  [SINGAPORE, ['singapore'], 'mumbai'],
])('DNS-03 latency policy, asked near %s with %j unhealthy', (from, dead, expected) => {
  expect(regionFor(routed(latency, { dead }), from)).toBe(expected);
});

const ASKED = 4_000;
test.each<[number, number, readonly ('mumbai' | 'singapore')[], number]>([
  [1, 1, [], 0.5],
  [3, 1, [], 0.75],
  [3, 1, ['mumbai'], 0],
  [1, 0, [], 1],
  [1, 0, ['mumbai'], 0],
  [1, 0, ['mumbai', 'singapore'], 1],
  [0, 0, [], 0.5],
])('DNS-03 weights %i and %i with %j unhealthy: Mumbai has %d of the answers', (mumbai, singapore, dead, share) => {
  const edge = routed(weighted(mumbai, singapore), { dead });
  const answers = Array.from({ length: ASKED }, () => regionFor(edge, MUMBAI));
  expect(answers.filter((region) => region === 'mumbai').length / ASKED).toBeCloseTo(share, 1);
});

/** India's record leads to Mumbai, and the one of another place to Singapore. */
const places =
  (other: Values) =>
  (region: 'mumbai' | 'singapore'): Values => ({
    geolocation_routing_policy: [region === 'mumbai' ? { country: 'IN' } : other],
  });

test.each<[string, Values, readonly ('mumbai' | 'singapore')[], string, string | undefined]>([
  ['the default record', { country: '*' }, [], MUMBAI, 'mumbai'],
  ['the default record', { country: '*' }, [], 'eu-west-1', 'singapore'],
  ['the continent', { continent: 'AS' }, ['mumbai'], MUMBAI, 'singapore'],
  ['the continent', { continent: 'AS' }, ['mumbai', 'singapore'], MUMBAI, 'mumbai'],
  ['the continent', { continent: 'AS' }, [], 'eu-west-1', undefined],
  ['another country', { country: 'SG' }, ['mumbai'], MUMBAI, 'mumbai'],
])(
  'DNS-03 geolocation, a country beside %s %j with %j unhealthy, asked near %s',
  (_name, other, dead, from, expected) => {
    expect(regionFor(routed(places(other), { dead }), from)).toBe(expected);
  },
);

it('DNS-03 geolocation goes by the place of the asker, not by the region nearest to it', () => {
  const edge = routed(places({ country: '*' }));
  const at = { ...near(SINGAPORE), place: { country: 'IN', continent: 'AS' } };
  expect(edge.dns.resolve(DOMAIN, at)?.awsRegion).toBe(MUMBAI);
});

test.each<[readonly ('mumbai' | 'singapore')[], number]>([
  [[], 0.5],
  [['mumbai'], 0],
  [['mumbai', 'singapore'], 0.5],
])('DNS-03 multivalue with %j unhealthy: Mumbai has %d of the first answers', (dead, share) => {
  const edge = routed(() => ({ multivalue_answer_routing_policy: true }), { dead });
  const answers = Array.from({ length: ASKED }, () => regionFor(edge, MUMBAI));
  expect(answers.filter((region) => region === 'mumbai').length / ASKED).toBeCloseTo(share, 1);
});

const cname = (awsRegion: string, ttl: number): Values => ({
  type: 'CNAME',
  alias: null,
  ttl,
  records: [regionalName(awsRegion)],
});

test.each<[string, Shape, number]>([
  ['an alias to a load balancer', {}, 60],
  ['an alias to a regional name', { mumbai: { alias: [{ name: regionalName(MUMBAI) }] } }, 60],
  ['a CNAME of 10 s', { mumbai: cname(MUMBAI, 10), singapore: cname(SINGAPORE, 10) }, 10],
  ['a CNAME of 300 s', { mumbai: cname(MUMBAI, 300), singapore: cname(SINGAPORE, 300) }, 300],
])('DNS-04 TTL of %s', (_name, shape, ttlSeconds) => {
  const edge = routed(latency, shape);
  expect(edge.dns.resolve(DOMAIN, near(MUMBAI))).toEqual({
    loadBalancer: dnsName(MUMBAI),
    awsRegion: MUMBAI,
    ttlSeconds,
  });
});

it('DNS-04 an alias to another record has the TTL of that record, also through a second alias', () => {
  const inner = record('inner', { name: `inner.${ZONE}`, ...cname(MUMBAI, 25) });
  const alias = (name: string, to: string) =>
    record(name, { name: `${name}.${ZONE}`, type: 'CNAME', alias: [{ name: `${to}.${ZONE}` }] });
  const picks = ['inner', 'outer'].map((to) =>
    record(`pick_${to}`, {
      ...{ name: `pick.${ZONE}`, type: 'CNAME', set_identifier: to, weighted_routing_policy: [{ weight: 1 }] },
      alias: [{ name: `${to}.${ZONE}` }],
    }),
  );
  const aliases = [alias('outer', 'inner'), alias('outermost', 'outer'), ...picks];
  const edge = edgeOf({ resources: [...BALANCERS, inner, ...aliases] });
  for (const name of ['inner', 'outer', 'outermost', 'pick'])
    expect(edge.dns.resolve(`${name}.${ZONE}`, near(MUMBAI))?.ttlSeconds).toBe(25);
});

it('DNS-04 fails on a CNAME at the apex', () => {
  const apex = record('apex', { name: ZONE, ...cname(MUMBAI, 10) });
  expect(() => edgeOf({ resources: [...BALANCERS, apex] })).toThrow(/aws_route53_record\.apex.*apex/);
});

describe('DNS-05 evaluate_target_health', () => {
  const evaluated = (awsRegion: string, more: Values = {}): PlainResource =>
    latencyRecord(awsRegion, { ...aliasTo(awsRegion, true), ...more });
  const check = { health_check: [{ enabled: true, path: '/health', interval: 35, unhealthy_threshold: 2 }] };
  const checked = ALL.flatMap((awsRegion) => loadBalancer(awsRegion, { group: check }));
  const dead = (functionArn: string) => answer(functionArn.includes(MUMBAI) ? 500 : 200);

  async function after(seconds: number, resources: readonly PlainResource[]) {
    const edge = edgeOf({ resources, respond: dead, start: true });
    await edge.world.scheduler.runUntil(seconds * 1_000);
    return edge;
  }

  it('leaves a region whose target is unhealthy, and records the change', async () => {
    const edge = await after(80, [...checked, ...ALL.map((awsRegion) => evaluated(awsRegion))]);
    expect(regionFor(edge, MUMBAI)).toBe('singapore');
    const answers = edge.world.events.ofKind('dns-answer').filter(({ from }) => from === 'mumbai');
    expect(answers.map(({ regions }) => regions)).toEqual([['mumbai'], ['singapore']]);
  });

  it('does not look at targets unless asked', async () => {
    const edge = await after(80, [...checked, ...ALL.map((awsRegion) => latencyRecord(awsRegion))]);
    expect(regionFor(edge, MUMBAI)).toBe('mumbai');
  });

  it('needs the health check to pass as well', async () => {
    const records = ALL.map((awsRegion) =>
      evaluated(awsRegion, awsRegion === SINGAPORE ? { health_check_id: 'hc' } : {}),
    );
    const edge = await after(1, [...checked, ...records, healthCheck('hc', DEAD)]);
    expect(regionFor(edge, SINGAPORE)).toBe('mumbai');
  });

  const empty = (awsRegion: string): PlainResource[] => [
    resource(
      'aws_lb_target_group',
      `empty_${awsRegion}`,
      { arn: groupArn(awsRegion, 'empty'), target_type: 'lambda' },
      awsRegion,
    ),
    rule(awsRegion, 'x', {
      priority: 1,
      action: [{ type: 'forward', target_group_arn: groupArn(awsRegion, 'empty') }],
      condition: [{ path_pattern: [{ values: ['/x'] }] }],
    }),
  ];

  it('an empty target group beside a live one changes nothing', async () => {
    const edge = await after(1, [...BALANCERS, ...empty(MUMBAI), ...ALL.map((awsRegion) => evaluated(awsRegion))]);
    expect(regionFor(edge, MUMBAI)).toBe('mumbai');
  });

  it('every group with a target counts, and a load balancer whose groups have none is unhealthy', async () => {
    const [mumbai, singapore] = [loadBalancer(MUMBAI, { attachment: null }), loadBalancer(SINGAPORE)];
    const records = ALL.map((awsRegion) => evaluated(awsRegion));
    expect(regionFor(await after(1, [...mumbai, ...singapore, ...records]), MUMBAI)).toBe('singapore');
    const sick = [...loadBalancer(MUMBAI, { group: check }), ...empty(MUMBAI), ...singapore, ...records];
    expect(regionFor(await after(80, sick), MUMBAI)).toBe('singapore');
  });

  it.each(['region-dark', 'region-refuses', 'region-slow', 'alb-dark', 'isolated'] as const)(
    'sees %s, without any health check: the nodes of the load balancer are asked every 10 s, three times',
    async (kind) => {
      const edge = await after(60, [...BALANCERS, ...ALL.map((awsRegion) => evaluated(awsRegion))]);
      const { scheduler, faults, events } = edge.world;
      const fault = { kind, region: 'mumbai', startSeconds: 60, durationSeconds: 120 } as const;
      faults.start(fault);
      await scheduler.runUntil(180_000);
      expect(regionFor(edge, MUMBAI)).toBe('singapore');
      faults.end(fault);
      await scheduler.runUntil(240_000);
      expect(regionFor(edge, MUMBAI)).toBe('mumbai');
      const [, away, back] = events.ofKind('dns-answer').filter(({ from }) => from === 'mumbai');
      for (const [change, sinceMs] of [
        [away, 60_000],
        [back, 180_000],
      ] as const) {
        expect((change?.atMs ?? 0) - sinceMs).toBeGreaterThan(20_000);
        expect((change?.atMs ?? 0) - sinceMs).toBeLessThanOrEqual(30_000);
      }
    },
  );

  it('asks no nodes where nobody evaluates them', async () => {
    const edge = await after(1, [...BALANCERS, latencyRecord(MUMBAI), latencyRecord(SINGAPORE)]);
    edge.world.faults.start({ kind: 'region-dark', region: 'mumbai', startSeconds: 1, durationSeconds: 60 });
    await edge.world.scheduler.runUntil(50_000);
    expect(regionFor(edge, MUMBAI)).toBe('mumbai');
  });
});

describe('DNS-06', () => {
  it('a client keeps its region for the TTL of the link that has the choice, whatever is in front or behind', () => {
    const www = record('www', { name: `www.${DOMAIN}`, type: 'CNAME', ttl: 300, records: [DOMAIN] });
    const both = [latencyRecord(MUMBAI, cname(MUMBAI, 10)), latencyRecord(SINGAPORE, cname(SINGAPORE, 10))];
    const edge = edgeOf({ resources: [...BALANCERS, www, ...both] });
    expect(edge.dns.resolve(`WWW.${DOMAIN}.`, near(MUMBAI))).toMatchObject({ awsRegion: MUMBAI, ttlSeconds: 10 });
    expect(edge.dns.resolve(regionalName(MUMBAI), near(MUMBAI))).toMatchObject({ ttlSeconds: 60 });
    expect(edge.dns.resolve('nobody.example.com', near(MUMBAI))).toBeNull();
  });
});

it('moves clients when a region goes dark, and back when it returns, and records each change', async () => {
  const checks = ALL.map((awsRegion) => {
    const name = awsRegion === MUMBAI ? 'mumbai' : 'singapore';
    return healthCheck(name, { fqdn: regionalName(awsRegion) });
  });
  const records = [
    latencyRecord(MUMBAI, { health_check_id: 'mumbai' }),
    latencyRecord(SINGAPORE, { health_check_id: 'singapore' }),
  ];
  const edge = edgeOf({ resources: [...BALANCERS, ...checks, ...records], start: true });
  const { scheduler, faults, events } = edge.world;
  const fault = { kind: 'region-dark', region: 'mumbai', startSeconds: 60, durationSeconds: 120 } as const;
  await scheduler.runUntil(60_000);
  faults.start(fault);
  await scheduler.runUntil(180_000);
  expect(regionFor(edge, MUMBAI)).toBe('singapore');
  faults.end(fault);
  await scheduler.runUntil(300_000);
  expect(regionFor(edge, MUMBAI)).toBe('mumbai');
  const answers = events.ofKind('dns-answer').filter(({ from }) => from === 'mumbai');
  expect(answers.map(({ regions }) => regions)).toEqual([['mumbai'], ['singapore'], ['mumbai']]);
  // Three probes of 4 s each and the pauses between them: 42 s at most.
  const movedMs = (answers[1]?.atMs ?? 0) - 60_000;
  expect(movedMs).toBeGreaterThan(30_000);
  expect(movedMs).toBeLessThanOrEqual(42_000);
});

it('an answer that left before a fault and would arrive in it is lost', async () => {
  const edge = edgeOf();
  const { faults, scheduler } = edge.world;
  const fault = { kind: 'region-dark', region: 'mumbai', startSeconds: 0, durationSeconds: 60 } as const;
  // The answer is the sixth of the packets that go back and forth.
  scheduler.at(5.5 * oneWayMs(SINGAPORE, MUMBAI), () => faults.start(fault));
  const { result } = await fetchFrom(edge, near(SINGAPORE));
  expect(edge.functions.calls).toHaveLength(1);
  expect(result).toBe('response-timeout');
});

it('takes three round trips: TCP, TLS, the request', async () => {
  const edge = edgeOf();
  const { tookMs } = await fetchFrom(edge, near(SINGAPORE));
  expect(tookMs).toBeCloseTo(6 * oneWayMs(SINGAPORE, MUMBAI), 6);
});

it('a lost SYN is sent again: a connection opens after a fault shorter than the time-out', async () => {
  const edge = edgeOf();
  const fault = { kind: 'region-dark', region: 'mumbai', startSeconds: 0, durationSeconds: 2 } as const;
  edge.world.faults.start(fault);
  edge.world.scheduler.at(2_000, () => edge.world.faults.end(fault));
  const { result, tookMs } = await fetchFrom(edge, near(SINGAPORE));
  expect(result).toMatchObject({ status: 200 });
  expect(tookMs).toBeGreaterThan(3_000);
});

test.each<[string, PlainResource[], RegExp]>([
  [
    'a missing health check',
    [latencyRecord(MUMBAI, { health_check_id: 'gone' })],
    /latency_mumbai.*"gone".*no health check/,
  ],
  ['a missing load balancer', [latencyRecord(MUMBAI, { alias: [{ name: 'other.example.net' }] })], /no load balancer/],
  [
    'a CNAME to nobody in the zone',
    [record('r', { type: 'CNAME', records: ['gone.example.com'] })],
    /gone\.example\.com/,
  ],
  ['bare addresses behind a policy', [latencyRecord(MUMBAI, { alias: null, records: ['192.0.2.1'] })], /192\.0\.2\.1/],
  ['geolocation', [latencyRecord(MUMBAI, { geolocation_routing_policy: [{ country: 'IN' }] })], /geolocation/],
  [
    'geoproximity',
    [record('r', { geoproximity_routing_policy: [{ bias: 1 }], set_identifier: 'in', ...aliasTo(MUMBAI) })],
    /r: geoproximity_routing_policy.*does not know how/,
  ],
  ['no region', [latencyRecord(MUMBAI, { latency_routing_policy: [{ region: 'moon-1' }] })], /moon-1/],
  [
    'an identifier used twice',
    [latencyRecord(MUMBAI), latencyRecord(SINGAPORE, { set_identifier: 'mumbai' })],
    /conflicts/,
  ],
  [
    'two policies',
    [
      latencyRecord(MUMBAI),
      record('w', { ...aliasTo(SINGAPORE), set_identifier: 'w', weighted_routing_policy: [{ weight: 1 }] }),
    ],
    /conflicts/,
  ],
])('fails on %s, naming the record', (_name, records, message) => {
  const build = () => edgeOf({ resources: [...BALANCERS, ...records] });
  expect(build).toThrow(InputError);
  expect(build).toThrow(message);
});

it('leaves validation records and other hosts alone', () => {
  const records = [
    record('validation', { name: '_x.app.example.com', type: 'CNAME', records: ['_y.acm-validations.aws.'] }),
    record('docs', { name: 'docs.example.com', type: 'CNAME', records: ['pages.example.net'] }),
    record('text', { name: ZONE, type: 'TXT', records: ['v=spf1 -all'] }),
  ];
  const edge = edgeOf({ resources: [...BALANCERS, ...records] });
  expect(edge.dns.resolve('docs.example.com', near(MUMBAI))).toBeNull();
});
