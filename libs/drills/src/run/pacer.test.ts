// Never ahead of the speed that is asked for; what a slow machine owes is made up fairly, and a machine that slept owes nothing.
import fc from 'fast-check';
import { MAX_BACKLOG_MS, MAX_GAP_MS, Pacer } from './pacer';

/** A machine that is asked every so many ms, and gets no further than `most` virtual ms each time. */
class Machine {
  realMs = 0;
  virtualMs = 0;
  readonly pacer: Pacer;

  constructor(asked: number) {
    this.pacer = new Pacer(asked, this);
  }

  /** Returns the virtual ms that passed. */
  after(ms: number, most = Infinity): number {
    this.realMs += ms;
    const ranMs = Math.min(this.pacer.goal(this) - this.virtualMs, most);
    this.virtualMs += ranMs;
    return ranMs;
  }

  run(ms: number, most?: number, everyMs = 10): this {
    for (let passedMs = 0; passedMs < ms; passedMs += everyMs) this.after(everyMs, most);
    return this;
  }
}

test.each([
  [0.1, 1],
  [1, 3],
  [10, 10],
  [10, 250],
  [100, 10],
])('at %d x, asked every %d ms, a fast machine is where it should be, and owes nothing', (asked, everyMs) => {
  const machine = new Machine(asked).run(30_000, Infinity, everyMs);
  expect(machine.virtualMs).toBeGreaterThan(machine.realMs * asked - 1 - everyMs * asked);
  expect(machine.virtualMs).toBeLessThanOrEqual(machine.realMs * asked);
  const { reached, behindMs } = machine.pacer.pace(machine);
  expect(reached).toBeCloseTo(asked, 1);
  expect(behindMs).toBeLessThanOrEqual(1 / asked + 0.001);
});

test('a machine that sleeps for eight hours does not run them', () => {
  const machine = new Machine(10).run(1_000);
  const before = machine.virtualMs;
  machine.after(8 * 3_600_000);
  machine.run(5_000);
  expect(machine.virtualMs - before).toBeLessThanOrEqual((MAX_GAP_MS + 5_000) * 10);
  expect(machine.pacer.pace(machine).behindMs).toBeLessThan(10);
});

test('a machine that reaches 4 of 10 says so, and how far it is behind', () => {
  const machine = new Machine(10).run(20_000, 40);
  const pace = machine.pacer.pace(machine);
  expect(pace).toMatchObject({ asked: 10, paused: false });
  expect(pace.reached).toBeCloseTo(4, 1);
  // 20 s at 4 of 10: 12 s of them are missing.
  expect(pace.behindMs).toBeCloseTo(12_000, -2);
});

test('what is made up comes at twice the speed, and for no longer than the backlog', () => {
  const machine = new Machine(10).run(60_000, 40);
  const before = machine.virtualMs;
  machine.run(2_000);
  expect(machine.virtualMs - before).toBeCloseTo(2_000 * 20, -2);
  machine.run(20_000);
  expect(machine.virtualMs - before).toBeLessThanOrEqual((22_000 + MAX_BACKLOG_MS) * 10);
  expect(machine.pacer.pace(machine).reached).toBeCloseTo(10, 1);
});

test('a new speed owes nothing of the former one', () => {
  const machine = new Machine(100).run(10_000, 40);
  machine.pacer.ask(1, machine);
  const before = machine.virtualMs;
  machine.run(1_000);
  expect(machine.virtualMs - before).toBeLessThanOrEqual(1_000);
  expect(machine.pacer.pace(machine).behindMs).toBeLessThanOrEqual(1);
});

test('a pause stands still, and is not made up', () => {
  const machine = new Machine(10).run(1_000);
  const before = machine.virtualMs;
  machine.pacer.pause();
  machine.run(10_000);
  expect(machine.virtualMs).toBe(before);
  expect(machine.pacer.pace(machine)).toMatchObject({ paused: true, reached: 0 });
  machine.pacer.resume(machine);
  machine.pacer.resume(machine);
  machine.run(1_000);
  expect(machine.virtualMs - before).toBeLessThanOrEqual(10_000);
  expect(machine.virtualMs - before).toBeGreaterThan(9_000);
});

test('whatever the machine and its clock do: never ahead, never back, never more than twice the speed', () => {
  const step = fc.record({
    ms: fc.oneof(fc.integer({ min: -5, max: 100 }), fc.constant(0), fc.integer({ min: 1_000, max: 10_000_000 })),
    most: fc.integer({ min: 0, max: 20_000 }),
  });
  fc.assert(
    fc.property(fc.double({ min: 0.1, max: 100, noNaN: true }), fc.array(step), (asked, steps) => {
      const machine = new Machine(asked);
      let allowedMs = 0;
      for (const { ms, most } of steps) {
        const due = Math.min(Math.max(ms, 0), MAX_GAP_MS) * asked;
        allowedMs += due;
        const ranMs = machine.after(ms, most);
        expect(ranMs).toBeGreaterThanOrEqual(0);
        expect(ranMs).toBeLessThanOrEqual(Math.max(due * 2, 1));
        expect(machine.virtualMs).toBeLessThanOrEqual(allowedMs + 1e-6);
        const { behindMs } = machine.pacer.pace(machine);
        expect(behindMs).toBeGreaterThanOrEqual(0);
        expect(behindMs).toBeLessThanOrEqual((allowedMs - machine.virtualMs) / asked + 1e-3);
      }
    }),
  );
});
