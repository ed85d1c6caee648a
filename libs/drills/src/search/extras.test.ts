// What schedules have beside their faults and orders: drawn as often as said, and left out of a smaller one that does not need it.
import { DEFAULT_POPULATIONS, LOSS_KINDS } from '@dr/contracts';
import { placesOf } from '../run/start';
import type { Schedule } from '../schedule/schedule';
import { OURS } from '../systems/ours';
import { drawSchedule, shrinkSchedule } from './seeded-draw';

const PLACES = placesOf(OURS, [{ name: 'mumbai' }, { name: 'singapore' }]);

test.each([2, 3])(
  'have, of %d regions, one gone for good in one of twelve, and other clients in one of six',
  (count) => {
    const places = { ...PLACES, regions: [...PLACES.regions, 'seoul'].slice(0, count) };
    const drawn = Array.from({ length: 2_400 }, (_, seed) => drawSchedule(seed, places));
    const gone = drawn.flatMap(({ faults }) => faults.filter(({ neverHeals }) => neverHeals));
    expect(gone.length / drawn.length).toBeGreaterThan(1 / 15);
    expect(gone.length / drawn.length).toBeLessThan(1 / 10);
    expect(new Set(gone.map(({ region }) => region)).size).toBe(count);
    expect(new Set(gone.map(({ kind }) => kind))).toEqual(new Set(LOSS_KINDS));
    const others = drawn.flatMap(({ populations }) => (populations ? [populations] : []));
    expect(others.length / drawn.length).toBeGreaterThan(1 / 7.5);
    expect(others.length / drawn.length).toBeLessThan(1 / 5);
    expect(new Set(others.flatMap((one) => one.map(({ name }) => name))).size).toBe(DEFAULT_POPULATIONS.length);
  },
);

test('shrink to one without what it has beside, and keep what breaks the check', async () => {
  const seedWith = (has: (schedule: Schedule) => boolean): number =>
    Array.from({ length: 5_000 }, (_, at) => at).find((at) => has(drawSchedule(at, PLACES))) as number;
  const isGone = ({ faults }: Schedule): boolean => faults.some(({ neverHeals }) => neverHeals);
  const both = seedWith((schedule) => isGone(schedule) && schedule.populations !== undefined);
  const shrunk = await shrinkSchedule(both, PLACES, (one) => Promise.resolve(isGone(one)), 300);
  expect(shrunk.schedule).not.toHaveProperty('populations');
  expect(shrunk.schedule.faults).toHaveLength(1);
  expect(isGone(shrunk.schedule)).toBe(true);
  const needsOthers = (one: Schedule): Promise<boolean> => Promise.resolve(one.populations !== undefined);
  const other = await shrinkSchedule(both, PLACES, needsOthers, 300);
  expect(other.schedule).toMatchObject({ faults: [], orders: [] });
  expect(other.schedule.populations).toEqual(drawSchedule(both, PLACES).populations);
});
