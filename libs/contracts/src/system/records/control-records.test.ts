// Reading control records: what cannot have been written by the system is named, and never thrown over.
import * as fc from 'fast-check';
import { orderKey, stateKey } from '../table';
import type { OrderRecord, StateRecord } from './control-readers';
import { hostileValue, spoiled, timesIn, withTime } from '../../testing/hostile';
import { MAX_ORDER_MS, MAX_ORDERS_AHEAD, readControlRecords } from './control-records';
import { CLOCK_SKEW_MS } from '../clock';
import { inOwnTime, withoutProofsAhead } from './own-times';
import { MAX_COUNT } from './readers';

const NOW_MS = Date.parse('2026-11-01T00:00:00.000Z');
const REGIONS = ['mumbai', 'singapore'];

const state = (over: Partial<StateRecord> = {}): StateRecord => ({
  id: 'control',
  timestamp: stateKey('mumbai'),
  region: 'mumbai',
  version: 7,
  sequence: 7,
  beatAtMs: NOW_MS,
  state: 'serving',
  leaving: null,
  leavingSinceMs: null,
  closed: 3,
  reached: true,
  lastProbeAtMs: NOW_MS,
  grants: { singapore: 2 },
  memory: {
    atMs: NOW_MS,
    aloneSinceMs: null,
    peers: {
      singapore: {
        sequence: 4,
        heardAtMs: NOW_MS,
        freshSinceMs: NOW_MS - 60_000,
        answeredAtMs: null,
        answeredServing: false,
        silentSinceMs: NOW_MS,
      },
    },
  },
  stateSinceMs: NOW_MS - 600_000,
  lastOrder: { number: 3, kind: 'readmit', outcome: 'obeyed', reason: 'the region is serving' },
  ...over,
});

const order = (over: Partial<OrderRecord> = {}): OrderRecord => ({
  id: 'control',
  timestamp: orderKey('singapore', 'mumbai'),
  writer: 'singapore',
  target: 'mumbai',
  kind: 'evacuate',
  number: 4,
  expiresAtMs: NOW_MS + 3_600_000,
  ...over,
});

const read = (...items: readonly object[]) =>
  readControlRecords(items as Parameters<typeof readControlRecords>[0], REGIONS, NOW_MS);

test('a record comes back as it is, without what it should not have', () => {
  expect(read({ ...state(), planted: 'x', constructor: 'y' }, order())).toMatchObject({
    states: [state()],
    orders: [order()],
    bad: [],
  });
});

test.each<[string, object, string]>([
  ['text as a version', { ...state(), version: '7' }, 'version is not a count'],
  ['no sequence', { ...state(), sequence: undefined }, 'sequence is missing'],
  ['a count beyond all counting', state({ closed: 1e100 }), 'closed is not a count'],
  ['another region under the key', state({ region: 'singapore' }), 'it speaks of something else than its key'],
  ['a state that is none', { ...state(), state: 'resting' }, 'state is not one of serving, evacuated, recovering'],
  ['a memory that is a list', { ...state(), memory: [] }, 'memory is not a record'],
  [
    'a peer without its times',
    { ...state(), memory: { ...state().memory, peers: { singapore: {} } } },
    'sequence is missing',
  ],
  ['a time that no date has', state({ beatAtMs: 9e15 }), 'beatAtMs is not a time'],
  ['an order number that shuts out all others', order({ number: Number.MAX_SAFE_INTEGER }), 'number is not a count'],
  [
    'an order number far ahead',
    order({ number: 4 + MAX_ORDERS_AHEAD }),
    'number is far beyond what its region has decided',
  ],
  ['an order without an end', order({ expiresAtMs: 8e15 }), 'expiresAtMs is more than a week away'],
])('%s is named', (_, record, why) => {
  const others = 'target' in record ? [state()] : [];
  const { bad, ...records } = read(record, ...others);
  expect(bad.map((one) => one.why)).toEqual([why]);
  expect([...records.orders, ...records.states]).toHaveLength(others.length);
});

test('a record of a region that the system does not have is left out, and nobody is told', () => {
  const foreign = { ...state(), timestamp: stateKey('atlantis'), region: 'atlantis' };
  expect(read(foreign, order({ writer: 'atlantis', timestamp: orderKey('atlantis', 'mumbai') }))).toMatchObject({
    states: [],
    orders: [],
    bad: [],
  });
});

test('an evacuation that is obeyed ends a week after its region has left, whatever has become of the order', () => {
  const forged = order({ number: 3, expiresAtMs: 8e15 });
  const { orders, bad } = read(state(), forged);
  expect(bad).toHaveLength(1);
  expect(orders).toEqual([{ ...forged, expiresAtMs: NOW_MS - 600_000 + MAX_ORDER_MS }]);
});

test('whatever is in the table, reading it throws nothing and gives only what its types say', () => {
  const item = fc.oneof(
    spoiled(state()),
    spoiled(order()),
    fc.record({ id: fc.constant('control'), timestamp: fc.string(), version: hostileValue }),
  );
  fc.assert(
    fc.property(fc.array(item, { maxLength: 5 }), (items) => {
      const { states, orders } = read(...items);
      for (const one of states) {
        expect(Number.isSafeInteger(one.version + one.sequence + one.closed + 1)).toBe(true);
        expect(() => new Date(one.beatAtMs).toISOString()).not.toThrow();
      }
      for (const one of orders) {
        expect(one.number).toBeLessThanOrEqual(MAX_COUNT);
        expect(one.expiresAtMs).toBeLessThan(NOW_MS + 2 * MAX_ORDER_MS);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('no time of a record of one’s own lies ahead, and none is changed that does not', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e6, max: 1e6 }), (stepMs) => {
      const nowMs = NOW_MS + stepMs;
      const times = (of: StateRecord): number[] =>
        [
          of.beatAtMs,
          of.lastProbeAtMs,
          of.stateSinceMs,
          of.memory?.atMs,
          of.memory?.peers['singapore']?.freshSinceMs,
        ].map(Number);
      const { record, bad } = inOwnTime(state(), nowMs);
      const [given, held] = [times(state()), times(record)];
      expect(held).toEqual(given.map((ms) => (ms <= nowMs + CLOCK_SKEW_MS ? ms : nowMs)));
      expect(bad.map(({ key }) => key)).toEqual(held.join() === given.join() ? [] : ['state#mumbai']);
    }),
  );
});

const common = { id: 'control', region: 'mumbai', version: 3 };
const PROOFS = {
  'run#mumbai': { ...common, startedAtMs: NOW_MS, finishedAtMs: NOW_MS, passed: true },
  'present#mumbai': {
    ...common,
    sinceMs: NOW_MS,
    untilMs: NOW_MS,
    sights: {
      singapore: { sequence: 1, sinceMs: NOW_MS, atMs: NOW_MS, found: { sequence: 1, atMs: NOW_MS } },
      frankfurt: { sequence: 1, sinceMs: NOW_MS, atMs: NOW_MS },
    },
  },
};

describe.each(Object.entries(PROOFS))('a proof of its own, %s,', (timestamp, proof) => {
  const proofsOf = (record: object, own = 'mumbai') => {
    const { presences, runs, bad } = withoutProofsAhead(read({ ...record, timestamp }), own, NOW_MS);
    return { trusted: [...presences, ...runs].length, bad };
  };

  it.each(timesIn(proof).map((path) => [path.join('.'), path] as const))('is none with %s to come', (_, path) => {
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 8.64e15 - NOW_MS }), (aheadMs) => {
        const isAhead = aheadMs > CLOCK_SKEW_MS;
        const { trusted, bad } = proofsOf(withTime(proof, path, NOW_MS + aheadMs));
        expect(trusted).toBe(isAhead ? 0 : 1);
        const why = `${path.at(-1)} lies in times to come`;
        expect(bad).toEqual(isAhead ? [{ key: timestamp, why, version: 3 }] : []);
      }),
      { numRuns: 50 },
    );
  });

  it('is left alone where another region reads it, by whose clock it was not written', () => {
    const [path = []] = timesIn(proof);
    expect(proofsOf(withTime(proof, path, 8e15), 'singapore')).toEqual({ trusted: 1, bad: [] });
  });
});
