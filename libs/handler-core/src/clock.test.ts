import * as fc from 'fast-check';
import { CLOCK_SKEW_MS } from '@dr/contracts/system';
import { createClock } from './clock';

/** A machine whose two clocks a test moves. */
function machine() {
  const at = { wallMs: Date.parse('2026-11-01T00:00:00.000Z'), monotonicMs: 0 };
  const clock = createClock({
    wallMs: () => at.wallMs,
    monotonicMs: () => at.monotonicMs,
    after: () => () => undefined,
  });
  return {
    clock,
    pass: (ms: number) => ((at.wallMs += ms), (at.monotonicMs += ms)),
    freeze: (ms: number) => (at.wallMs += ms),
    step: (ms: number) => (at.wallMs += ms),
    date: () => new Date(at.wallMs).toUTCString(),
  };
}

describe('an age within an environment', () => {
  test('does not stand still while the wall clock has gone back', () => {
    const { clock, pass, step } = machine();
    const then = clock.moment();
    step(-300_000);
    pass(2_000);
    expect(clock.sinceMs(then)).toBe(2_000);
  });

  test('counts by the monotonic clock where the wall clock has gone back by less than has passed', () => {
    const { clock, pass, step } = machine();
    const then = clock.moment();
    pass(10_000);
    step(-3_000);
    expect(clock.sinceMs(then)).toBe(10_000);
  });

  test('counts pauses after a step back that came while the environment was new and frozen', () => {
    const { clock, pass, freeze, step } = machine();
    pass(200);
    clock.moment();
    step(-180_000);
    freeze(86_000);
    pass(4);
    const then = clock.moment();
    freeze(5_000);
    expect(clock.sinceMs(then)).toBe(5_000);
  });

  test('counts the time for which the environment was frozen, though the monotonic clock stood still', () => {
    const { clock, pass, freeze } = machine();
    const then = clock.moment();
    pass(100);
    freeze(60_000);
    expect(clock.sinceMs(then)).toBe(60_100);
  });

  test('never shrinks, is never less than the time it has run, and loses one frozen pause to a step back at most', () => {
    const happens = fc.oneof(
      fc.record({ what: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 5_000 }) }),
      fc.record({ what: fc.constant('freeze' as const), ms: fc.integer({ min: 1, max: 5_000 }) }),
      fc.record({ what: fc.constant('step' as const), ms: fc.integer({ min: -300_000, max: 300_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(happens, { maxLength: 40 }), (events) => {
        const { clock, ...moves } = machine();
        const then = clock.moment();
        let [ran, frozen, ahead, before] = [0, 0, 0, 0];
        for (const { what, ms } of events) {
          moves[what](ms);
          if (what === 'pass') ran += ms;
          if (what === 'freeze') frozen += ms;
          if (what === 'step' && ms > 0) ahead += ms;
          const age = clock.sinceMs(then);
          expect(age).toBeGreaterThanOrEqual(before);
          expect(age - before).toBeGreaterThanOrEqual(what === 'pass' ? ms : 0);
          expect(age).toBeGreaterThanOrEqual(ran);
          expect(age).toBeLessThanOrEqual(ran + frozen + ahead);
          before = age;
        }
      }),
    );
  });
});

describe('whether something was less than so long ago', () => {
  test('nobody can tell once the wall clock has gone back, as the environment may have been frozen meanwhile', () => {
    const { clock, pass, freeze, step } = machine();
    const then = clock.moment();
    pass(100);
    expect(clock.isWithin(then, 1_000)).toBe(true);
    freeze(60_000);
    step(-180_000);
    expect(clock.isWithin(then, Infinity)).toBe(false);
    const after = clock.moment();
    pass(999);
    expect(clock.isWithin(after, 1_000)).toBe(true);
    pass(1);
    expect(clock.isWithin(after, 1_000)).toBe(false);
  });

  test('is never said of what is longer ago, unless a step back was hidden in a longer pause', () => {
    const times = fc.record({
      ran: fc.nat(5_000),
      frozen: fc.nat(400_000),
      stepMs: fc.integer({ min: -300_000, max: 0 }),
    });
    fc.assert(
      fc.property(times, fc.nat(10_000), ({ ran, frozen, stepMs }, ms) => {
        const { clock, pass, freeze, step } = machine();
        const then = clock.moment();
        pass(ran);
        clock.moment();
        freeze(frozen);
        step(stepMs);
        const isHidden = stepMs < 0 && frozen + stepMs >= 0;
        if (clock.isWithin(then, ms) && !isHidden) expect(ran + frozen).toBeLessThan(ms);
      }),
    );
  });
});

describe('the wall clock', () => {
  const right = '2026-11-01T00:00:00.000Z';

  test.each([-180_000, -6_500, 6_500, 180_000])('that is %d ms off is put right by what AWS says', (ms) => {
    const { clock, step } = machine();
    step(ms);
    clock.heard(new Date(right).toUTCString());
    expect(Math.abs(clock.wallMs() - Date.parse(right))).toBeLessThanOrEqual(500);
    step(-ms);
    clock.heard(new Date(right).toUTCString());
    expect(clock.wallMs()).toBe(Date.parse(right));
  });

  test.each([-(CLOCK_SKEW_MS - 600), 0, CLOCK_SKEW_MS - 600])('that is %d ms off is right', (ms) => {
    const { clock, step } = machine();
    step(ms);
    clock.heard(new Date(right).toUTCString());
    expect(clock.wallMs()).toBe(Date.parse(right) + ms);
  });

  test.each([undefined, '', 'yesterday', '\u001b[31m'])('takes no time from %j', (date) => {
    const { clock } = machine();
    clock.heard(date);
    expect(clock.wallMs()).toBe(Date.parse(right));
  });
});
