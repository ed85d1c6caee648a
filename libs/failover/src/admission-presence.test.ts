// Throttled answers as proof of presence: what a stretch of them covers, and what ends it.
import fc from 'fast-check';
import {
  absenceMs,
  foundHere,
  hasArrived,
  hasSettled,
  joined,
  sighted,
  throttledAgain,
  type Presence,
} from './admission-presence';
import { admissionConstants } from './admission-constants';

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

describe('what peers told while the table throttled', () => {
  const told = (times: readonly number[], sequence = 7): Presence | null =>
    times.reduce<Presence | null>((p, at) => sighted(p, 'b', sequence, at, constants), {
      sinceMs: 0,
      untilMs: 0,
    });
  const foundAt = (atMs: number, presence: Presence | null) => foundHere(presence, () => 7, atMs);
  const rows: [string, Presence | null, number | undefined, number, boolean][] = [
    ['its heartbeat is here, as for F', told([0, 5_000, 10_000, 15_000]), 7, 16_000, true],
    ['or a newer one', told([0, 15_000]), 8, 16_000, true],
    ['only an older one is here', told([0, 15_000]), 6, 16_000, false],
    ['none is here', told([0, 15_000]), undefined, 16_000, false],
    ['it told for less than F', told([2_000, 15_000]), 7, 16_000, false],
    ['it paused for longer than F', told([0, 15_001]), 7, 16_000, false],
    ['it told longer ago than F', told([0, 15_000]), 7, 30_001, false],
    ['nothing was told', { sinceMs: 0, untilMs: 0 }, 7, 16_000, false],
    ['nothing is known of throttling', sighted(null, 'b', 7, 0, constants), 7, 16_000, false],
    ['it throttled as well', sighted(told([0, 5_000]), 'b', undefined, 15_000, constants), 7, 16_000, true],
    [
      'it throttled all the while',
      sighted(sighted({ sinceMs: 0, untilMs: 0 }, 'b', undefined, 0, constants), 'b', undefined, 15_000, constants),
      7,
      16_000,
      false,
    ],
    ['two environments asked in turn', joined(told([0, 10_000]), told([5_000, 15_000]), constants), 7, 16_000, true],
    ['one of two had asked long before', joined(told([0]), told([16_000]), constants), 7, 16_500, false],
    ['it was found here in time, for F from then', foundAt(29_000, told([0, 15_000])), 8, 44_000, true],
    ['and no longer', foundAt(29_000, told([0, 15_000])), 8, 44_001, false],
    ['it was found here too long after', foundAt(30_001, told([0, 15_000])), 8, 30_002, false],
    ['it told for less than F', foundAt(12_000, told([2_000, 10_000])), 8, 16_999, false],
  ];
  test.each(rows)('%s', (_, presence, arrived, nowMs, expected) =>
    expect(hasArrived('b', arrived, presence, nowMs, constants)).toBe(expected),
  );
});

describe('what was written before a heartbeat', () => {
  const sights = { b: { sequence: 7, sinceMs: 0, atMs: 10_000 } };
  const told: Presence = { sinceMs: 0, untilMs: 10_000, sights };
  const looks = (each: readonly (readonly [atMs: number, arrived: number | undefined])[]): Presence | null =>
    each.reduce<Presence | null>((p, [atMs, arrived]) => foundHere(p, () => arrived, atMs), told);
  const newer = (p: Presence | null): Presence | null => sighted(p, 'b', 8, 15_000, constants);
  const rows: [string, Presence | null, number | undefined, boolean][] = [
    ['has come with a later one, once it has been here for as long as one takes', looks([[10_000, 7]]), 8, true],
    ['has not without a later one', looks([[10_000, 7]]), 7, false],
    [
      'has not when the heartbeat came later',
      looks([
        [10_000, 6],
        [10_001, 7],
      ]),
      8,
      false,
    ],
    [
      'has not when a look between did not find it',
      looks([
        [10_000, 7],
        [11_000, undefined],
        [12_000, 7],
      ]),
      8,
      false,
    ],
    ['has not when no look has found it', looks([[10_000, undefined]]), 8, false],
    ['has not when a newer one was told since', newer(looks([[10_000, 7]])), 8, false],
    ['has when another environment found it', joined(told, looks([[10_000, 7]]), constants), 8, true],
    ['has not where nothing was told', foundHere({ sinceMs: 0, untilMs: 10_000 }, () => 7, 10_000), 8, false],
  ];
  test.each(rows)('%s', (_, presence, arrived, expected) =>
    expect(hasSettled('b', arrived, presence, 15_000, constants)).toBe(expected),
  );
});
