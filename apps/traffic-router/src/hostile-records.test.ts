// traffic-router among records that somebody else has written: it serves as without them, and tells of them.
import { createHash } from 'node:crypto';
import { keyRecordId, successorRecordId } from '@dr/contracts/system';
import { IDEMPOTENCY_WINDOW_MS } from '@dr/failover';
import { hostileValue, spoiled } from '@dr/contracts/testing';
import { FakeClock, type Item } from '@dr/handler-core';
import * as fc from 'fast-check';
import { createRecords } from './stored-records';
import { pagesOf, system, type Call } from './testing/system';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const stampAt = (time: string, region = 'mumbai'): string => `${time}#${region}#0000000f-000001`;
const EARLIER = stampAt('2026-10-01T00:00:00.000Z');
const LATER = stampAt('2026-11-01T00:00:00.005Z');

const version: Item = { id: 'a', timestamp: LATER, region: 'mumbai', json: '"planted"', previous: EARLIER };
const keyed: Item = { ...version, idempotencyKey: hash('k1'), keyUsedAtMs: Date.UTC(2026, 10, 1) };
const use: Item = {
  id: keyRecordId(hash('k1')),
  timestamp: '000001#singapore',
  itemId: 'a',
  request: hash('PUT\na\n1'),
  stamp: LATER,
  previous: EARLIER,
  atMs: Date.UTC(2026, 10, 1),
};
const successor: Item = {
  id: successorRecordId('a'),
  timestamp: 'mumbai',
  version: 1,
  after: EARLIER,
  stamp: LATER,
  atMs: Date.UTC(2026, 10, 1),
  key: hash('k1'),
};

const FAR = '9998-12-31T00:00:00.000Z';
const sortKey = fc.oneof(
  fc.constantFrom('zzz', '~', `${LATER}\u0000`, `${LATER} `, LATER.toLowerCase(), 'x'.repeat(1_000), stampAt(FAR)),
  fc.constantFrom('999999#mumbai', '000001#', '1000000#mumbai', `${FAR}#mumbai`, '000002#mumbai', '\u001b[2J'),
  fc.string({ minLength: 1, maxLength: 30 }),
);
/** What each of the three readers must refuse; and records in places that nobody reads. */
const planted: fc.Arbitrary<Item> = fc.oneof(
  fc.constantFrom(version, keyed, use, successor).chain(spoiled),
  fc.tuple(fc.constantFrom(version, keyed, use), sortKey).map(([item, timestamp]) => ({ ...item, timestamp })),
  fc
    .tuple(fc.constantFrom({ ...version, json: undefined }, use, successor), fc.dictionary(fc.string(), hostileValue))
    .map(([item, fields]) => ({ ...item, ...withoutKey(fields) })),
  fc.constantFrom<Item>(
    { ...use, atMs: 1e15 },
    { ...use, stamp: stampAt(FAR) },
    { ...successor, version: 1e100 },
    { ...successor, stamp: EARLIER },
    { ...version, region: 'singapore' },
    { ...version, deleted: true },
    { ...version, json: '}{' },
  ),
);
const withoutKey = (fields: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !['id', 'timestamp', '__proto__'].includes(name)));

/** Whether it is as the function itself writes it: then nobody can tell it from its own. */
function isFit(item: Item): boolean {
  const records = createRecords(new FakeClock(), () => undefined);
  if (item.id === use.id) return records.keyUses([item]).length > 0;
  if (item.id === successor.id) return records.successor(item).record !== undefined;
  return records.versions([item]).length > 0;
}

interface Step {
  readonly method: string;
  readonly key: string | undefined;
  readonly isConditional: boolean;
  readonly body: number;
  readonly limit: number;
  readonly waitMs: number;
}
const step: fc.Arbitrary<Step> = fc.record({
  method: fc.constantFrom('PUT', 'PUT', 'PUT', 'DELETE', 'GET', 'HISTORY'),
  key: fc.constantFrom('k1', 'k1', undefined),
  isConditional: fc.boolean(),
  body: fc.constantFrom(1, 1, 2),
  limit: fc.constantFrom(1, 2, 100),
  waitMs: fc.constantFrom(0, 1, 6_000, IDEMPOTENCY_WINDOW_MS + 1),
});

const callOf = (
  { method, key, isConditional, body, limit }: Step,
  etag: string | undefined,
): [string, string, Call] => {
  const headers = {
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(isConditional && etag !== undefined ? { 'if-match': etag } : {}),
  };
  if (method === 'HISTORY') return ['GET', '/items/a/versions', { query: { limit: String(limit) } }];
  return [method, '/items/a', method === 'PUT' ? { headers, body } : { headers }];
};

test('whatever is in the table, it answers as it would without it, and tells of it', async () => {
  let told = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.array(planted, { maxLength: 3 }), step), { maxLength: 12 }),
      async (steps) => {
        const [control, attacked] = [system(), system()];
        const [expected, given] = [control.at('mumbai'), attacked.at('mumbai')];
        for (const [items, one] of steps) {
          for (const item of items) {
            const isTaken = control.mumbai.all().some((own) => own.id === item.id && own.timestamp === item.timestamp);
            if (!isFit(item) && (!isTaken || item.id === successor.id)) attacked.mumbai.apply(item);
          }
          const { etag } = (await expected('GET', '/items/a')).headers;
          expect((await given('GET', '/items/a')).headers['etag']).toBe(etag);
          const call = callOf(one, etag);
          const { status, headers, text } = await expected(...call);
          expect(await given(...call)).toMatchObject({ status, headers, text });
          for (const { clock } of [control, attacked]) await clock.advance(one.waitMs);
        }
        const named = attacked.lines.filter((line) => line.includes('records of items that cannot be read'));
        expect(attacked.lines.filter((line) => line.includes('BadRecords')).length > 0 || named.length === 0).toBe(
          true,
        );
        expect(control.lines.filter((line) => line.includes('cannot be read'))).toEqual([]);
        told += named.length;
      },
    ),
    { numRuns: 200 },
  );
  // Else the property would say nothing.
  expect(told).toBeGreaterThan(100);
}, 60_000);

test('whatever becomes of its own records, it answers every request, and the latest is the first of the history', async () => {
  const change = fc.record({ at: fc.nat(), spoiledBy: fc.infiniteStream(hostileValue), name: fc.nat() });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(change, step), { minLength: 1, maxLength: 12 }), async (steps) => {
      const { at, mumbai, clock } = system();
      const call = at('mumbai');
      for (const [{ at: which, spoiledBy, name }, one] of steps) {
        const own = mumbai.all()[which % Math.max(1, mumbai.all().length)];
        const fields = Object.keys(own ?? {}).filter((field) => field !== 'id' && field !== 'timestamp');
        const value = spoiledBy.next().value as unknown;
        if (own) mumbai.apply({ ...own, [String(fields[name % fields.length])]: value });
        const latest = await call('GET', '/items/a');
        const reply = await call(...callOf(one, latest.headers['etag']));
        expect([200, 404, 412, 422]).toContain(reply.status);
        const first = (await pagesOf(call, 'a', 100)).entries;
        for (const limit of [1, 3]) expect((await pagesOf(call, 'a', limit)).entries).toEqual(first);
        const plain = await call('PUT', '/items/a', { body: 7 });
        const shown = await call('GET', '/items/a');
        expect([plain.status, shown.body['timestamp'], shown.body['value']]).toEqual([200, plain.body['timestamp'], 7]);
        await clock.advance(one.waitMs);
      }
    }),
    { numRuns: 100 },
  );
}, 60_000);

test.each([
  [
    'a stamp of 2,000 characters',
    { ...use, timestamp: '000001#mumbai', stamp: stampAt('2026-11-01T00:00:00.000Z', 'x'.repeat(2_000)) },
  ],
  ['a stamp that is none', { ...use, timestamp: '000001#mumbai', stamp: 'garbage' }],
  ['a use in times to come', { ...use, timestamp: '000001#mumbai', request: hash('other'), atMs: 1e15 }],
  ['the last number of a use', { ...use, timestamp: '999999#mumbai', atMs: 'x' }],
  ['a place behind all others', { ...use, timestamp: `${FAR}#mumbai` }],
])('a key works again and again beside %s', async (_name, item) => {
  const { at, mumbai, clock } = system();
  const call = at('mumbai');
  mumbai.apply(item);
  const put = (body: number) => call('PUT', '/items/b', { body, headers: { 'idempotency-key': 'k1' } });
  for (let n = 0; n < 3; n += 1) {
    const { status, body } = await put(n);
    expect([status, (await put(n)).body, (await put(9)).status]).toEqual([200, body, 422]);
    expect((await call('GET', '/items/b')).body).toMatchObject({ timestamp: body['timestamp'], value: n });
    await clock.advance(IDEMPOTENCY_WINDOW_MS + 1);
  }
});

test.each([
  ['without a stamp', { stamp: '' }],
  ['with a stamp of 2,000 characters', { stamp: 'x'.repeat(2_000) }],
  ['whose version is a text', { version: 'x' }],
  ['whose version is no count', { version: 1e100 }],
])('of four conditional writes at once one succeeds, beside a successor %s', async (_name, fields) => {
  const { at, mumbai } = system();
  const { etag } = (await at('mumbai')('PUT', '/items/a', { body: 0 })).headers;
  mumbai.apply({ ...successor, after: etag!.slice(1, -1), ...fields });
  const put = (body: number) => at('mumbai')('PUT', '/items/a', { body, headers: { 'if-match': etag! } });
  const statuses = (await Promise.all([1, 2, 3, 4].map(put))).map(({ status }) => status);
  expect(statuses.sort()).toEqual([200, 412, 412, 412]);
});

test('thousands of records cost a few reads, and each is named once', async () => {
  const { at, mumbai, lines, clock } = system();
  const call = at('mumbai');
  for (let n = 0; n < 3_000; n += 1) {
    mumbai.apply({ ...version, timestamp: `2026-11-01T00:00:00.001Z#${String(n).padStart(6, '0')}` });
    mumbai.apply({ ...use, timestamp: `2026-11-01T00:00:00.001Z#${String(n).padStart(6, '0')}` });
  }
  const readsOf = async (method: string, path: string, given: Call = {}): Promise<number> => {
    const before = mumbai.calls.length;
    expect((await call(method, path, given)).status).toBe(200);
    return mumbai.calls.slice(before).filter((name) => name === 'query').length;
  };
  const put = { body: 1, headers: { 'idempotency-key': 'k1' } };
  expect(await readsOf('PUT', '/items/a', put)).toBeLessThan(40);
  expect(await readsOf('GET', '/items/a')).toBeLessThan(30);
  expect(await readsOf('GET', '/items/a/versions')).toBeLessThan(40);
  await clock.advance(10_000);
  for (let n = 0; n < 3; n += 1) await call('GET', '/items/a/versions');
  const named = lines.flatMap((line) => (JSON.parse(line) as { records?: { key: string }[] }).records ?? []);
  expect(named.length).toBeGreaterThan(0);
  expect(new Set(named.map(({ key }) => key)).size).toBe(named.length);
  expect(lines.some((line) => line.includes('BadRecords'))).toBe(true);
});
