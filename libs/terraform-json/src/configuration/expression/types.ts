// Terraform's types: what a value's is, the one type of several, and a value made another's (cty, "convert").
import { compare, isBigFloat } from '../../big-float';
import {
  entriesOf,
  EvaluationError,
  isMap,
  isNull,
  mapOf,
  NotCertain,
  NullOf,
  Placeholder,
  ResourceValue,
  shown,
  toFlag,
  toNumber,
  toText,
  typed,
  typeSaidOf,
  Unknown,
  Untyped,
  type Type,
  type Value,
} from '../../values';

export function typeOf(value: Value): Type {
  if (typeof value === 'string' || value instanceof Placeholder) return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (isNull(value)) return value instanceof NullOf ? value.type : 'any';
  if (value instanceof Unknown || value instanceof ResourceValue || value instanceof Untyped) return 'unsure';
  const said = typeSaidOf(value);
  if (said !== undefined) return said;
  if (Array.isArray(value)) return { kind: 'tuple', of: value.map(typeOf) };
  if (isMap(value))
    return {
      kind: 'object',
      of: mapOf(entriesOf(value).map(([key, item]) => [String(key), typeOf(item)])) as Record<string, Type>,
    };
  return 'number';
}

const UNSURE = 'its type depends on what is unknown before an apply';
const NO_TYPE = 'the values have no type in common';

/** Beside null, or an empty collection, Terraform may do without one. */
const noType = (types: readonly Type[]): Error =>
  JSON.stringify(types).includes('"any"') ? new NotCertain(`${NO_TYPE} that is certain`) : new EvaluationError(NO_TYPE);

/** The one type that Terraform brings values of these types to. */
export function unify(types: readonly Type[]): Type {
  const sure = types.filter((type) => type !== 'any' && type !== 'unsure');
  if (types.includes('unsure')) {
    // Beside a text everything becomes text, or is refused.
    if (sure.includes('string')) return 'string';
    if (sure.length === 0) return 'unsure';
    throw new NotCertain(UNSURE);
  }
  const [first] = sure;
  if (first === undefined) return 'any';
  if (sure.every((type) => isSame(type, first))) return first;
  const collections = sure.filter((type) => typeof type === 'object');
  if (collections.length === 0) {
    if (sure.includes('string')) return 'string';
    throw noType(types);
  }
  if (collections.length < sure.length) throw noType(types);
  return unifyCollections(collections);
}

function unifyCollections(types: readonly Exclude<Type, string>[]): Type {
  const kinds = new Set(types.map(({ kind }) => kind));
  const elements = types.flatMap(elementTypes);
  if (kinds.size === 1 && kinds.has('tuple')) {
    const tuples = types.map(({ of }) => of as readonly Type[]);
    const length = tuples[0]?.length ?? 0;
    if (tuples.some((one) => one.length !== length)) return { kind: 'list', of: unify(elements) };
    return { kind: 'tuple', of: Array.from({ length }, (_, at) => unify(tuples.map((one) => one[at] as Type))) };
  }
  if (kinds.size === 1 && kinds.has('object')) {
    const objects = types.map(({ of }) => of as Readonly<Record<string, Type>>);
    const names = Object.keys(objects[0] ?? {});
    const isAlike = objects.every(
      (one) => Object.keys(one).length === names.length && names.every((name) => Object.hasOwn(one, name)),
    );
    if (!isAlike) return { kind: 'map', of: unify(elements) };
    return {
      kind: 'object',
      of: mapOf(names.map((name) => [name, unify(objects.map((one) => one[name] as Type))])) as Record<string, Type>,
    };
  }
  const has = (...of: readonly string[]): boolean => [...kinds].every((kind) => of.includes(kind));
  if (has('set')) return { kind: 'set', of: unify(elements) };
  // Which of a set and a list is made the other is cty's own matter.
  if (kinds.has('set') && has('set', 'list', 'tuple')) throw new NotCertain(`${NO_TYPE} that is certain`);
  if (has('list', 'tuple')) return { kind: 'list', of: unify(elements) };
  if (has('map', 'object')) return { kind: 'map', of: unify(elements) };
  throw noType(types);
}

const elementTypes = (type: Exclude<Type, string>): readonly Type[] =>
  type.kind === 'tuple' || type.kind === 'object' ? Object.values<Type>(type.of) : [type.of];

/** What a list, a set or a map holds; undefined for a tuple and an object. */
export function elementTypeOf(value: Value): Type | undefined {
  const type = typeof value === 'object' && value !== null ? typeSaidOf(value) : undefined;
  return typeof type === 'object' && type.kind !== 'tuple' && type.kind !== 'object' ? type.of : undefined;
}

export const isSame = (a: Type, b: Type): boolean => JSON.stringify(a) === JSON.stringify(b);

const isUnsure = (type: Type): boolean => JSON.stringify(type).includes('"unsure"');

/** `value` as `to`. Throws EvaluationError where Terraform refuses it. */
export function convert(value: Value, to: Type): Value {
  if (to === 'any' || to === 'unsure') return value ?? null;
  if (isNull(value)) return new NullOf(to);
  if (value instanceof Unknown) return value;
  if (to === 'string') return toText(value);
  if (value instanceof Placeholder) return new Unknown('it depends on what AWS draws at apply');
  if (to === 'number') return toNumber(value);
  if (to === 'bool') return toFlag(value);
  if (value instanceof ResourceValue) throw new NotCertain(UNSURE);
  if (isSame(typeOf(value), to)) return value;
  if (to.kind === 'object' || to.kind === 'map') {
    if (!isMap(value)) throw new EvaluationError(`${shown(value)} is no map`);
    return to.kind === 'object' ? asObject(value, to.of) : asMap(value, to.of as Type);
  }
  if (!Array.isArray(value)) throw new EvaluationError(`${shown(value)} is no list`);
  if (typeSaidOf(value) === 'unsure') throw new NotCertain(UNSURE);
  if (to.kind === 'tuple') {
    if (value.length !== to.of.length)
      throw new EvaluationError(`a list of ${value.length} where ${to.of.length} are needed`);
    return value.map((item, at) => convert(item, to.of[at] as Type));
  }
  return to.kind === 'list' ? asList(value, to.of) : asSet(value, to.of);
}

function asObject(value: Readonly<Record<string, Value>>, of: Readonly<Record<string, Type>>): Value {
  const entries = Object.entries(of).map(([name, type]): [string, Value] => {
    if (!Object.hasOwn(value, name)) throw new EvaluationError(`there is no "${name}"`);
    return [name, convert(value[name], type)];
  });
  return mapOf(entries);
}

/** `any`: the type that the elements have in common. */
const elementType = (items: readonly Value[], of: Type): Type => (of === 'any' ? unify(items.map(typeOf)) : of);

export function asList(items: readonly Value[], of: Type = 'any'): Value[] {
  const type = elementType(items, of);
  return typed(
    items.map((item) => convert(item, type)),
    { kind: 'list', of: type },
  );
}

export function asMap(map: Readonly<Record<string, Value>>, of: Type = 'any'): Value {
  const type = elementType(Object.values(map), of);
  return typed(mapOf(Object.entries(map).map(([key, item]) => [key, convert(item, type)])), { kind: 'map', of: type });
}

/** Each once, in the order in which Terraform walks them. */
export function asSet(items: readonly Value[], of: Type = 'any'): Value[] {
  const type = elementType(items, of);
  const once = new Map(items.map((item) => convert(item, type)).map((item) => [digest(item), item]));
  const set = [...once.values()];
  if (set.length > 1 && (typeof type === 'object' || type === 'unsure'))
    throw new NotCertain('the order of such a set is not certain');
  return typed(
    set.sort((a, b) => before(a, b)),
    { kind: 'set', of: type },
  );
}

function before(a: Value, b: Value): number {
  if (isNull(a) || isNull(b)) return isNull(a) ? 1 : -1;
  if (typeOf(a) === 'number') return compare(toNumber(a), toNumber(b));
  return byText(digest(a), digest(b));
}

/** As Go sorts texts: by code points. */
export const byText = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The same for equal values of one type, and for no others. */
export function digest(value: Value): string {
  if (typeof value === 'string') return value.normalize();
  if (value instanceof Placeholder) return value.text;
  if (value instanceof ResourceValue) return value.address;
  if (isNull(value)) return '\0null';
  if (Array.isArray(value)) return JSON.stringify(value.map(digest));
  if (isMap(value)) return JSON.stringify(entriesOf(value).map(([key, item]) => [key, digest(item)]));
  const text = toText(value);
  if (typeof text !== 'string') throw new NotCertain(UNSURE);
  return text === '-0' ? '0' : text;
}

/** Whether they are equal for Terraform, without conversion: "1" is not 1, and a list is no tuple. Nothing in them is unknown. */
export function areEqualValues(a: Value, b: Value): boolean {
  if (isNull(a) || isNull(b)) return isNull(a) && isNull(b);
  const [one, other] = [typeOf(a), typeOf(b)];
  if (isUnsure(one) || isUnsure(other)) throw new NotCertain(UNSURE);
  return isSame(one, other) && digest(a) === digest(b);
}

/** What a text may be for the provider's schema: a number, a flag, or a text after all. */
const MAY_BE_TYPED = /^([+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|true|false)$/;

/** An argument as others refer to it: the provider has made it what its schema says, which nobody here knows. */
export function asReferred(value: Value): Value {
  if (typeof value === 'string') return MAY_BE_TYPED.test(value) ? new Untyped(value) : value;
  if (typeof value === 'number' || typeof value === 'boolean') return new Untyped(value);
  if (isNull(value) || value instanceof Untyped) return value instanceof Untyped ? value : null;
  if (Array.isArray(value)) return typed(value.map(asReferred), 'unsure');
  if (isMap(value)) return typed(mapOf(Object.entries(value).map(([key, item]) => [key, asReferred(item)])), 'unsure');
  return isBigFloat(value) ? new Untyped(value) : value;
}
