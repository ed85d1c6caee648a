// What an expression comes to: a value, a placeholder for what AWS will draw, or unknown with the reason.
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

const sets = new WeakSet<object>();

/** Sets are lists in the order in which Terraform walks them: by text. */
export function asSet(items: readonly Value[]): Value[] {
  const set = [...new Map(items.map((item) => [JSON.stringify(item), item])).values()].sort((a, b) =>
    String(a) < String(b) ? -1 : 1,
  );
  sets.add(set);
  return set;
}

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

export const isSet = (value: Value): boolean => Array.isArray(value) && sets.has(value);

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
  if (Array.isArray(value)) return value.map((item: Value, place) => [isSet(value) ? item : place, item] as const);
  if (!isMap(value)) throw new EvaluationError(`${shown(value)} is no list and no map`);
  return Object.keys(value)
    .sort()
    .map((key) => [key, value[key]] as const);
}

/** An object whose keys are all its own: `__proto__` is a key like any other. */
export function mapOf(entries: Iterable<readonly [string, Value]>): Record<string, Value> {
  const map = Object.create(null) as Record<string, Value>;
  for (const [key, value] of entries) map[key] = value;
  return { ...map };
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** A number, or a text that Terraform converts to one; undefined for anything else. */
export function numberIn(value: Value): number | undefined {
  const number = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Terraform converts between number, flag and text where one of them is asked for. */
export function toNumber(value: Value): number {
  const number = numberIn(value);
  if (number === undefined) throw new EvaluationError(`${shown(value)} is no number`);
  return number;
}

export function toFlag(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new EvaluationError(`${shown(value)} is neither true nor false`);
}

/** A number that JavaScript would write with an exponent is unknown: Terraform writes it out. */
export function toText(value: Value): string | Unknown | Placeholder {
  if (isOpaque(value)) return value instanceof ResourceValue ? (unknownIn(value) as Unknown) : value;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'number') throw new EvaluationError(`${shown(value)} is no text`);
  const text = String(value);
  return /e/.test(text) || text.length > 16 ? new Unknown(`the digits of ${text} are not certain`) : text;
}

export const shown = (value: Value): string =>
  value === null || value === undefined ? 'null' : typeof value === 'object' ? 'a list or map' : JSON.stringify(value);

/** Terraform counts in decimals; what a double cannot hold for certain is unknown. */
export function counted(number: number): number | Unknown {
  if (!Number.isFinite(number) || Math.abs(number) > Number.MAX_SAFE_INTEGER) {
    return new Unknown('the number is larger than this reader counts');
  }
  return Number.isInteger(number) ? number + 0 : Number(number.toPrecision(15));
}
