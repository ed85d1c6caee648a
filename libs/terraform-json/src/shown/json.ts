// Parts of a file that somebody gives: each has the shape that is asked for, is absent, or the file is refused.
import { InputError } from '@dr/contracts';
import { isObject, type Json } from '../normalise';

export type JsonObject = Readonly<Record<string, Json>>;

/** The file is not as Terraform writes it: what of it, and what it is not. */
export class Malformed extends InputError {
  constructor(path: string, why: string) {
    super(path, why, 'Give it as `terraform show -json` prints it');
  }
}

const isAbsent = (json: Json | undefined): json is null | undefined => json === undefined || json === null;

export function objectAt(json: Json | undefined, path: string): JsonObject {
  if (isAbsent(json)) return {};
  if (isObject(json)) return json;
  throw new Malformed(path, 'is no object');
}

export function objectsAt(json: Json | undefined, path: string): readonly JsonObject[] {
  if (isAbsent(json)) return [];
  if (!Array.isArray(json)) throw new Malformed(path, 'is no list');
  return json.map((item, at) => {
    if (isObject(item)) return item;
    throw new Malformed(`${path}[${at}]`, 'is no object');
  });
}

/** Name -> object. */
export const membersAt = (json: Json | undefined, path: string): readonly (readonly [string, JsonObject])[] =>
  Object.entries(objectAt(json, path)).map(([name, member]) => [name, objectAt(member, `${path}.${name}`)] as const);

export function textAt(json: JsonObject, key: string, path: string): string {
  const text = json[key];
  if (typeof text === 'string' && text !== '') return text;
  throw new Malformed(`${path}.${key}`, 'is no text');
}

/** What the JSON holds under that key, where it is an object. */
export const objectIn = (json: Json | undefined, key: string): JsonObject | undefined => {
  const found = isObject(json) ? json[key] : undefined;
  return isObject(found) ? found : undefined;
};

export const listIn = (json: Json | undefined): readonly Json[] => (Array.isArray(json) ? json : []);

export const memberOf = (json: Json | undefined, key: string): Json | undefined =>
  isObject(json) && Object.hasOwn(json, key) ? json[key] : undefined;

/** Of a shape that Terraform shows beside values: is anything in it marked? */
export function hasTrue(mask: Json | undefined): boolean {
  if (typeof mask !== 'object' || mask === null) return mask === true;
  for (const key in mask) if (hasTrue((mask as JsonObject)[key])) return true;
  return false;
}
