// What a region tells its peers between two beats.
import fc from 'fast-check';
import { admit } from './admission';
import { answersReached } from './admission-situation';
import { NOW, ago, given } from './testing/admission-input';
import { admissionConstants } from './admission-constants';

const constants = admissionConstants(42);

describe('a region tells its peers that it is reached', () => {
  const rows: [string, boolean, number, boolean, number | null, boolean][] = [
    ['after a beat that was, and a probe lately', true, 5, true, null, true],
    ['with the probe known to this environment alone', true, 30, true, 1, true],
    ['not when the last probe is too old', true, 11, true, null, false],
    ['not with a broken router', true, 5, false, 1, false],
    ['not by a probe that came only after the beat', false, 60, true, 0, false],
  ];
  test.each(rows)('%s', (_, reached, probedAgo, routerWorks, newProbe, expected) => {
    const record = { reached, lastProbeAtMs: ago(probedAgo) };
    const probeAtMs = newProbe === null ? null : ago(newProbe);
    expect(answersReached(record, routerWorks, probeAtMs, NOW, constants)).toBe(expected);
  });

  it('only when its next beat, not later than F after the last, does not leave for an absence', () => {
    const seconds = fc.integer({ min: 0, max: 120 });
    fc.assert(
      fc.property(seconds, seconds, fc.integer({ min: 0, max: 15 }), seconds, (probe, later, beat, freshFor) => {
        const beatAtMs = ago(beat);
        const lastProbeAtMs = Math.min(ago(probe), beatAtMs);
        const reached = beatAtMs - lastProbeAtMs <= constants.reachedMs;
        const me = { beatAtMs, lastProbeAtMs, reached };
        const probeAtMs = Math.max(lastProbeAtMs, ago(later % (beat + 1)));
        fc.pre(answersReached(me, true, probeAtMs, NOW, constants));
        expect(admit(given({ me, freshFor, input: { probeAtMs } })).next.state).toBe('serving');
      }),
      { numRuns: 1000 },
    );
  });
});
