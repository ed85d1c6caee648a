// Failback by hand, row by row: what a region waits for, which order counts, and when it serves without one.
import type { StateRecord } from '@dr/contracts/system';
import { admit } from './admission';
import { NOW, ago, given, order, type Given } from './testing/admission-input';

const byHand = { failback: 'manual' } as const;
const BACK = { state: 'recovering' } as const;
/** Of `order` below, whose number is 3; the record has closed 2. */
const WAIT = { number: 40, sinceMs: ago(600) };
const WAITING = { ...BACK, wait: WAIT };
const readmit = (wait?: number) => order('readmit', 3, wait === undefined ? {} : { wait });
const AWAY = { beatAtMs: ago(43) };
/** Since the beat before. */
const UNREACHED = { unreachedSinceMs: ago(5) };

interface Row {
  readonly name: string;
  readonly given: Given;
  readonly next: Partial<StateRecord>;
  readonly reason: string;
  /** Of the order that the beat decides. */
  readonly outcome?: string;
}

const row = (name: string, on: Given, next: Partial<StateRecord>, reason: string, outcome?: string): Row => ({
  name,
  given: { ...on, input: { ...byHand, ...on.input } },
  next,
  reason,
  ...(outcome === undefined ? {} : { outcome }),
});

const ordered = (...orders: ReturnType<typeof order>[]) => ({ input: { orders } });

const rows: readonly Row[] = [
  row('caught up', { me: BACK, freshFor: 60 }, { ...BACK, wait: { number: 71, sinceMs: NOW } }, 'waits'),
  row('not caught up yet', { me: BACK, freshFor: 59 }, BACK, 'catching-up'),
  row(
    'not reached',
    { me: BACK, freshFor: 60, input: { routerWorks: false } },
    { ...BACK, ...UNREACHED },
    'catching-up',
  ),
  row('waits on', { me: WAITING, freshFor: 60 }, WAITING, 'waiting'),
  row('waits on while the peer is late', { me: WAITING, freshFor: 0 }, WAITING, 'waiting'),
  row('ordered', { me: WAITING, freshFor: 60, ...ordered(readmit(40)) }, { state: 'serving' }, 'readmitted', 'obeyed'),
  row(
    'ordered while the peer is late',
    { me: WAITING, freshFor: 0, ...ordered(readmit(40)) },
    { ...BACK, readmitted: 3 },
    'order-done',
    'obeyed',
  ),
  row(
    'ordered, and caught up now',
    { me: { ...BACK, readmitted: 3 }, freshFor: 60 },
    { state: 'serving' },
    'readmitted',
  ),
  row(
    'ordered before it had caught up',
    { me: BACK, freshFor: 0, ...ordered(readmit()) },
    BACK,
    'order-refused',
    'refused',
  ),
  row(
    'ordered before it had caught up, at the beat at which it has',
    { me: BACK, freshFor: 60, ...ordered(readmit()) },
    { ...BACK, wait: { number: 71, sinceMs: NOW } },
    'waits',
    'refused',
  ),
  row(
    'ordered for an earlier wait',
    { me: WAITING, freshFor: 60, ...ordered(readmit(12)) },
    WAITING,
    'order-refused',
    'refused',
  ),
  row('ordered for no wait', { me: WAITING, freshFor: 60, ...ordered(readmit()) }, WAITING, 'order-refused', 'refused'),
  row(
    'ordered twice under one number, once for an earlier wait',
    { me: WAITING, freshFor: 60, ...ordered(readmit(12), { ...readmit(40), writer: 'mumbai', expiresAtMs: NOW }) },
    { state: 'serving' },
    'readmitted',
    'obeyed',
  ),
  row('away again while it waited', { me: { ...WAITING, ...AWAY }, freshFor: 0 }, BACK, 'catching-up'),
  row(
    'away again, and then the order for the wait before',
    { me: { ...WAITING, ...AWAY }, freshFor: 0, ...ordered(readmit(40)) },
    BACK,
    'order-refused',
    'refused',
  ),
  row('away again after it was ordered', { me: { ...BACK, readmitted: 3, ...AWAY }, freshFor: 0 }, BACK, 'catching-up'),
  row('the last one', { me: WAITING, peer: 'quiet' }, { state: 'serving' }, 'returned-unasked'),
  row('the last one, not caught up', { me: BACK, peer: 'not' }, { state: 'serving' }, 'returned-unasked'),
  row('the last one, not sure yet', { me: WAITING, peer: 'unknown' }, WAITING, 'waiting'),
  row(
    'the last one, and not reached',
    { me: WAITING, peer: 'quiet', input: { probeAtMs: ago(11), routerWorks: false } },
    { ...WAITING, ...UNREACHED },
    'waiting',
  ),
  row('new', { me: { ...BACK, firstStart: true }, freshFor: 0 }, { state: 'serving' }, 'caught-up'),
  row(
    'ordered out while it waits',
    { me: WAITING, freshFor: 60, ...ordered(order('evacuate', 3)) },
    { state: 'evacuated' },
    'left',
    'obeyed',
  ),
  row(
    'evacuated, readmitted',
    { me: { state: 'evacuated' }, freshFor: 60, ...ordered(readmit()) },
    { ...BACK, readmitted: 3 },
    'readmitted',
    'obeyed',
  ),
  row(
    'evacuated, a late order for a wait that is over',
    { me: { state: 'evacuated' }, freshFor: 60, ...ordered(readmit(40)) },
    { state: 'evacuated' },
    'order-refused',
    'refused',
  ),
  row(
    'evacuated, the order has expired',
    { me: { state: 'evacuated' }, freshFor: 60, ...ordered(order('evacuate', 2, { expiresAtMs: NOW - 1 })) },
    BACK,
    'order-expired',
    'spent',
  ),
  row('serving, its router broken', { input: { routerWorks: false } }, { state: 'serving', ...UNREACHED }, 'steady'),
  row(
    'serving, its router mended within W',
    { me: { unreachedSinceMs: ago(42) }, freshFor: 90 },
    { state: 'serving' },
    'steady',
  ),
  row('serving, its router mended after W', { me: { unreachedSinceMs: ago(43) }, freshFor: 90 }, BACK, 'back-behind'),
  row(
    'the last one, its router mended after W',
    { me: { unreachedSinceMs: ago(43) }, peer: 'quiet' },
    { state: 'serving' },
    'back-caught-up',
  ),
  row('serving, readmitted', ordered(readmit()), { state: 'serving' }, 'order-done', 'obeyed'),
];

const RETURN = ['wait', 'readmitted', 'unreachedSinceMs'] as const;

test.each(rows.map((one) => [one.name, one] as const))('%s', (_, { given: on, next, reason, outcome }) => {
  const decision = admit(given(on));
  expect(decision.reason).toBe(reason);
  expect(decision.next).toMatchObject(next);
  for (const field of RETURN) expect(decision.next[field]).toEqual(next[field]);
  expect(decision.closedOrders.at(-1)?.outcome).toBe(outcome);
});

test('people are told when a region takes over without an order', () => {
  expect(admit(given({ me: WAITING, peer: 'quiet', input: byHand })).notify).toMatch(
    /^mumbai returned to service without an order: no other region serves \(singapore is silent\)$/,
  );
});

test('a stack that goes back to automatic failback lets the region serve, and forgets the wait', () => {
  const { next, reason } = admit(given({ me: WAITING, freshFor: 60 }));
  expect(reason).toBe('caught-up');
  expect(next).toMatchObject({ state: 'serving' });
  expect(next.wait).toBeUndefined();
});

test('a stack that goes over to failback by hand takes no region out of service', () => {
  for (const freshFor of [0, 90])
    expect(admit(given({ freshFor, input: byHand })).next).toMatchObject({ state: 'serving', reached: true });
});
