// Numbers as Terraform counts: binary floats of 512 bits, rounded and written as Go's math/big does (cty, "Number").
// Every operation gives the very number that Terraform would; a double would not.

/** Of what is written as decimals. What Terraform itself counts (a length, an index) has fewer bits. */
const PRECISION = 512;
const COUNTED = 64;
/** [A] Nobody writes longer numbers. With powers of ten up to this Go's own reading of decimals rounds once. */
const MAX_DIGITS = 240;

/** (-1)^negative * mantissa * 2^exponent, with at most `precision` bits of mantissa. Zero has a sign, too. */
export interface BigFloat {
  readonly negative: boolean;
  /** Odd, or 0. */
  readonly mantissa: bigint;
  readonly exponent: number;
  readonly precision: number;
}

class Float implements BigFloat {
  constructor(
    readonly negative: boolean,
    readonly mantissa: bigint,
    readonly exponent: number,
    readonly precision: number,
  ) {}
}

export const isBigFloat = (value: unknown): value is BigFloat => value instanceof Float;

const bits = (magnitude: bigint): number => (magnitude === 0n ? 0 : magnitude.toString(2).length);

/** Nearest, and even where two are. `sticky`: something more is behind the last bit. */
function rounded(negative: boolean, magnitude: bigint, exponent: number, precision: number, sticky = false): BigFloat {
  let [mantissa, power] = [magnitude, exponent];
  const excess = bits(mantissa) - precision;
  if (excess > 0) {
    const rest = BigInt.asUintN(excess, mantissa);
    const half = 1n << BigInt(excess - 1);
    mantissa >>= BigInt(excess);
    power += excess;
    if (rest > half || (rest === half && (sticky || (mantissa & 1n) === 1n))) mantissa += 1n;
  }
  if (mantissa === 0n) return new Float(negative, 0n, 0, precision);
  while ((mantissa & 0xffffn) === 0n) [mantissa, power] = [mantissa >> 16n, power + 16];
  while ((mantissa & 1n) === 0n) [mantissa, power] = [mantissa >> 1n, power + 1];
  return new Float(negative, mantissa, power, precision);
}

/** A number that Terraform counted itself. */
export const countOf = (count: number): BigFloat => rounded(count < 0, BigInt(Math.abs(count)), 0, COUNTED);

/** undefined for what is no decimal number, or too long a one. */
export function parseBigFloat(text: string): BigFloat | undefined {
  const [, sign, whole = '', fraction = '', power = '0'] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text) ?? [];
  const digits = whole + fraction;
  const exponent = Number(power) - fraction.length;
  if (digits === '' || Math.max(Math.abs(exponent), digits.length) > MAX_DIGITS) return undefined;
  const ten = new Float(false, 10n ** BigInt(Math.abs(exponent)), 0, PRECISION);
  const integer = new Float(sign === '-', BigInt(digits), 0, PRECISION);
  return exponent < 0 ? quotient(integer, ten, PRECISION) : product(integer, ten, PRECISION);
}

const larger = (a: BigFloat, b: BigFloat): number => Math.max(a.precision, b.precision);

function product(a: BigFloat, b: BigFloat, precision: number): BigFloat {
  return rounded(a.negative !== b.negative, a.mantissa * b.mantissa, a.exponent + b.exponent, precision);
}

function quotient(a: BigFloat, b: BigFloat, precision: number): BigFloat {
  const shift = Math.max(0, precision + 2 + bits(b.mantissa) - bits(a.mantissa));
  const dividend = a.mantissa << BigInt(shift);
  const result = dividend / b.mantissa;
  const sticky = result * b.mantissa !== dividend;
  return rounded(a.negative !== b.negative, result, a.exponent - b.exponent - shift, precision, sticky);
}

const signed = ({ negative, mantissa }: BigFloat): bigint => (negative ? -mantissa : mantissa);

function sum(a: BigFloat, b: BigFloat, precision: number): BigFloat {
  const exponent = Math.min(a.exponent, b.exponent);
  const [x, y] = [a, b].map((one) => signed(one) << BigInt(one.exponent - exponent)) as [bigint, bigint];
  const total = x + y;
  const bothNegative = a.negative && b.negative;
  return rounded(total < 0n || (total === 0n && bothNegative), total < 0n ? -total : total, exponent, precision);
}

export const negate = (a: BigFloat): BigFloat => new Float(!a.negative, a.mantissa, a.exponent, a.precision);
export const absolute = (a: BigFloat): BigFloat => (a.negative ? negate(a) : a);
export const add = (a: BigFloat, b: BigFloat): BigFloat => sum(a, b, larger(a, b));
export const subtract = (a: BigFloat, b: BigFloat): BigFloat => sum(a, negate(b), larger(a, b));
export const divide = (a: BigFloat, b: BigFloat): BigFloat => quotient(a, b, larger(a, b));
export const isZero = (a: BigFloat): boolean => a.mantissa === 0n;

/** cty gives a product the bits that it needs, up to 512. */
export function multiply(a: BigFloat, b: BigFloat): BigFloat {
  const full = product(a, b, PRECISION);
  return new Float(full.negative, full.mantissa, full.exponent, Math.max(larger(a, b), bits(full.mantissa)));
}

/** What is left of `a` after whole times `b`; `a` itself where b is 0, as cty has it. */
export function remainder(a: BigFloat, b: BigFloat): BigFloat {
  if (isZero(b)) return a;
  const times = truncated(divide(a, b));
  const { precision } = a;
  return sum(
    a,
    negate(product(b, rounded(times < 0n, times < 0n ? -times : times, 0, precision), precision)),
    precision,
  );
}

/** Towards 0. */
function truncated(a: BigFloat): bigint {
  const { exponent } = a;
  return exponent >= 0 ? signed(a) << BigInt(exponent) : (a.negative ? -1n : 1n) * (a.mantissa >> BigInt(-exponent));
}

export const isWhole = (a: BigFloat): boolean => a.exponent >= 0;

export function floor(a: BigFloat): BigFloat {
  const whole = truncated(a) - (a.negative && !isWhole(a) ? 1n : 0n);
  return rounded(whole < 0n, whole < 0n ? -whole : whole, 0, a.precision);
}

export function ceil(a: BigFloat): BigFloat {
  const up = negate(floor(negate(a)));
  return isZero(up) ? absolute(up) : up;
}

/** Below, at or above 0 where a is less than, equal to or more than b. */
export function compare(a: BigFloat, b: BigFloat): -1 | 0 | 1 {
  const { negative, mantissa } = sum(a, negate(b), 1 + PRECISION);
  return mantissa === 0n ? 0 : negative ? -1 : 1;
}

/** Two numbers are equal for Terraform when they are written in the same way. Zero has one way here. */
export const areEqualFloats = (a: BigFloat, b: BigFloat): boolean =>
  isZero(a) || isZero(b) ? isZero(a) && isZero(b) : textOfFloat(a) === textOfFloat(b);

/** The digits of a number and where its point is: 0.digits * 10^point. */
interface Digits {
  readonly digits: string;
  readonly point: number;
}

function decimals(mantissa: bigint, exponent: number): Digits {
  const scaled = exponent >= 0 ? mantissa << BigInt(exponent) : mantissa * 5n ** BigInt(-exponent);
  const all = scaled.toString();
  return { digits: all.replace(/0+$/, ''), point: all.length + Math.min(0, exponent) };
}

/** As Go's `Text('f', -1)`: the fewest digits that say which number of this precision it is. */
export function textOfFloat(value: BigFloat): string {
  const sign = value.negative ? '-' : '';
  if (isZero(value)) return `${sign}0`;
  const { digits, point } = shortest(value);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  const whole = digits.slice(0, point).padEnd(point, '0');
  return `${sign}${whole}${digits.length > point ? `.${digits.slice(point)}` : ''}`;
}

/** Go's `roundShortest`, step by step: what it does at its edges is what Terraform prints. */
function shortest({ mantissa, exponent, precision }: BigFloat): Digits {
  const exact = decimals(mantissa, exponent);
  // One bit more than the number has: its last bit is half of what two numbers differ by.
  const shift = precision + 1 - bits(mantissa);
  const finer = mantissa << BigInt(shift);
  const lower = decimals(finer - 1n, exponent - shift).digits;
  const upper = decimals(finer + 1n, exponent - shift).digits;
  const inclusive = (finer & 2n) === 0n;
  for (let at = 0; at < exact.digits.length; at += 1) {
    const [low, digit, high] = [lower, exact.digits, upper].map((one) => one[at] ?? '0') as [string, string, string];
    const mayDown = low !== digit || (inclusive && at + 1 === lower.length);
    const mayUp = digit !== high && (inclusive || Number(digit) + 1 < Number(high) || at + 1 < upper.length);
    if (!mayDown && !mayUp) continue;
    const up = mayUp && (!mayDown || isNearerAbove(exact.digits, at + 1));
    return cut(exact, at + 1, up);
  }
  return exact;
}

function isNearerAbove(digits: string, length: number): boolean {
  if (length >= digits.length) return false;
  const isHalf = digits[length] === '5' && length + 1 === digits.length;
  return isHalf ? Number(digits[length - 1]) % 2 === 1 : (digits[length] as string) >= '5';
}

function cut({ digits, point }: Digits, length: number, up: boolean): Digits {
  if (length >= digits.length) return { digits, point };
  const kept = digits.slice(0, length);
  const next = up ? (BigInt(kept) + 1n).toString() : kept;
  return { digits: next.replace(/0+$/, ''), point: point + next.length - kept.length };
}
