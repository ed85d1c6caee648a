// Properties of the comparison: what differs is named once and rightly, in whatever order pages come.
import fc from 'fast-check';
import { Comparison, ConflictFinder, differenceOf, isInFlight, type ReplicaItem } from './compare';
import { digest } from './digest';

const stampAt = (ms: number, region = 'mumbai'): string => `${new Date(ms).toISOString()}#${region}#0000000a-000001`;
const item = (id: string, ms: number, over: Record<string, unknown> = {}): ReplicaItem => ({
  id,
  timestamp: stampAt(ms, (over['region'] as string | undefined) ?? 'mumbai'),
  region: 'mumbai',
  value: 1,
  ...over,
});

const replicas = fc.array(
  fc.record({ id: fc.constantFrom('a', 'b', 'c'), ms: fc.nat(50), here: fc.nat(2), there: fc.nat(2) }),
  { maxLength: 30 },
);

it('names exactly the keys that differ, whatever order the pages come in', () => {
  fc.assert(
    fc.property(replicas, fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (rows, turns) => {
      const byKey = new Map(rows.map((row) => [`${row.id}${row.ms}`, row]));
      const side = (pick: 'here' | 'there'): ReplicaItem[] =>
        [...byKey.values()].filter((row) => row[pick] > 0).map((row) => item(row.id, row.ms, { value: row[pick] }));
      const left = side('here');
      const right = side('there').reverse();
      const comparison = new Comparison();
      for (const turn of [
        ...turns,
        ...Array.from({ length: 60 }, () => true),
        ...Array.from({ length: 60 }, () => false),
      ]) {
        const next = turn ? left.shift() : right.shift();
        if (next) turn ? comparison.addHere(next) : comparison.addThere(next);
      }
      const expected = [...byKey.values()].flatMap((row) => {
        if (row.here === row.there) return [];
        const kind = row.here === 0 ? 'missing-here' : row.there === 0 ? 'missing-there' : 'divergent';
        return [`${row.id} ${stampAt(row.ms)} ${kind}`];
      });
      const named = comparison.differences().map((d) => `${d.id} ${d.timestamp} ${d.kind}`);
      expect(named.sort()).toEqual(expected.sort());
    }),
  );
});

it('keeps nothing of what is equal', () => {
  const comparison = new Comparison();
  for (let ms = 0; ms < 100; ms += 1) {
    comparison.addHere(item('a', ms));
    comparison.addThere(item('a', ms));
  }
  expect(comparison.held).toBe(0);
  expect(comparison.itemsThere).toBe(100);
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

it.each([
  { ageMs: 9_999, flying: true },
  { ageMs: 10_000, flying: false },
])('says in flight = $flying at $ageMs ms of a settle time of 10 s', ({ ageMs, flying }) => {
  const now = Date.parse('2026-11-01T00:00:00Z');
  expect(isInFlight(item('a', now - ageMs), now, 10_000)).toBe(flying);
});

it('counts the conflicts of each id, and names no more than asked for', () => {
  const finder = new ConflictFinder(1);
  for (const id of ['a', 'b']) {
    finder.add(item(id, 1, { previous: null }));
    finder.add(item(id, 2, { previous: null, region: 'singapore' }));
  }
  finder.add(item('c', 1, { previous: null }));
  expect(finder.finish()).toEqual([{ id: 'a', earlier: stampAt(1), later: stampAt(2, 'singapore') }]);
  expect(finder.count).toBe(2);
});
