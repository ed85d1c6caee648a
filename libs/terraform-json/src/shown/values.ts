// The values of a resource as far as the file knows them: what it leaves open is looked for by `Open`, what is secret is hidden.
import { isObject, type Json } from '../normalise';
import { Placeholder, setMember, settledOf, Unknown, type Value } from '../values';
import { nameOf, pathText, type Step } from './addresses';
import { Untold, writtenBy } from './blocks';
import { isExpression } from './configuration';
import { hasTrue, listIn, memberOf } from './json';

/** The value of an argument that is known only after the apply. `expression` is undefined where the configuration gives none. */
export type Open = (path: readonly Step[], expression: Json | Untold | undefined) => Value;

/** The same place in the values, in what is unknown of them, in what is secret, and in the configuration. */
interface Place {
  readonly path: readonly Step[];
  readonly value: Json | undefined;
  readonly unknown: Json | undefined;
  readonly secret: readonly (Json | undefined)[];
  readonly written: Json | Untold | undefined;
}

export class ValueReader {
  constructor(
    private readonly address: string,
    private readonly open: Open,
  ) {}

  /** undefined where there is nothing: null and empty blocks are nothing. */
  read(place: Place): Value {
    const { path, value, unknown, secret, written } = place;
    if (value !== undefined && isPlain(value, unknown, secret)) return settledOf(value);
    if (secret.includes(true)) return hidden(`${this.address}: ${pathText(path)}`, place);
    if (unknown === true) return this.open(path, written);
    if (Array.isArray(value) || (Array.isArray(unknown) && value === undefined)) return this.list(place);
    if (isObject(value) || isObject(unknown)) return this.object(place);
    return value === null ? undefined : value;
  }

  private object({ path, value, unknown, secret, written }: Place): Value {
    const object = {};
    const readMember = (name: string): void => {
      const found = this.read({
        path: [...path, { name }],
        value: memberOf(value, name),
        unknown: memberOf(unknown, name),
        secret: secret.map((one) => memberOf(one, name)),
        written: written instanceof Untold || isExpression(written) ? written : memberOf(written, name),
      });
      if (found !== undefined) setMember(object, name, found);
    };
    if (isObject(value)) Object.keys(value).forEach(readMember);
    if (isObject(unknown))
      for (const name of Object.keys(unknown)) if (memberOf(value, name) === undefined) readMember(name);
    return object;
  }

  private list({ path, value, unknown, secret, written }: Place): Value {
    const [values, unknowns] = [listIn(value), listIn(unknown)];
    const length = Math.max(values.length, unknowns.length);
    if (length === 0) return undefined;
    const items = Array.from({ length }, (_, at) => values[at] ?? null);
    const blocks = Array.isArray(written) ? writtenBy(items, written) : items.map(() => written);
    return items.map((item, key): Value => {
      const found = this.read({
        path: [...path, { key }],
        value: item,
        unknown: unknowns[key],
        secret: secret.map((one) => listIn(one)[key]),
        written: blocks[key],
      });
      return found === undefined ? null : found;
    });
  }
}

/** Nothing of it is open or secret. */
export const isPlain = (value: Json, unknown: Json | undefined, secret: readonly (Json | undefined)[]): boolean =>
  !secret.some(hasTrue) && isTold(unknown, value);

/** Nothing of the value is left open. */
function isTold(unknown: Json | undefined, value: Json): boolean {
  if (unknown === undefined || unknown === null || unknown === false) return true;
  if (Array.isArray(unknown))
    return Array.isArray(value) && unknown.every((item, at) => at < value.length && isTold(item, value[at] as Json));
  if (!isObject(unknown) || !isObject(value)) return false;
  for (const key in unknown) if (!Object.hasOwn(value, key) || !isTold(unknown[key], value[key] as Json)) return false;
  return true;
}

/** Stands for a secret: it can be compared and passed on, and says nothing of it. */
function hidden(name: string, { value, unknown }: Place): Value {
  if (value === null || value === '' || (value === undefined && unknown !== true)) return undefined;
  return typeof value === 'string' ? secretText(name) : new Unknown('it is marked as sensitive, and is not read');
}

export const secretText = (name: string): Placeholder => new Placeholder(`(sensitive) ${name}`);

/** The part of a value that steps lead to. */
export const partOf = (value: Value, steps: readonly Step[]): Value =>
  steps.reduce<Value>((part, step) => {
    if ('key' in step)
      return Array.isArray(part) ? (part as Value[])[Number(step.key)] : memberIn(part, String(step.key));
    // One block is written as the block itself.
    const block: Value = Array.isArray(part) && part.length === 1 ? (part as Value[])[0] : part;
    return memberIn(block, nameOf(step) ?? '');
  }, value);

const memberIn = (value: Value, name: string): Value => (isObject(value) ? memberOf(value, name) : undefined);
