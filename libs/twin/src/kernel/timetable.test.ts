// Calls of a timetable run in the very order in which the scheduler would run them one by one.
import fc from 'fast-check';
import { Scheduler } from './scheduler';
import { Timetable } from './timetable';

interface Ask {
  readonly delayMs: number;
  readonly isOfTable: boolean;
  /** Asked for by the call when it runs. */
  readonly then: readonly Ask[];
}

// Few instants, so that many calls meet in one; some lie in the past.
const delayMs = fc.oneof(fc.integer({ min: -1, max: 6 }), fc.double({ min: 0, max: 6, noNaN: true }));
const askWith = (then: fc.Arbitrary<readonly Ask[]>): fc.Arbitrary<Ask> =>
  fc.record({ delayMs, isOfTable: fc.boolean(), then });
const ask = askWith(fc.array(askWith(fc.array(askWith(fc.constant([])), { maxLength: 2 })), { maxLength: 3 }));

/** What ran when: by way of a timetable, or each call of the scheduler itself. */
async function orderOf(asks: readonly Ask[], isByTable: boolean): Promise<readonly (readonly [number, number])[]> {
  const scheduler = new Scheduler();
  const ran: (readonly [number, number])[] = [];
  const known: Ask[] = [];
  const run = (id: number): void => {
    ran.push([scheduler.now(), id]);
    known[id]?.then.forEach(give);
  };
  const table = new Timetable(scheduler, run);
  const give = (one: Ask): void => {
    const id = known.push(one) - 1;
    if (isByTable && one.isOfTable) table.after(one.delayMs, id);
    else scheduler.after(one.delayMs, () => run(id));
  };
  asks.forEach(give);
  await scheduler.runUntil(100);
  return ran;
}

describe('Timetable', () => {
  it('runs its calls, and those of others between them, as if each were asked of the scheduler', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(ask, { maxLength: 30 }), async (asks) => {
        expect(await orderOf(asks, true)).toEqual(await orderOf(asks, false));
      }),
    );
  });

  it('runs each call once, at its time', async () => {
    const scheduler = new Scheduler();
    const ran: number[] = [];
    const table = new Timetable(scheduler, (id) => void ran.push(id));
    for (let id = 0; id < 1_000; id += 1) table.after((id * 7919) % 1_000, id);
    await scheduler.runUntil(499.5);
    expect(ran).toHaveLength(500);
    await scheduler.runUntil(2_000);
    expect(ran.map((id) => (id * 7919) % 1_000)).toEqual(Array.from({ length: 1_000 }, (_, at) => at));
  });
});
