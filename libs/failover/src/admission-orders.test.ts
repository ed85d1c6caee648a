// Orders: numbers without a clock, one winner, and an honest answer to the tool that waits.
import { CONTROL_ID, orderKey, stateKey } from '@dr/contracts/system';
import type { OrderRecord, StateRecord } from '@dr/contracts/system';
import { hasExpired, nextOrderNumber, openOrder, orderStatus, overruling } from './admission-orders';

const order = (kind: OrderRecord['kind'], number: number, overrides: Partial<OrderRecord> = {}): OrderRecord => ({
  id: CONTROL_ID,
  timestamp: orderKey('a', 'b'),
  writer: 'a',
  target: 'b',
  kind,
  number,
  expiresAtMs: 1000,
  ...overrides,
});

const state = (overrides: Partial<StateRecord> = {}): StateRecord => ({
  id: CONTROL_ID,
  timestamp: stateKey('b'),
  region: 'b',
  version: 1,
  sequence: 1,
  beatAtMs: 0,
  state: 'serving',
  leaving: null,
  leavingSinceMs: null,
  closed: 0,
  reached: true,
  lastProbeAtMs: 0,
  grants: {},
  ...overrides,
});

describe('numbers', () => {
  it('is one more than any known for the target, from orders and from what the target decided', () => {
    const states = [state({ closed: 4 }), state({ region: 'c', closed: 90 })];
    expect(nextOrderNumber({ orders: [], states: [] }, 'b')).toBe(1);
    expect(
      nextOrderNumber({ orders: [order('evacuate', 2), order('evacuate', 70, { target: 'c' })], states }, 'b'),
    ).toBe(5);
    expect(nextOrderNumber({ orders: [order('evacuate', 6)], states }, 'b')).toBe(7);
    expect(nextOrderNumber({ orders: [], states: [state({ leaving: 8 })] }, 'b')).toBe(9);
  });

  it('lets the larger number win, and readmit at equal number', () => {
    const [evacuate, readmit, later] = [
      order('evacuate', 3),
      order('readmit', 3, { writer: 'c' }),
      order('evacuate', 4),
    ];
    expect(openOrder([evacuate, readmit], 'b', 2)).toBe(readmit);
    expect(openOrder([readmit, later, evacuate], 'b', 2)).toBe(later);
    expect(openOrder([evacuate, readmit], 'b', 3)).toBeUndefined();
    expect(openOrder([evacuate], 'c', 0)).toBeUndefined();
    expect(overruling([evacuate, readmit], 'b', 3)).toBe(readmit);
    expect(overruling([evacuate], 'b', 3)).toBeUndefined();
  });

  it('expires with the longest of equal orders, and never when the order is gone', () => {
    const pair = [order('evacuate', 3), order('evacuate', 3, { writer: 'c', expiresAtMs: 2000 })];
    expect([999, 1000, 2000].map((now) => hasExpired(pair, 'b', 3, now))).toEqual([false, false, true]);
    expect(hasExpired([], 'b', 3, 9999)).toBe(false);
  });
});

describe('what the tool may say', () => {
  const refused = { number: 3, kind: 'evacuate', outcome: 'refused', reason: 'nobody else serves' } as const;
  const rows: [string, StateRecord | undefined, OrderRecord[], string][] = [
    ['pending while the target has no record', undefined, [], 'pending'],
    ['pending while the target has closed less', state({ closed: 2, leaving: 3 }), [], 'pending'],
    ['as the target decided it', state({ closed: 3, lastOrder: refused }), [], 'refused'],
    [
      'superseded when the target decided a later one',
      state({ closed: 4, lastOrder: { ...refused, number: 4 } }),
      [],
      'superseded',
    ],
    [
      'superseded when a readmit of the same number was decided',
      state({ closed: 3, lastOrder: { ...refused, kind: 'readmit' } }),
      [],
      'superseded',
    ],
    ['superseded when a later one waits', state(), [order('readmit', 4)], 'superseded'],
    [
      'superseded when a readmit of the same number waits',
      state(),
      [order('readmit', 3, { writer: 'c' })],
      'superseded',
    ],
    ['pending beside an equal order from elsewhere', state(), [order('evacuate', 3, { writer: 'c' })], 'pending'],
  ];
  test.each(rows)('%s', (_, target, others, status) => {
    const mine = order('evacuate', 3);
    expect(orderStatus(mine, target, [mine, ...others]).status).toBe(status);
  });
});
