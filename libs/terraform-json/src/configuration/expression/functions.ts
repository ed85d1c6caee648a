// Terraform's functions whose value is certain without an apply. An expression with another one is unknown.
import {
  asSet,
  counted,
  entriesOf,
  EvaluationError,
  isMap,
  isOpaque,
  isSet,
  mapOf,
  Placeholder,
  shown,
  toFlag,
  toNumber,
  toText,
  Unknown,
  unknownIn,
  type Value,
} from '../../values';

type Apply = (args: readonly Value[]) => Value;

export function callFunction(name: string, args: readonly Value[]): Value {
  const carrying = Object.hasOwn(CARRYING, name) ? CARRYING[name] : undefined;
  const deciding = Object.hasOwn(DECIDING, name) ? DECIDING[name] : undefined;
  const apply = carrying ?? deciding;
  if (!apply) return new Unknown(`what ${name}() gives is not evaluated here`);
  const unknown = carrying ? args.find((arg) => arg instanceof Unknown) : unknownIn(args, true);
  if (unknown) return unknown;
  try {
    return apply(args);
  } catch (error) {
    if (error instanceof NotCertain) return new Unknown(error.message);
    throw error;
  }
}

const list = (value: Value): readonly Value[] => {
  if (Array.isArray(value)) return value as Value[];
  throw new EvaluationError(`${shown(value)} is no list`);
};

const map = (value: Value): Readonly<Record<string, Value>> => {
  if (isMap(value)) return value;
  throw new EvaluationError(`${shown(value)} is no map`);
};

const string = (value: Value): string => {
  const text = toText(value);
  if (typeof text === 'string') return text;
  throw new EvaluationError('it is no certain text');
};

/** Terraform counts and cuts by what a reader sees as one letter, and knows other rules for upper case: ASCII is certain. */
function ascii(value: Value): string {
  const text = string(value);
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  throw new NotCertain(`"${text}" holds letters beyond ASCII`);
}

/** The function is known, this use of it is not. */
class NotCertain extends Error {}

const wholeNumber = (value: Value): number => {
  const number = toNumber(value);
  if (Number.isInteger(number)) return number;
  throw new EvaluationError(`${number} is no whole number`);
};

function element([items, at]: readonly Value[]): Value {
  const values = list(items);
  const index = wholeNumber(at);
  if (values.length === 0 || index < 0) throw new EvaluationError('element() of an empty list, or below 0');
  return values[index % values.length];
}

function lookup([of, key, otherwise]: readonly Value[]): Value {
  const name = toText(key);
  if (typeof name !== 'string') return name instanceof Unknown ? name : new Unknown('the key is drawn by AWS');
  const values = map(of);
  if (Object.hasOwn(values, name)) return values[name];
  if (otherwise === undefined) throw new EvaluationError(`the map has no "${name}"`);
  return otherwise;
}

function one([items]: readonly Value[]): Value {
  const values = list(items);
  if (values.length > 1) throw new EvaluationError('one() of several');
  return values[0] ?? null;
}

/** `text`s after each other; unknown or a placeholder where one of them is. */
export function joined(texts: readonly Value[], separator = ''): Value {
  const parts = texts.map(toText);
  const unknown = parts.find((part) => part instanceof Unknown);
  if (unknown) return unknown;
  const whole = parts.map((part) => (part instanceof Placeholder ? part.text : String(part))).join(separator);
  return parts.some((part) => part instanceof Placeholder) ? new Placeholder(whole) : whole;
}

function coalesce(args: readonly Value[]): Value {
  for (const arg of args) if (arg !== null && arg !== '') return arg;
  throw new EvaluationError('coalesce() of nothing');
}

/** As Go encodes it: keys in order, and <, > and & escaped. */
function jsonencode([value]: readonly Value[]): Value {
  const unknown = unknownIn(value);
  if (unknown) return unknown;
  let drawn = false;
  const plain = (item: Value): unknown => {
    if (item instanceof Placeholder) return (drawn = true) && item.text;
    if (Array.isArray(item)) return item.map(plain);
    return isMap(item) ? mapOf(entriesOf(item).map(([key, inner]) => [String(key), plain(inner)])) : item;
  };
  const escapes: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' };
  const text = JSON.stringify(plain(value)).replace(/[<>&]/g, (letter) => escapes[letter] as string);
  return drawn ? new Placeholder(text) : text;
}

function format([pattern, ...args]: readonly Value[]): Value {
  const parts = string(pattern).split(/(%.)/);
  let next = 0;
  const pieces = parts.map((part): Value => {
    if (!part.startsWith('%')) return part;
    if (part === '%%') return '%';
    if (next >= args.length) throw new EvaluationError('format() has too few values');
    const value = args[next++];
    if (part === '%s' || (part === '%v' && !Array.isArray(value) && !isMap(value))) return value;
    if (part === '%d' && !isOpaque(value)) return wholeNumber(value);
    throw new NotCertain(`format() with "${part}"`);
  });
  if (next < args.length) throw new EvaluationError('format() has too many values');
  return joined(pieces);
}

/** These hand values on, whatever they are: what AWS draws may be among them. */
const CARRYING: Readonly<Record<string, Apply>> = {
  coalesce,
  concat: (lists) => lists.flatMap(list),
  element,
  flatten: ([items]) => {
    const flat = (item: Value): Value[] => (Array.isArray(item) ? (item as Value[]).flatMap(flat) : [item]);
    return flat(list(items));
  },
  format,
  join: ([separator, ...lists]) => joined(lists.flatMap(list), string(separator)),
  jsonencode,
  keys: ([of]) => Object.keys(map(of)).sort(),
  length: ([of]) =>
    Array.isArray(of) ? of.length : isMap(of) ? Object.keys(of).length : drawnOr(of, (text) => ascii(text).length),
  lookup,
  merge: (maps) => mapOf(maps.flatMap((item) => (item === null ? [] : Object.entries(map(item))))),
  nonsensitive: ([value]) => value,
  one,
  reverse: ([items]) => [...list(items)].reverse(),
  sensitive: ([value]) => value,
  tolist: ([items]) => (isSet(items) ? [...list(items)] : list(items)),
  tomap: ([of]) => map(of),
  tostring: ([value]) => (value === null ? null : toText(value)),
  values: ([of]) => entriesOf(map(of)).map(([, value]) => value),
};

const drawnOr = (value: Value, apply: (value: Value) => Value): Value =>
  value instanceof Placeholder ? new Unknown('it depends on what AWS draws at apply') : apply(value);

const numbers = (args: readonly Value[]): number[] => {
  if (args.length === 0) throw new EvaluationError('there is no number');
  return args.map(toNumber);
};
const trimmed = (text: string, prefix: string): string => (text.startsWith(prefix) ? text.slice(prefix.length) : text);
const cutEnd = (text: string, suffix: string): string =>
  suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
const includes = (items: readonly Value[], value: Value): boolean =>
  items.some((item) => JSON.stringify(item) === JSON.stringify(value));

function replace([text, what, by]: readonly Value[]): Value {
  const pattern = string(what);
  if (/^\/.*\/$/s.test(pattern)) throw new NotCertain('replace() with a regular expression');
  return string(text).replaceAll(pattern, () => string(by));
}

function range(args: readonly Value[]): Value {
  const [from = 0, to = 0, step = 1] = args.length === 1 ? [0, toNumber(args[0]), 1] : args.map(toNumber);
  if (step <= 0 || (to - from) / step > 1_024) throw new NotCertain('range() of such a step or length');
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, at) => counted(from + at * step));
}

function slice([items, from, to]: readonly Value[]): Value {
  const [start, end] = [wholeNumber(from), wholeNumber(to)];
  if (start < 0 || end < start || end > list(items).length) throw new EvaluationError('slice() beyond the list');
  return list(items).slice(start, end);
}

function substr([text, from, length]: readonly Value[]): Value {
  const whole = ascii(text);
  const start = wholeNumber(from) < 0 ? whole.length + wholeNumber(from) : wholeNumber(from);
  return wholeNumber(length) < 0 ? whole.slice(start) : whole.slice(start, start + wholeNumber(length));
}

/** These look at what a value says, so it must be known to the last letter. */
const DECIDING: Readonly<Record<string, Apply>> = {
  abs: ([value]) => Math.abs(toNumber(value)),
  alltrue: ([items]) => list(items).every(toFlag),
  anytrue: ([items]) => list(items).some(toFlag),
  ceil: ([value]) => Math.ceil(toNumber(value)) + 0,
  compact: ([items]) => list(items).filter((item) => item !== null && item !== ''),
  contains: ([items, value]) => includes(list(items), value),
  distinct: ([items]) => list(items).filter((item, at, all) => !includes(all.slice(0, at), item)),
  endswith: ([text, end]) => string(text).endsWith(string(end)),
  floor: ([value]) => Math.floor(toNumber(value)) + 0,
  jsondecode: ([text]) => {
    try {
      return JSON.parse(string(text)) as Value;
    } catch {
      throw new EvaluationError('jsondecode() of what is no JSON');
    }
  },
  lower: ([text]) => ascii(text).toLowerCase(),
  max: (args) => Math.max(...numbers(args)),
  min: (args) => Math.min(...numbers(args)),
  parseint: ([text, base]) => {
    if (toNumber(base) !== 10 || !/^-?\d{1,15}$/.test(string(text)))
      throw new NotCertain('parseint() of that text or base');
    return Number(string(text));
  },
  range,
  replace,
  setintersection: ([first, ...others]) =>
    asSet(list(first).filter((item) => others.every((other) => includes(list(other), item)))),
  setsubtract: ([items, without]) => asSet(list(items).filter((item) => !includes(list(without), item))),
  setunion: (lists) => asSet(lists.flatMap(list)),
  signum: ([value]) => Math.sign(toNumber(value)),
  slice,
  sort: ([items]) => list(items).map(ascii).sort(),
  split: ([separator, text]) => {
    if (string(separator) === '') throw new NotCertain('split() by nothing');
    return string(text).split(string(separator));
  },
  startswith: ([text, start]) => string(text).startsWith(string(start)),
  strcontains: ([text, part]) => string(text).includes(string(part)),
  substr,
  sum: ([items]) => counted(numbers(list(items)).reduce((sum, number) => sum + number, 0)),
  tobool: ([value]) => (value === null ? null : toFlag(value)),
  tonumber: ([value]) => (value === null ? null : toNumber(value)),
  toset: ([items]) => asSet(list(items)),
  trimprefix: ([text, prefix]) => trimmed(string(text), string(prefix)),
  trimsuffix: ([text, suffix]) => cutEnd(string(text), string(suffix)),
  trimspace: ([text]) => ascii(text).trim(),
  upper: ([text]) => ascii(text).toUpperCase(),
  zipmap: ([keys, values]) => {
    if (list(keys).length !== list(values).length) throw new EvaluationError('zipmap() of unequal lists');
    return mapOf(list(keys).map((key, at) => [string(key), list(values)[at]] as const));
  },
};
