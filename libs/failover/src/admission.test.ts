// The rule table of admission, row by row.
import type { StateRecord } from '@dr/contracts/system';
import { admit, mustWait } from './admission';
import { NOW, ago, given, order } from './testing/admission-input';
import type { Given } from './testing/admission-input';

const AWAY = { beatAtMs: ago(43) };
const UNPROBED = { lastProbeAtMs: ago(43) };
const LEAVING = { leaving: 3, leavingSinceMs: ago(5) };
const evacuate3 = { orders: [order('evacuate', 3)] };
const GRANTED = { grants: { mumbai: 3 } };

/** Throttled from and to so many seconds ago; neither a beat nor a probe is recorded since the given time. */
const THROTTLED = (from: number, to: number, beat = Math.max(from + 3, 51)): Given => ({
  me: { beatAtMs: ago(beat), lastProbeAtMs: ago(beat) },
  input: { presence: { sinceMs: ago(from), untilMs: ago(to) } },
});

describe('each row of the rule table', () => {
  const rows: [string, Given, Partial<StateRecord>, string][] = [
    ['first start', { me: null }, { state: 'recovering', version: 1, sequence: 1, closed: 0 }, 'first-start'],
    ['record lost, a peer serves', { me: null, input: { isLost: true } }, { state: 'recovering' }, 'record-lost'],
    ...(['not', 'quiet'] as const).map((peer): [string, Given, Partial<StateRecord>, string] => [
      `record lost, the peer is ${peer}`,
      { me: null, peer, input: { isLost: true } },
      { state: 'serving', reached: true },
      'record-lost',
    ]),
    [
      'serving, edge, peer serving but not caught up with',
      { me: AWAY, freshFor: 59 },
      { state: 'recovering' },
      'back-behind',
    ],
    [
      'new, a serving peer heard for the first time',
      { me: { state: 'recovering', firstStart: true }, freshFor: 0 },
      { state: 'serving' },
      'caught-up',
    ],
    [
      'new, a serving peer known by its own /health alone',
      { me: { state: 'recovering', firstStart: true }, peer: 'unknown', answered: true },
      { state: 'recovering', firstStart: true },
      'catching-up',
    ],
    [
      'new, unreached until now, nobody else serves',
      { me: { ...UNPROBED, reached: false, firstStart: true }, peer: 'not' },
      { state: 'serving' },
      'back-caught-up',
    ],
    ['serving, edge of probes', { me: UNPROBED, peer: 'unknown' }, { state: 'recovering' }, 'back-behind'],
    [
      'serving and leaving, edge',
      { me: { ...AWAY, ...LEAVING } },
      { state: 'recovering', leaving: null, closed: 3 },
      'back-behind',
    ],
    ['serving, edge, caught up', { me: AWAY, freshFor: 60 }, { state: 'serving' }, 'back-caught-up'],
    ['serving, edge, no peer serves', { me: AWAY, peer: 'not' }, { state: 'serving' }, 'back-caught-up'],
    ['serving, no edge, a gap of W exactly', { me: { beatAtMs: ago(42) } }, { state: 'serving' }, 'steady'],
    ['serving, throttled since its last beat', THROTTLED(40, 1), { state: 'serving' }, 'steady'],
    ['serving, dead for W, then throttled', THROTTLED(8, 1), { state: 'recovering' }, 'back-behind'],
    ['serving, throttled, then dead for W', THROTTLED(88, 43), { state: 'recovering' }, 'back-behind'],
    ['serving, throttled before its last beat', THROTTLED(90, 60, 43), { state: 'recovering' }, 'back-behind'],
    [
      'serving and leaving, throttled since its last beat: no peer is heard any more',
      { ...THROTTLED(42, 1), me: { ...AWAY, ...UNPROBED, ...LEAVING }, peer: 'unknown', theirs: GRANTED },
      { state: 'serving', leaving: null, closed: 3 },
      'withdrawn',
    ],
    [
      'serving, probes missing',
      { me: UNPROBED, input: { probeAtMs: null } },
      { state: 'serving', reached: false },
      'steady',
    ],
    ['serving, peer stale', { peer: 'unknown' }, { state: 'serving' }, 'steady'],
    ['serving, router broken', { input: { routerWorks: false } }, { state: 'serving', reached: false }, 'steady'],
    [
      'serving, evacuate, no peer serves',
      { peer: 'quiet', input: evacuate3 },
      { state: 'serving', leaving: null, closed: 3 },
      'order-refused',
    ],
    [
      'serving, evacuate, peer unreached',
      { theirs: { reached: false }, input: evacuate3 },
      { leaving: null, closed: 3 },
      'order-refused',
    ],
    [
      'serving, evacuate, already closed',
      { input: { orders: [order('evacuate', 2)] } },
      { leaving: null, closed: 2 },
      'steady',
    ],
    [
      'serving, evacuate, a peer serves',
      { input: evacuate3 },
      { state: 'serving', leaving: 3, leavingSinceMs: NOW, closed: 2 },
      'leaving',
    ],
    [
      'serving, evacuate expired',
      { input: { orders: [order('evacuate', 3, { expiresAtMs: NOW })] } },
      { leaving: null, closed: 3 },
      'order-refused',
    ],
    ['serving, readmit', { input: { orders: [order('readmit', 3)] } }, { state: 'serving', closed: 3 }, 'order-done'],
    [
      'leaving, not granted yet',
      { me: LEAVING, input: evacuate3 },
      { state: 'serving', leaving: 3, closed: 2 },
      'leaving',
    ],
    [
      'leaving, a newer evacuate changes nothing',
      { me: LEAVING, input: { orders: [order('evacuate', 9)] } },
      { leaving: 3, closed: 2 },
      'leaving',
    ],
    [
      'leaving, granted',
      { me: LEAVING, theirs: GRANTED, input: evacuate3 },
      { state: 'evacuated', leaving: null, closed: 3 },
      'left',
    ],
    [
      'leaving, granted another number',
      { me: LEAVING, theirs: { grants: { mumbai: 2 } } },
      { state: 'serving', leaving: 3 },
      'leaving',
    ],
    [
      'leaving, granted by a peer that no longer serves',
      { me: LEAVING, peer: 'not', theirs: GRANTED },
      { state: 'serving', leaving: null, closed: 3 },
      'withdrawn',
    ],
    [
      'leaving, peer leaving with a smaller number',
      { me: LEAVING, theirs: { leaving: 2 } },
      { leaving: null, closed: 3, grants: { singapore: 2 } },
      'withdrawn',
    ],
    [
      'leaving, peer leaving with the same number and a later name',
      { me: LEAVING, theirs: { leaving: 3 } },
      { leaving: 3, grants: {} },
      'leaving',
    ],
    [
      'leaving, newer readmit',
      { me: LEAVING, theirs: GRANTED, input: { orders: [order('readmit', 4)] } },
      { state: 'serving', leaving: null, closed: 4 },
      'withdrawn',
    ],
    [
      'leaving, readmit of the same number',
      { me: LEAVING, theirs: GRANTED, input: { orders: [order('readmit', 3)] } },
      { state: 'serving', closed: 3 },
      'withdrawn',
    ],
    [
      'leaving, P passed',
      { me: { leaving: 3, leavingSinceMs: ago(25) }, theirs: GRANTED },
      { state: 'serving', leaving: null, closed: 3 },
      'withdrawn',
    ],
    ['serving, peer leaving', { theirs: { leaving: 8 } }, { state: 'serving', grants: { singapore: 8 } }, 'steady'],
    [
      'serving but unreached, peer leaving',
      { theirs: { leaving: 8 }, me: { lastProbeAtMs: ago(11) }, input: { probeAtMs: null } },
      { grants: {} },
      'steady',
    ],
    ['serving, a stale peer was leaving', { peer: 'unknown', theirs: { leaving: 8 } }, { grants: {} }, 'steady'],
    ['recovering, caught up', { me: { state: 'recovering' }, freshFor: 60 }, { state: 'serving' }, 'caught-up'],
    ['recovering, not yet', { me: { state: 'recovering' }, freshFor: 59 }, { state: 'recovering' }, 'catching-up'],
    [
      'recovering, peer unknown',
      { me: { state: 'recovering' }, peer: 'unknown' },
      { state: 'recovering' },
      'catching-up',
    ],
    ['recovering, peer quiet', { me: { state: 'recovering' }, peer: 'quiet' }, { state: 'serving' }, 'caught-up'],
    [
      'recovering, evacuate, a peer serves',
      { me: { state: 'recovering' }, freshFor: 60, input: evacuate3 },
      { state: 'evacuated', closed: 3 },
      'left',
    ],
    [
      'recovering, evacuate, none serves',
      { me: { state: 'recovering' }, peer: 'unknown', input: evacuate3 },
      { state: 'recovering', closed: 3 },
      'catching-up',
    ],
    [
      'evacuated, readmit',
      { me: { state: 'evacuated' }, input: { orders: [order('readmit', 3)] } },
      { state: 'recovering', closed: 3 },
      'readmitted',
    ],
    [
      'evacuated, readmit of the same number',
      { me: { state: 'evacuated' }, input: { orders: [order('evacuate', 2), order('readmit', 2)] } },
      { state: 'recovering' },
      'readmitted',
    ],
    [
      'evacuated, expired',
      { me: { state: 'evacuated' }, input: { orders: [order('evacuate', 2, { expiresAtMs: NOW })] } },
      { state: 'recovering' },
      'order-expired',
    ],
    [
      'evacuated, the newer of two orders still lasts',
      {
        me: { state: 'evacuated' },
        input: { orders: [order('evacuate', 2, { expiresAtMs: NOW }), order('evacuate', 3)] },
      },
      { state: 'evacuated', closed: 3 },
      'order-done',
    ],
    [
      'evacuated, alone for D',
      { me: { state: 'evacuated' }, peer: 'not', aloneFor: 20 },
      { state: 'serving', closed: 2 },
      'returned-unasked',
    ],
    [
      'evacuated, alone for less than D',
      { me: { state: 'evacuated' }, peer: 'quiet', aloneFor: 19 },
      { state: 'evacuated' },
      'steady',
    ],
    [
      'evacuated, alone but unreached',
      { me: { state: 'evacuated', lastProbeAtMs: ago(11) }, peer: 'quiet', aloneFor: 60, input: { probeAtMs: null } },
      { state: 'evacuated' },
      'steady',
    ],
    ['evacuated, an edge', { me: { ...AWAY, state: 'evacuated' } }, { state: 'evacuated' }, 'steady'],
  ];
  test.each(rows)('%s', (_, situation, expected, reason) => {
    const decision = admit(given(situation));
    expect(decision.next).toMatchObject(expected);
    expect(decision.reason).toBe(reason);
  });
});

describe('what else a decision says', () => {
  it('names the refused order, why, and keeps it in the record for the tool that waits', () => {
    const decision = admit(given({ peer: 'quiet', input: evacuate3 }));
    expect(decision.closedOrders).toMatchObject([{ number: 3, kind: 'evacuate', outcome: 'refused' }]);
    expect(decision.closedOrders[0]?.reason).toContain('singapore is silent');
    expect(decision.next.lastOrder).toEqual(decision.closedOrders[0]);
  });

  it('tells an operator of an unasked return and spends the order, and of nothing else', () => {
    const decision = admit(given({ me: { state: 'evacuated' }, peer: 'not', aloneFor: 20 }));
    expect(decision.notify).toContain('mumbai returned to service unasked');
    expect(decision.closedOrders).toMatchObject([{ number: 2, outcome: 'spent' }]);
    expect(admit(given()).notify).toBeUndefined();
  });

  it('waits for validation beside a serving peer, and never when it is alone', () => {
    const me = { state: 'recovering' } as const;
    const input = { validated: false };
    expect(admit(given({ me, freshFor: 60, input })).next.state).toBe('recovering');
    expect(admit(given({ me, peer: 'quiet', input })).next.state).toBe('serving');
  });

  it.each<[string, boolean, Given]>([
    ['a peer serves', false, {}],
    ['the peer has not been heard for certain', true, { peer: 'unknown' }],
    ['no peer serves', false, { peer: 'quiet' }],
    ['no peer serves and nobody reaches the region', true, { peer: 'quiet', input: { probeAtMs: null } }],
  ])('of a lost record, where %s, waits: %s', (_, waits, { input, ...situation }) => {
    expect(mustWait(given({ ...situation, me: null, input: { ...input, isLost: true } }))).toBe(waits);
  });

  it('marks when the state changed, and only then', () => {
    expect(admit(given({ me: { stateSinceMs: 1 } })).next.stateSinceMs).toBe(1);
    expect(admit(given({ me: { ...AWAY, stateSinceMs: 1 } })).next.stateSinceMs).toBe(NOW);
  });

  it('never runs the region time backwards when an environment clock lags', () => {
    expect(admit(given({ me: { beatAtMs: NOW + 900 } })).next.beatAtMs).toBe(NOW + 900);
  });
});
