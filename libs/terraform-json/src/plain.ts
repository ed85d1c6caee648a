// Evaluated values as the rest of the tool reads them: placeholders are texts, and an unknown cannot be read by mistake.
import { InputError } from '@dr/contracts';
import { isBigFloat } from './big-float';
import {
  isMap,
  isNull,
  isSettled,
  Placeholder,
  plainNumber,
  setMember,
  unknownIn,
  Untyped,
  type Value,
} from './values';
import type { UnknownValue } from './graph';
import { hasOwner, markOwner } from './attributes';

interface Place {
  readonly address: string;
  readonly path: string;
  /** What is unknown is added here. */
  readonly found: UnknownValue[];
  /** What to do about it, where it is not to write it otherwise. */
  readonly fix?: string;
}

const WRITE = 'Give it a literal, a local or a variable with a default';

/** Thrown by whoever reads a value that is unknown. */
export class UnknownValueError extends InputError {
  constructor(readonly unknown: UnknownValue) {
    super(`${unknown.address}: ${unknown.path}`, `is unknown before an apply: ${unknown.reason}`, unknown.fix ?? WRITE);
  }
}

export const unknownError = (unknown: UnknownValue): InputError => new UnknownValueError(unknown);

/** What is read, or what of it is unknown. Other errors pass. */
export function ifKnown<T>(read: () => T): { readonly value: T } | { readonly unknown: UnknownValue } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof UnknownValueError) return { unknown: error.unknown };
    throw error;
  }
}

/** What is read; undefined where it is absent or unknown. For whoever may take either for a default. */
export function knownOrAbsent<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnknownValueError) return undefined;
    throw error;
  }
}

/** The value of an argument; undefined where it is absent or unknown. */
export function knownMember(values: Readonly<Record<string, unknown>>, key: string): unknown {
  try {
    return values[key];
  } catch (error) {
    if (error instanceof UnknownValueError) return undefined;
    throw error;
  }
}

/** To read an unknown below the result throws InputError: it can be taken neither for absent nor for a default. */
export function plain(value: Value, place: Place): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isSettled(value)) return owned(value, place.address, place.path);
  if (value instanceof Placeholder) return value.text;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    value.forEach((item: Value, at) => {
      if (typeof item !== 'object') list[at] = item ?? null;
      else put(list, at, item, { ...place, path: `${place.path}[${at}]` });
    });
    return list;
  }
  if (!isMap(value)) return value;
  const object: Record<string, unknown> = {};
  markOwner(object, place);
  for (const key of Object.keys(value)) {
    const item = value[key];
    // Terraform takes null for an argument that is not there.
    if (isNull(item)) continue;
    if (typeof item !== 'object') setMember(object, key, item);
    else put(object, key, item, { ...place, path: place.path === '' ? key : `${place.path}.${key}` });
  }
  return object;
}

/** Nothing of it has to be made readable; errors name its place all the same. */
function owned(value: object, address: string, path: string): object {
  // It was read here before, or where a reference leads: errors go on naming that place.
  if (hasOwner(value)) return value;
  markOwner(value, { address, path });
  for (const key of Object.keys(value)) {
    const item = (value as Readonly<Record<string, unknown>>)[key];
    if (typeof item !== 'object' || item === null) continue;
    const step = Array.isArray(value) ? `[${key}]` : path === '' ? key : `.${key}`;
    owned(item, address, `${path}${step}`);
  }
  return value;
}

function put(target: object, key: string | number, value: Value, place: Place): void {
  // What is unknown within a list or a map is unreadable there, not here.
  const given = value instanceof Untyped ? value.value : isNull(value) ? null : value;
  const item = isBigFloat(given) ? plainNumber(given) : given;
  const unknown = isMap(item) || Array.isArray(item) ? undefined : unknownIn(item);
  if (unknown) return putUnknown(target, key, unknown.reason, place);
  setMember(target, key, plain(item, place));
}

/** Whoever reads the property gets InputError. */
export function putUnknown(
  target: object,
  key: string | number,
  reason: string,
  { address, path, found, fix }: Place,
): void {
  const unknown = { address, path, reason, ...(fix !== undefined && { fix }) };
  found.push(unknown);
  const get = (): never => {
    throw unknownError(unknown);
  };
  Object.defineProperty(target, key, { get, enumerable: true, configurable: true });
}
