// The latest version and the history say the same, at every page size; and what makes a range of the table run backwards.
import { IDEMPOTENCY_WINDOW_MS } from '@dr/failover';
import type { Item } from '@dr/handler-core';
import fc from 'fast-check';
import { pagesOf, system, type Region } from './testing/system';

it('is read after a keyed write that follows another version by more than the window', async () => {
  const { clock, at } = system();
  const call = at('mumbai');
  for (const key of [undefined, 'k1', 'k2', undefined, 'k3']) {
    await call('PUT', '/items/a', { body: [key ?? 0], headers: key ? { 'idempotency-key': key } : {} });
    await clock.advance(IDEMPOTENCY_WINDOW_MS + 60_000);
  }
  for (const limit of [1, 2, 3, 100]) expect((await pagesOf(call, 'a', limit)).entries).toHaveLength(5);
  expect((await call('GET', '/items/a')).status).toBe(200);
});

it('is read from any `before`, even one before all versions', async () => {
  const { at } = system();
  const call = at('mumbai');
  await call('PUT', '/items/a', { body: 1 });
  for (const before of ['1970-01-01T00:00:00.000Z#a#00000000-000000', '9999-12-30T00:00:00.000Z#z#ffffffff-999999']) {
    const { status, body } = await call('GET', '/items/a/versions', { query: { before } });
    expect([status, (body['versions'] as unknown[]).length]).toEqual([200, before.startsWith('9') ? 1 : 0]);
  }
});

const operation = fc.record({
  region: fc.constantFrom<Region>('mumbai', 'singapore'),
  key: fc.constantFrom('k1', 'k2', 'k3', undefined, undefined),
  body: fc.constantFrom(1, 2),
  deletes: fc.boolean(),
  replicate: fc.boolean(),
  waitMs: fc.oneof(fc.nat(3), fc.nat(IDEMPOTENCY_WINDOW_MS)),
});

it('begins with the latest version and names the same conflicts at every page size and in every region', async () => {
  let conflicts = 0;
  let repeats = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 40 }), async (operations) => {
      const { at, replicate, clock, mumbai } = system();
      for (const { region, key, body, deletes, replicate: replicates, waitMs } of operations) {
        const headers = key ? { 'idempotency-key': key } : {};
        const reply = await at(region)(
          deletes ? 'DELETE' : 'PUT',
          '/items/a',
          deletes ? { headers } : { headers, body },
        );
        expect([200, 422]).toContain(reply.status);
        if (replicates) replicate();
        await clock.advance(waitMs);
      }
      replicate();
      const whole = (await pagesOf(at('mumbai'), 'a', 100)).entries;
      conflicts += whole.filter(({ conflictsWith }) => conflictsWith).length;
      repeats += mumbai.all().filter(({ id }) => id === 'a').length - whole.length;
      for (const region of ['mumbai', 'singapore'] as const) {
        for (const limit of [1, 2, 7, 100]) expect((await pagesOf(at(region), 'a', limit)).entries).toEqual(whole);
        const latest = await at(region)('GET', '/items/a');
        if (whole[0]?.deleted) expect(latest.status).toBe(404);
        else expect(latest.body).toMatchObject({ timestamp: whole[0]?.timestamp, value: whole[0]?.value });
      }
      // Each names the other.
      for (const { timestamp, conflictsWith = [] } of whole) {
        for (const other of conflictsWith) {
          expect(whole.find((entry) => entry.timestamp === other)?.conflictsWith).toContain(timestamp);
        }
      }
    }),
    { numRuns: 60 },
  );
  // Else the property would say nothing.
  expect(Math.min(conflicts, repeats)).toBeGreaterThan(0);
});

it('shows the earlier of two that one retry has left, however many versions lie between', async () => {
  const { at, replicate } = system();
  const call = at('mumbai');
  const keyed = { body: 'null', headers: { 'idempotency-key': 'k' } };
  const first = await call('PUT', '/items/a', keyed);
  for (let n = 0; n < 300; n += 1) await call('PUT', '/items/a', { body: n });
  await at('singapore')('PUT', '/items/a', keyed);
  replicate();
  for (const region of ['mumbai', 'singapore'] as const) {
    expect((await at(region)('GET', '/items/a')).body['value']).toBe(299);
    const { entries } = await pagesOf(at(region), 'a', 50);
    expect(entries).toHaveLength(301);
    expect(entries.at(-1)?.timestamp).toBe(first.body['timestamp']);
  }
});

const retried = { body: 'null', headers: { 'idempotency-key': 'k' } };

/** Two regions have taken one retry; between the two somebody else has written. */
async function takenTwice() {
  const parts = system();
  const { at, clock, replicate } = parts;
  const first = await at('mumbai')('PUT', '/items/a', retried);
  await clock.advance(5);
  const between = await at('mumbai')('PUT', '/items/a', { body: 1 });
  await clock.advance(5);
  const second = await at('singapore')('PUT', '/items/a', retried);
  replicate();
  const [a, b, c] = [first, between, second].map(({ body }) => String(body['timestamp'])) as [string, string, string];
  return { ...parts, first: a, between: b, second: c };
}

it.each(['a', 'b'])('is the same however often the key is used later, on item %s', async (id) => {
  const { at, clock, first, between } = await takenTwice();
  const call = at('mumbai');
  const later: string[] = [];
  for (let n = 0; n < 70; n += 1) {
    await clock.advance(IDEMPOTENCY_WINDOW_MS + 1);
    later.unshift(String((await call('PUT', `/items/${id}`, { ...retried, body: n })).body['timestamp']));
  }
  const shown = [...(id === 'a' ? later : []), between, first];
  expect((await call('GET', '/items/a')).body['timestamp']).toBe(shown[0]);
  for (const limit of [1, 7, 100]) {
    const { entries } = await pagesOf(call, 'a', limit);
    expect(entries.map(({ timestamp }) => timestamp)).toEqual(shown);
  }
});

it('is the same in the latest and in all pages while the records of keys have not arrived, and without the repeat then', async () => {
  const { mumbai, first, between, second } = await takenTwice();
  const third = system();
  const [keys, versions] = [true, false].map((isKey) =>
    mumbai.all().filter(({ id }) => id.startsWith('control-key') === isKey),
  ) as [Item[], Item[]];
  const call = third.at('mumbai');
  const shows = async (expected: readonly string[]): Promise<void> => {
    expect((await call('GET', '/items/a')).body['timestamp']).toBe(expected[0]);
    for (const limit of [1, 2, 100]) {
      const { entries } = await pagesOf(call, 'a', limit);
      expect(entries.map(({ timestamp }) => timestamp)).toEqual(expected);
    }
  };
  for (const version of versions) third.mumbai.apply(version);
  await shows([second, between, first]);
  for (const use of keys) third.mumbai.apply(use);
  await shows([between, first]);
});

it('finds the latest below any number of repeats', async () => {
  const { at, replicate } = system();
  for (const region of ['mumbai', 'singapore'] as const) {
    for (let n = 0; n < 60; n += 1)
      await at(region)('PUT', '/items/a', { body: n, headers: { 'idempotency-key': `k${n}` } });
  }
  replicate();
  for (const region of ['mumbai', 'singapore'] as const) {
    expect((await at(region)('GET', '/items/a')).body['value']).toBe(59);
    const { entries } = await pagesOf(at(region), 'a', 1);
    expect(entries.map(({ value }) => value)).toEqual(Array.from({ length: 60 }, (_, n) => 59 - n));
  }
});
