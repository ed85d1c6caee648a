// The schedule that a seed draws, and how one that breaks something is made smaller.
import * as fc from 'fast-check';
import type { Places, Schedule } from '../schedule/schedule';
import { scheduleDraw } from './draw';
import { extrasDraw, readmissionsDraw, withExtras, type Extras } from './extras';

/** The schedule of a seed. The same in every process. */
export const drawSchedule = (seed: number, places: Places): Schedule =>
  withExtras(drawn(scheduleDraw(places), seed), extrasOf(seed, places), places);

/** Of a stream of their own: what else a seed draws does not depend on them. */
const extrasOf = (seed: number, places: Places): Extras => ({
  ...drawn(extrasDraw(places), seed ^ OF_EXTRAS),
  ...drawn(readmissionsDraw(places), seed ^ OF_READMISSIONS),
});
const OF_EXTRAS = 0x2545f491;
const OF_READMISSIONS = 0x51ed270b;

function drawn<T>(arbitrary: fc.Arbitrary<T>, seed: number): T {
  const values: T[] = [];
  fc.assert(
    fc.property(arbitrary, (value) => void values.push(value)),
    parameters(seed),
  );
  return values[0] as T;
}

/** One draw, the one that {@link drawSchedule} makes. */
const parameters = (seed: number) => ({ seed: scattered(seed), numRuns: 1, endOnFailure: false }) as const;

/** Neighbouring seeds must not draw alike (a round of the murmur3 finalizer, which is a bijection of 32 bits). */
function scattered(seed: number): number {
  let mixed = Math.imul(seed ^ (seed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/**
 * The smallest schedule met that still fails, from the one of `seed`; `fails` is asked `maxTries` times at most. Resolves
 * to the drawn schedule itself when nothing smaller fails.
 */
export async function shrinkSchedule(
  seed: number,
  places: Places,
  fails: (schedule: Schedule) => Promise<boolean>,
  maxTries: number,
): Promise<{ readonly schedule: Schedule; readonly tries: number }> {
  let smallest = drawSchedule(seed, places);
  let tries = 0;
  const tried = async (schedule: Schedule): Promise<boolean> => {
    tries += 1;
    if (tries > maxTries) return false;
    const failed = await fails(schedule);
    if (failed) smallest = schedule;
    return failed;
  };
  // Each of the extras is either needed as it is or not at all.
  let extras = extrasOf(seed, places);
  const asDrawn = drawn(scheduleDraw(places), seed);
  for (const name of Object.keys(extras)) {
    const others: Extras = Object.fromEntries(Object.entries(extras).filter(([other]) => other !== name));
    if (await tried(withExtras(asDrawn, others, places))) extras = others;
  }
  const property = fc.asyncProperty(
    scheduleDraw(places),
    async (schedule) => !(await tried(withExtras(schedule, extras, places))),
  );
  await fc.check(property, parameters(seed));
  return { schedule: smallest, tries: Math.min(tries, maxTries) };
}
