// The store under dynalite: values and marks of each replica, packed or not, and what equal replicas take together.
import fc from 'fast-check';
import { DynamoEngine } from './engine';
import { toAttributes } from './items';
import { OrderedStore, replicaRows, type RangeOptions } from './store';

const TABLE = {
  name: 'orders',
  hashKey: 'id',
  rangeKey: 'timestamp',
  attributes: [
    { name: 'id', type: 'S' },
    { name: 'timestamp', type: 'S' },
  ],
  indexes: [],
  onDemand: true,
} as unknown as Parameters<DynamoEngine['createTable']>[0];

/** Every key belongs to a block that is packed most of the time. */
const SMALL = { blockEntries: 2, openBlocks: 1 };
const REPLICAS = 3;

type Step = (stores: readonly OrderedStore[], plain: readonly Map<string, Plain>[]) => void;
interface Plain {
  readonly value?: unknown;
  readonly mark?: string | undefined;
}

const key = fc.nat(12).map((number) => `k${String(number).padStart(2, '0')}`);
const step: fc.Arbitrary<Step> = fc
  .record({
    slot: fc.nat(REPLICAS - 1),
    at: key,
    value: fc.nat(2),
    mark: fc.option(fc.constantFrom('1.5 0', '2.25 1')),
    does: fc.nat(2),
  })
  .map(({ slot, at, value, mark, does }) => (stores, plain) => {
    const [store, kept] = [stores[slot] as OrderedStore, plain[slot] as Map<string, Plain>];
    const given = mark ?? undefined;
    const marked = given ?? kept.get(at)?.mark;
    if (does === 0) {
      store.write(at, { value }, given);
      kept.set(at, { value: { value }, mark: marked });
    } else if (does === 1) {
      store.remove(at, given);
      kept.set(at, { mark: marked });
    } else if (given !== undefined) {
      store.mark(at, given);
      kept.set(at, { ...kept.get(at), mark: given });
    }
  });

/** As `visit` shows them, which ends after `most`. */
function shown(store: OrderedStore, range: RangeOptions, most = Infinity): (readonly [string, unknown])[] {
  const entries: (readonly [string, unknown])[] = [];
  store.visit(range, (at, text) => entries.push([at, JSON.parse(text)]) < most);
  return entries;
}

describe('OrderedStore', () => {
  it('keeps what each replica wrote, removed and marked, packed or not', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100, size: 'max' }), (steps) => {
        const rows = replicaRows(SMALL);
        const stores = Array.from({ length: REPLICAS }, (_, slot) => new OrderedStore(rows, slot));
        const plain = stores.map(() => new Map<string, Plain>());
        for (const take of steps) take(stores, plain);
        for (const [slot, kept] of plain.entries()) {
          const store = stores[slot] as OrderedStore;
          const there = [...kept].filter(([, { value }]) => value !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
          expect(shown(store, {})).toEqual(there.map(([at, { value }]) => [at, value]));
          expect([...store.values({})]).toEqual(there.map(([, { value }]) => value));
          for (const [at, { value }] of kept) expect(store.read(at)).toEqual(value);
          for (const [at, { mark }] of kept) expect(store.markOf(at)).toBe(mark);
        }
      }),
    );
  });

  it('gives values of a range from either end, as many as are asked for, and none that were removed', () => {
    const store = new OrderedStore(replicaRows(SMALL));
    for (let at = 10; at < 40; at += 1) store.write(`k${at}`, at, '1 0');
    for (let at = 10; at < 40; at += 2) store.remove(`k${at}`);
    expect([...store.values({ gt: 'k11', lte: 'k19' })]).toEqual([13, 15, 17, 19]);
    const fromTheEnd = shown(store, { gte: 'k11', lt: 'k19', reverse: true, limit: 2 });
    expect(fromTheEnd.map(([, value]) => value)).toEqual([17, 15]);
    expect(shown(store, { limit: -1 })).toHaveLength(15);
    expect(shown(store, { limit: -1 }, 3)).toHaveLength(3);
    expect(shown(store, { limit: 0 })).toEqual([]);
  });

  it('tells of puts and dels, and of nothing else', () => {
    const store = new OrderedStore();
    const told: unknown[] = [];
    store.onChange = (...change) => void told.push(change);
    store.write('a', 1);
    store.put('a', 2);
    store.mark('a', 'm');
    store.del('a');
    store.remove('a');
    expect(told).toEqual([
      ['a', 2],
      ['a', undefined, 2],
    ]);
  });

  it('packs what two replicas both have about as small as what one has', () => {
    const bytesOf = (replicas: number): number => {
      const rows = replicaRows({ blockEntries: 32, openBlocks: 1 });
      const stores = Array.from({ length: replicas }, (_, slot) => new OrderedStore(rows, slot));
      // One after the other, as a replica that has been away catches up.
      for (const store of stores)
        for (let at = 0; at < 2_000; at += 1)
          store.write(`item-${at + 10_000}`, { id: `client-${at % 40}`, at: at * 7919 }, `${at * 1.37} 0`);
      return rows.use.packedBytes;
    };
    expect(bytesOf(2)).toBeLessThan(1.05 * bytesOf(1));
  });

  it('packs items of a few hundred characters into less than 70 bytes each, their keys and stamps included', () => {
    const rows = replicaRows({ openBlocks: 1 });
    const engine = new DynamoEngine('eu-west-1', () => undefined, new OrderedStore(rows));
    engine.createTable(TABLE);
    const count = 4_000;
    for (let at = 0; at < count; at += 1) {
      const [id, timestamp] = [`client-${at % 50}`, new Date(1.7e12 + at * 1_234_567).toISOString()];
      const item = toAttributes({
        id,
        timestamp,
        region: 'mumbai',
        previous: timestamp,
        json: JSON.stringify({ by: id, count: at }),
      });
      engine.apply('orders', `${id}/${Buffer.from(timestamp).toString('hex')}`, item, `${at * 12.345_678} 0`);
    }
    const { packedBytes, openBlocks } = rows.use;
    expect(openBlocks).toBe(1);
    expect(packedBytes / count).toBeLessThan(70);
  });
});

describe('the items of an engine', () => {
  it('are read anew by each loop, one by one, in order of their keys', () => {
    const engine = new DynamoEngine('eu-west-1', () => undefined);
    engine.createTable(TABLE);
    for (const id of ['c', 'a', 'b']) engine.apply('orders', id, toAttributes({ id, timestamp: 't' }));
    const items = engine.items('orders');
    const first = items[Symbol.iterator]();
    expect(first.next().value).toEqual({ id: { S: 'a' }, timestamp: { S: 't' } });
    engine.apply('orders', 'b', undefined, '2 0');
    expect([...items].map(({ id }) => id)).toEqual([{ S: 'a' }, { S: 'c' }]);
    expect([engine.stampOf('orders', 'b'), engine.stampOf('orders', 'c')]).toEqual(['2 0', undefined]);
  });
});
