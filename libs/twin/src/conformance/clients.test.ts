// Connections that clients keep: one test of behaviour per row CL-*.
import { InputError, type FaultKind } from '@dr/contracts';
import type { HttpRequest, HttpResponse } from '../http';
import type { DnsAnswer, KeptConnection } from '../services/ports';
import type { HttpFailure } from '../site';
import {
  answer,
  dnsName,
  DOMAIN,
  edgeOf,
  loadBalancer,
  MUMBAI,
  near,
  SINGAPORE,
  type Edge,
  type Values,
} from './edge-fixture';

const TIMEOUTS = { connectMs: 3_000, responseMs: 3_000 };
const REQUEST: HttpRequest = { method: 'GET', path: '/', headers: { host: DOMAIN }, body: Buffer.alloc(0) };
const HTTPS = { protocol: 'https', port: 443 } as const;
const ANSWER: DnsAnswer = { loadBalancer: dnsName(MUMBAI), awsRegion: MUMBAI, ttlSeconds: 10 };

const withBalancer = (balancer: Values, status = 200): Edge =>
  edgeOf({
    resources: [...loadBalancer(MUMBAI, { balancer }), ...loadBalancer(SINGAPORE)],
    respond: () => answer(status),
  });

/** Far from the region, so that a round trip takes time. */
const keep = (edge: Edge): KeptConnection => edge.internet.keep(near(SINGAPORE), ANSWER, HTTPS);

async function outcomeOf(edge: Edge, reply: Promise<HttpResponse | HttpFailure>): Promise<number | HttpFailure> {
  let settled: HttpResponse | HttpFailure | undefined;
  void reply.then((value) => (settled = value));
  for (let step = 0; settled === undefined && step < 2_000; step += 1)
    await edge.world.scheduler.runUntil(edge.world.scheduler.now() + 5);
  if (settled === undefined) throw new Error('nothing came back');
  return typeof settled === 'string' ? settled : settled.status;
}

const ask = (edge: Edge, connection: KeptConnection): Promise<number | HttpFailure> =>
  outcomeOf(edge, connection.request(REQUEST, TIMEOUTS));

async function askEvery(edge: Edge, connection: KeptConnection, seconds: number, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await edge.world.scheduler.runUntil(edge.world.scheduler.now() + seconds * 1_000);
    await ask(edge, connection);
  }
}

const begin = (edge: Edge, kind: FaultKind): void =>
  edge.world.faults.start({ kind, region: 'mumbai', startSeconds: 0, durationSeconds: 600 });

test('CL-01 only the first request opens a connection: the next ones take a round trip, not three', async () => {
  const edge = withBalancer({});
  const connection = keep(edge);
  const took = async (): Promise<number> => {
    const beginMs = edge.world.scheduler.now();
    expect(await ask(edge, connection)).toBe(200);
    return edge.world.scheduler.now() - beginMs;
  };
  expect(connection.isOpen()).toBe(false);
  const [first, second] = [await took(), await took()];
  expect(connection.isOpen()).toBe(true);
  expect(first / second).toBeGreaterThan(2.5);
});

describe('CL-02 client_keep_alive', () => {
  test.each<[string, Values, number]>([
    ['as set', { client_keep_alive: 60 }, 60],
    ['3,600 s by default', {}, 3_600],
  ])(
    '%s: past its age one more request is taken, and then the connection is closed',
    async (_name, values, seconds) => {
      const edge = withBalancer(values);
      const connection = keep(edge);
      await ask(edge, connection);
      await askEvery(edge, connection, 30, seconds / 30 - 1);
      expect(connection.ageMs).toBeLessThan(seconds * 1_000);
      expect(connection.isOpen()).toBe(true);
      await edge.world.scheduler.runUntil(edge.world.scheduler.now() + 30_000);
      expect(connection.isOpen()).toBe(true);
      expect(await ask(edge, connection)).toBe(200);
      expect(connection.isOpen()).toBe(false);
    },
  );

  test.each([0, 59, 604_801, 60.5])('%d is refused', (seconds) => {
    expect(() => withBalancer({ client_keep_alive: seconds })).toThrow(InputError);
  });
});

test.each<[string, Values, number]>([
  ['60 s by default', {}, 60],
  ['as set', { idle_timeout: 10 }, 10],
])('CL-03 a connection on which nothing is sent is closed after idle_timeout: %s', async (_name, values, seconds) => {
  const edge = withBalancer(values);
  const connection = keep(edge);
  await ask(edge, connection);
  await edge.world.scheduler.runUntil(edge.world.scheduler.now() + seconds * 1_000 - 100);
  expect(connection.isOpen()).toBe(true);
  await edge.world.scheduler.runUntil(edge.world.scheduler.now() + 200);
  expect(connection.isOpen()).toBe(false);
});

describe('CL-04 what breaks a connection', () => {
  test.each<[FaultKind, HttpFailure, number]>([
    ['region-dark', 'response-timeout', 3],
    ['alb-dark', 'response-timeout', 3],
    ['isolated', 'response-timeout', 3],
    ['region-slow', 'response-timeout', 3],
    ['region-refuses', 'refused', 1],
  ])('%s: %s, %d times', async (kind, failure, times) => {
    const edge = withBalancer({});
    const connection = keep(edge);
    await ask(edge, connection);
    begin(edge, kind);
    for (let time = 0; time < times; time += 1) {
      expect(connection.isOpen()).toBe(true);
      expect(await ask(edge, connection)).toBe(failure);
    }
    expect(connection.isOpen()).toBe(false);
  });

  test('no error that is answered does: the client stays with the region', async () => {
    const edge = withBalancer({}, 500);
    const connection = keep(edge);
    await askEvery(edge, connection, 10, 30);
    expect(connection.isOpen()).toBe(true);
  });

  test('a region that answers again in time keeps it', async () => {
    const edge = withBalancer({});
    const connection = keep(edge);
    await ask(edge, connection);
    const fault = { kind: 'isolated', region: 'mumbai', startSeconds: 0, durationSeconds: 600 } as const;
    for (let time = 0; time < 3; time += 1) {
      edge.world.faults.start(fault);
      expect(await ask(edge, connection)).toBe('response-timeout');
      edge.world.faults.end(fault);
      expect(await ask(edge, connection)).toBe(200);
    }
    expect(connection.isOpen()).toBe(true);
  });
});
