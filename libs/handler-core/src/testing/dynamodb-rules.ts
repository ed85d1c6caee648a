// What DynamoDB refuses, for the table in memory and for an engine that lets more pass. Sources: DynamoDB's developer guide, "Quotas and
// limits" (keys, items, numbers, nesting) and "Item sizes and formats" (how bytes are counted); the API's errors for ranges and limits.
import type { Attributes } from '../adapters/attribute-values';
import type { TableQuery } from '../ports';

type Attribute = Attributes[string];

export const MAX_ITEM_BYTES = 400 * 1024;
/** A query or scan answers with at most this much. */
export const MAX_PAGE_BYTES = 1024 * 1024;
const MAX_KEY_BYTES = { id: 2048, timestamp: 1024 } as const;
const MAX_DEPTH = 32;
const MAX_DIGITS = 38;
/** Exponents of ten. */
const LARGEST = 125;
const SMALLEST = -130;

/** Why PutItem refuses the item; undefined when it does not. */
export function refusalOfItem(item: Readonly<Attributes>): string | undefined {
  const key = refusalOfKey('id', item['id']?.S) ?? refusalOfKey('timestamp', item['timestamp']?.S);
  if (key !== undefined) return key;
  for (const value of Object.values(item)) {
    const refused = refusalOfValue(value, 1);
    if (refused !== undefined) return refused;
  }
  return itemBytes(item) > MAX_ITEM_BYTES ? 'Item size has exceeded the maximum allowed size' : undefined;
}

/** Why Query refuses; undefined when it does not. */
export function refusalOfQuery({ id, from, before, limit }: TableQuery): string | undefined {
  if (limit !== undefined && !(limit >= 1)) return 'Limit must be greater than or equal to 1';
  if (from !== undefined && before !== undefined && bytesBelow(before, from)) {
    return 'The BETWEEN operator requires upper bound to be greater than or equal to lower bound';
  }
  return (
    refusalOfKey('id', id) ??
    (from === undefined ? undefined : refusalOfKey('timestamp', from)) ??
    (before === undefined ? undefined : refusalOfKey('timestamp', before))
  );
}

/** Why a key attribute cannot have this value. */
export function refusalOfKey(name: keyof typeof MAX_KEY_BYTES, value: string | undefined): string | undefined {
  if (value === undefined) return `Type mismatch or missing value for key ${name}`;
  if (value === '') return `The AttributeValue for key ${name} cannot contain an empty string value`;
  const bytes = Buffer.byteLength(value);
  return bytes > MAX_KEY_BYTES[name]
    ? `Size of key ${name} (${bytes}) has exceeded ${MAX_KEY_BYTES[name]} bytes`
    : undefined;
}

function refusalOfValue(value: Attribute, depth: number): string | undefined {
  if (value.N !== undefined) return refusalOfNumber(value.N);
  const children = value.M ? Object.values(value.M) : (value.L ?? []);
  if (children.length > 0 && depth > MAX_DEPTH) return `Nesting Levels have exceeded supported limits of ${MAX_DEPTH}`;
  for (const child of children) {
    const refused = refusalOfValue(child, depth + 1);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function refusalOfNumber(text: string): string | undefined {
  const { digits, exponent } = decimal(text);
  if (digits > MAX_DIGITS) return `Attempting to store more than ${MAX_DIGITS} significant digits in a Number`;
  if (digits > 0 && exponent > LARGEST) return 'Number overflow';
  return digits > 0 && exponent < SMALLEST ? 'Number underflow' : undefined;
}

/** Significant digits, 0 of zero, and the exponent of the first of them. */
function decimal(text: string): { readonly digits: number; readonly exponent: number } {
  const [, whole = '', fraction = '', power = '0'] = /^[+-]?(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const all = whole + fraction;
  const first = all.search(/[1-9]/);
  if (first < 0) return { digits: 0, exponent: 0 };
  return {
    digits: all.slice(first).replace(/0+$/, '').length,
    exponent: whole.length - 1 - first + Number(power),
  };
}

export const itemBytes = (item: Readonly<Attributes>): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);

function valueBytes(value: Attribute): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return 1 + Math.ceil(decimal(value.N).digits / 2) + (value.N.startsWith('-') ? 1 : 0);
  if (value.M) return 3 + Object.keys(value.M).length + itemBytes(value.M);
  if (value.L) return 3 + value.L.reduce((sum, one) => sum + 1 + valueBytes(one), 0);
  return 1;
}

/** DynamoDB orders strings by their UTF-8 bytes. */
export const bytesBelow = (a: string, b: string): boolean => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
