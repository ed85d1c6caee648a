// traffic-router through its handler, over in-memory replicas: the item API, fallback, retries that are one write, keys.
import { FakeSecrets, createTelemetry, fakeRandom } from '@dr/handler-core';
import { trafficRouter } from './handler';
import { LIMITS } from './item-input';
import { LOCAL_DEADLINE_MS, PEER_DEADLINE_MS, SKIP_MS } from './stores';
import { system, type Call } from './testing/system';

describe('the item API', () => {
  it('writes versions, answers the latest, and the history newest first in pages', async () => {
    const call = system().at('mumbai');
    for (const n of [1, 2, 3]) expect((await call('PUT', '/items/a%3Ab', { body: { n } })).status).toBe(200);
    const latest = await call('GET', '/items/a%3Ab');
    expect(latest).toMatchObject({
      status: 200,
      headers: { 'x-data-region': 'mumbai' },
      body: { id: 'a:b', value: { n: 3 }, region: 'mumbai' },
    });
    const first = await call('GET', '/items/a%3Ab/versions', { query: { limit: '2' } });
    const next = first.body['next'] as string;
    const second = await call('GET', '/items/a%3Ab/versions', { query: { limit: '2', before: next } });
    const values = [first, second].flatMap(({ body }) =>
      (body['versions'] as { value: { n: number } }[]).map(({ value }) => value.n),
    );
    expect(values).toEqual([3, 2, 1]);
    expect(second.body['next']).toBeUndefined();
  });

  it('writes a tombstone for a delete, and keeps the history', async () => {
    const call = system().at('mumbai');
    await call('PUT', '/items/a', { body: 1 });
    expect(await call('DELETE', '/items/a')).toMatchObject({ status: 200, body: { deleted: true } });
    expect(await call('GET', '/items/a')).toMatchObject({
      status: 404,
      headers: { 'content-type': 'application/problem+json' },
    });
    expect((await call('GET', '/items/a/versions')).body['versions']).toHaveLength(2);
  });

  it('stamps a write later than what it has seen, though its clock is behind', async () => {
    const { at, mumbai } = system();
    mumbai.apply({
      id: 'a',
      timestamp: '2026-11-01T23:00:00.000Z#singapore#0000000f-000001',
      region: 'singapore',
      value: 0,
    });
    const { body } = await at('mumbai')('PUT', '/items/a', { body: 1 });
    expect(body['timestamp']).toBe('2026-11-01T23:00:00.001Z#mumbai#00000000-000001');
  });

  it('says it is ready without any table', async () => {
    const { at, mumbai, singapore } = system();
    mumbai.failure = singapore.failure = 'unavailable';
    expect(await at('mumbai')('GET', '/ready')).toMatchObject({ status: 200, body: { ready: true } });
    expect(mumbai.calls).toEqual([]);
  });

  const stampOf = (region: string): string => `2026-01-01T00:00:00.000Z#${region}#0000000f-000001`;
  const deep = (levels: number): unknown => (levels === 0 ? 0 : [deep(levels - 1)]);
  it.each<[string, string, Call, number, string]>([
    ['PUT', '/items/control', { body: 1 }, 400, 'bad-id'],
    ['PUT', '/items/control-x', { body: 1 }, 400, 'bad-id'],
    ['GET', '/items/%E0%A4%A', {}, 400, 'bad-id'],
    ['GET', '/items/.hidden', {}, 400, 'bad-id'],
    ['GET', `/items/${'a'.repeat(LIMITS.idCharacters + 1)}`, {}, 400, 'bad-id'],
    ['PUT', '/items/a', { body: '{' }, 400, 'not-json'],
    ['PUT', '/items/a', { body: '' }, 400, 'not-json'],
    ['PUT', '/items/a', { body: '1', headers: { 'content-type': 'text/plain' } }, 415, 'not-json'],
    ['PUT', '/items/a', { body: 'x'.repeat(LIMITS.bodyBytes + 1) }, 413, 'too-large'],
    ['PUT', '/items/a', { body: deep(LIMITS.depth + 1) }, 400, 'too-deep'],
    ['PUT', '/items/a', { body: '['.repeat(50_000) + ']'.repeat(50_000) }, 400, 'too-deep'],
    ['PUT', '/items/a', { body: Array(LIMITS.values).fill(0) }, 400, 'too-complex'],
    ['PUT', '/items/a', { body: `{"a":${'['.repeat(20)}${']'.repeat(20)},"a":1}` }, 400, 'too-deep'],
    ['PUT', '/items/a', { body: `{"a":[${'0,'.repeat(LIMITS.values)}0],"a":1}` }, 400, 'too-complex'],
    ['PUT', '/items/a', { body: '"\ufffd"' }, 400, 'not-utf8'],
    ['PUT', '/items/a', { body: '"\ud800"' }, 400, 'not-utf8'],
    ['PUT', '/items/a', { bytes: Buffer.from([0x22, 0xff, 0x22]) }, 400, 'not-utf8'],
    ['PUT', '/items/a', { bytes: Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]) }, 400, 'not-utf8'],
    ['PUT', '/items/a', { bytes: Buffer.from('\ufeff1') }, 400, 'not-json'],
    ['PUT', '/items/a', { body: 1, headers: { 'content-encoding': 'gzip' } }, 415, 'not-json'],
    ['PUT', '/items/a', { body: 1, headers: { 'content-type': 'application/json; charset=latin1' } }, 415, 'not-json'],
    ['PUT', '/items/a', { body: 1, headers: { 'if-match': 'abc' } }, 400, 'bad-precondition'],
    ['GET', '/items/a', { headers: { 'if-none-match': '' } }, 400, 'bad-precondition'],
    ['PUT', '/items/a', { body: 1, headers: { 'idempotency-key': 'ü' } }, 400, 'bad-idempotency-key'],
    ['GET', '/items/a/versions', { query: { limit: '0' } }, 400, 'bad-parameter'],
    ['GET', '/items/a/versions', { query: { before: 'x' } }, 400, 'bad-parameter'],
    ['GET', '/items/a/versions', { query: { before: stampOf('a'.repeat(1_000)) } }, 400, 'bad-parameter'],
    ['GET', '/items/a/versions', { query: { after: 'x' } }, 400, 'bad-parameter'],
    ['POST', '/items/a', {}, 405, 'method-not-allowed'],
    ['GET', '/items/a/b', {}, 404, 'no-such-route'],
    ['GET', '/nothing', {}, 404, 'no-such-route'],
  ])('fails %s %s with a problem: %#', async (method, path, call, status, code) => {
    const { at, mumbai } = system();
    const reply = await at('mumbai')(method, path, call);
    expect(reply).toMatchObject({
      status,
      headers: { 'content-type': 'application/problem+json' },
      body: { type: `urn:dr:problem:${code}`, status },
    });
    expect(mumbai.calls).toEqual([]);
  });
});

describe('fallback', () => {
  it('asks the peer once when the local table is slow, then passes the local one over for 5 s', async () => {
    const { at, mumbai, singapore, clock } = system();
    const call = at('mumbai');
    mumbai.failure = 'hang';
    const startedMs = clock.now();
    expect(await call('PUT', '/items/a', { body: 1 })).toMatchObject({
      status: 200,
      headers: { 'x-data-region': 'singapore' },
      body: { region: 'mumbai' },
    });
    expect(clock.now() - startedMs).toBeLessThanOrEqual(LOCAL_DEADLINE_MS + 50);
    const asked = mumbai.calls.length;
    expect((await call('GET', '/items/a')).headers['x-data-region']).toBe('singapore');
    expect(mumbai.calls).toHaveLength(asked);
    mumbai.failure = undefined;
    await clock.advance(SKIP_MS);
    expect((await call('PUT', '/items/b', { body: 1 })).headers['x-data-region']).toBe('mumbai');
    expect(singapore.all()).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('passes the local table over for 5 s, though the wall clock steps forward', async () => {
    const { at, mumbai, clock } = system();
    const call = at('mumbai');
    mumbai.failure = 'unavailable';
    expect((await call('PUT', '/items/a', { body: 1 })).headers['x-data-region']).toBe('singapore');
    mumbai.failure = undefined;
    clock.stepWall(300_000);
    expect((await call('GET', '/items/a')).headers['x-data-region']).toBe('singapore');
    await clock.advance(SKIP_MS);
    expect((await call('PUT', '/items/b', { body: 1 })).headers['x-data-region']).toBe('mumbai');
  });

  it('asks the local table again once the wall clock has gone back: nobody can tell how long ago it failed', async () => {
    const { at, mumbai, clock } = system();
    const call = at('mumbai');
    mumbai.failure = 'unavailable';
    expect((await call('GET', '/items/a')).headers['x-data-region']).toBe('singapore');
    mumbai.failure = undefined;
    clock.stepWall(-300_000);
    expect((await call('GET', '/items/a')).headers['x-data-region']).toBe('mumbai');
  });

  it('is one version when the write happened here after all', async () => {
    const { at, mumbai, singapore, replicate } = system();
    const put = mumbai.put.bind(mumbai);
    jest.spyOn(mumbai, 'put').mockImplementation(async (item, condition) => {
      await put(item, condition);
      return new Promise(() => undefined);
    });
    const { body } = await at('mumbai')('PUT', '/items/a', { body: 1 });
    replicate();
    expect(mumbai.all()).toEqual(singapore.all());
    expect(mumbai.all().map(({ timestamp }) => timestamp)).toEqual([body['timestamp']]);
  });

  it('does not pass a table over that only throttles', async () => {
    const { at, mumbai } = system();
    const call = at('mumbai');
    mumbai.failure = 'throttled';
    expect((await call('PUT', '/items/a', { body: 1 })).headers['x-data-region']).toBe('singapore');
    mumbai.failure = undefined;
    expect((await call('PUT', '/items/a', { body: 2 })).headers['x-data-region']).toBe('mumbai');
  });

  it('fails with 503 within 2 s when neither replica answers, and never tries more than two', async () => {
    const { at, mumbai, singapore, clock } = system();
    mumbai.failure = singapore.failure = 'hang';
    const startedMs = clock.now();
    expect(await at('mumbai')('GET', '/items/a')).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(clock.now() - startedMs).toBeLessThanOrEqual(LOCAL_DEADLINE_MS + PEER_DEADLINE_MS + 100);
    expect([mumbai.calls.length, singapore.calls.length]).toEqual([1, 1]);
  });

  it('answers 500 without a word about the inside when the request itself is refused', async () => {
    const { at, mumbai, singapore, lines } = system();
    mumbai.failure = 'invalid';
    const reply = await at('mumbai')('GET', '/items/a');
    expect(reply).toMatchObject({ status: 500, body: { type: 'urn:dr:problem:internal' } });
    expect(JSON.stringify(reply.body)).not.toContain('table fails');
    expect(lines.join()).toContain('table fails');
    expect(singapore.calls).toEqual([]);
  });
});

it('names versions that crossed, and only those', async () => {
  const { at, replicate } = system();
  const [mumbai, singapore] = [at('mumbai'), at('singapore')];
  await mumbai('PUT', '/items/a', { body: 0 });
  replicate();
  const one = await mumbai('PUT', '/items/a', { body: 1 });
  const two = await singapore('PUT', '/items/a', { body: 2 });
  replicate();
  await mumbai('PUT', '/items/a', { body: 3 });
  const { body } = await mumbai('GET', '/items/a/versions');
  const named = (body['versions'] as { value: number; conflictsWith?: string[] }[]).map(
    ({ value, conflictsWith = [] }) => [value, conflictsWith],
  );
  expect(named).toEqual([
    [3, []],
    [2, [one.body['timestamp']]],
    [1, [two.body['timestamp']]],
    [0, []],
  ]);
});

describe('keys', () => {
  const secured = (text: string | undefined) => {
    const secrets = new FakeSecrets(text);
    const parts = system({ auth: { secrets, secretName: 'dr-api-keys' } });
    const call = parts.at('mumbai');
    const as = async (key?: string): Promise<number> =>
      (await call('PUT', '/items/a', { body: 1, headers: key === undefined ? {} : { authorization: `Bearer ${key}` } }))
        .status;
    return { ...parts, secrets, call, as };
  };
  const keys = (current: string, previous?: string): string => JSON.stringify({ current, previous });

  it('lets the current and the previous one in, and nobody else', async () => {
    const { as, mumbai } = secured(keys('new-key', 'old-key'));
    expect([await as('new-key'), await as('old-key')]).toEqual([200, 200]);
    const written = mumbai.all().length;
    for (const wrong of [undefined, '', 'new-ke', 'new-keyy', 'undefined', 'New-key'])
      expect(await as(wrong)).toBe(401);
    expect(mumbai.all()).toHaveLength(written);
  });

  it('are read once, and again for an unknown one at most once a minute', async () => {
    const { as, secrets, clock } = secured(keys('first'));
    for (let n = 0; n < 5; n += 1) await as('first');
    expect(secrets.reads).toBe(1);
    await clock.advance(60_000);
    for (let second = 0; second < 60; second += 1) {
      expect(await as(`wrong-${second}`)).toBe(401);
      await clock.advance(500);
    }
    expect(secrets.reads).toBe(2);
  });

  it('rotate without a refused request', async () => {
    const { as, secrets, clock } = secured(keys('one'));
    expect(await as('one')).toBe(200);
    await clock.advance(60_000);
    secrets.text = keys('two', 'one');
    expect([await as('one'), await as('two'), await as('one')]).toEqual([200, 200, 200]);
    await clock.advance(60_000);
    secrets.text = keys('three', 'two');
    expect([await as('two'), await as('three')]).toEqual([200, 200]);
    expect(await as('one')).toBe(401);
  });

  it('end when they are revoked, though the wall clock goes back', async () => {
    const { as, secrets, clock } = secured(keys('one'));
    expect(await as('one')).toBe(200);
    secrets.text = keys('three', 'two');
    await clock.advance(200_000);
    clock.stepWall(-300_000);
    await clock.advance(101_000);
    expect(await as('one')).toBe(401);
  });

  it('stay good while Secrets Manager is away', async () => {
    const { as, secrets, clock } = secured(keys('one'));
    await as('one');
    secrets.failing = true;
    await clock.advance(3_600_000);
    expect(await as('one')).toBe(200);
  });

  it.each([undefined, '', '{}', '{"current":""}', 'null'])(
    'fails with the command to run while the secret holds %j',
    async (text) => {
      const { call, secrets, clock } = secured(text);
      const reply = await call('GET', '/items/a', { headers: { authorization: 'Bearer x' } });
      expect(reply).toMatchObject({ status: 503, body: { type: 'urn:dr:problem:no-keys' } });
      expect(reply.body['detail']).toContain('dr keys rotate');
      expect((await call('GET', '/ready')).status).toBe(200);
      secrets.text = keys('one');
      await clock.advance(60_000);
      expect((await call('PUT', '/items/a', { body: 1, headers: { authorization: 'Bearer one' } })).status).toBe(200);
    },
  );
});

it('fails for an event that no load balancer sends', async () => {
  const { clock, mumbai } = system();
  const telemetry = createTelemetry({ clock, region: 'mumbai', functionName: 'r', write: () => undefined });
  const handler = trafficRouter({ clock, random: fakeRandom(), telemetry, region: 'mumbai', table: mumbai, peers: [] });
  await expect(handler({ source: 'aws.events' })).rejects.toThrow('load balancer');
});
