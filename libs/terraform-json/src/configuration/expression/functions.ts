// Terraform's functions whose value is certain without an apply. An expression with another one is unknown.
import { ascii, list, string, type Apply } from './arguments';
import { CARRYING_COLLECTIONS, DECIDING_COLLECTIONS, lengthOf } from './collection-functions';
import * as floats from '../../big-float';
import { countOf, isWhole, textOfFloat, type BigFloat } from '../../big-float';
import { typed } from '../../values';
import {
  entriesOf,
  EvaluationError,
  isMap,
  isNull,
  isOpaque,
  NotCertain,
  NullOf,
  Placeholder,
  toFlag,
  toNumber,
  toText,
  toWhole,
  Unknown,
  unknownIn,
  Untyped,
  type Value,
} from '../../values';

/** Throws NotCertain where the function is known and this use of it is not. */
export function callFunction(name: string, args: readonly Value[]): Value {
  const carrying = Object.hasOwn(CARRYING, name) ? CARRYING[name] : undefined;
  const deciding = Object.hasOwn(DECIDING, name) ? DECIDING[name] : undefined;
  const apply = carrying ?? deciding;
  if (!apply) return new Unknown(`what ${name}() gives is not evaluated here`);
  const unknown = carrying ? args.find((arg) => arg instanceof Unknown) : unknownIn(args, true);
  return unknown ?? apply(args);
}

/** `text`s after each other; unknown or a placeholder where one of them is. */
export function joined(texts: readonly Value[], separator = ''): Value {
  const parts = texts.map(toText);
  const unknown = parts.find((part) => part instanceof Unknown);
  if (unknown) return unknown;
  const whole = parts.map((part) => (part instanceof Placeholder ? part.text : String(part))).join(separator);
  return parts.some((part) => part instanceof Placeholder) ? new Placeholder(whole) : whole;
}

const ESCAPED = /[<>&\u2028\u2029]/g;
const escaped = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** As Go encodes it: keys in order, and what could end a script escaped. */
function jsonencode([value]: readonly Value[]): Value {
  const unknown = unknownIn(value);
  if (unknown) return unknown;
  let drawn = false;
  const text = (item: Value): string => {
    if (item instanceof Untyped) throw new NotCertain('only the provider knows whether it is a number or a text');
    if (item instanceof Placeholder) drawn = true;
    const plain = item instanceof Placeholder ? item.text : item;
    if (isNull(plain)) return 'null';
    if (typeof plain === 'string') return JSON.stringify(plain).replace(ESCAPED, escaped);
    if (Array.isArray(plain)) return `[${list(plain).map(text).join(',')}]`;
    if (!isMap(plain)) return String(toText(plain));
    return `{${entriesOf(plain)
      .map(([key, inner]) => `${text(key)}:${text(inner)}`)
      .join(',')}}`;
  };
  const whole = text(value);
  return drawn ? new Placeholder(whole) : whole;
}

/** Numbers that a double would round are left to nobody. */
function jsondecode([value]: readonly Value[]): Value {
  const text = string(value);
  if (/\d[\d.]{15,}|\de/i.test(text.replace(/"(?:[^"\\]|\\.)*"/g, '')))
    throw new NotCertain('jsondecode() of so long a number');
  try {
    return JSON.parse(text) as Value;
  } catch {
    throw new EvaluationError('jsondecode() of what is no JSON');
  }
}

function format([pattern, ...args]: readonly Value[]): Value {
  const parts = string(pattern).split(/(%.)/);
  let next = 0;
  const pieces = parts.map((part): Value => {
    if (!part.startsWith('%')) return part;
    if (part === '%%') return '%';
    if (next >= args.length) throw new EvaluationError('format() has too few values');
    const value = args[next++];
    if (isNull(value)) throw new NotCertain('format() of null');
    if (part === '%s' || (part === '%v' && !Array.isArray(value) && !isMap(value))) return value;
    if (part === '%d' && !isOpaque(value)) return wholeText(toNumber(value));
    throw new NotCertain(`format() with "${part}"`);
  });
  if (next < args.length) throw new EvaluationError('format() has too many values');
  return joined(pieces);
}

function wholeText(number: BigFloat): string {
  if (!isWhole(number)) throw new EvaluationError(`${textOfFloat(number)} is no whole number`);
  return textOfFloat(floats.isZero(number) ? floats.absolute(number) : number);
}

/** These hand values on, whatever they are: what AWS draws may be among them. */
const CARRYING: Readonly<Record<string, Apply>> = {
  ...CARRYING_COLLECTIONS,
  format,
  join: ([separator, ...lists]) => joined(lists.flatMap(list), string(separator)),
  jsonencode,
  length: ([of]) => lengthOf(of) ?? countOf(ascii(of).length),
  nonsensitive: ([value]) => value,
  sensitive: ([value]) => value,
  tostring: ([value]) => (isNull(value) ? new NullOf('string') : toText(value)),
};

const numbers = (args: readonly Value[]): [BigFloat, ...BigFloat[]] => {
  const [first, ...others] = args.map(toNumber);
  if (!first) throw new EvaluationError('there is no number');
  return [first, ...others];
};
const trimmed = (text: string, prefix: string): string => (text.startsWith(prefix) ? text.slice(prefix.length) : text);
const cutEnd = (text: string, suffix: string): string =>
  suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;

function replace([text, what, by]: readonly Value[]): Value {
  const pattern = string(what);
  const put = string(by);
  if (/^\/.*\/$/s.test(pattern)) throw new NotCertain('replace() with a regular expression');
  return string(text).replaceAll(pattern, () => put);
}

const MAX_RANGE = 1_024;

/** Downwards without being told to, where the end is below the start. */
function range(args: readonly Value[]): Value {
  const [first, second, third] = numbers(args);
  const [start, end] = second ? [first, second] : [countOf(0), first];
  const direction = floats.compare(end, start);
  const step = third ?? countOf(direction < 0 ? -1 : 1);
  const sign = floats.compare(step, countOf(0));
  const items: BigFloat[] = [];
  if (direction !== 0 && sign !== direction) throw new EvaluationError('range() with a step away from its end');
  for (let at = start; floats.compare(end, at) === direction && direction !== 0; at = floats.add(at, step)) {
    if (items.length === MAX_RANGE) throw new EvaluationError(`range() of more than ${MAX_RANGE} numbers`);
    items.push(at);
  }
  return typed(items, { kind: 'list', of: 'number' });
}

function substr([text, from, length]: readonly Value[]): Value {
  const whole = ascii(text);
  const [offset, wanted] = [toWhole(from), toWhole(length)];
  const start = offset < 0 ? Math.max(0, whole.length + offset) : offset;
  // From the end, Terraform takes 0 letters for all of them.
  return wanted < 0 || (wanted === 0 && offset < 0) ? whole.slice(start) : whole.slice(start, start + wanted);
}

function parseint([text, base]: readonly Value[]): Value {
  if (typeof text !== 'string' && !isOpaque(text) && !(text instanceof Untyped))
    throw new EvaluationError('parseint() of no text');
  if (typeof text !== 'string' || toWhole(base) !== 10 || !/^-?\d{1,15}$/.test(text)) {
    throw new NotCertain('parseint() of that text or base');
  }
  return countOf(Number(text) + 0);
}

function sum([items]: readonly Value[]): Value {
  const [first, ...others] = numbers(list(items));
  return others.reduce(floats.add, floats.add(countOf(0), first));
}

/** These look at what a value says, so it must be known to the last letter. */
const DECIDING: Readonly<Record<string, Apply>> = {
  ...DECIDING_COLLECTIONS,
  abs: ([value]) => floats.absolute(toNumber(value)),
  ceil: ([value]) => floats.ceil(toNumber(value)),
  endswith: ([text, end]) => string(text).endsWith(string(end)),
  floor: ([value]) => floats.floor(toNumber(value)),
  jsondecode,
  lower: ([text]) => ascii(text).toLowerCase(),
  max: (args) => numbers(args).reduce((most, number) => (floats.compare(number, most) > 0 ? number : most)),
  min: (args) => numbers(args).reduce((least, number) => (floats.compare(number, least) < 0 ? number : least)),
  parseint,
  range,
  replace,
  signum: ([value]) => countOf(Math.sign(toWhole(value)) + 0),
  split: ([separator, text]) => {
    if (string(separator) === '') throw new NotCertain('split() by nothing');
    return typed(string(text).split(string(separator)), { kind: 'list', of: 'string' });
  },
  startswith: ([text, start]) => string(text).startsWith(string(start)),
  strcontains: ([text, part]) => string(text).includes(string(part)),
  substr,
  sum,
  tobool: ([value]) => (isNull(value) ? new NullOf('bool') : toFlag(value)),
  tonumber: ([value]) => (isNull(value) ? new NullOf('number') : toNumber(value)),
  trimprefix: ([text, prefix]) => trimmed(string(text), string(prefix)),
  trimsuffix: ([text, suffix]) => cutEnd(string(text), string(suffix)),
  trimspace: ([text]) => ascii(text).trim(),
  upper: ([text]) => ascii(text).toUpperCase(),
};
