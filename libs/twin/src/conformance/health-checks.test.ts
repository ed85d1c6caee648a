// Route 53 health checks: one test of behaviour per row HC-*.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { InputError, type FaultKind } from '@dr/contracts';
import { readHealthChecks } from '@dr/stack';
import fc from 'fast-check';
import type { HttpResponse } from '../http';
import type { HttpFailure } from '../site';
import { CloudWatch } from '../services/cloudwatch/cloudwatch';
import { HealthChecks } from '../services/route53/health-checks';
import type { ProbePath } from '../services/ports';
import { answer, edgeOf, healthCheck, loadBalancer, MUMBAI, resource, SINGAPORE, type Values } from './edge-fixture';
import { graphOf, worldOf, type PlainResource } from './fixtures';

const SECOND = 1_000;
const ALL = [MUMBAI, SINGAPORE];

type Reply = HttpResponse | HttpFailure;
const reply = (status: number, body: string | Buffer = '', headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers,
  body: Buffer.from(body),
});

/** Health checks on an internet that answers each checker as the test says. */
function checksOf(
  checks: readonly PlainResource[],
  respond: (at: string, atMs: number) => Reply | { readonly afterMs: number; readonly reply: Reply } = () => reply(200),
  seed = 1,
) {
  const world = worldOf({ seed });
  const graph = graphOf(checks);
  const metrics = new CloudWatch(world, graph);
  const health = new HealthChecks(world, readHealthChecks(graph), metrics);
  const probes: { readonly at: string; readonly atMs: number }[] = [];
  const targets: string[] = [];
  const path: ProbePath = {
    resolve: () => ({ loadBalancer: `lb at ${world.scheduler.now()}`, awsRegion: 'ap-south-1', ttlSeconds: 60 }),
    connect: async () => 'open',
    async request(from, to) {
      const atMs = world.scheduler.now();
      probes.push({ at: from.at, atMs });
      targets.push(to.loadBalancer);
      const said = respond(from.at, atMs);
      if (typeof said === 'string' || !('afterMs' in said)) return said;
      await world.scheduler.sleep(said.afterMs);
      return said.reply;
    },
  };
  health.start(path);
  const run = (seconds: number): Promise<void> => world.scheduler.runUntil(seconds * SECOND);
  const start = (kind: FaultKind, region: string): void =>
    world.faults.start({ kind, region, startSeconds: 0, durationSeconds: 60 });
  return { world, health, probes, targets, run, start, metrics };
}

describe('one probe', () => {
  /** The first probe of a health check on the real path through the internet and a load balancer. */
  async function firstProbe(check: Values, respond: Parameters<typeof edgeOf>[0] = {}, fault?: FaultKind) {
    const resources = [healthCheck('hc', check), ...ALL.flatMap((region) => loadBalancer(region))];
    const edge = edgeOf({ resources, ...respond, start: true });
    if (fault) edge.world.faults.start({ kind: fault, region: 'mumbai', startSeconds: 0, durationSeconds: 60 });
    await edge.world.scheduler.runUntil(40 * SECOND);
    const [probe] = edge.world.events.ofKind('probe');
    if (!probe) throw new Error('no probe was made');
    return { probe, edge };
  }

  test.each([
    [200, 'healthy'],
    [204, 'healthy'],
    [301, 'healthy'],
    [399, 'healthy'],
    [199, 'bad-status'],
    [400, 'bad-status'],
    [503, 'bad-status'],
  ])('HC-01 status %i is %s', async (status, outcome) => {
    const { probe } = await firstProbe({}, { respond: () => answer(status) });
    expect(probe).toMatchObject({ outcome, status, answeredBy: 'traffic-router', region: 'mumbai' });
  });

  test.each([
    [1_400, 'healthy'],
    [2_001, 'response-timeout'],
  ])('HC-01 a function that takes %i ms gives %s', async (delayMs, outcome) => {
    const sleepers: { sleep?: (ms: number) => Promise<void> } = {};
    const resources = [healthCheck('hc', {}), ...ALL.flatMap((region) => loadBalancer(region))];
    const edge = edgeOf({
      resources,
      start: true,
      respond: async () => {
        await sleepers.sleep?.(delayMs);
        return answer(200);
      },
    });
    sleepers.sleep = (ms) => edge.world.scheduler.sleep(ms);
    await edge.world.scheduler.runUntil(20 * SECOND);
    const outcomes = edge.world.events.ofKind('probe').map((probe) => probe.outcome);
    expect(new Set(outcomes)).toEqual(new Set([outcome]));
  });

  test.each([
    ['region-dark', 'connect-timeout', 4_000, 4_000],
    ['alb-dark', 'connect-timeout', 4_000, 4_000],
    ['isolated', 'connect-timeout', 4_000, 4_000],
    ['region-refuses', 'refused', 1, 500],
    ['region-slow', 'response-timeout', 5_900, 6_001],
  ] as const)('HC-01 %s gives %s after %i to %i ms', async (fault, outcome, least, most) => {
    const check = { regions: ['us-west-2', 'us-east-1', 'eu-west-1'], fqdn: `mumbai.app.example.com` };
    const { edge } = await firstProbe(check, {}, fault);
    const probes = edge.world.events.ofKind('probe').filter((probe) => probe.checker === 'eu-west-1/1');
    expect(probes.map((probe) => probe.outcome)).toEqual(probes.map(() => outcome));
    const [first, second] = probes;
    const tookMs = (second?.atMs ?? 0) - (first?.atMs ?? 0) - 10 * SECOND;
    expect(tookMs).toBeGreaterThanOrEqual(least - 1e-6);
    expect(tookMs).toBeLessThanOrEqual(most + 1e-6);
  });

  const search = { type: 'HTTPS_STR_MATCH', search_string: 'all fine' };
  test.each<[string, string, string | Buffer, Readonly<Record<string, string>>]>([
    ['in the body', 'healthy', 'yes, all fine here', {}],
    ['absent', 'no-match', 'not so good', {}],
    ['in other letters', 'no-match', 'ALL FINE', {}],
    ['ending at byte 5,120', 'healthy', `${'.'.repeat(5_112)}all fine`, {}],
    ['ending past byte 5,120', 'no-match', `${'.'.repeat(5_113)}all fine`, {}],
    ['compressed', 'healthy', gzipSync('all fine'), { 'content-encoding': 'gzip' }],
    ['called compressed and not', 'no-match', 'all fine', { 'content-encoding': 'gzip' }],
  ])('HC-02 text %s: %s', async (_name, outcome, body, headers) => {
    const { world, run } = checksOf([healthCheck('hc', search)], () => reply(200, body, headers));
    await run(5);
    expect(world.events.ofKind('probe')[0]).toMatchObject({ outcome });
  });

  it('HC-02 text does not make up for a bad status', async () => {
    const { world, run } = checksOf([healthCheck('hc', search)], () => reply(500, 'all fine'));
    await run(5);
    expect(world.events.ofKind('probe')[0]).toMatchObject({ outcome: 'bad-status' });
  });

  it('HC-03 TCP only connects, and waits ten seconds', async () => {
    const tcp = { type: 'TCP', port: 443, resource_path: null };
    const alive = await firstProbe(tcp, { respond: () => answer(500) });
    expect(alive.probe.outcome).toBe('healthy');
    const { edge } = await firstProbe(tcp, {}, 'region-dark');
    const [first, second] = edge.world.events.ofKind('probe').filter((probe) => probe.checker === 'us-east-1/1');
    expect(first?.outcome).toBe('connect-timeout');
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeCloseTo(20 * SECOND, 3);
  });

  it.each([true, false])('HC-04 HTTPS is healthy with any certificate, SNI %s', async (sni) => {
    const { probe } = await firstProbe({ enable_sni: sni, fqdn: 'mumbai-alb.ap-south-1.elb.amazonaws.com' });
    expect(probe.outcome).toBe('healthy');
  });

  it('HC-13 a check that meets the redirect to HTTPS is healthy with every function dead', async () => {
    const dead = { respond: () => ({ kind: 'function-error', errorType: 'E', message: '' }) as const };
    const http = await firstProbe({ type: 'HTTP', port: 80 }, dead);
    expect(http.probe).toMatchObject({ outcome: 'healthy', status: 301, answeredBy: 'redirect' });
    const https = await firstProbe({}, dead);
    expect(https.probe).toMatchObject({ outcome: 'bad-status', status: 502, answeredBy: 'load-balancer' });
  });
});

describe('the verdict', () => {
  it('HC-05 each checker flips after as many results in a row as the threshold, both ways', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.boolean(), { minLength: 8, maxLength: 16 }),
        async (threshold, plan) => {
          // No two results in a row are apart by less than the interval, so a slot of it is one result of each checker.
          const check = healthCheck('hc', { failure_threshold: threshold });
          const { world, run } = checksOf([check], (_, atMs) => reply(plan[Math.floor(atMs / 10_000)] ? 200 : 500));
          await run(10 * plan.length - 0.001);
          const expected: boolean[] = [];
          let healthy = true;
          let streak = 0;
          for (const passed of plan) {
            streak = passed === healthy ? 0 : streak + 1;
            if (streak < threshold) continue;
            [healthy, streak] = [passed, 0];
            expected.push(passed);
          }
          const flips = world.events.ofKind('checker').filter((flip) => flip.checker === 'us-east-1/1');
          expect(flips.map((flip) => flip.healthy)).toEqual(expected);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('HC-06 the interval runs from response to next request, and checkers do not march in step', async () => {
    const slow = { afterMs: 1_500, reply: reply(200) };
    const { probes, run } = checksOf([healthCheck('hc', { request_interval: 30 })], () => slow);
    await run(70);
    const [first, second] = probes.filter((probe) => probe.at === 'sa-east-1').filter((_, i) => i % 2 === 0);
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeCloseTo(31_500, 6);
    const starts = probes.slice(0, 16).map((probe) => probe.atMs);
    expect(new Set(starts).size).toBe(16);
    expect(Math.max(...starts)).toBeLessThan(30_000);
  });

  /** Regions whose two checkers fail. */
  const FAR = ['us-east-1', 'us-west-1', 'us-west-2', 'eu-west-1', 'ap-southeast-2', 'ap-northeast-1', 'sa-east-1'];

  /** As docs/twin.md has it. */
  const percent = Number(
    /HC-07 \| Healthy while > (\d+) % of/.exec(readFileSync(join(__dirname, '../../../../docs/twin.md'), 'utf8'))?.[1],
  );
  const tooFew = Math.floor((16 * percent) / 100);

  test.each([
    [16 - tooFew - 1, true, tooFew + 1],
    [16 - tooFew, false, tooFew],
  ])('HC-07 with %i of 16 checkers failing the check is healthy: %s', async (count, healthy, healthyCheckers) => {
    const asked = new Map<string, number>();
    const { world, health, run } = checksOf([healthCheck('hc', {})], (at) => {
      // The two checkers of a region take turns.
      const turn = asked.get(at) ?? 0;
      asked.set(at, turn + 1);
      const checker = 2 * FAR.indexOf(at) + (turn % 2);
      return reply(FAR.includes(at) && checker < count ? 500 : 200);
    });
    await run(60);
    expect(world.events.ofKind('checker')).toHaveLength(count);
    expect(health.isHealthy('hc')).toBe(healthy);
    const flips = world.events.ofKind('health-check').map((flip) => [flip.healthyCheckers, flip.checkers]);
    expect(flips).toEqual(healthy ? [] : [[healthyCheckers, 16]]);
  });

  it('HC-08 sixteen checkers in eight regions; those of a dark region report nothing and are not counted', async () => {
    const { world, health, probes, run, start } = checksOf([healthCheck('hc', {})], (at) =>
      reply(FAR.slice(0, 6).includes(at) ? 500 : 200),
    );
    await run(60);
    expect(probes.filter((probe) => probe.at === SINGAPORE).length).toBeGreaterThan(8);
    expect(probes.filter((probe) => probe.at === MUMBAI)).toEqual([]);
    expect(health.isHealthy('hc')).toBe(true);
    // Four of sixteen are healthy; without Singapore's, two of fourteen.
    start('region-dark', 'singapore');
    expect(health.isHealthy('hc')).toBe(false);
    expect(world.events.ofKind('health-check')).toMatchObject([{ healthyCheckers: 2, checkers: 14 }]);
    const before = probes.length;
    await run(90);
    expect(probes.slice(before).filter((probe) => probe.at === SINGAPORE)).toEqual([]);
  });

  it('HC-08 checkers that come back begin with what the others hold: their old verdict swings nothing round', async () => {
    const { world, health, run } = checksOf([healthCheck('hc', {})], (at, atMs) =>
      // One far region's two never fail: with Singapore's two they would be four of sixteen.
      reply(atMs > 20_000 && at !== FAR[0] ? 500 : 200),
    );
    const dark = { kind: 'region-dark', region: 'singapore', startSeconds: 20, durationSeconds: 60 } as const;
    await run(20);
    world.faults.start(dark);
    await run(80);
    expect(health.isHealthy('hc')).toBe(false);
    world.faults.end(dark);
    expect(health.isHealthy('hc')).toBe(false);
    await run(120);
    expect(world.events.ofKind('health-check').map(({ healthy }) => healthy)).toEqual([false]);
  });

  it('HC-08 checkers of us-east-1 go on when the services of us-east-1 stop', async () => {
    const { probes, run, start } = checksOf([healthCheck('hc', {})]);
    start('us-east-1-down', '');
    await run(30);
    expect(probes.filter((probe) => probe.at === 'us-east-1').length).toBeGreaterThan(4);
  });

  test.each([
    ['new', true, {}],
    ['new and inverted', false, { invert_healthcheck: true }],
    ['disabled', true, { disabled: true }],
    ['disabled and inverted', false, { disabled: true, invert_healthcheck: true }],
  ])('HC-09 a check that is %s: healthy %s', (_name, healthy, values) => {
    expect(checksOf([healthCheck('hc', values)]).health.isHealthy('hc')).toBe(healthy);
  });

  it('HC-09 inverted: failing probes make it healthy; disabled: nothing is probed', async () => {
    const inverted = healthCheck('inverted', { invert_healthcheck: true });
    const disabled = healthCheck('disabled', { disabled: true });
    const { world, health, run } = checksOf([inverted, disabled], () => reply(500));
    await run(60);
    expect([health.isHealthy('inverted'), health.isHealthy('disabled')]).toEqual([true, true]);
    expect(new Set(world.events.ofKind('probe').map((probe) => probe.healthCheck))).toEqual(new Set(['inverted']));
  });

  test.each([
    [1, true],
    [2, true],
    [3, false],
    [0, true],
  ])('HC-10 calculated with threshold %i of one healthy, one disabled, one failing: %s', async (threshold, healthy) => {
    const children = [
      healthCheck('good', { fqdn: 'good' }),
      healthCheck('off', { disabled: true }),
      healthCheck('bad', { invert_healthcheck: true }),
    ];
    const sum = resource('aws_route53_health_check', 'sum', {
      id: 'sum',
      type: 'CALCULATED',
      child_healthchecks: ['good', 'off', 'bad'],
      child_health_threshold: threshold,
    });
    const { health, run } = checksOf([sum, ...children]);
    await run(60);
    expect(health.isHealthy('sum')).toBe(healthy);
  });

  it('HC-10 fails on a calculated check of a calculated one', () => {
    const calculated = (name: string, child: string): PlainResource =>
      resource('aws_route53_health_check', name, { id: name, type: 'CALCULATED', child_healthchecks: [child] });
    expect(() => checksOf([calculated('outer', 'inner'), calculated('inner', 'hc'), healthCheck('hc', {})])).toThrow(
      /aws_route53_health_check\.outer.*does not nest/,
    );
  });

  const alarm = (values: Values = {}): PlainResource =>
    resource(
      'aws_cloudwatch_metric_alarm',
      'errors',
      {
        alarm_name: 'errors',
        namespace: 'N',
        metric_name: 'errors',
        statistic: 'Sum',
        period: 60,
        evaluation_periods: 1,
        comparison_operator: 'GreaterThanThreshold',
        threshold: 0,
        treat_missing_data: 'breaching',
        ...values,
      },
      MUMBAI,
    );
  const onAlarm = (insufficient: string): PlainResource =>
    resource('aws_route53_health_check', 'metric', {
      id: 'metric',
      type: 'CLOUDWATCH_METRIC',
      cloudwatch_alarm_name: 'errors',
      cloudwatch_alarm_region: MUMBAI,
      insufficient_data_health_status: insufficient,
    });

  test.each([
    ['Healthy', 1, false],
    ['Unhealthy', 0, true],
    ['Healthy', undefined, true],
    ['Unhealthy', undefined, false],
    ['LastKnownStatus', undefined, true],
  ])('HC-11 data decide, not the alarm: insufficient is %s, sample %s: %s', async (insufficient, value, healthy) => {
    const { world, metrics, health, run } = checksOf([alarm(), onAlarm(insufficient)]);
    await run(30);
    const datum = { awsRegion: MUMBAI, namespace: 'N', name: 'errors', dimensions: {} };
    if (value !== undefined) metrics.put({ ...datum, value });
    await run(70);
    expect(health.isHealthy('metric')).toBe(healthy);
    expect(world.events.ofKind('alarm')).toEqual([]);
  });

  test.each<[string, Values, RegExp]>([
    ['M of N', { evaluation_periods: 3, datapoints_to_alarm: 2 }, /M of N/],
    ['a period of 10 s', { period: 10 }, /high resolution/],
    ['a percentile', { statistic: undefined, extended_statistic: 'p99' }, /extended statistic/],
    ['metric math', { metric_query: [{ id: 'e', expression: '1 + 1', return_data: true }] }, /metric math/],
    ['no such alarm', { alarm_name: 'other' }, /no metric alarm/],
  ])('HC-11 fails on an alarm with %s', (_name, values, message) => {
    expect(() => checksOf([alarm(values), onAlarm('Healthy')])).toThrow(message);
  });

  it('HC-11 data of an AWS service decide once they have arrived, and stay the newest until the next do', async () => {
    const namespace = 'AWS/ApplicationELB';
    const { metrics, health, run } = checksOf([alarm({ namespace }), onAlarm('Healthy')]);
    const seen: [atSeconds: number, healthy: boolean][] = [];
    for (let at = 10; at <= 360; at += 10) {
      await run(at);
      if (at % 60 === 30)
        metrics.put({ awsRegion: MUMBAI, namespace, name: 'errors', dimensions: {}, value: at < 60 ? 1 : 0 });
      const healthy = health.isHealthy('metric');
      if (seen.at(-1)?.[1] !== healthy) seen.push([at, healthy]);
    }
    expect(seen.map(([, healthy]) => healthy)).toEqual([true, false, true]);
    const [, [found = 0] = [], [back = 0] = []] = seen;
    // The minute of the error ended at 60 s, the first without one at 120 s; Route 53 looks every ten seconds.
    expect(found).toBeGreaterThanOrEqual(120);
    expect(found).toBeLessThanOrEqual(190);
    expect(back).toBeGreaterThanOrEqual(180);
    expect(back).toBeLessThanOrEqual(250);
  });

  it('HC-12 the name is resolved again for every probe', async () => {
    const { targets, run } = checksOf([healthCheck('hc', {})]);
    await run(35);
    expect(new Set(targets).size).toBe(targets.length);
  });

  it('CW-04 status metrics go to us-east-1, and nowhere while its services are stopped', async () => {
    const { metrics, run, start } = checksOf([healthCheck('hc', {})]);
    const metric = { namespace: 'AWS/Route53', name: 'HealthCheckStatus', dimensions: { HealthCheckId: 'hc' } };
    const minimum = (awsRegion: string, endSeconds: number): number | undefined =>
      metrics.read({ metric: { ...metric, awsRegion }, statistic: 'Minimum', periodMs: 60_000 }, endSeconds * SECOND);
    await run(60);
    start('us-east-1-down', '');
    await run(240);
    expect([minimum('us-east-1', 60), minimum(MUMBAI, 60)]).toEqual([1, undefined]);
    expect(minimum('us-east-1', 120)).toBeUndefined();
  });
});

test.each<[Values, RegExp]>([
  [{ request_interval: 20 }, /request_interval 20/],
  [{ failure_threshold: 11 }, /failure_threshold 11/],
  [{ failure_threshold: 0 }, /failure_threshold 0/],
  [{ type: 'HTTPS_STR_MATCH', search_string: 'x'.repeat(256) }, /search_string: has 256 characters/],
  [{ regions: ['us-east-1', 'eu-west-1'] }, /regions: names 2, and Route 53 takes 3/],
  [
    { regions: ['us-east-1', 'us-west-1', 'us-west-2', 'ap-south-1'] },
    /regions "ap-south-1": is no region with checkers/,
  ],
  [
    {
      type: 'CLOUDWATCH_METRIC',
      cloudwatch_alarm_name: 'a',
      cloudwatch_alarm_region: 'us-east-1',
      insufficient_data_health_status: 'Failure',
    },
    /insufficient_data_health_status "Failure"/,
  ],
  [{ type: 'HTTPS_STR_MATCH' }, /search_string/],
  [{ type: 'RECOVERY_CONTROL' }, /RECOVERY_CONTROL/],
  [{ fqdn: null, ip_address: '192.0.2.1' }, /by name only/],
])('HC-02 HC-05 HC-08 HC-11 fails on %j', (values, message) => {
  const build = () => checksOf([healthCheck('hc', values)]);
  expect(build).toThrow(InputError);
  expect(build).toThrow(message);
});
