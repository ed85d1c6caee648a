import fc from 'fast-check';
import { countBetween, countUpTo, insertTime, Steps } from './steps';

const ascending = fc
  .array(fc.integer({ min: 0, max: 50 }), { maxLength: 30 })
  .map((times) => times.sort((a, b) => a - b));

test('as many are counted as are not after the instant', () => {
  fc.assert(
    fc.property(ascending, fc.integer({ min: -5, max: 60 }), fc.integer({ min: -5, max: 60 }), (times, from, to) => {
      expect(countUpTo(times, to)).toBe(times.filter((ms) => ms <= to).length);
      if (from <= to) expect(countBetween(times, from, to)).toBe(times.filter((ms) => ms > from && ms <= to).length);
    }),
  );
});

test('what holds at an instant is what was last added, and the pieces say the same', () => {
  fc.assert(
    fc.property(ascending, fc.integer({ min: 0, max: 60 }), (times, atMs) => {
      const steps = new Steps<number>();
      times.forEach((ms, index) => steps.add(ms, index % 3));
      const last = times.reduce((found, ms, index) => (ms <= atMs ? index : found), -1);
      expect(steps.at(atMs)).toBe(last < 0 ? undefined : last % 3);
      const pieces = steps.pieces(0, 60);
      const there = pieces.filter(({ fromMs, toMs }) => fromMs <= atMs && (atMs < toMs || toMs === 60)).at(-1);
      expect(there?.value).toBe(steps.at(atMs));
    }),
  );
});

test('times that come late stand where they belong', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 })), (times) => {
      const inserted: number[] = [];
      for (const ms of times) expect(inserted[insertTime(inserted, ms)]).toBe(ms);
      expect(inserted).toEqual([...times].sort((a, b) => a - b));
    }),
  );
});

test('what holds is said once', () => {
  const steps = new Steps<string | undefined>();
  expect([steps.change(1, undefined), steps.change(2, undefined), steps.change(3, 'a'), steps.change(4, 'a')]).toEqual([
    ...[true, false, true, false],
  ]);
  expect(steps.times).toEqual([1, 3]);
});
