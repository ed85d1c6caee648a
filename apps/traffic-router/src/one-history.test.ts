// One history, however it is read: long ones, keys that are used more often than is read of them, records that arrive in any order.
import { IDEMPOTENCY_WINDOW_MS } from '@dr/failover';
import type { Item, MemoryTable } from '@dr/handler-core';
import fc from 'fast-check';
import { pagesOf, system, type Call, type Entry, type Reply } from './testing/system';

type Ask = (method: string, path: string, call?: Call) => Promise<Reply>;
interface Replica {
  readonly name: string;
  readonly table: MemoryTable;
  readonly call: Ask;
}

/** Three regions; what is written in one arrives in another when it is delivered. */
function regions() {
  const [parts, third] = [system(), system()];
  const { clock } = parts;
  const replicas: readonly Replica[] = [
    { name: 'mumbai', table: parts.mumbai, call: parts.at('mumbai', { peers: [] }) },
    { name: 'singapore', table: parts.singapore, call: parts.at('singapore', { peers: [] }) },
    {
      name: 'seoul',
      table: third.mumbai,
      call: parts.at('mumbai', { peers: [], region: 'seoul', table: third.mumbai }),
    },
  ];
  const deliver = (to: Replica, picks: (item: Item) => boolean): void => {
    const arriving = replicas.flatMap(({ table }) => table.all()).filter((item) => isShared(item) && picks(item));
    for (const item of arriving) to.table.apply(item);
  };
  return { clock, replicas, deliver };
}

/** Any digit, the same for the same text. */
const digitOf = (text: string): number =>
  [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 10_007, 7) % 10;

const isKeyUse = ({ id }: Item): boolean => id.startsWith('control-key#');
const isShared = (item: Item): boolean => isKeyUse(item) || !item.id.startsWith('control');

const place = { replica: fc.nat(2), item: fc.constantFrom('a', 'a', 'b') };
const write = {
  ...place,
  key: fc.constantFrom('k1', 'k2', undefined),
  body: fc.constantFrom(1, 1, 2),
  deletes: fc.boolean(),
};
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('write' as const), ...write, waitMs: fc.nat(3) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('many' as const), ...place, count: fc.integer({ min: 10, max: 40 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('uses' as const), ...write, count: fc.constantFrom(1, 3, 36, 45) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('twice' as const),
      ...write,
      between: fc.oneof(fc.nat(3), fc.nat(40)),
      same: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      to: fc.nat(2),
      what: fc.constantFrom('versions', 'keys', 'all', 'some'),
      share: fc.nat(9),
    }),
  },
);

/** What a replica says of an item, which must be one thing. */
async function oneHistory({ call }: Replica, item: string): Promise<readonly Entry[]> {
  const { entries: whole } = await pagesOf(call, item, 100);
  for (const limit of [4, 17]) expect((await pagesOf(call, item, limit)).entries).toEqual(whole);
  const { headers, body, status } = await call('GET', `/items/${item}`);
  if (whole[0] === undefined || whole[0].deleted) expect(status).toBe(404);
  else expect([headers['etag'], body['value']]).toEqual([`"${whole[0].timestamp}"`, whole[0].value]);
  // Each names the other.
  const named = new Set(
    whole.flatMap(({ timestamp, conflictsWith = [] }) => conflictsWith.map((one) => `${timestamp} ${one}`)),
  );
  for (const pair of named) expect(named).toContain(pair.split(' ').reverse().join(' '));
  return whole;
}

/** The content of a use, so that a later one under the key is another write. */
const contentOf = (deletes: boolean, body: unknown): [string, Call] => (deletes ? ['DELETE', {}] : ['PUT', { body }]);

it('is the same in the latest and at every page size, at any time, and in every region in the end', async () => {
  const met = { repeats: 0, far: 0, keysLate: 0, manyUses: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 14 }), async (steps) => {
      const { clock, replicas, deliver } = regions();
      const uses = new Map<string, number>();
      const put = async (replica: Replica, item: string, key: string | undefined, [method, given]: [string, Call]) => {
        const headers = key === undefined ? {} : { 'idempotency-key': key };
        const { status } = await replica.call(method, `/items/${item}`, { ...given, headers });
        expect([200, 422]).toContain(status);
        if (key !== undefined && status === 200) uses.set(key, (uses.get(key) ?? 0) + 1);
      };
      for (const one of steps) {
        const replica = replicas[one.kind === 'deliver' ? one.to : one.replica] as Replica;
        if (one.kind === 'write') {
          await put(replica, one.item, one.key, contentOf(one.deletes, one.body));
          await clock.advance(one.waitMs);
        } else if (one.kind === 'many') {
          for (let n = 0; n < one.count; n += 1) await put(replica, one.item, undefined, ['PUT', { body: [n] }]);
        } else if (one.kind === 'twice') {
          // Before either has heard of the other.
          const other = replicas[(one.replica + 1) % replicas.length] as Replica;
          await put(replica, one.item, one.key ?? 'k3', contentOf(one.deletes, one.body));
          for (let n = 0; n < one.between; n += 1) await put(replica, one.item, undefined, ['PUT', { body: [n] }]);
          await clock.advance(one.between);
          await put(other, one.item, one.key ?? 'k3', contentOf(one.deletes, one.same ? one.body : 3));
        } else if (one.kind === 'uses') {
          for (let n = 0; n < one.count; n += 1) {
            await clock.advance(IDEMPOTENCY_WINDOW_MS + 1);
            await put(replica, one.item, one.key, contentOf(one.deletes, one.body));
          }
        } else {
          const { what, share } = one;
          deliver(replica, (item) => {
            if (what === 'some') return digitOf(`${item.id} ${item.timestamp} ${share}`) > 6;
            return what === 'all' || (what === 'keys') === isKeyUse(item);
          });
          if (what === 'versions') met.keysLate += 1;
          await oneHistory(replica, 'a');
        }
      }
      for (const replica of replicas) deliver(replica, () => true);
      const histories: (readonly Entry[])[] = [];
      for (const replica of replicas) histories.push(await oneHistory(replica, 'a'));
      for (const history of histories) expect(history).toEqual(histories[0]);
      const shown = histories[0] ?? [];
      const stored = replicas[0]?.table.all().filter(({ id }) => id === 'a').length ?? 0;
      met.repeats += stored - shown.length;
      met.manyUses += [...uses.values()].filter((count) => count > 32).length;
      const placeOf = new Map(shown.map(({ timestamp }, at) => [timestamp, at]));
      met.far += shown.filter(({ timestamp, conflictsWith = [] }) =>
        conflictsWith.some((other) => Math.abs((placeOf.get(other) ?? 0) - (placeOf.get(timestamp) ?? 0)) > 16),
      ).length;
    }),
    { numRuns: 60 },
  );
  // Else the property would say nothing.
  expect(Math.min(...Object.values(met))).toBeGreaterThan(0);
}, 120_000);
