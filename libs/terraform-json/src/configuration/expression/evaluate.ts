// Evaluates a parsed expression where Terraform's meaning is certain; what is not is unknown, with the reason.
import { callFunction, joined } from './functions';
import { headOf, type Expression, type Part } from './syntax';
import { binary, unary } from './operations';
import { asList, convert, elementTypeOf, typeOf, unify } from './types';
import type { BigFloat } from '../../big-float';
import {
  entriesOf,
  EvaluationError,
  hasKind,
  isMap,
  isNull,
  isOpaque,
  isSet,
  mapOf,
  NotCertain,
  NullOf,
  Placeholder,
  ResourceValue,
  shown,
  toFlag,
  toText,
  toWhole,
  typed,
  typeSaidOf,
  Unknown,
  unknownIn,
  Untyped,
  type Type,
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
    if (error instanceof NotCertain) return new Unknown(error.message);
    throw error;
  }
}

const templated = (parts: readonly Part[], scope: Scope): Value =>
  joined(parts.map((part) => (typeof part === 'string' ? part : evaluate(part, scope))));

/** Throws EvaluationError where Terraform would refuse the expression. */
function evaluate(node: Expression, scope: Scope): Value {
  try {
    return evaluateNode(node, scope);
  } catch (error) {
    if (error instanceof NotCertain) return new Unknown(error.message);
    throw error;
  }
}

function evaluateNode(node: Expression, scope: Scope): Value {
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
      return unary(node.operator, evaluate(node.of, scope));
    case 'binary':
      return binary(node.operator, evaluate(node.left, scope), evaluate(node.right, scope));
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
  if (value instanceof Placeholder || isNull(value))
    throw new EvaluationError(`${shown(value)} has no "${shown(key)}"`);
  if (Array.isArray(value)) {
    if (isSet(value)) throw new EvaluationError('a set has no places to ask for');
    const place = toWhole(key);
    if (place < 0 || place >= value.length) throw new EvaluationError(`a list of ${value.length} has no ${shown(key)}`);
    return value[place];
  }
  const name = toText(key);
  if (typeof name !== 'string') return new Unknown('the key is known only after an apply');
  if (value instanceof ResourceValue) return scope.attribute(value.address, name);
  if (!isMap(value)) throw new EvaluationError(`${shown(value)} has no "${name}"`);
  if (!Object.hasOwn(value, name)) throw new EvaluationError(`there is no "${name}"`);
  return value[name];
}

function splat({ of, steps }: Extract<Expression, { kind: 'splat' }>, scope: Scope): Value {
  const value = evaluate(of, scope);
  if (value instanceof Unknown) return value;
  if (value instanceof NullOf && typeof value.type === 'object') throw new EvaluationError('null is no list');
  // A map of instances is no list: Terraform takes the map itself for the one element.
  const items = isNull(value) ? [] : Array.isArray(value) ? (value as Value[]) : [value];
  const found = items.map((item) => steps.reduce((inner, step) => at(inner, evaluate(step, scope), scope), item));
  if (typeof value === 'object' && value !== null && typeSaidOf(value) === 'unsure') return typed(found, 'unsure');
  if (!hasKind(value, 'list') && !hasKind(value, 'set')) return found;
  if (found.length === 0 && steps.length > 0) throw new NotCertain('the type of what an empty list would hold');
  return steps.length > 0 ? asList(found) : asList(found, elementTypeOf(value));
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

/** Both branches are brought to one type: a number beside a text is text. */
function conditional({ test, then, otherwise }: Extract<Expression, { kind: 'if' }>, scope: Scope): Value {
  const condition = evaluate(test, scope);
  const unknown = unknownIn(condition, true);
  if (unknown) return unknown;
  const [chosen, other] = toFlag(condition) ? [then, otherwise] : [otherwise, then];
  const value = evaluate(chosen, scope);
  const [type, beside] = [typeOf(value), typeOfOther(other, scope)];
  if (beside === 'unsure' && (type === 'number' || type === 'bool')) return new Untyped(value as BigFloat | boolean);
  return convert(value, unify([type, beside]));
}

/** The branch that is not taken may be refused: a call or an index then has no type, anything else one that nobody evaluates here. */
function typeOfOther(node: Expression, scope: Scope): Type {
  try {
    return typeOf(evaluate(node, scope));
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    if (node.kind === 'call') return 'any';
    if (node.kind !== 'index') throw new NotCertain('what is refused in the other branch has a type, too');
    // Throws where it is not the step itself that is refused.
    const within = headOf(node)
      ? []
      : [typeOfOther(node.of, scope), typeOf(orUnknown(() => evaluate(node.key, scope)))];
    return within.includes('unsure') ? 'unsure' : 'any';
  }
}

function forEach(node: Extract<Expression, { kind: 'for' }>, scope: Scope): Value {
  const of = evaluate(node.of, scope);
  if (of instanceof Unknown) return of;
  if (isNull(of)) throw new EvaluationError('null is no list and no map');
  if (isOpaque(of)) return new Unknown('what a "for" walks through is known only after an apply');
  // Terraform asks the condition once of what it does not know yet, and refuses what fails whatever the element is.
  if (node.test) evaluate(node.test, withNames(scope, node.names, new Unknown('the element'), new Unknown('the key')));
  const found: (readonly [string, Value])[] = [];
  const items: Value[] = [];
  for (const [key, item] of entriesOf(of)) {
    const inner = withNames(scope, node.names, item, key);
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

function withNames(scope: Scope, [first, second]: readonly string[], item: Value, key: Value): Scope {
  const names = new Map(scope.names);
  if (second !== undefined) names.set(first as string, key).set(second, item);
  else names.set(first as string, item);
  return { ...scope, names };
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
