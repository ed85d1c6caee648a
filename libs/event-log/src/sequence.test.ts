// A sequence answers as an array of the same things does, each time that it is asked.
import * as fc from 'fast-check';
import { Sequence } from './sequence';

const isEven = (n: number): boolean => n % 2 === 0;
const twice = (n: number): number[] => [n, n];

test('answers as an array does, again and again', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (things) => {
      const sequence = Sequence.of(things);
      for (let walk = 0; walk < 2; walk += 1) {
        expect([...sequence]).toEqual(things);
        expect(sequence.filter(isEven)).toEqual(things.filter(isEven));
        expect([...sequence.where(isEven)]).toEqual(things.filter(isEven));
        expect(sequence.where(isEven).map(String)).toEqual(things.filter(isEven).map(String));
        expect(sequence.flatMap(twice)).toEqual(things.flatMap(twice));
        expect(sequence.setOf(String)).toEqual(new Set(things.map(String)));
        expect(sequence.find(isEven)).toBe(things.find(isEven));
        expect(sequence.some(isEven)).toBe(things.some(isEven));
        expect(sequence.every(isEven)).toBe(things.every(isEven));
        expect(sequence.count()).toBe(things.length);
      }
    }),
  );
});

test('takes no more than it needs', () => {
  let taken = 0;
  const sequence = new Sequence(function* () {
    for (;;) yield (taken += 1);
  });
  expect(sequence.where(isEven).find((n) => n > 4)).toBe(6);
  expect(taken).toBe(6);
});

test('finds what has come since', () => {
  const things = [1];
  const odd = Sequence.of(things).where((n) => !isEven(n));
  expect(odd.count()).toBe(1);
  things.push(3);
  expect([...odd]).toEqual([1, 3]);
});
