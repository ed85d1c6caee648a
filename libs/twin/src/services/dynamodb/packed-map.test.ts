// An ordered map whose blocks are packed answers like one that keeps all as it is, and takes little memory.
import fc from 'fast-check';
import { PackedMap, type KeyRange, type PackedMapOptions } from './packed-map';

/** So small that a few entries are split, packed and unpacked. */
const SMALL: PackedMapOptions<unknown> = { blockEntries: 4, openBlocks: 2 };

/** What the map promises, kept plainly. */
class Plain {
  private entries: (readonly [string, unknown])[] = [];

  set(key: string, value: unknown): void {
    this.delete(key);
    this.entries.push([key, value]);
    this.entries.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  delete(key: string): void {
    this.entries = this.entries.filter(([one]) => one !== key);
  }

  get(key: string): unknown {
    return this.entries.find(([one]) => one === key)?.[1];
  }

  walk({ gt, gte, lt, lte, reverse }: KeyRange = {}): (readonly [string, unknown])[] {
    const isAbove = (key: string): boolean => (gt !== undefined ? key > gt : gte === undefined || key >= gte);
    const isBelow = (key: string): boolean => (lt !== undefined ? key < lt : lte === undefined || key <= lte);
    const found = this.entries.filter(([key]) => isAbove(key) && isBelow(key));
    return reverse ? found.reverse() : found;
  }
}

/** Close to each other, so that they meet; some are not well formed. */
const key = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '\n', '"', 'é', '\ud800', '\u{1f600}'), maxLength: 4 }),
  fc.nat(40).map((number) => `k${String(number).padStart(2, '0')}`),
);
const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.double({ noDefaultInfinity: true, noNaN: true }).filter((number) => !Object.is(number, -0)),
  fc.constant(null),
  fc.array(fc.nat()),
);
const bound = fc.option(key, { nil: undefined });
const range = fc
  .record({ gt: bound, gte: bound, lt: bound, lte: bound, reverse: fc.boolean() })
  .map((given) => Object.fromEntries(Object.entries(given).filter(([, one]) => one !== undefined)) as KeyRange);

type Step = (map: PackedMap<unknown>, plain: Plain) => void;

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(key, value).map(([at, what]): Step => (map, plain) => {
    map.set(at, what);
    plain.set(at, what);
  }),
  key.map((at): Step => (map, plain) => {
    map.delete(at);
    plain.delete(at);
  }),
  key.map(
    (at): Step =>
      (map, plain) =>
        expect(map.get(at)).toEqual(plain.get(at)),
  ),
  range.map(
    (within): Step =>
      (map, plain) =>
        expect([...map.walk(within)]).toEqual(plain.walk(within)),
  ),
);

const numbered = (number: number): string => `item-${String(number).padStart(6, '0')}`;

function filled(count: number, options?: PackedMapOptions<unknown>): PackedMap<unknown> {
  const map = new PackedMap<unknown>(options);
  for (let at = 0; at < count; at += 1) map.set(numbered((at * 7919) % count), { at, text: 'the same in each' });
  return map;
}

describe('PackedMap', () => {
  it('answers like a plain sorted list, whatever is put, taken away and asked', () => {
    let packed = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150, size: 'max' }), (steps) => {
        const [map, plain] = [new PackedMap<unknown>(SMALL), new Plain()];
        for (const take of steps) take(map, plain);
        expect([...map.walk()]).toEqual(plain.walk());
        packed += map.use.packedBlocks;
      }),
    );
    expect(packed).toBeGreaterThan(100);
  });

  it('comes by every key that stays, once and in order, while others come and go', () => {
    const changes = fc.array(fc.tuple(fc.boolean(), fc.nat(999)), { maxLength: 2_000, size: 'max' });
    fc.assert(
      fc.property(changes, fc.boolean(), (list, reverse) => {
        const map = new PackedMap<unknown>(SMALL);
        for (let at = 0; at < 1_000; at += 2) map.set(numbered(at), at);
        const stays = new Set([...map.walk()].map(([at]) => at));
        const seen: string[] = [];
        const rest = [...list];
        for (const [at] of map.walk({ reverse })) {
          seen.push(at);
          for (const [puts, number] of rest.splice(0, 5)) {
            if (puts) map.set(numbered(number), number);
            else stays.delete(numbered(number));
            if (!puts) map.delete(numbered(number));
          }
        }
        const inOrder = [...new Set(seen)].sort();
        expect(seen).toEqual(reverse ? inOrder.reverse() : inOrder);
        expect([...stays].filter((at) => !seen.includes(at))).toEqual([]);
      }),
    );
  });

  it('keeps no more blocks open than it may, and opens none for a walk', () => {
    const map = filled(1_000, { blockEntries: 8, openBlocks: 5 });
    const { use } = map;
    expect(use.openBlocks).toBe(5);
    expect(use.packedBlocks).toBeGreaterThan(100);
    expect([...map.walk()]).toHaveLength(1_000);
    expect(map.use).toEqual(use);
  });

  it('packs nothing while no more blocks are needed than may be open', () => {
    expect(filled(1_000, { blockEntries: 8, openBlocks: 250 }).use).toMatchObject({ packedBlocks: 0, packedBytes: 0 });
  });

  it('keeps open what is touched again and again', () => {
    const map = filled(1_000, { blockEntries: 8, openBlocks: 20 });
    map.get(numbered(500));
    const { packedBlocks } = map.use;
    for (let at = 0; at < 1_000; at += 1) {
      const before = map.use.packedBytes;
      map.get(numbered(500));
      expect(map.use.packedBytes).toBe(before);
      map.get(numbered(at));
    }
    expect(map.use.packedBlocks).toBe(packedBlocks);
  });

  it('leaves nothing when everything has been taken away', () => {
    const map = filled(500, { blockEntries: 8, openBlocks: 5 });
    for (let at = 0; at < 500; at += 1) map.delete(numbered(at));
    expect(map.use).toEqual({ openBlocks: 0, packedBlocks: 0, packedBytes: 0 });
    map.set('again', 1);
    expect([...map.walk()]).toEqual([['again', 1]]);
  });

  it('gives values back as they were, by way of their JSON', () => {
    const asText = { toJson: (value: unknown) => String(value), fromJson: (json: unknown) => BigInt(json as string) };
    const map = new PackedMap<unknown>({ ...SMALL, ...asText });
    for (let at = 0; at < 30; at += 1) map.set(numbered(at), BigInt(at) ** 20n);
    for (let at = 0; at < 30; at += 1) expect(map.get(numbered(at))).toBe(BigInt(at) ** 20n);
    expect([...map.walk({ gte: numbered(10), lt: numbered(12) })].map(([, one]) => one)).toEqual([
      10n ** 20n,
      11n ** 20n,
    ]);
  });
});
