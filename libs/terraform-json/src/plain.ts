// Evaluated values as the rest of the tool reads them: placeholders are texts, and an unknown cannot be read by mistake.
import { InputError } from '@dr/contracts';
import { isMap, Placeholder, unknownIn, type Value } from './values';
import type { UnknownValue } from './graph';
import { markOwner } from './attributes';

interface Place {
  readonly address: string;
  readonly path: string;
  /** What is unknown is added here. */
  readonly found: UnknownValue[];
}

export const unknownError = ({ address, path, reason }: UnknownValue): InputError =>
  new InputError(
    `${address}: ${path}`,
    `is unknown before an apply: ${reason}`,
    'Give it a literal, a local or a variable with a default',
  );

/** To read an unknown below the result throws InputError: it can be taken neither for absent nor for a default. */
export function plain(value: Value, place: Place): unknown {
  if (value instanceof Placeholder) return value.text;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    value.forEach((item: Value, at) => put(list, at, item, { ...place, path: `${place.path}[${at}]` }));
    return list;
  }
  if (!isMap(value)) return value;
  const object: Record<string, unknown> = {};
  markOwner(object, place);
  for (const [key, item] of Object.entries(value)) {
    // Terraform takes null for an argument that is not there.
    if (item === null || item === undefined) continue;
    put(object, key, item, { ...place, path: place.path === '' ? key : `${place.path}.${key}` });
  }
  return object;
}

function put(target: object, key: string | number, value: Value, place: Place): void {
  // What is unknown within a list or a map is unreadable there, not here.
  const unknown = isMap(value) || Array.isArray(value) ? undefined : unknownIn(value);
  if (unknown) return putUnknown(target, key, unknown.reason, place);
  const known = { value: plain(value, place), enumerable: true, writable: true, configurable: true };
  Object.defineProperty(target, key, known);
}

/** Whoever reads the property gets InputError. */
export function putUnknown(
  target: object,
  key: string | number,
  reason: string,
  { address, path, found }: Place,
): void {
  const unknown = { address, path, reason };
  found.push(unknown);
  const get = (): never => {
    throw unknownError(unknown);
  };
  Object.defineProperty(target, key, { get, enumerable: true, configurable: true });
}
