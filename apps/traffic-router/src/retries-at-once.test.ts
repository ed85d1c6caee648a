// Retries that meet: at once, by two regions, at the end of the window, and while a call of the table is late.
import { IDEMPOTENCY_WINDOW_MS } from '@dr/failover';
import type { FakeClock, MemoryTable, Table, TableQuery } from '@dr/handler-core';
import { pagesOf, system } from './testing/system';

const keyed = (body: unknown) => ({ body, headers: { 'idempotency-key': 'k' } });
const versionsIn = (table: MemoryTable) => table.all().filter(({ id }) => !id.startsWith('control'));

/** Answers `delayMs` late what is picked, though the caller may have given up. */
const lateTable = (
  table: MemoryTable,
  clock: FakeClock,
  delayMs: number,
  picks: (query: TableQuery) => boolean,
): Table => ({
  query: async (query) => {
    const found = await table.query(query);
    if (picks(query)) await new Promise<void>((resolve) => clock.after(delayMs, resolve));
    return found;
  },
  put: (item, condition) => table.put(item, condition),
  scan: (cursor) => table.scan(cursor),
});

it('several retries at once are one write', async () => {
  const { at, mumbai } = system();
  const put = () => at('mumbai')('PUT', '/items/a', keyed(1));
  const replies = await Promise.all([put(), put(), put(), put()]);
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(new Set(replies.map(({ body }) => body['timestamp'])).size).toBe(1);
  expect(versionsIn(mumbai)).toHaveLength(1);
});

it('of several requests with one key at once, one has it', async () => {
  const { at, mumbai } = system();
  const replies = await Promise.all([1, 2, 3, 4].map((body) => at('mumbai')('PUT', '/items/a', keyed(body))));
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422]);
  expect(versionsIn(mumbai)).toHaveLength(1);
});

it('a retry that two regions have taken is answered with the earlier version, which is the one that is shown', async () => {
  const { at, clock, replicate } = system();
  const first = await at('mumbai')('PUT', '/items/a', keyed(1));
  await clock.advance(10);
  await at('singapore')('PUT', '/items/a', keyed(1));
  replicate();
  for (const region of ['mumbai', 'singapore'] as const) {
    expect((await at(region)('PUT', '/items/a', keyed(1))).body['timestamp']).toBe(first.body['timestamp']);
    expect((await pagesOf(at(region), 'a', 10)).entries).toMatchObject([{ timestamp: first.body['timestamp'] }]);
  }
});

it('the window is judged when the table has answered', async () => {
  const { at, clock, mumbai } = system();
  await at('mumbai')('PUT', '/items/a', keyed(1));
  await clock.advance(IDEMPOTENCY_WINDOW_MS);
  const table = lateTable(mumbai, clock, 100, ({ id }) => id.startsWith('control-key'));
  const reply = await at('mumbai', { table })('PUT', '/items/a', keyed(2));
  expect([reply.status, versionsIn(mumbai).length]).toEqual([200, 2]);
});

it('a clock that was an hour ahead keeps no key for longer than the window', async () => {
  const { at, clock } = system();
  clock.stepWall(3_600_000);
  await at('mumbai')('PUT', '/items/a', keyed(1));
  clock.stepWall(-3_600_000);
  const again = await at('mumbai')('PUT', '/items/b', keyed(2));
  expect(again.status).toBe(200);
  expect((await at('mumbai')('PUT', '/items/b', keyed(2))).body).toEqual(again.body);
  await clock.advance(IDEMPOTENCY_WINDOW_MS + 1);
  expect((await at('mumbai')('PUT', '/items/b', keyed(3))).status).toBe(200);
});

it('a call that was given up takes no second stamp', async () => {
  const { at, clock, mumbai, singapore } = system();
  const table = lateTable(mumbai, clock, 800, ({ id }) => id === 'a');
  const reply = await at('mumbai', { table })('PUT', '/items/a', { body: 1 });
  expect([reply.status, reply.headers['x-data-region']]).toEqual([200, 'singapore']);
  await clock.advance(2_000);
  expect([versionsIn(mumbai).length, versionsIn(singapore).length]).toEqual([0, 1]);
});
