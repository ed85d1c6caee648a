// Numbers as Terraform counts: whole numbers like BigInt, quotients to 512 bits.
import * as fc from 'fast-check';
import * as floats from './big-float';
import { parseBigFloat, textOfFloat, type BigFloat } from './big-float';

const number = (text: string): BigFloat => parseBigFloat(text) as BigFloat;
const whole = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n });
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: -12, max: 12 }))
  .map(([digits, power]) => `${digits}e${power}`);

test('whole numbers are exact, however large', () =>
  fc.assert(
    fc.property(whole, whole, (a, b) => {
      const [x, y] = [number(String(a)), number(String(b))];
      expect(textOfFloat(floats.add(x, y))).toBe(String(a + b));
      expect(textOfFloat(floats.subtract(x, y))).toBe(String(a - b));
      expect(textOfFloat(floats.multiply(x, y)).replace(/^-0$/, '0')).toBe(String(a * b));
      if (b !== 0n) expect(textOfFloat(floats.remainder(x, y)).replace(/^-0$/, '0')).toBe(String(a % b));
      expect(floats.compare(x, y)).toBe(a < b ? -1 : a > b ? 1 : 0);
      expect(floats.areEqualFloats(x, y)).toBe(a === b);
    }),
  ));

test('a quotient is the nearest number of 512 bits: what is left is smaller than its last bit', () =>
  fc.assert(
    fc.property(whole, whole, (a, b) => {
      fc.pre(b !== 0n && a !== 0n);
      const { mantissa, exponent, negative, precision } = floats.divide(number(String(a)), number(String(b)));
      expect(negative).toBe(a < 0n !== b < 0n);
      expect([512, mantissa.toString(2).length <= 512]).toEqual([precision, true]);
      // |a| / |b| - m * 2^e is at most half of the last bit, 2^(e + length - 512), of a mantissa of 512 bits.
      const [top, bottom] = [a < 0n ? -a : a, b < 0n ? -b : b];
      const last = exponent + mantissa.toString(2).length - 512;
      const shift = BigInt(Math.max(0, -last) + 1);
      const left = (top << shift) - ((bottom * mantissa) << (shift + BigInt(exponent)));
      expect(2n * (left < 0n ? -left : left) <= bottom << (shift + BigInt(last))).toBe(true);
    }),
  ));

test('floor and ceil are the whole numbers beside it', () =>
  fc.assert(
    fc.property(decimal, (text) => {
      const value = number(text);
      const [below, above] = [floats.floor(value), floats.ceil(value)];
      expect([below, above].map(floats.isWhole)).toEqual([true, true]);
      expect([floats.compare(below, value) <= 0, floats.compare(value, above) <= 0]).toEqual([true, true]);
      const apart = textOfFloat(floats.subtract(above, below));
      expect(apart).toBe(floats.isWhole(value) ? '0' : '1');
    }),
  ));

test('the text of a number is that number, and no shorter one is', () =>
  fc.assert(
    fc.property(decimal, decimal, (a, b) => {
      const quotient = floats.isZero(number(b)) ? number(a) : floats.divide(number(a), number(b));
      const text = textOfFloat(quotient);
      expect(textOfFloat(number(text))).toBe(text);
      expect(floats.compare(number(text), quotient)).toBe(0);
      if (text.includes('.')) expect(floats.compare(number(text.slice(0, -1)), quotient)).not.toBe(0);
    }),
  ));

test('a double that has a short text comes back as it was', () =>
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }), (double) => {
      fc.pre(!String(double).includes('e'));
      expect(Number(textOfFloat(number(String(double))))).toBe(double + 0);
    }),
  ));

test.each(['', 'x', '.', '1e', '0x10', ' 7', '1e400', `1${'0'.repeat(300)}`, 'NaN', 'Infinity'])(
  '%j is no number that is counted here',
  (text) => expect(parseBigFloat(text)).toBeUndefined(),
);
