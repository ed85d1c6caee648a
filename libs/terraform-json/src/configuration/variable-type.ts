// The type that a variable declares, and its default made a value of that type.
import { convert, typeOf, unify } from './expression/types';
import type { Expression } from './expression/syntax';
import { parseTemplate } from './expression/parse';
import { EvaluationError, isMap, isNull, mapOf, NotCertain, NullOf, shown, type Type, type Value } from '../values';

/** A declared type with the defaults of `optional(...)` in it. */
type Constraint =
  | 'string'
  | 'number'
  | 'bool'
  | 'any'
  | { readonly kind: 'list' | 'set' | 'map'; readonly of: Constraint }
  | { readonly kind: 'tuple'; readonly of: readonly Constraint[] }
  | { readonly kind: 'object'; readonly of: ReadonlyMap<string, Attribute> };

interface Attribute {
  readonly constraint: Constraint;
  readonly isOptional: boolean;
  readonly otherwise: Expression | undefined;
}

/** `evaluated` gives the defaults within `optional(...)` their values. */
export function asDeclared(value: Value, type: string, evaluated: (node: Expression) => Value): Value {
  const constraint = constraintIn(type.replace(/^\$\{\s*|\s*\}$/g, ''));
  const whole = withDefaults(value, constraint, evaluated);
  return convert(whole, typeFor(constraint, whole));
}

function constraintIn(text: string): Constraint {
  let node: unknown;
  try {
    [node] = parseTemplate(`\${${text}}`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (typeof node !== 'object') throw new NotCertain(`the type ${text} is not understood`);
  return constraintOf(node as Expression);
}

function constraintOf(node: Expression): Constraint {
  if (node.kind === 'name') {
    const { name } = node;
    if (name === 'string' || name === 'number' || name === 'bool' || name === 'any') return name;
    if (name === 'list' || name === 'map') return { kind: name, of: 'any' };
  }
  if (node.kind === 'call' && node.args.length === 1) {
    const { name } = node;
    const [of] = node.args as [Expression];
    if (name === 'list' || name === 'set' || name === 'map') return { kind: name, of: constraintOf(of) };
    if (name === 'tuple' && of.kind === 'list') return { kind: name, of: of.items.map(constraintOf) };
    if (name === 'object' && of.kind === 'map') return { kind: name, of: new Map(of.entries.map(attributeOf)) };
  }
  throw new NotCertain('the type is not understood');
}

function attributeOf([key, node]: readonly [Expression, Expression]): readonly [string, Attribute] {
  if (key.kind !== 'literal' || typeof key.value !== 'string') throw new NotCertain('the type is not understood');
  const isOptional = node.kind === 'call' && node.name === 'optional';
  const [type, otherwise] = isOptional ? node.args : [node];
  return [key.value, { constraint: constraintOf(type as Expression), isOptional, otherwise }];
}

/** Before anything is converted: what is left out, or null, is its default. */
function withDefaults(value: Value, constraint: Constraint, evaluated: (node: Expression) => Value): Value {
  if (typeof constraint === 'string' || isNull(value)) return value;
  const within = (item: Value, of: Constraint): Value => withDefaults(item, of, evaluated);
  if (constraint.kind === 'object') {
    if (!isMap(value)) throw new EvaluationError(`${shown(value)} is no object`);
    return mapOf(
      [...constraint.of].map(([name, { constraint: of, isOptional, otherwise }]) => {
        const given = Object.hasOwn(value, name) ? value[name] : undefined;
        if (given === undefined && !isOptional) throw new EvaluationError(`there is no "${name}"`);
        return [name, within(isNull(given) && otherwise ? evaluated(otherwise) : (given ?? null), of)];
      }),
    );
  }
  if (constraint.kind === 'map') {
    if (!isMap(value)) throw new EvaluationError(`${shown(value)} is no map`);
    return mapOf(Object.entries(value).map(([key, item]) => [key, within(item, constraint.of)]));
  }
  if (!Array.isArray(value)) throw new EvaluationError(`${shown(value)} is no list`);
  const { kind, of } = constraint;
  return value.map((item: Value, at) => within(item, kind === 'tuple' ? (of[at] ?? 'any') : of));
}

/** The type itself, with the one that the values have in common where it says `any`. */
function typeFor(constraint: Constraint, value: Value): Type {
  if (constraint === 'any') return typeOf(value);
  if (typeof constraint === 'string') return constraint;
  const items = isNull(value) ? [] : Object.values(value as Readonly<Record<string, Value>>);
  if (constraint.kind === 'tuple') {
    return { kind: 'tuple', of: constraint.of.map((of, at) => typeFor(of, items[at] ?? new NullOf('any'))) };
  }
  if (constraint.kind === 'object') {
    const names = [...constraint.of.keys()].sort();
    const member = (name: string): Value => (isMap(value) ? value[name] : null);
    const types = names.map(
      (name) => [name, typeFor((constraint.of.get(name) as Attribute).constraint, member(name))] as const,
    );
    return { kind: 'object', of: mapOf(types) as Record<string, Type> };
  }
  return { kind: constraint.kind, of: unifiedElement(constraint.of, items) };
}

const unifiedElement = (of: Constraint, items: readonly Value[]): Type =>
  items.length === 0 ? typeFor(of, null) : unify(items.map((item) => typeFor(of, item)));
