// Throttled answers as proof of presence: what a stretch of them covers, and what ends it.
import fc from 'fast-check';
import { absenceMs, joined, throttledAgain, type Presence } from './admission-presence';
import { admissionConstants } from './admission-types';

const constants = admissionConstants(42);
const answers = (times: readonly number[], probed = true): Presence | null =>
  times.reduce<Presence | null>((p, at) => throttledAgain(p, probed ? at : null, at, constants), null);

describe('a stretch of throttled answers', () => {
  it('lasts while each comes within W of the one before', () => {
    expect(answers([0, 42_000, 84_000])).toEqual({ sinceMs: 0, untilMs: 84_000 });
    expect(answers([0, 42_001])).toEqual({ sinceMs: 42_001, untilMs: 42_001 });
  });

  it('is not made by a region that no probe has reached lately', () => {
    expect(answers([0, 5_000], false)).toBeNull();
    expect(throttledAgain(null, 0, 10_001, constants)).toBeNull();
    expect(throttledAgain({ sinceMs: 0, untilMs: 0 }, 0, 10_001, constants)).toEqual({ sinceMs: 0, untilMs: 0 });
  });

  it('never hides a pause longer than W, and never makes an absence longer than it was', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 8 });
    fc.assert(
      fc.property(
        gaps,
        fc.integer({ min: 0, max: 90_000 }),
        fc.integer({ min: 0, max: 300_000 }),
        (all, last, from) => {
          let at = 0;
          const times = all.map((gap) => (at += gap));
          const to = Math.max(from, (times.at(-1) ?? 0) + last);
          const absence = absenceMs(from, to, answers(times));
          const marks = [from, ...times.filter((time) => time > from && time < to), to];
          const longest = Math.max(...marks.slice(1).map((time, i) => time - (marks[i] ?? 0)));
          if (longest > constants.edgeMs) expect(absence).toBeGreaterThan(constants.edgeMs);
          expect(absence).toBeLessThanOrEqual(to - from);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('two stretches', () => {
  const stretch = (sinceMs: number, untilMs: number): Presence => ({ sinceMs, untilMs });
  const rows: [string, Presence | null, Presence | null, Presence | null][] = [
    ['of which one is not known', null, stretch(1, 2), stretch(1, 2)],
    ['that overlap are one', stretch(0, 10_000), stretch(5_000, 20_000), stretch(0, 20_000)],
    ['of which one holds the other are one', stretch(0, 30_000), stretch(5_000, 20_000), stretch(0, 30_000)],
    ['no further apart than W are one', stretch(0, 10_000), stretch(52_000, 60_000), stretch(0, 60_000)],
    ['further apart are the later one', stretch(0, 10_000), stretch(52_001, 60_000), stretch(52_001, 60_000)],
  ];
  test.each(rows)('%s', (_, a, b, expected) => {
    expect(joined(a, b, constants)).toEqual(expected);
    expect(joined(b, a, constants)).toEqual(expected);
  });
});
