// Terraform's functions of lists, sets and maps. Of what type the result is decides what equals it.
import { list, map, notNull, string, type Apply } from './arguments';
import { areEqualValues, asList, asMap, asSet, byText, convert, elementTypeOf, isSame, typeOf, unify } from './types';
import {
  entriesOf,
  EvaluationError,
  hasKind,
  isMap,
  isNull,
  isSet,
  mapOf,
  NotCertain,
  NullOf,
  Placeholder,
  shown,
  toFlag,
  toText,
  toWhole,
  typed,
  typeSaidOf,
  Unknown,
  type Type,
  type Value,
} from '../../values';
import { countOf } from '../../big-float';

/** What holds the same elements as `value` in other places, or fewer of them, has its type: a list stays a list. */
function like(value: Value, items: Value[]): Value {
  const type = typeSaidOf(value as object);
  if (type === undefined) return items;
  return typed(items, typeof type === 'object' && type.kind === 'set' ? { kind: 'list', of: type.of } : type);
}

const ordered = (value: Value, what: string): readonly Value[] => {
  if (isSet(value)) throw new EvaluationError(`${what} is given a set`);
  return list(value);
};

function element([items, at]: readonly Value[]): Value {
  const values = ordered(items, 'element()');
  const index = toWhole(at);
  if (values.length === 0) throw new EvaluationError('element() of an empty list');
  if (index < 0) throw new NotCertain('element() below 0');
  return values[index % values.length];
}

function lookup([of, key, ...otherwise]: readonly Value[]): Value {
  const name = toText(key);
  if (typeof name !== 'string') return name instanceof Unknown ? name : new Unknown('the key is drawn by AWS');
  const values = map(of);
  const type = elementTypeOf(of);
  if (otherwise.length > 1) throw new EvaluationError('lookup() takes one default');
  if (otherwise.length > 0 && type !== undefined && typeof type === 'object')
    throw new NotCertain('the type of a default');
  const other = otherwise.length > 0 && type !== undefined ? convert(otherwise[0], type) : otherwise[0];
  if (Object.hasOwn(values, name)) return values[name];
  if (otherwise.length === 0) throw new EvaluationError(`the map has no "${name}"`);
  return other;
}

function one([items]: readonly Value[]): Value {
  const values = list(items);
  if (values.length > 1) throw new EvaluationError('one() of several');
  const type = elementTypeOf(items);
  return values.length > 0 ? values[0] : type === undefined ? null : new NullOf(type);
}

function coalesce(args: readonly Value[]): Value {
  const type = unify(args.map(typeOf));
  for (const arg of args) {
    const value = convert(arg, type);
    if (!isNull(value) && value !== '') return value;
  }
  throw new EvaluationError('coalesce() of nothing');
}

function concat(lists: readonly Value[]): Value {
  const items = lists.map((of) => ordered(of, 'concat()'));
  if (lists.length === 0) throw new EvaluationError('concat() of nothing');
  const whole = items.flat();
  if (lists.some((of) => typeSaidOf(of as object) === 'unsure')) return typed(whole, 'unsure');
  if (!lists.every((of) => hasKind(of, 'list'))) return whole;
  const type = orNone(() => unify(lists.map((of) => elementTypeOf(of) as Type)));
  return type === undefined ? whole : asList(whole, type);
}

/** Lists of types that have none in common are made a tuple. */
function orNone<T>(unified: () => T): T | undefined {
  try {
    return unified();
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

function merge(maps: readonly Value[]): Value {
  const given = maps.filter((of) => !isNull(of) || (of instanceof NullOf && typeof of.type === 'string'));
  const merged = mapOf(given.flatMap((of) => Object.entries(map(of))));
  const types = maps.map(typeOf);
  const [first] = types;
  if (types.includes('unsure')) return typed(merged, 'unsure');
  const isMapOfOne = first !== undefined && typeof first === 'object' && first.kind === 'map';
  return isMapOfOne && types.every((type) => isSame(type, first)) ? typed(merged, first) : merged;
}

const ofType = (of: Value, items: Value[], element?: Type): Value => {
  const type = elementTypeOf(of);
  return type === undefined ? items : asList(items, element ?? type);
};

function zipmap([keys, values]: readonly Value[]): Value {
  const [names, items] = [list(keys), ordered(values, 'zipmap()')];
  if (names.length !== items.length) throw new EvaluationError('zipmap() of unequal lists');
  const zipped = mapOf(names.map((key, at) => [string(key), items[at]] as const));
  const type = elementTypeOf(values);
  return type === undefined ? zipped : asMap(zipped, type);
}

function slice([items, from, to]: readonly Value[]): Value {
  const values = ordered(items, 'slice()');
  const [start, end] = [toWhole(from), toWhole(to)];
  if (start < 0 || end < start || end > values.length) throw new EvaluationError('slice() beyond the list');
  return like(items, values.slice(start, end));
}

/** These hand values on, whatever they are: what AWS draws may be among them. */
export const CARRYING_COLLECTIONS: Readonly<Record<string, Apply>> = {
  coalesce,
  concat,
  element,
  flatten: ([items]) => {
    const flat = (item: Value): Value[] => (Array.isArray(item) ? list(item).flatMap(flat) : [item]);
    return list(items).flatMap(flat);
  },
  keys: ([of]) =>
    ofType(
      of,
      entriesOf(map(of)).map(([key]) => key),
      'string',
    ),
  lookup,
  merge,
  one,
  reverse: ([items]) => like(items, [...list(items)].reverse()),
  tolist: ([items]) => (isNull(items) ? new NullOf('unsure') : asList(list(items), elementTypeOf(items))),
  tomap: ([of]) => (isNull(of) ? new NullOf('unsure') : asMap(map(of), elementTypeOf(of))),
  values: ([of]) =>
    ofType(
      of,
      entriesOf(map(of)).map(([, value]) => value),
    ),
};

const includes = (items: readonly Value[], value: Value): boolean => items.some((item) => areEqualValues(item, value));

/** Sets of one type, and of all of them what `keep` keeps. */
function setOf(args: readonly Value[], keep: (item: Value, sets: readonly (readonly Value[])[]) => boolean): Value {
  const type = unify(args.map((items) => elementTypeOf(items) ?? unify(list(items).map(typeOf))));
  const sets = args.map((items) => asSet(list(items), type));
  return asSet(
    sets.flat().filter((item) => keep(item, sets)),
    type,
  );
}

const flags = (items: Value): readonly boolean[] => list(items).map((item) => !isNull(item) && toFlag(item));

function contains([items, value]: readonly Value[]): Value {
  return includes(list(items), notNull(value));
}

function compact([items]: readonly Value[]): Value {
  const texts = asList(list(items), 'string');
  return like(
    texts,
    texts.filter((item) => !isNull(item) && item !== ''),
  );
}

function distinct([items]: readonly Value[]): Value {
  const values = asList(list(items), elementTypeOf(items));
  return like(
    values,
    values.filter((item, at) => !includes(values.slice(0, at), item)),
  );
}

/** These look at what a value says, so it must be known to the last letter. */
export const DECIDING_COLLECTIONS: Readonly<Record<string, Apply>> = {
  alltrue: ([items]) => flags(items).every(Boolean),
  anytrue: ([items]) => flags(items).some(Boolean),
  compact,
  contains,
  distinct,
  setintersection: (args) => setOf(args, (item, sets) => sets.every((set) => includes(set, item))),
  setsubtract: (args) =>
    setOf(args, (item, [items = [], without = []]) => includes(items, item) && !includes(without, item)),
  setunion: (args) => setOf(args, () => true),
  slice,
  sort: ([items]) => typed(asList(list(items), 'string').map(string).sort(byText), { kind: 'list', of: 'string' }),
  toset: ([items]) => (isNull(items) ? new NullOf('unsure') : asSet(list(items), elementTypeOf(items))),
  zipmap,
};

/** How many there are, or how many letters of a text. undefined for what has no length. */
export function lengthOf(value: Value): Value | undefined {
  if (value instanceof Placeholder) return new Unknown('it depends on what AWS draws at apply');
  if (Array.isArray(value)) {
    if (typeSaidOf(value) === 'unsure' && new Set(value).size < value.length) list(value);
    return countOf(value.length);
  }
  if (isMap(value)) return countOf(Object.keys(value).length);
  if (typeof value === 'string') return undefined;
  throw new EvaluationError(`${shown(value)} has no length`);
}
