// DynamoDB's JSON and plain JSON, for what people and drills put in and read out.
import type { AttributeMap } from './engine';

type Attribute = Readonly<Record<string, unknown>>;

export function toAttribute(value: unknown): Attribute {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(toAttribute) };
  if (typeof value === 'object') return { M: toAttributes(value as Readonly<Record<string, unknown>>) };
  throw new TypeError(`a ${typeof value} cannot be stored in DynamoDB`);
}

/** Properties that are undefined are left out. */
export function toAttributes(item: Readonly<Record<string, unknown>>): AttributeMap {
  const given = Object.entries(item).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, toAttribute(value)]));
}

/** Binary stays base64 text; a number set is an array of numbers. */
export function fromAttribute(attribute: Attribute): unknown {
  const [type, value] = Object.entries(attribute)[0] ?? ['NULL', true];
  switch (type) {
    case 'NULL':
      return null;
    case 'N':
      return Number(value);
    case 'NS':
      return (value as readonly string[]).map(Number);
    case 'L':
      return (value as readonly Attribute[]).map(fromAttribute);
    case 'M':
      return fromAttributes(value as AttributeMap);
    default:
      return value;
  }
}

export function fromAttributes(item: AttributeMap): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, attribute]) => [name, fromAttribute(attribute)]));
}
