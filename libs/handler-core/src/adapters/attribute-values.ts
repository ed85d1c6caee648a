// DynamoDB's attribute values and plain values. Ours, as the SDK's converter trips over a property `constructor` (docs/decisions/0018).
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { TableError } from '../ports';

export type Attributes = Record<string, AttributeValue>;
type Plain = Readonly<Record<string, unknown>>;

/** JSON values only; undefined is left out. Throws TableError `invalid` for others, and for `__proto__`, which the SDK drops. */
export function toAttributes(item: Plain): Attributes {
  const attributes: Attributes = {};
  for (const name of Object.keys(item)) {
    if (name === '__proto__') throw new TableError('invalid', 'a property called __proto__ cannot be stored');
    const value = item[name];
    if (value !== undefined) attributes[name] = toAttribute(value);
  }
  return attributes;
}

function toAttribute(value: unknown): AttributeValue {
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'boolean':
      return { BOOL: value };
    case 'number':
      if (!Number.isFinite(value)) throw new TableError('invalid', `the number ${value} cannot be stored`);
      return { N: String(value) };
    case 'object':
      if (value === null) return { NULL: true };
      return Array.isArray(value)
        ? { L: value.map((one: unknown) => toAttribute(one ?? null)) }
        : { M: toAttributes(value as Plain) };
    default:
      throw new TableError('invalid', `a ${typeof value} cannot be stored`);
  }
}

/** Sets become arrays; bytes, which may be in base64 still, become Uint8Array; a number is the double next to it. */
export function fromAttributes(attributes: Readonly<Attributes>): Record<string, unknown> {
  const item: Record<string, unknown> = {};
  for (const name of Object.keys(attributes)) {
    // An assignment would set the prototype.
    if (name !== '__proto__') item[name] = fromAttribute(attributes[name] as AttributeValue);
  }
  return item;
}

function fromAttribute(attribute: AttributeValue): unknown {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return Number(attribute.N);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.M !== undefined) return fromAttributes(attribute.M);
  if (attribute.L !== undefined) return attribute.L.map(fromAttribute);
  if (attribute.SS !== undefined) return [...attribute.SS];
  if (attribute.NS !== undefined) return attribute.NS.map(Number);
  if (attribute.B !== undefined) return bytesOf(attribute.B);
  return attribute.BS?.map(bytesOf) ?? null;
}

const bytesOf = (value: Uint8Array | string): Uint8Array =>
  typeof value === 'string' ? new Uint8Array(Buffer.from(value, 'base64')) : value;
