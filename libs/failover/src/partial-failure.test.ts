// The closed form of a partial failure, against counting by hand and against its own definition.
import { CHECKERS } from '@dr/contracts';
import { checkUnhealthyPart, turningShare, unhealthyPart } from './partial-failure';

test('with a threshold of 1 a checker says what its last probe met', () => {
  for (const failing of [0, 0.1, 0.5, 0.82, 1]) expect(unhealthyPart(failing, 1)).toBeCloseTo(failing, 10);
});

test.each([1, 2, 3, 5])('threshold %i: half of the probes is half of the time, and what is healthy mirrors it', (n) => {
  expect(unhealthyPart(0.5, n)).toBeCloseTo(0.5, 10);
  expect(unhealthyPart(0.3, n) + unhealthyPart(0.7, n)).toBeCloseTo(1, 10);
});

/** Every state of one checker with its chance, moved on probe by probe until nothing changes. */
function byChain(failing: number, threshold: number): number {
  let states = Array.from({ length: 2 * threshold }, (_, at) => Number(at === 0));
  for (let probe = 0; probe < 2_000; probe += 1) {
    const next = states.map(() => 0);
    states.forEach((chance, at) => {
      const saysUnhealthy = at >= threshold;
      const streak = at % threshold;
      const contradicted = saysUnhealthy ? 1 - failing : failing;
      const stay = saysUnhealthy ? threshold : 0;
      const flipped = streak + 1 === threshold ? threshold - stay : stay + streak + 1;
      next[flipped] = (next[flipped] ?? 0) + chance * contradicted;
      next[stay] = (next[stay] ?? 0) + chance * (1 - contradicted);
    });
    states = next;
  }
  return states.slice(threshold).reduce((sum, chance) => sum + chance, 0);
}

test.each([
  [0.2, 2],
  [0.4, 3],
  [0.65, 3],
  [0.7, 4],
])('a checker that meets %d failing probes, threshold %i, is as its chain of states says', (failing, threshold) => {
  expect(unhealthyPart(failing, threshold)).toBeCloseTo(byChain(failing, threshold), 8);
});

test('16 checkers are healthy with 3 that say so, and unhealthy with 2', () => {
  const [unhealthy, healthy] = [0.9, 0.1];
  const two = unhealthy ** 16 + 16 * healthy * unhealthy ** 15 + 120 * healthy ** 2 * unhealthy ** 14;
  expect(CHECKERS).toBe(16);
  expect(checkUnhealthyPart(unhealthy, 1)).toBeCloseTo(two, 10);
});

test('a threshold of 3 turns from about 65 % of failing probes, where 18 % of the checkers are healthy on average', () => {
  expect(unhealthyPart(0.65, 3)).toBeCloseTo(0.82, 2);
  expect(Math.abs(turningShare(3) - 0.65)).toBeLessThan(0.02);
  expect(checkUnhealthyPart(0.5, 3)).toBeLessThan(0.01);
  expect(checkUnhealthyPart(0.8, 3)).toBeGreaterThan(0.98);
});

test('a lower threshold turns at a higher share: one good probe brings a checker back', () => {
  const shares = [1, 2, 3, 5].map((threshold) => turningShare(threshold));
  expect(shares).toEqual([...shares].sort((a, b) => b - a));
  expect(Math.abs((shares[0] ?? 0) - 0.83)).toBeLessThan(0.01);
});
