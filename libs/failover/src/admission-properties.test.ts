// What must hold of any decision of admission, whatever the situation.
import type { OrderRecord, StateRecord } from '@dr/contracts/system';
import fc from 'fast-check';
import { admit } from './admission';
import { NOW, ago, given, order } from './testing/admission-input';
import type { AdmissionInput, PeerView } from './admission-types';

describe('any decision', () => {
  const views = fc.constantFrom<PeerView>('serving', 'not', 'quiet', 'unknown');
  const number = fc.integer({ min: 1, max: 6 });
  const arbitrary = fc.record({
    state: fc.constantFrom<StateRecord['state']>('serving', 'evacuated', 'recovering'),
    leaving: fc.option(number),
    closed: fc.integer({ min: 0, max: 5 }),
    gap: fc.integer({ min: 0, max: 60 }),
    probeGap: fc.integer({ min: 0, max: 60 }),
    peer: views,
    theirLeaving: fc.option(number),
    theirGrant: number,
    reached: fc.boolean(),
    probed: fc.boolean(),
    freshFor: fc.integer({ min: 0, max: 70 }),
    aloneFor: fc.option(fc.integer({ min: 0, max: 40 })),
    orders: fc.array(fc.tuple(fc.constantFrom<OrderRecord['kind']>('evacuate', 'readmit'), number, fc.boolean()), {
      maxLength: 3,
    }),
  });
  type Drawn = typeof arbitrary extends fc.Arbitrary<infer T> ? T : never;

  const inputOf = (drawn: Drawn): AdmissionInput =>
    given({
      me: {
        state: drawn.state,
        closed: drawn.closed,
        beatAtMs: ago(drawn.gap),
        lastProbeAtMs: ago(drawn.probeGap),
        ...(drawn.state === 'serving' && drawn.leaving !== null && drawn.leaving > drawn.closed
          ? { leaving: drawn.leaving, leavingSinceMs: ago(5) }
          : {}),
      },
      peer: drawn.peer,
      theirs: { leaving: drawn.theirLeaving, grants: { mumbai: drawn.theirGrant }, reached: drawn.reached },
      freshFor: drawn.freshFor,
      ...(drawn.aloneFor === null ? {} : { aloneFor: drawn.aloneFor }),
      input: {
        probeAtMs: drawn.probed ? NOW : null,
        orders: drawn.orders.map(([kind, n, expired]) => order(kind, n, expired ? { expiresAtMs: NOW - 1 } : {})),
      },
    });

  const holds = (property: (input: AdmissionInput) => void): void =>
    fc.assert(
      fc.property(arbitrary, (drawn) => property(inputOf(drawn))),
      { numRuns: 400 },
    );

  it('counts version and sequence up by one and never takes closed back', () =>
    holds((input) => {
      const { next } = admit(input);
      expect(next.version).toBe(8);
      expect(next.sequence).toBe(71);
      expect(next.closed).toBeGreaterThanOrEqual(input.previous?.closed ?? 0);
    }));

  it('grants only when serving, reached and not leaving', () =>
    holds((input) => {
      const { next } = admit(input);
      if (Object.keys(next.grants ?? {}).length > 0) {
        expect(next).toMatchObject({ state: 'serving', reached: true, leaving: null });
      }
    }));

  it('closes every order that it names, and leaves service by order only towards a peer that grants', () =>
    holds((input) => {
      const { next, closedOrders, reason } = admit(input);
      for (const closed of closedOrders) expect(next.closed).toBeGreaterThanOrEqual(closed.number);
      if (reason === 'left' && input.previous?.state === 'serving') {
        expect(input.reading.records[0]?.grants).toEqual({ mumbai: input.previous.leaving });
      }
    }));

  it('does not depend on any clock but its own', () =>
    holds((input) => {
      const [theirs] = input.reading.records;
      const skewed = theirs ? [{ ...theirs, beatAtMs: 3, lastProbeAtMs: -9, leavingSinceMs: 7, stateSinceMs: 1 }] : [];
      expect(admit({ ...input, reading: { ...input.reading, records: skewed } })).toEqual(admit(input));
    }));
});
