import { addressOf, parseAddress } from './address';
import { nextInstant } from './steps-of';

test.each(['#t=99.712&w=fail', '#compare&t=0.000&w=all', '#t=0.001&w=back'])('%s is read and written alike', (hash) => {
  const { view = 'player', atMs = 0, window = 'all' } = parseAddress(hash);
  expect(addressOf({ view, atMs, window })).toBe(hash);
});

test.each(['', '#', '#t=', '#t=x', '#t=-3', '#w=no', '#nothing&t=Infinity'])('%j names nothing', (hash) => {
  expect(parseAddress(hash)).toEqual({});
});

test('steps go from instant to instant, and events of one millisecond are one step', () => {
  const rows = [{ atMs: 10 }, { atMs: 10.2 }, { atMs: 10.9 }, { atMs: 30 }];
  expect(nextInstant(rows, 0, 1)).toBe(10);
  expect(nextInstant(rows, 10, 1)).toBe(11);
  expect(nextInstant(rows, 11, 1)).toBe(30);
  expect(nextInstant(rows, 30, 1)).toBeUndefined();
  expect(nextInstant(rows, 30, -1)).toBe(11);
  expect(nextInstant(rows, 10, -1)).toBeUndefined();
});
