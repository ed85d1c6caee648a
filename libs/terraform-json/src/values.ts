// What an expression comes to: a value, a placeholder for what AWS will draw, or unknown with the reason.
import { countOf, isBigFloat, isWhole, isZero, parseBigFloat, textOfFloat, type BigFloat } from './big-float';
import { isObject } from './normalise';
import { remembered } from './remembered';

/** Nobody can say before an apply what it will be, or this reader does not know Terraform's meaning. */
export class Unknown {
  constructor(
    /** Why, as part of a sentence: `var.size has no default`. */
    readonly reason: string,
  ) {}
}

/** Stands for a text that AWS draws at apply. It is the same wherever it is referred to, but nothing may be decided by its letters. */
export class Placeholder {
  constructor(readonly text: string) {}
}

/** One instance of a resource, whose attributes are looked up when they are asked for. */
export class ResourceValue {
  constructor(readonly address: string) {}
}

/** null, text, number, boolean, list, object, or one of the classes above; at any depth. */
export type Value = unknown;

/** Terraform itself would refuse the expression: the sentence says what for. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}

/** The function or the text is known, what it comes to here is not. */
export class NotCertain extends Error {
  override readonly name = 'NotCertain';
}

/** A number, a flag or their text, where nobody here knows which of them Terraform makes of it. */
export class Untyped {
  constructor(readonly value: string | number | boolean | BigFloat) {}
}

/**
 * What Terraform's type system says of a value. `any`: null as it is written, and what an empty collection holds. `unsure`: only the provider
 * knows, or what is unknown decides.
 */
export type Type =
  | 'string'
  | 'number'
  | 'bool'
  | 'any'
  | 'unsure'
  | { readonly kind: 'list' | 'set' | 'map'; readonly of: Type }
  | { readonly kind: 'tuple'; readonly of: readonly Type[] }
  | { readonly kind: 'object'; readonly of: Readonly<Record<string, Type>> };

/** null where Terraform knows what it would be: an argument of a type, an element of a list of a type. */
export class NullOf {
  constructor(readonly type: Type) {}
}

export const isNull = (value: Value): value is null | undefined | NullOf =>
  value === null || value === undefined || value instanceof NullOf;

const types = new WeakMap<object, Type>();

/** Says of an array or an object that it is no tuple and no object. */
export function typed<T extends object>(value: T, type: Type): T {
  types.set(value, type);
  return value;
}

/** undefined for a tuple and an object, whose types are in what they hold. */
export const typeSaidOf = (value: object): Type | undefined => types.get(value);

/** An object whose own properties are set one by one: `__proto__` is a key like any other. */
export function setMember(target: object, key: string | number, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  else (target as Record<string | number, unknown>)[key] = value;
}

const settled = remembered<true>();

/** What a file gives as it is, without null, empty lists or anything that is open: nobody need look through it again. */
export function settledOf(json: unknown): Value {
  if (json === null) return undefined;
  if (Array.isArray(json)) {
    if (json.length === 0) return undefined;
    const list = json.map((item: unknown) => settledOf(item) ?? null);
    settled.set(list, true);
    return list;
  }
  if (!isObject(json)) return json;
  const object = {};
  for (const key of Object.keys(json)) {
    const value = settledOf(json[key]);
    if (value !== undefined) setMember(object, key, value);
  }
  settled.set(object, true);
  return object;
}

export const isSettled = (value: object): boolean => settled.get(value) === true;

export const isSet = (value: Value): boolean => hasKind(value, 'set');

export function hasKind(value: Value, kind: 'list' | 'set' | 'map'): boolean {
  const type = typeof value === 'object' && value !== null ? types.get(value) : undefined;
  return typeof type === 'object' && type.kind === kind;
}

export const isOpaque = (value: Value): value is Unknown | Placeholder | ResourceValue =>
  value instanceof Unknown || value instanceof Placeholder || value instanceof ResourceValue;

/** A map or an object of Terraform. */
export const isMap = (value: Value): value is Readonly<Record<string, Value>> => isObject(value) && !isOpaque(value);

/** The first unknown in a value, at any depth; placeholders count when `strict`. */
export function unknownIn(value: Value, strict = false): Unknown | undefined {
  if (value instanceof Unknown) return value;
  if (value instanceof ResourceValue) return new Unknown(`${value.address} as a whole is known only after an apply`);
  if (strict && value instanceof Placeholder) return new Unknown('it depends on what AWS draws at apply');
  const items = Array.isArray(value) ? (value as Value[]) : isMap(value) ? Object.values(value) : [];
  for (const item of items) {
    const found = unknownIn(item, strict);
    if (found) return found;
  }
  return undefined;
}

/** Keys and values in the order in which Terraform walks them: maps by key. */
export function entriesOf(value: Value): readonly (readonly [Value, Value])[] {
  if (Array.isArray(value))
    return value.map((item: Value, place) => [isSet(value) ? item : countOf(place), item] as const);
  if (!isMap(value)) throw new EvaluationError(`${shown(value)} is no list and no map`);
  return Object.keys(value)
    .sort()
    .map((key) => [key, value[key]] as const);
}

/** An object whose keys are all its own: `__proto__` is a key like any other. */
export function mapOf(entries: Iterable<readonly [string, Value]>): Record<string, Value> {
  const map: Record<string, Value> = {};
  for (const [key, value] of entries) setMember(map, key, value);
  return map;
}

/** Terraform converts between number, flag and text where one of them is asked for. */
export function toNumber(value: Value): BigFloat {
  const given = value instanceof Untyped ? value.value : value;
  if (isBigFloat(given)) return given;
  if (typeof given === 'number' && Math.abs(given) > Number.MAX_SAFE_INTEGER) {
    throw new NotCertain('the number is longer than this reader counts');
  }
  const text = typeof given === 'number' ? (Object.is(given, -0) ? '-0' : String(given)) : given;
  if (typeof text !== 'string' || !/^[+-]?(\d|\.\d)/.test(text))
    throw new EvaluationError(`${shown(value)} is no number`);
  const number = parseBigFloat(text);
  if (number !== undefined) return number;
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text))
    throw new NotCertain('the number is longer than this reader counts');
  throw new EvaluationError(`${shown(value)} is no number`);
}

/** A place, a length, a step: as JavaScript counts. */
export function toWhole(value: Value): number {
  const number = toNumber(value);
  const whole = Number(textOfFloat(number));
  if (isWhole(number) && Number.isSafeInteger(whole)) return whole + 0;
  if (isWhole(number)) throw new NotCertain(`${textOfFloat(number)} is more than this reader counts to`);
  throw new EvaluationError(`${shown(value)} is no whole number`);
}

export function toFlag(value: Value): boolean {
  const given = value instanceof Untyped ? value.value : value;
  if (typeof given === 'boolean') return given;
  if (given === 'true' || given === '1') return true;
  if (given === 'false' || given === '0') return false;
  throw new EvaluationError(`${shown(value)} is neither true nor false`);
}

export function toText(value: Value): string | Unknown | Placeholder {
  if (value instanceof Untyped) return toText(value.value);
  if (isOpaque(value)) return value instanceof ResourceValue ? (unknownIn(value) as Unknown) : value;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || isBigFloat(value)) return textOfFloat(toNumber(value));
  throw new EvaluationError(`${shown(value)} is no text`);
}

export const shown = (value: Value): string => {
  if (isNull(value)) return 'null';
  if (value instanceof Untyped) return shown(value.value);
  if (isBigFloat(value)) return textOfFloat(value);
  return typeof value === 'object' ? 'a list or map' : JSON.stringify(value);
};

/** A number as JavaScript has it, where that says all that Terraform's number says. */
export function plainNumber(value: BigFloat): number | Unknown {
  if (isZero(value)) return 0;
  const text = textOfFloat(value);
  const number = Number(text);
  if (String(number) === text && Math.abs(number) <= Number.MAX_SAFE_INTEGER) return number;
  return new Unknown(
    `${text.length > 24 ? `${text.slice(0, 20)}...` : text} is larger than this reader counts, or has more digits`,
  );
}
