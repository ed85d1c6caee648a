// Medians, ratios of turns, and what counts as a change.
import { changeOf, median, ratiosOf, spreadOf } from './statistics';

test.each([
  [[3], 3],
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[10, 9], 9.5],
])('the median of %j is %d', (values, expected) => {
  const before = [...values];
  expect(median(values)).toBe(expected);
  expect(values).toEqual(before);
});

test('there is no median of nothing', () => expect(median([])).toBeNaN());

test('a spread is the median between the least and the most', () => {
  expect(spreadOf([2, 8, 3])).toEqual({ median: 3, low: 2, high: 8 });
});

test('ratios are of the same turn, and a turn that only one has is left out', () => {
  expect(ratiosOf([2, 9], [4, 3])).toEqual([0.5, 3]);
  expect(ratiosOf([2, 9], [4])).toEqual([0.5]);
});

test.each([
  ['within the floor of 3 %', [1.02, 1.02, 1.02], 'unchanged', 0.03],
  ['beyond it, in every turn', [1.05, 1.06, 1.05], 'slower', 0.03],
  ['less by more than the noise', [0.7, 0.8, 0.75], 'faster', 0.05],
  ['less, but not by more than half of the range', [0.7, 1.2, 0.9], 'unchanged', 0.25],
  ['more, but not by more than half of the range', [0.9, 1.5, 1.2], 'unchanged', 0.3],
  ['of two turns', [0.5, 0.5], 'too few turns', 0.03],
])('a change %s', (_, ratios, verdict, noise) => {
  const change = changeOf(ratios);
  expect(change.verdict).toBe(verdict);
  expect(change.noise).toBeCloseTo(noise, 10);
});
