// Items of two pages: where the copy of each is, and whether it is the same.
import fc from 'fast-check';
import { copiesOf, isSame } from './abreast';
import { canonical } from './digest';

const key = (n: number) => ({ id: `item-${n >> 2}`, timestamp: `stamp-${n & 3}` });
const namesIn = (keys: readonly object[]): string[] => keys.map((one) => JSON.stringify(one));

/** Of one table in its order, with what each replica lacks. */
const pages = fc.array(fc.record({ isHere: fc.boolean(), isThere: fc.boolean() }), { maxLength: 60 }).map((all) => ({
  here: all.flatMap(({ isHere }, n) => (isHere ? [key(n)] : [])),
  there: all.flatMap(({ isThere }, n) => (isThere ? [key(n)] : [])),
}));

it('pairs items with their copies alone, in any order of the pages', () => {
  const anyOrder = fc.tuple(pages, fc.nat(), fc.nat()).map(([{ here, there }, by, byThere]) => ({
    here: [...here.slice(by % 7), ...here.slice(0, by % 7)],
    there: [...there.slice(byThere % 11).reverse(), ...there.slice(0, byThere % 11)],
  }));
  fc.assert(
    fc.property(fc.oneof(pages, anyOrder), ({ here, there }) => {
      const found = [...copiesOf(here, there)].flatMap((copy, at) => (copy < 0 ? [] : [{ at, copy }]));
      expect(found.map(({ copy }) => there[copy])).toEqual(found.map(({ at }) => here[at]));
      expect(new Set(found.map(({ copy }) => copy)).size).toBe(found.length);
    }),
  );
});

it.each([
  ['one page lacks', [1, 2, 3], []],
  ['the other page lacks', [], [0, 40, 41, 79]],
  ['each lacks', [10, 11, 50], [30, 31, 78]],
  ['one lacks within reach', Array.from({ length: 31 }, (_, n) => n + 5), []],
  ['each lacks in the same place', [20, 21], [22]],
])('finds all copies around what %s', (_, lackedHere, lackedThere) => {
  const all = Array.from({ length: 80 }, (_, n) => n);
  const here = all.filter((n) => !lackedHere.includes(n)).map(key);
  const there = all.filter((n) => !lackedThere.includes(n)).map(key);
  const names = namesIn(there);
  expect([...copiesOf(here, there)]).toEqual(namesIn(here).map((name) => names.indexOf(name)));
});

it('takes the same values as the digest does, and no others', () => {
  const close = fc.jsonValue({ maxDepth: 3 }).chain((value) => {
    const text = JSON.stringify(value);
    const changed = [text, text.replace('0', '1'), text.replace('true', 'false'), text.replace('null', '{}')];
    return fc.constantFrom(...changed, `[${text}]`).map((other): [unknown, unknown] => [value, JSON.parse(other)]);
  });
  fc.assert(
    fc.property(close, ([a, b]) => {
      expect(isSame(a, b)).toBe(canonical(a) === canonical(b));
    }),
    { numRuns: 1_000 },
  );
});

it.each<[unknown, unknown, boolean]>([
  [{ a: 1, b: { c: 2, d: [3] } }, { b: { d: [3], c: 2 }, a: 1 }, true],
  [{ b: Uint8Array.of(1, 2) }, { b: Uint8Array.of(1, 2) }, true],
  [{ b: Uint8Array.of(1, 2) }, { b: Uint8Array.of(1, 3) }, false],
  [{ a: 0 }, { a: -0 }, true],
  [[1, 2], [2, 1], false],
  [[], {}, false],
  [{}, [], false],
  [null, {}, false],
  ['1', 1, false],
  [JSON.parse('{"__proto__":{}}'), { x: 1 }, false],
  [{ toString: 'x' }, { y: 'x' }, false],
])('compares %j with %j', (a, b, same) => {
  expect(isSame(a, b)).toBe(same);
  expect(canonical(a) === canonical(b)).toBe(same);
});
