// Idempotency keys: a retry is one write whatever lies between, wherever the first try has died and whichever region takes it.
import { FakeClock, TableError, createTelemetry, dynamoDbTable, fakeRandom, type Item } from '@dr/handler-core';
import { IDEMPOTENCY_WINDOW_MS } from '@dr/failover';
import fc from 'fast-check';
// eslint-disable-next-line @nx/enforce-module-boundaries -- only these tests run against the engine.
import { dynamoDbLoopback } from '../../../libs/handler-core/src/testing/loopback-adapter';
import { trafficRouter } from './handler';
import { crashingTable, type Crash } from './testing/crashing-table';
import { pagesOf, system, type Region } from './testing/system';

const keyed = (body: unknown, key = 'k1') => ({ body, headers: { 'idempotency-key': key } });
const versionsIn = (table: { all(): readonly { readonly id: string }[] }) =>
  table.all().filter(({ id }) => !id.startsWith('control'));

describe('a retry', () => {
  it('is answered with the first version', async () => {
    const { at, mumbai } = system();
    const call = at('mumbai');
    const first = await call('PUT', '/items/a', keyed({ n: 1 }));
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    await call('PUT', '/items/a', { body: { n: 2 } });
    const retry = await call('PUT', '/items/a', keyed({ n: 1 }));
    expect(retry).toMatchObject({
      status: 200,
      body: { timestamp: first.body['timestamp'] },
      headers: { 'idempotency-replayed': 'true' },
    });
    expect(versionsIn(mumbai)).toHaveLength(2);
    expect((await call('GET', '/items/a')).body['value']).toEqual({ n: 2 });
  });

  it('of a delete is answered with the first tombstone', async () => {
    const { at, mumbai } = system();
    const call = at('mumbai');
    const del = () => call('DELETE', '/items/a', { headers: { 'idempotency-key': 'k' } });
    const first = await del();
    await call('PUT', '/items/a', { body: 1 });
    expect((await del()).body).toEqual(first.body);
    expect(versionsIn(mumbai)).toHaveLength(2);
    expect((await call('GET', '/items/a')).status).toBe(200);
  });

  it.each([
    ['850 versions', 850, 1],
    ['45 versions of 200 KB', 45, ['x'.repeat(200_000)]],
  ])('is found in as many reads with %s in between as with none', async (_name, versions, body) => {
    const { at, mumbai } = system();
    const call = at('mumbai');
    const callsOf = async (): Promise<readonly string[]> => {
      const before = mumbai.calls.length;
      expect((await call('PUT', '/items/a', keyed(['first']))).headers['idempotency-replayed']).toBe('true');
      return mumbai.calls.slice(before);
    };
    await call('PUT', '/items/a', keyed(['first']));
    const none = await callsOf();
    for (let n = 0; n < versions; n += 1) await call('PUT', '/items/a', { body });
    expect(await callsOf()).toEqual(none);
    expect(none).toEqual(['query', 'query']);
    expect((await call('GET', '/items/a')).body['value']).toEqual(body);
  });

  it('in another region is found once the key has arrived there', async () => {
    const { at, replicate, singapore } = system();
    const first = await at('mumbai')('PUT', '/items/a', keyed(1));
    replicate();
    expect((await at('singapore')('PUT', '/items/a', keyed(1))).body['timestamp']).toBe(first.body['timestamp']);
    expect(versionsIn(singapore)).toHaveLength(1);
  });

  it('after the window is a new write, in the latest and in the history alike', async () => {
    const { clock, at } = system();
    const call = at('mumbai');
    const first = await call('PUT', '/items/a', keyed(1));
    await clock.advance(IDEMPOTENCY_WINDOW_MS);
    expect((await call('PUT', '/items/a', keyed(1))).headers['idempotency-replayed']).toBe('true');
    await clock.advance(1);
    const again = await call('PUT', '/items/a', keyed(3));
    expect(again.headers['idempotency-replayed']).toBeUndefined();
    expect((await call('GET', '/items/a')).body['value']).toBe(3);
    const { entries } = await pagesOf(call, 'a', 100);
    expect(entries.map(({ timestamp }) => timestamp)).toEqual([again.body['timestamp'], first.body['timestamp']]);
  });

  it('is a new write once the record of its key is broken, and a retry of that one is found', async () => {
    const { at, mumbai } = system();
    const call = at('mumbai');
    await call('PUT', '/items/a', keyed(1));
    const record = mumbai.all().find(({ id }) => id.startsWith('control-key'))!;
    mumbai.apply({ ...record, timestamp: 'not a number' });
    mumbai.apply({ ...record, stamp: 1 });
    const again = await call('PUT', '/items/a', keyed(1));
    expect(again.headers['idempotency-replayed']).toBeUndefined();
    expect((await call('PUT', '/items/a', keyed(1))).body).toEqual(again.body);
    for (const limit of [1, 100]) expect((await pagesOf(call, 'a', limit)).entries).toHaveLength(2);
    expect((await call('GET', '/items/a')).body['timestamp']).toBe(again.body['timestamp']);
  });
});

describe('a key that comes with another request', () => {
  it.each([
    ['another body', 'PUT', '/items/a', 2],
    ['another method', 'DELETE', '/items/a', undefined],
    ['another item', 'PUT', '/items/b', 1],
  ])('is refused: %s', async (_name, method, path, body) => {
    const { at, mumbai } = system();
    const call = at('mumbai');
    await call('PUT', '/items/a', keyed(1));
    const stored = mumbai.all();
    const reply = await call(method, path, keyed(body));
    expect(reply).toMatchObject({ status: 422, body: { type: 'urn:dr:problem:idempotency-key-reused' } });
    expect(mumbai.all()).toEqual(stored);
    expect((await call('PUT', '/items/a', keyed(1))).status).toBe(200);
  });

  it('is refused when it belongs to a delete', async () => {
    const call = system().at('mumbai');
    await call('DELETE', '/items/a', keyed(undefined));
    expect((await call('PUT', '/items/a', keyed(1))).status).toBe(422);
  });

  it.each(['PUT', 'DELETE'])('in two regions at once is kept twice and named a conflict: %s', async (method) => {
    const { at, replicate } = system();
    const one = await at('mumbai')('PUT', '/items/a', keyed(1));
    const two = await at('singapore')(method, '/items/a', keyed(method === 'PUT' ? 2 : undefined));
    expect([one.status, two.status]).toEqual([200, 200]);
    replicate();
    for (const region of ['mumbai', 'singapore'] as const) {
      for (const limit of [1, 2]) {
        const { entries } = await pagesOf(at(region), 'a', limit);
        expect(entries).toHaveLength(2);
        expect(entries.map(({ conflictsWith }) => conflictsWith?.length)).toEqual([1, 1]);
      }
    }
    // Each region still knows its own.
    expect((await at('mumbai')('PUT', '/items/a', keyed(1))).body['timestamp']).toBe(one.body['timestamp']);
  });

  it('is refused at a peer that knows another one, though its own table may have it: then both are kept', async () => {
    const { at, mumbai, replicate } = system();
    await at('singapore')('PUT', '/items/a', keyed(1));
    const table = crashingTable(mumbai, { calls: 3, afterEffect: true }, new TableError('unavailable', 'put'));
    expect((await at('mumbai', { table })('PUT', '/items/a', keyed(2))).status).toBe(422);
    replicate();
    const { entries } = await pagesOf(at('mumbai'), 'a', 10);
    expect(entries.map(({ value }) => value).sort()).toEqual([1, 2]);
    expect(entries.map(({ conflictsWith }) => conflictsWith?.length)).toEqual([1, 1]);
  });
});

it.each([0, 40])(
  'two contents of one key are a conflict though the later writer had seen the other: %s between',
  async (between) => {
    const { at, mumbai, singapore, replicate } = system();
    const one = await at('mumbai')('PUT', '/items/a', keyed(1));
    for (let n = 0; n < between; n += 1) await at('mumbai')('PUT', '/items/a', { body: n });
    // All versions have arrived in the other region, and the record of the key has not.
    for (const item of versionsIn(mumbai)) singapore.apply(item as Item);
    const two = await at('singapore')('PUT', '/items/a', keyed(2));
    replicate();
    const stamps = [one, two].map(({ body }) => body['timestamp']);
    for (const region of ['mumbai', 'singapore'] as const) {
      for (const limit of [1, 7, 100]) {
        const named = (await pagesOf(at(region), 'a', limit)).entries.filter(({ conflictsWith }) => conflictsWith);
        expect(named.map(({ timestamp, conflictsWith }) => [timestamp, conflictsWith])).toEqual([
          [stamps[1], [stamps[0]]],
          [stamps[0], [stamps[1]]],
        ]);
      }
    }
  },
);

it('nobody is shown the key of another caller', async () => {
  const { at, replicate, lines, mumbai, singapore } = system();
  const secret = 'a-callers-own-key';
  const call = at('mumbai');
  const replies = [
    await call('PUT', '/items/a', keyed(1, secret)),
    await at('singapore')('PUT', '/items/a', keyed(2, secret)),
    await call('PUT', '/items/a', keyed(3, secret)),
  ];
  replicate();
  replies.push(await call('GET', '/items/a'), await call('GET', '/items/a/versions'));
  mumbai.failure = singapore.failure = 'invalid';
  replies.push(await call('PUT', '/items/a', keyed(1, secret)));
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 422, 200, 200, 500]);
  const shown = JSON.stringify([replies, lines, mumbai.all(), singapore.all()]);
  expect(shown).not.toContain(secret);
  expect(JSON.stringify(replies)).not.toMatch(/idempotencyKey|keyUsedAtMs|[0-9a-f]{64}/);
});

const step = fc.record({
  region: fc.constantFrom<Region>('mumbai', 'singapore'),
  /** The function dies at this call of the table. */
  diesAt: fc.option(fc.nat(5), { nil: -1 }),
  afterEffect: fc.boolean(),
  replicate: fc.boolean(),
  /** Somebody else writes in between. */
  other: fc.option(fc.constantFrom<Region>('mumbai', 'singapore'), { nil: undefined }),
  waitMs: fc.nat(10_000),
});

it('finishes what a crash at any step has left, as one version, and undoes nothing that was written since', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      const crash: Crash = { calls: -1, afterEffect: false };
      const { at, replicate, clock } = system({}, (table) => crashingTable(table, crash));
      const acknowledged: string[] = [];
      let others = 0;
      for (const { region, diesAt, afterEffect, replicate: replicates, other, waitMs } of [...steps, steps[0]!]) {
        Object.assign(crash, { calls: diesAt, afterEffect });
        const reply = await at(region)('PUT', '/items/a', keyed(['mine']));
        crash.calls = -1;
        if (reply.status === 200) acknowledged.push(reply.body['timestamp'] as string);
        if (other) {
          expect((await at(other)('PUT', '/items/a', { body: others })).status).toBe(200);
          others += 1;
        }
        if (replicates) replicate();
        await clock.advance(waitMs);
      }
      const last = await at('mumbai')('PUT', '/items/a', keyed(['mine']));
      expect(last.status).toBe(200);
      acknowledged.push(last.body['timestamp'] as string);
      replicate();
      for (const region of ['mumbai', 'singapore'] as const) {
        const { entries } = await pagesOf(at(region), 'a', 3);
        const mine = entries.filter(({ value }) => Array.isArray(value));
        expect(mine).toHaveLength(1);
        // Any other stamp that was acknowledged is a repeat of the one that is shown: never older.
        for (const stamp of acknowledged) expect(stamp >= mine[0]!.timestamp).toBe(true);
        expect(entries).toHaveLength(others + 1);
      }
    }),
    { numRuns: 150 },
  );
});

it('finishes what a crash at any step has left in the table engine', async () => {
  const loopback = await dynamoDbLoopback('dr-system-table');
  const table = dynamoDbTable({ table: 'dr-system-table', region: 'ap-south-1', identity: loopback.identity });
  const clock = new FakeClock();
  const crash: Crash = { calls: -1, afterEffect: false };
  const telemetry = createTelemetry({ clock, region: 'mumbai', functionName: 'r', write: () => undefined });
  const ports = { clock, random: fakeRandom(), telemetry, region: 'mumbai', peers: [] };
  const handler = trafficRouter({ ...ports, table: crashingTable(table, crash) });
  const call = async (httpMethod: string, path: string, headers = {}, body = '') =>
    (await handler({ requestContext: { elb: {} }, httpMethod, path, headers, body })) as {
      statusCode: number;
      body: string;
    };
  for (const [n, { calls, afterEffect }] of [0, 1, 2, 3]
    .flatMap((at) => [false, true].map((afterEffect) => ({ calls: at, afterEffect })))
    .entries()) {
    Object.assign(crash, { calls, afterEffect });
    const put = () => call('PUT', `/items/i${n}`, { 'idempotency-key': `k${n}` }, '1');
    expect((await put()).statusCode).toBe(500);
    crash.calls = -1;
    await call('PUT', `/items/i${n}`, {}, '2');
    expect((await put()).statusCode).toBe(200);
    const { versions } = JSON.parse((await call('GET', `/items/i${n}/versions`)).body) as {
      versions: { value: number }[];
    };
    expect(versions.map(({ value }) => value).sort()).toEqual([1, 2]);
  }
  await loopback.close();
});
