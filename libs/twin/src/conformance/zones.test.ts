// Fault zone-dark: the zone's load balancer node, its execution environments and its NAT gateway go, and nothing else does.
import { roundTripMs, type Fault } from '@dr/contracts';
import type { DnsAnswer } from '../services/ports';
import { NODE_CHECK } from '@dr/stack';
import {
  edgeOf,
  healthCheck,
  loadBalancer,
  MUMBAI,
  near,
  regionalName,
  resource,
  SINGAPORE,
  type Edge,
} from './edge-fixture';
import { resourcesIn, type PlainResource } from './fixtures';
import { functionWorld, oneHost } from './function-fixtures';

const darkness = (more: Partial<Fault> = {}): Fault => ({
  kind: 'zone-dark',
  region: 'mumbai',
  startSeconds: 0,
  durationSeconds: 60,
  ...more,
});

const subnetsIn = (awsRegion: string, count: number): { ids: string[]; subnets: PlainResource[] } => {
  const ids = Array.from({ length: count }, (_, at) => `${awsRegion}-${at}`);
  const subnets = ids.map((id) =>
    resource('aws_subnet', id, { availability_zone: `zone-${id}`, vpc_id: 'vpc' }, awsRegion),
  );
  return { ids, subnets };
};

/** Load balancers with a node in each of so many zones. */
function edgeIn(zones: number, more: readonly PlainResource[] = []): Edge {
  const resources = [MUMBAI, SINGAPORE].flatMap((awsRegion) => {
    const { ids, subnets } = subnetsIn(awsRegion, zones);
    return [...subnets, ...loadBalancer(awsRegion, { balancer: { subnets: ids } })];
  });
  return edgeOf({ resources: [...resources, ...more], start: true });
}

const resolved = ({ internet }: Edge, awsRegion = MUMBAI): DnsAnswer =>
  internet.resolve(regionalName(awsRegion), near(awsRegion)) as DnsAnswer;

/** Share of new connections to `to` that fail, each within the 4 s that its client waits. */
async function shareFailing(edge: Edge, to: DnsAnswer, asked = 400): Promise<number> {
  const request = { method: 'GET', path: '/', headers: { host: regionalName(MUMBAI) }, body: Buffer.alloc(0) };
  const met = Array.from({ length: asked }, () =>
    edge.internet.request(near(MUMBAI), to, { protocol: 'https', port: 443 }, request, {
      connectMs: 4_000,
      responseMs: 2_000,
    }),
  );
  const answers = await edge.settle(Promise.all(met));
  return answers.filter((one) => one === 'connect-timeout').length / asked;
}

const pass = ({ world: { scheduler } }: Edge, seconds: number): Promise<void> =>
  scheduler.runUntil(scheduler.now() + seconds * 1_000);

describe('FT-01 a zone without power takes its node of each load balancer', () => {
  test.each([
    [2, 1],
    [3, 1],
    [3, 2],
    [2, 2],
  ])('of %d nodes %d: their share of the connections fails; those of another region do not', async (zones, dark) => {
    const edge = edgeIn(zones);
    expect(await shareFailing(edge, resolved(edge), 50)).toBe(0);
    edge.world.faults.start(darkness(dark === 1 ? {} : { zones: dark }));
    expect(Math.abs((await shareFailing(edge, resolved(edge))) - dark / zones)).toBeLessThan(0.08);
    expect(await shareFailing(edge, resolved(edge, SINGAPORE), 50)).toBe(0);
  });

  test('until Route 53 has taken the node out of the name; whoever was told before still goes there; then it comes back', async () => {
    const edge = edgeIn(2);
    const fault = darkness();
    edge.world.faults.start(fault);
    const before = resolved(edge);
    await pass(edge, NODE_CHECK.intervalSeconds * (NODE_CHECK.failureThreshold - 1) - 1);
    expect(resolved(edge).zones).toBeUndefined();
    await pass(edge, NODE_CHECK.intervalSeconds + 1);
    expect(resolved(edge).zones).toEqual(['zone-ap-south-1-1']);
    expect(await shareFailing(edge, resolved(edge), 100)).toBe(0);
    expect(await shareFailing(edge, before)).toBeGreaterThan(0.4);
    edge.world.faults.end(fault);
    expect(await shareFailing(edge, before, 100)).toBe(0);
    await pass(edge, NODE_CHECK.intervalSeconds * NODE_CHECK.failureThreshold);
    expect(resolved(edge).zones).toBeUndefined();
  });

  test('a loss that is over before then changes no answer', async () => {
    const edge = edgeIn(2);
    const fault = darkness();
    edge.world.faults.start(fault);
    await pass(edge, 10);
    edge.world.faults.end(fault);
    for (let seconds = 0; seconds < 60; seconds += 1) {
      await pass(edge, 1);
      expect(resolved(edge).zones).toBeUndefined();
    }
  });

  test('one that begins again is counted anew, so two short ones change none', async () => {
    const edge = edgeIn(2);
    for (const seconds of [12, 19]) {
      const fault = darkness();
      edge.world.faults.start(fault);
      for (let second = 0; second < seconds; second += 1) {
        await pass(edge, 1);
        expect(resolved(edge).zones).toBeUndefined();
      }
      edge.world.faults.end(fault);
      await pass(edge, 1);
    }
    await pass(edge, 30);
    expect(resolved(edge).zones).toBeUndefined();
  });

  test('a packet that is on its way as the node goes dark does not arrive', async () => {
    const edge = edgeIn(2);
    const far = near('sa-east-1');
    const to = edge.internet.resolve(regionalName(MUMBAI), far) as DnsAnswer;
    const request = { method: 'GET', path: '/', headers: {}, body: Buffer.alloc(0) };
    const wait = { connectMs: 4_000, responseMs: 2_000 };
    const oneWayMs = roundTripMs('sa-east-1', MUMBAI) / 2;
    const asked = Array.from({ length: 100 }, () =>
      edge.internet.request(far, to, { protocol: 'https', port: 443 }, request, wait),
    );
    // TCP, TLS and the request have gone there and back; the answers are half way.
    await edge.world.scheduler.runUntil(5.5 * oneWayMs);
    edge.world.faults.start(darkness());
    const lost = (await edge.settle(Promise.all(asked))).filter((one) => one === 'response-timeout');
    expect(lost.length).toBeGreaterThan(30);
    expect(lost.length).toBeLessThan(70);
  });

  test('a request that is under way through the node gets no answer', async () => {
    const edge = edgeOf({
      resources: [
        ...subnetsIn(MUMBAI, 2).subnets,
        ...loadBalancer(MUMBAI, { balancer: { subnets: subnetsIn(MUMBAI, 2).ids } }),
        ...loadBalancer(SINGAPORE),
      ],
      respond: async () => {
        await edge.world.scheduler.sleep(1_000);
        return { kind: 'ok', payload: { statusCode: 200, headers: {}, body: '' } };
      },
    });
    const request = { method: 'GET', path: '/', headers: {}, body: Buffer.alloc(0) };
    const asked = Array.from({ length: 100 }, () =>
      edge.internet.request(near(MUMBAI), resolved(edge), { protocol: 'https', port: 443 }, request, {
        connectMs: 4_000,
        responseMs: 2_000,
      }),
    );
    await edge.world.scheduler.runUntil(500);
    edge.world.faults.start(darkness());
    const lost = (await edge.settle(Promise.all(asked))).filter((one) => one === 'response-timeout');
    expect(lost.length).toBeGreaterThan(30);
    expect(lost.length).toBeLessThan(70);
  });

  test('the 18 % rule keeps the region healthy with one of two nodes or two of three, and all of them lose it', async () => {
    const verdict = async (zones: number, dark: number): Promise<boolean> => {
      const edge = edgeIn(zones, [healthCheck('mumbai', {})]);
      await pass(edge, 60);
      edge.world.faults.start(darkness({ zones: dark }));
      await pass(edge, 120);
      return edge.health.isHealthy('mumbai');
    };
    expect(await Promise.all([verdict(2, 1), verdict(3, 2), verdict(2, 2)])).toEqual([true, true, false]);
  });

  test('the target health checks of that node stop, and do not decide', async () => {
    const { ids, subnets } = subnetsIn(MUMBAI, 2);
    const group = { health_check: [{ enabled: true, interval: 10, matcher: '200' }] };
    const edge = edgeOf({
      resources: [
        ...subnets,
        ...loadBalancer(MUMBAI, { balancer: { subnets: ids }, group }),
        ...loadBalancer(SINGAPORE),
      ],
      start: true,
      respond: () => ({ kind: 'ok', payload: { statusCode: edge.world.scheduler.now() < 60_000 ? 200 : 500 } }),
    });
    await pass(edge, 60);
    edge.world.faults.start(darkness());
    const before = edge.functions.calls.length;
    await pass(edge, 60);
    expect(edge.functions.calls.length - before).toBe(6);
    expect(edge.loadBalancers.find(resolved(edge).loadBalancer)?.targetsHealthy()).toBe(false);
  });
});

describe('FT-02 a zone without power takes the execution environments in it', () => {
  const balancer = resourcesIn('ap-south-1', { aws_lb: { alb: { name: 'alb', subnets: subnetsIn(MUMBAI, 2).ids } } });
  const code = { f: `exports.handler = () => new Promise((r) => setTimeout(() => r('done'), 1000));` };
  const setup = () => functionWorld({ code, resources: [...balancer, ...subnetsIn(MUMBAI, 2).subnets] });
  const kinds = (started: readonly ReturnType<ReturnType<typeof setup>['start']>[]): (string | undefined)[] =>
    started.map(({ result }) => result()?.kind);

  test('busy ones die, idle ones are gone, new ones start where there is power', async () => {
    const world = setup();
    const started = Array.from({ length: 4 }, () => world.start('f'));
    await world.pass(800);
    const fault = darkness();
    world.world.faults.start(fault);
    await world.pass(2_000);
    expect(kinds(started)).toEqual(['unreachable', 'ok', 'unreachable', 'ok']);
    const again = Array.from({ length: 4 }, () => world.start('f'));
    await world.pass(2_000);
    expect(kinds(again)).toEqual(['ok', 'ok', 'ok', 'ok']);
    const cold = world.world.events
      .ofKind('invocation')
      .slice(-4)
      .map((event) => event.cold);
    expect(cold.filter(Boolean)).toHaveLength(2);
    world.world.faults.end(fault);
    world.world.faults.start(darkness());
    const survivors = Array.from({ length: 4 }, () => world.start('f'));
    await world.pass(2_000);
    expect(kinds(survivors)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(
      world.world.events
        .ofKind('invocation')
        .slice(-4)
        .some((event) => event.cold),
    ).toBe(false);
  });

  test('with no zone left nothing runs; another region does', async () => {
    const world = setup();
    world.world.faults.start(darkness({ zones: 2 }));
    expect((await world.call('f')).kind).toBe('unreachable');
    expect((await world.call('f', {}, SINGAPORE)).kind).toBe('ok');
  });
});

describe('FT-03 a zone without power takes its NAT gateway', () => {
  const { ids, subnets } = subnetsIn(MUMBAI, 2);
  /** Each subnet's way out leads through the NAT gateway in `natIn`. */
  const network = (natIn: (at: number) => string): PlainResource[] => [
    ...subnets,
    ...ids.flatMap((id, at) => [
      resource('aws_nat_gateway', `nat-${at}`, { id: `nat-${at}`, subnet_id: natIn(at) }, MUMBAI),
      resource('aws_route_table', `table-${at}`, { id: `table-${at}`, vpc_id: 'vpc' }, MUMBAI),
      resource('aws_route_table_association', `${at}`, { subnet_id: id, route_table_id: `table-${at}` }, MUMBAI),
      resource(
        'aws_route',
        `out-${at}`,
        { route_table_id: `table-${at}`, destination_cidr_block: '0.0.0.0/0', nat_gateway_id: `nat-${at}` },
        MUMBAI,
      ),
    ]),
  ];
  const code = {
    f: `const https = require('node:https'); exports.handler = () => new Promise((resolve) => {
      const request = https.get('https://peer.example.com/', (r) => { r.resume(); resolve(r.statusCode); });
      request.setTimeout(1000, () => resolve('no answer')); });`,
  };
  const answersOf = async (natIn: (at: number) => string): Promise<unknown[]> => {
    const world = functionWorld({
      code,
      values: { vpc_config: [{ subnet_ids: ids, security_group_ids: ['all'] }] },
      resources: network(natIn),
      hosts: oneHost('peer.example.com', () => Promise.resolve({ status: 200, headers: {}, body: Buffer.alloc(0) })),
    });
    world.world.faults.start(darkness());
    const started = Array.from({ length: 4 }, () => world.start('f'));
    await world.pass(3_000);
    return started.map(({ result }) => (result() as { payload?: unknown } | undefined)?.payload);
  };

  test('functions of another zone that go out through it reach nobody; those with a gateway of their own do', async () => {
    expect(await answersOf((at) => ids[at] ?? '')).toEqual([200, 200, 200, 200]);
    expect(await answersOf(() => ids[0] ?? '')).toEqual(Array(4).fill('no answer'));
    expect(await answersOf(() => ids[1] ?? '')).toEqual([200, 200, 200, 200]);
  });
});
