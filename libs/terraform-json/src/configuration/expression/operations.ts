// What Terraform's operators make of values.
import { areEqualValues } from './types';
import { add, compare, divide, isZero, multiply, negate, remainder, subtract, type BigFloat } from '../../big-float';
import {
  isNull,
  NotCertain,
  Placeholder,
  ResourceValue,
  toFlag,
  toNumber,
  Unknown,
  unknownIn,
  type Value,
} from '../../values';

const OPERATIONS: Readonly<Record<string, (a: BigFloat, b: BigFloat) => BigFloat | boolean>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': remainder,
  '<': (a, b) => compare(a, b) < 0,
  '>': (a, b) => compare(a, b) > 0,
  '<=': (a, b) => compare(a, b) <= 0,
  '>=': (a, b) => compare(a, b) >= 0,
};

export function unary(operator: string, value: Value): Value {
  const unknown = unknownIn(value, true);
  if (unknown) return unknown;
  return operator === '!' ? !toFlag(value) : negate(toNumber(value));
}

export function binary(operator: string, a: Value, b: Value): Value {
  if (operator === '&&' || operator === '||') return logical(operator, a, b);
  if (operator === '==' || operator === '!=') {
    const equal = areEqual(a, b);
    return typeof equal === 'boolean' ? equal === (operator === '==') : equal;
  }
  const unknown = unknownIn([a, b], true);
  if (unknown) return unknown;
  const [x, y] = [toNumber(a), toNumber(b)];
  // Infinity, which no argument takes.
  if (operator === '/' && isZero(y)) throw new NotCertain('division by zero');
  return OPERATIONS[operator]?.(x, y);
}

/** One side may decide alone, whatever the other turns out to be. */
function logical(operator: '&&' | '||', a: Value, b: Value): Value {
  const decides = operator === '||';
  const sides = [a, b].map((side) => unknownIn(side, true) ?? toFlag(side));
  if (sides.includes(decides)) return decides;
  return sides.find((side) => side instanceof Unknown) ?? !decides;
}

/** Without conversion: "1" is not 1. What AWS draws equals nothing for certain but itself, and is never null. */
function areEqual(a: Value, b: Value): boolean | Unknown {
  if (a instanceof Placeholder && b instanceof Placeholder && a.text === b.text) return true;
  for (const [one, other] of [
    [a, b],
    [b, a],
  ]) {
    if (isNull(one) && (other instanceof Placeholder || other instanceof ResourceValue)) return false;
  }
  return unknownIn([a, b], true) ?? areEqualValues(a, b);
}
