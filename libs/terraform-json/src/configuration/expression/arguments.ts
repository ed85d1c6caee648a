// What a function's arguments must be. EvaluationError: Terraform refuses it; NotCertain: this reader does not know.
import { EvaluationError, isMap, isNull, NotCertain, shown, toText, typeSaidOf, type Value } from '../../values';
import { byText } from './types';

export type Apply = (args: readonly Value[]) => Value;

export function list(value: Value): readonly Value[] {
  if (!Array.isArray(value)) throw new EvaluationError(`${shown(value)} is no list`);
  if (typeSaidOf(value) === 'unsure' && !isInOrder(value)) {
    throw new NotCertain('only the provider knows whether it is a list, or a set, which has an order of its own');
  }
  return value as Value[];
}

/** As it would be in a set, too. Texts that AWS draws are in an order that nobody can tell from another. */
const isInOrder = (items: readonly Value[]): boolean =>
  items.every((item, at) => {
    const before = items[at - 1];
    return typeof item !== 'string' || typeof before !== 'string' || byText(before, item) < 0;
  });

export function map(value: Value): Readonly<Record<string, Value>> {
  if (isMap(value)) return value;
  throw new EvaluationError(`${shown(value)} is no map`);
}

export function string(value: Value): string {
  const text = toText(value);
  // Terraform keeps every text in this form.
  if (typeof text === 'string') return text.normalize();
  throw new NotCertain('it depends on what AWS draws at apply');
}

/** Terraform counts and cuts by what a reader sees as one letter, and knows other rules for upper case: ASCII is certain. */
export function ascii(value: Value): string {
  const text = string(value);
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  throw new NotCertain(`"${text}" holds letters beyond ASCII`);
}

export function notNull(value: Value): Value {
  if (isNull(value)) throw new EvaluationError('it is null');
  return value;
}
