// Evaluates a parsed expression where Terraform's meaning is certain; what is not is unknown, with the reason.
import { callFunction, joined } from './functions';
import { headOf, type Expression, type Part } from './syntax';
import {
  counted,
  entriesOf,
  EvaluationError,
  isMap,
  isOpaque,
  isSet,
  mapOf,
  Placeholder,
  ResourceValue,
  shown,
  toFlag,
  toNumber,
  toText,
  Unknown,
  unknownIn,
  type Value,
} from '../../values';

export interface Scope {
  /** What the words of a reference stand for: `['local', 'x']`, `['data', 'aws_region', 'here']`, `['aws_lb', 'a']`. */
  lookUp(words: readonly string[]): Value;
  /** An attribute of one instance of a resource. */
  attribute(address: string, name: string): Value;
  /** Words that stand for values here: `each`, `count`, the variables of a `for`. */
  readonly names: ReadonlyMap<string, Value>;
}

/** A template as a whole: one expression alone keeps its type, anything else is text. Never throws EvaluationError. */
export function evaluateTemplate(parts: readonly Part[], scope: Scope): Value {
  return orUnknown(() => {
    const [first = ''] = parts;
    if (parts.length <= 1) return typeof first === 'string' ? first : evaluate(first, scope);
    return templated(parts, scope);
  });
}

/** What Terraform would refuse is unknown. */
export function orUnknown<T>(evaluateIt: () => T): T | Unknown {
  try {
    return evaluateIt();
  } catch (error) {
    if (error instanceof EvaluationError) return new Unknown(`Terraform would refuse it: ${error.message}`);
    throw error;
  }
}

const templated = (parts: readonly Part[], scope: Scope): Value =>
  joined(parts.map((part) => (typeof part === 'string' ? part : evaluate(part, scope))));

/** Throws EvaluationError where Terraform would refuse the expression. */
function evaluate(node: Expression, scope: Scope): Value {
  switch (node.kind) {
    case 'literal':
      return node.value;
    case 'template':
      return templated(node.parts, scope);
    case 'name':
      if (scope.names.has(node.name)) return scope.names.get(node.name);
      return new Unknown(`"${node.name}" alone has no value here`);
    case 'index':
      return index(node, scope);
    case 'splat':
      return splat(node, scope);
    case 'list':
      return node.items.map((item) => evaluate(item, scope));
    case 'map':
      return mapping(node.entries, scope);
    case 'call':
      return call(node, scope);
    case 'unary':
      return unary(node, scope);
    case 'binary':
      return binary(node, scope);
    case 'if':
      return conditional(node, scope);
    case 'for':
      return forEach(node, scope);
  }
}

function index(node: Extract<Expression, { kind: 'index' }>, scope: Scope): Value {
  const head = headOf(node);
  if (head && !scope.names.has(head.words[0] as string)) return scope.lookUp(head.words);
  return at(evaluate(node.of, scope), evaluate(node.key, scope), scope);
}

/** One step into a value. */
function at(value: Value, key: Value, scope: Scope): Value {
  if (value instanceof Unknown) return value;
  if (key instanceof Unknown) return key;
  if (key instanceof Placeholder) return new Unknown('the key is what AWS draws at apply');
  if (value instanceof ResourceValue) return scope.attribute(value.address, String(key));
  if (value instanceof Placeholder) throw new EvaluationError(`a text has no "${String(key)}"`);
  if (Array.isArray(value)) {
    if (isSet(value)) throw new EvaluationError('a set has no places to ask for');
    const place = toNumber(key);
    if (!Number.isInteger(place) || place < 0 || place >= value.length) {
      throw new EvaluationError(`a list of ${value.length} has no ${String(key)}`);
    }
    return value[place];
  }
  if (!isMap(value)) throw new EvaluationError(`${shown(value)} has no "${String(key)}"`);
  const name = String(key);
  if (!Object.hasOwn(value, name)) throw new EvaluationError(`there is no "${name}"`);
  return value[name];
}

function splat({ of, steps }: Extract<Expression, { kind: 'splat' }>, scope: Scope): Value {
  const value = evaluate(of, scope);
  if (value instanceof Unknown) return value;
  // A map of instances is no list: Terraform takes the map itself for the one element.
  const items = value === null ? [] : Array.isArray(value) ? (value as Value[]) : [value];
  return items.map((item) => steps.reduce((found, step) => at(found, evaluate(step, scope), scope), item));
}

function mapping(entries: readonly (readonly [Expression, Expression])[], scope: Scope): Value {
  const found: [string, Value][] = [];
  for (const [key, value] of entries) {
    const name = toText(evaluate(key, scope));
    if (typeof name !== 'string') return new Unknown('a key is known only after an apply');
    found.push([name, evaluate(value, scope)]);
  }
  return mapOf(found);
}

function call({ name, args, spread }: Extract<Expression, { kind: 'call' }>, scope: Scope): Value {
  if (name === 'try' || name === 'can') return attempt(name, args, scope);
  const values = args.map((arg) => evaluate(arg, scope));
  if (!spread) return callFunction(name, values);
  const last = values.pop();
  if (last instanceof Unknown) return last;
  if (!Array.isArray(last)) throw new EvaluationError(`${name}() is given ${shown(last)} where it needs a list`);
  return callFunction(name, [...values, ...(last as Value[])]);
}

/** An unknown may turn out to be refused at apply, so nothing after it is certain. */
function attempt(name: string, args: readonly Expression[], scope: Scope): Value {
  for (const arg of args) {
    try {
      const value = evaluate(arg, scope);
      const unknown = unknownIn(value);
      if (name === 'can') return unknown ?? true;
      return value;
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      if (name === 'can') return false;
    }
  }
  throw new EvaluationError(`${name}() has nothing that works`);
}

function unary({ operator, of }: Extract<Expression, { kind: 'unary' }>, scope: Scope): Value {
  const value = evaluate(of, scope);
  const unknown = unknownIn(value, true);
  if (unknown) return unknown;
  return operator === '!' ? !toFlag(value) : counted(-toNumber(value));
}

const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number | boolean>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
};

function binary({ operator, left, right }: Extract<Expression, { kind: 'binary' }>, scope: Scope): Value {
  const [a, b] = [evaluate(left, scope), evaluate(right, scope)];
  if (operator === '&&' || operator === '||') return logical(operator, a, b);
  if (operator === '==' || operator === '!=') {
    const equal = areEqual(a, b);
    return typeof equal === 'boolean' ? equal === (operator === '==') : equal;
  }
  const unknown = unknownIn([a, b], true);
  if (unknown) return unknown;
  const [x, y] = [toNumber(a), toNumber(b)];
  if ((operator === '/' || operator === '%') && y === 0) throw new EvaluationError('division by zero');
  const result = OPERATIONS[operator]?.(x, y);
  return typeof result === 'number' ? counted(result) : result;
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
    if (one === null && (other instanceof Placeholder || other instanceof ResourceValue)) return false;
  }
  const unknown = unknownIn([a, b], true);
  if (unknown) return unknown;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  return JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));
}

const ordered = (value: Value): unknown => {
  if (Array.isArray(value)) return value.map(ordered);
  return isMap(value) ? entriesOf(value).map(([key, item]) => [key, ordered(item)]) : value;
};

/** Both branches have one type: a number beside a text is text. */
function conditional({ test, then, otherwise }: Extract<Expression, { kind: 'if' }>, scope: Scope): Value {
  const condition = evaluate(test, scope);
  const unknown = unknownIn(condition, true);
  if (unknown) return unknown;
  const [chosen, other] = toFlag(condition) ? [then, otherwise] : [otherwise, then];
  const value = evaluate(chosen, scope);
  const beside = orUnknown(() => evaluate(other, scope));
  const isText = typeof beside === 'string' || beside instanceof Placeholder;
  return isText && (typeof value === 'number' || typeof value === 'boolean') ? toText(value) : value;
}

function forEach(node: Extract<Expression, { kind: 'for' }>, scope: Scope): Value {
  const of = evaluate(node.of, scope);
  if (of instanceof Unknown) return of;
  if (isOpaque(of)) return new Unknown('what a "for" walks through is known only after an apply');
  const found: (readonly [string, Value])[] = [];
  const items: Value[] = [];
  for (const [key, item] of entriesOf(of)) {
    const names = new Map(scope.names);
    const [first, second] = node.names;
    if (second !== undefined) names.set(first as string, key).set(second, item);
    else names.set(first as string, item);
    const inner = { ...scope, names };
    const test = node.test ? evaluate(node.test, inner) : true;
    const unknown = unknownIn(test, true);
    if (unknown) return unknown;
    if (!toFlag(test)) continue;
    const value = evaluate(node.value, inner);
    if (!node.key) {
      items.push(value);
      continue;
    }
    const name = toText(evaluate(node.key, inner));
    if (typeof name !== 'string') return new Unknown('a key is known only after an apply');
    found.push([name, value]);
  }
  if (!node.key) return items;
  return node.grouped ? grouped(found) : unique(found);
}

function unique(entries: readonly (readonly [string, Value])[]): Value {
  const keys = entries.map(([key]) => key);
  const twice = keys.find((key, place) => keys.indexOf(key) !== place);
  if (twice !== undefined) throw new EvaluationError(`the key "${twice}" comes twice`);
  return mapOf(entries);
}

function grouped(entries: readonly (readonly [string, Value])[]): Value {
  const groups = new Map<string, Value[]>();
  for (const [key, value] of entries) groups.set(key, [...(groups.get(key) ?? []), value]);
  return mapOf(groups);
}
