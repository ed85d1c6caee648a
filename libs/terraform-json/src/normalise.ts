// Terraform JSON writes a single nested block as an object or as a list of one: here it is always a list.

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A plain object, as JSON gives it; an instance of a class is none. */
export const isObject = (value: unknown): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Arguments that are maps, not blocks (AWS provider schema). */
const MAPS = new Set([
  'tags',
  'tags_all',
  'default_tags',
  'dimensions',
  'variables',
  'triggers',
  'exported_tags',
  'request_parameters',
  'replica_tags',
]);

/** `value` with every nested block as an array of objects. */
export function normalise(key: string, value: unknown): unknown {
  if (MAPS.has(key)) return value;
  if (Array.isArray(value)) return value.map((item) => (isObject(item) ? normaliseBlock(item) : item));
  return isObject(value) ? [normaliseBlock(value)] : value;
}

const normaliseBlock = (block: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(block).map(([key, value]) => [key, normalise(key, value)]));
