// If-Match, If-None-Match, HEAD, OPTIONS and the methods that are not allowed.
import { FakeSecrets, type MemoryTable } from '@dr/handler-core';
import { system } from './testing/system';

async function written() {
  const parts = system();
  const call = parts.at('mumbai');
  const { headers } = await call('PUT', '/items/a', { body: 1 });
  const etag = headers['etag']!;
  return { ...parts, call, etag };
}

/** Its records are there, and the version of `a` is not. */
function dieBeforeTheVersion(table: MemoryTable): void {
  const real = table.put.bind(table);
  jest.spyOn(table, 'put').mockImplementation((item, condition, signal) => {
    if (item.id === 'a') throw new Error('the function has died');
    return real(item, condition, signal);
  });
}

describe('preconditions', () => {
  const OTHER = '"2026-01-01T00:00:00.000Z#mumbai#0000000f-000001"';

  it.each([
    ['if-match', (etag: string) => etag, 200],
    ['if-match', (etag: string) => `${OTHER} , ${etag}`, 200],
    ['if-match', () => '*', 200],
    ['if-match', () => OTHER, 412],
    ['if-match', (etag: string) => `W/${etag}`, 412],
    ['if-none-match', (etag: string) => etag, 304],
    ['if-none-match', (etag: string) => `W/${etag}`, 304],
    ['if-none-match', (etag: string) => `,${OTHER},,${etag}`, 304],
    ['if-none-match', () => '*', 304],
    ['if-none-match', () => OTHER, 200],
  ])('of a read: %s, case %#', async (header, tag, status) => {
    const { call, etag } = await written();
    for (const method of ['GET', 'HEAD']) {
      const reply = await call(method, '/items/a', { headers: { [header]: tag(etag) } });
      expect([reply.status, reply.headers['etag']]).toEqual([status, etag]);
      if (status === 304 || method === 'HEAD') expect(reply.text).toBe('');
    }
  });

  it.each([
    ['if-match', (etag: string) => etag, 200],
    ['if-match', () => '*', 200],
    ['if-match', () => OTHER, 412],
    ['if-match', (etag: string) => `W/${etag}`, 412],
    ['if-none-match', () => '*', 412],
    ['if-none-match', (etag: string) => `W/${etag}`, 412],
    ['if-none-match', () => OTHER, 200],
  ])('of a write: %s, case %#', async (header, tag, status) => {
    for (const method of ['PUT', 'DELETE']) {
      const { call, etag, mumbai } = await written();
      const stored = mumbai.all().length;
      const body = method === 'PUT' ? { body: 2 } : {};
      const reply = await call(method, '/items/a', { ...body, headers: { [header]: tag(etag) } });
      expect(reply.status).toBe(status);
      if (status === 412) expect([mumbai.all().length, reply.headers['etag']]).toEqual([stored, etag]);
    }
  });

  it('of one request: If-Match comes before If-None-Match (RFC 9110, 13.2.2)', async () => {
    const { call, etag } = await written();
    const both = { headers: { 'if-match': OTHER, 'if-none-match': etag } };
    expect((await call('GET', '/items/a', both)).status).toBe(412);
    expect((await call('GET', '/items/a', { headers: { 'if-match': etag, 'if-none-match': etag } })).status).toBe(304);
  });

  it('of an item that is not there', async () => {
    const call = system().at('mumbai');
    const put = (headers: Record<string, string>) => call('PUT', '/items/a', { body: 1, headers });
    expect((await put({ 'if-match': '*' })).status).toBe(412);
    expect((await put({ 'if-none-match': '*' })).status).toBe(200);
    expect((await put({ 'if-none-match': '*' })).status).toBe(412);
    await call('DELETE', '/items/a');
    expect((await put({ 'if-match': '*' })).status).toBe(412);
    expect((await call('GET', '/items/a', { headers: { 'if-none-match': '*' } })).status).toBe(404);
    expect((await put({ 'if-none-match': '*' })).status).toBe(200);
  });

  it('of two writers who have seen the same version hold for one', async () => {
    const { at, etag, mumbai, call } = await written();
    const before = mumbai.all().filter(({ id }) => id === 'a').length;
    const put = (n: number) => at('mumbai')('PUT', '/items/a', { body: n, headers: { 'if-match': etag } });
    const statuses = (await Promise.all([1, 2, 3, 4].map(put))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 412, 412, 412]);
    expect(mumbai.all().filter(({ id }) => id === 'a')).toHaveLength(before + 1);
    expect((await call('GET', '/items/a')).status).toBe(200);
  });

  it('do not stand in the way of a retry, whose first try has changed the item', async () => {
    const { call, etag } = await written();
    const put = () => call('PUT', '/items/a', { body: 2, headers: { 'if-match': etag, 'idempotency-key': 'k' } });
    const first = await put();
    expect(first.status).toBe(200);
    expect(await put()).toMatchObject({ status: 200, headers: { 'idempotency-replayed': 'true' }, body: first.body });
  });

  it('that a writer died behind let the next one through', async () => {
    const { call, etag, mumbai, clock } = await written();
    const put = () => call('PUT', '/items/a', { body: 2, headers: { 'if-match': etag } });
    dieBeforeTheVersion(mumbai);
    expect((await put()).status).toBe(500);
    jest.restoreAllMocks();
    expect((await put()).status).toBe(412);
    await clock.advance(5_000);
    expect((await put()).status).toBe(200);
  });

  it('let nobody finish a write whose place another one has taken since', async () => {
    const { call, etag, mumbai, clock } = await written();
    const put = (body: number, key: string) =>
      call('PUT', '/items/a', { body, headers: { 'if-match': etag, 'idempotency-key': key } });
    dieBeforeTheVersion(mumbai);
    expect((await put(2, 'k2')).status).toBe(500);
    jest.restoreAllMocks();
    await clock.advance(5_000);
    const other = await put(3, 'k3');
    expect(other.status).toBe(200);
    for (let tries = 0; tries < 2; tries += 1) {
      expect(await put(2, 'k2')).toMatchObject({ status: 412, headers: { etag: other.headers['etag'] } });
    }
    expect(await put(3, 'k3')).toMatchObject({ status: 200, headers: { 'idempotency-replayed': 'true' } });
    expect(mumbai.all().filter(({ id }) => id === 'a')).toHaveLength(2);
  });

  it('let a retry finish what a crash has left, under its stamp, while nobody has taken its place', async () => {
    const { call, etag, mumbai, clock } = await written();
    const put = () => call('PUT', '/items/a', { body: 2, headers: { 'if-match': etag, 'idempotency-key': 'k' } });
    dieBeforeTheVersion(mumbai);
    expect((await put()).status).toBe(500);
    jest.restoreAllMocks();
    await clock.advance(6_000);
    await call('PUT', '/items/a', { body: 3 });
    const stamp = String(mumbai.all().find(({ id }) => id.startsWith('control-key'))?.['stamp']);
    expect(await put()).toMatchObject({ status: 200, body: { timestamp: stamp } });
    expect((await call('GET', '/items/a')).body['value']).toBe(3);
  });

  it('let a retry finish only what began in its own region', async () => {
    const { at, etag, mumbai, singapore, replicate, clock } = await written();
    replicate();
    const headers = { 'if-match': etag };
    const keyed = { body: 2, headers: { ...headers, 'idempotency-key': 'k' } };
    dieBeforeTheVersion(mumbai);
    expect((await at('mumbai')('PUT', '/items/a', keyed)).status).toBe(500);
    replicate();
    await clock.advance(6_000);
    // The retry begins its own in the other region and dies as well: both regions have a use of the key on record.
    dieBeforeTheVersion(singapore);
    expect((await at('singapore')('PUT', '/items/a', keyed)).status).toBe(500);
    jest.restoreAllMocks();
    expect((await at('mumbai')('PUT', '/items/a', { body: 3, headers })).status).toBe(200);
    const retried = await at('singapore')('PUT', '/items/a', keyed);
    expect(retried).toMatchObject({ status: 200, body: { region: 'singapore' } });
    expect((await at('mumbai')('PUT', '/items/a', keyed)).status).toBe(412);
  });

  it('hold for one though another writer has claimed its place and written since the latest version was read', async () => {
    const { call, at, etag, mumbai } = await written();
    const real = mumbai.query.bind(mumbai);
    let others = 0;
    jest.spyOn(mumbai, 'query').mockImplementation(async (query, signal) => {
      const found = await real(query, signal);
      // Once the first has read the latest version, two others write one after the other.
      if (query.id === 'a' && query.limit === 1 && (others += 1) === 2) {
        const first = await at('mumbai')('PUT', '/items/a', { body: 2, headers: { 'if-match': etag } });
        expect(first.status).toBe(200);
        const next = { body: 3, headers: { 'if-match': first.headers['etag']! } };
        expect((await at('mumbai')('PUT', '/items/a', next)).status).toBe(200);
      }
      return found;
    });
    expect((await call('PUT', '/items/a', { body: 4, headers: { 'if-match': etag } })).status).toBe(412);
    expect((await call('GET', '/items/a')).body['value']).toBe(3);
  });

  it('make the write follow the version that they name, even one that arrives while the write is under way', async () => {
    const { call, etag, mumbai } = await written();
    const [seen] = mumbai.all().filter(({ id }) => id === 'a');
    // Of another region, whose clock is ahead.
    const named = `${etag.slice(1, 20)}.999Z#singapore#0000000f-000001`;
    const real = mumbai.query.bind(mumbai);
    jest.spyOn(mumbai, 'query').mockImplementationOnce(async (...query) => {
      const found = await real(...query);
      mumbai.apply({ ...seen!, timestamp: named, region: 'singapore', previous: etag.slice(1, -1) });
      return found;
    });
    const { status, body } = await call('PUT', '/items/a', { body: 2, headers: { 'if-match': `"${named}"` } });
    expect(status).toBe(200);
    expect(String(body['timestamp']) > named).toBe(true);
    expect(mumbai.all().find(({ timestamp }) => timestamp === body['timestamp'])).toMatchObject({ previous: named });
  });

  it('hold in the region that is asked, and both writes of two regions are kept and named', async () => {
    const { at, etag, replicate } = await written();
    replicate();
    for (const region of ['mumbai', 'singapore'] as const) {
      expect((await at(region)('PUT', '/items/a', { body: [region], headers: { 'if-match': etag } })).status).toBe(200);
    }
    replicate();
    const { body } = await at('mumbai')('GET', '/items/a/versions');
    const named = (body['versions'] as { conflictsWith?: string[] }[]).map(
      ({ conflictsWith }) => conflictsWith?.length,
    );
    expect(named).toEqual([1, 1, undefined]);
  });
});

describe('methods', () => {
  it('HEAD is GET without a body', async () => {
    const { call } = await written();
    for (const path of ['/items/a', '/items/a/versions', '/items/none', '/items/%', '/nothing', '/ready']) {
      const [get, head] = [await call('GET', path), await call('HEAD', path)];
      expect([head.status, head.headers, head.text]).toEqual([get.status, get.headers, '']);
    }
  });

  const ITEM = 'GET, HEAD, PUT, DELETE, OPTIONS';
  const READ = 'GET, HEAD, OPTIONS';
  it.each([
    ['/items/a', ITEM],
    ['/items/a/versions', READ],
    ['/ready', READ],
  ])('OPTIONS %s tells what is allowed, and so does 405', async (path, allow) => {
    const { call } = await written();
    expect(await call('OPTIONS', path)).toMatchObject({ status: 204, headers: { allow }, text: '' });
    for (const method of ['POST', 'PATCH', 'TRACE', 'get', '']) {
      expect(await call(method, path)).toMatchObject({ status: 405, headers: { allow } });
    }
  });

  it('all need the key on /items, and none on /ready', async () => {
    const auth = { secrets: new FakeSecrets('{"current":"one"}'), secretName: 's' };
    const call = system({ auth }).at('mumbai');
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'POST']) {
      const refused = await call(method, '/items/a', { body: 1 });
      expect([refused.status, refused.headers['allow']]).toEqual([401, undefined]);
    }
    expect((await call('OPTIONS', '/items/a', { headers: { authorization: 'Bearer one' } })).status).toBe(204);
    for (const method of ['GET', 'HEAD']) expect((await call(method, '/ready')).status).toBe(200);
  });

  it.each(['Bearer one two', 'Bearer one,', 'Bearer one Bearer one', 'Bearer', 'one', 'Basic one', 'Bearer  '])(
    'fails with 401 for authorization: %s',
    async (authorization) => {
      const auth = { secrets: new FakeSecrets('{"current":"one"}'), secretName: 's' };
      const call = system({ auth }).at('mumbai');
      expect((await call('GET', '/items/a', { headers: { authorization } })).status).toBe(401);
    },
  );

  it.each(['Bearer one', 'bearer one', ' BEARER  one '])('lets authorization in: %s', async (authorization) => {
    const auth = { secrets: new FakeSecrets('{"current":"one"}'), secretName: 's' };
    expect((await system({ auth }).at('mumbai')('GET', '/items/a', { headers: { authorization } })).status).toBe(404);
  });
});
