// Digests, differences of one key, and conflicts found in a scan that may be interrupted.
import fc from 'fast-check';
import { IDEMPOTENCY_WINDOW_MS } from '@dr/failover';
import { differenceOf, type ReplicaItem } from './compare';
import { ConflictFinder, type ConflictState } from './conflict-finder';
import { digest } from './digest';

const stampAt = (ms: number, region = 'mumbai'): string => `${new Date(ms).toISOString()}#${region}#0000000a-000001`;
const item = (id: string, ms: number, over: Record<string, unknown> = {}): ReplicaItem => ({
  id,
  timestamp: stampAt(ms, (over['region'] as string | undefined) ?? 'mumbai'),
  region: 'mumbai',
  value: 1,
  ...over,
});

it('takes attributes in any order as the same item, and any change of a value as another', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      expect(digest({ value })).toBe(digest({ value: reversed }));
      expect(digest({ value })).not.toBe(digest({ value: { ...value, extra: 1 } }));
    }),
  );
});

it.each([
  { here: undefined, there: item('a', 1), kind: 'missing-here' },
  { here: item('a', 1), there: undefined, kind: 'missing-there' },
  { here: item('a', 1), there: item('a', 1, { value: 2 }), kind: 'divergent' },
  { here: item('a', 1), there: item('a', 1), kind: undefined },
  { here: undefined, there: undefined, kind: undefined },
])('classifies a key read again as $kind', ({ here, there, kind }) => {
  expect(differenceOf({ id: 'a', timestamp: stampAt(1) }, here, there)?.kind).toBe(kind);
});

it('counts the conflicts of each id, and names no more than asked for', () => {
  let finder = new ConflictFinder(1);
  for (const id of ['a', 'b', 'c']) {
    finder.add(item(id, 1, { previous: null }));
    // Interrupted within an item.
    finder = new ConflictFinder(1, JSON.parse(JSON.stringify(finder.snapshot())) as ConflictState);
    if (id !== 'c') finder.add(item(id, 2, { previous: null, region: 'singapore' }));
  }
  expect(finder.snapshot()).toMatchObject({
    count: 2,
    named: [{ id: 'a', earlier: stampAt(1), later: stampAt(2, 'singapore') }],
  });
});

it.each([
  ['a retry that two regions took', IDEMPOTENCY_WINDOW_MS, 0],
  ['a key that is used again much later', IDEMPOTENCY_WINDOW_MS + 1, 1],
])('takes %s for what it is', (_, afterMs, count) => {
  const finder = new ConflictFinder(5);
  finder.add(item('a', 0, { previous: null, idempotencyKey: 'k' }));
  finder.add(item('a', afterMs, { previous: null, idempotencyKey: 'k', region: 'singapore' }));
  expect(finder.snapshot().count).toBe(count);
});

it('remembers little of an item, however long its history is', () => {
  const finder = new ConflictFinder(5);
  for (let ms = 0; ms < 10_000; ms += 1) {
    finder.add(item('a', ms, { previous: ms === 0 ? null : stampAt(ms - 1), idempotencyKey: `key-${ms}` }));
  }
  expect(JSON.stringify(finder.snapshot()).length).toBeLessThan(4_000);
  expect(finder.snapshot().count).toBe(0);
});
