// The schedule that a seed draws, and how one that breaks something is made smaller.
import * as fc from 'fast-check';
import type { Places, Schedule } from '../schedule/schedule';
import { scheduleDraw } from './draw';

/** The schedule of a seed. The same in every process. */
export function drawSchedule(seed: number, places: Places): Schedule {
  let drawn: Schedule = { faults: [], orders: [] };
  const keep = fc.property(scheduleDraw(places), (schedule) => {
    drawn = schedule;
    return true;
  });
  fc.assert(keep, parameters(seed));
  return drawn;
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
  const property = fc.asyncProperty(scheduleDraw(places), async (schedule) => {
    tries += 1;
    if (tries > maxTries) return true;
    const failed = await fails(schedule);
    if (failed) smallest = schedule;
    return !failed;
  });
  await fc.check(property, parameters(seed));
  return { schedule: smallest, tries: Math.min(tries, maxTries) };
}
