// Does a JSON value have the shape that the manual gives it? Tests ask of everything that a command prints.
import type { JsonShape } from './manual';

const PRIMITIVES = ['string', 'number', 'boolean'];

/** What of `value` the shape does not have, or has otherwise: a path and why. Empty when it has all of it. */
export function departures(value: unknown, shape: JsonShape): string[] {
  const rows = Object.entries(shape).map(([path, text]) => ({
    parts: partsOf(path.replace(/\?$/, '')),
    types: (text.split(':')[0] ?? '').split('|').map((type) => type.trim()),
  }));
  return depart(value, [], rows);
}

/** Paths of the shape, but for optional ones, that none of `values` has. */
export function unseen(values: readonly unknown[], shape: JsonShape): string[] {
  return Object.keys(shape).filter((path) => !path.endsWith('?') && !values.some((value) => has(value, partsOf(path))));
}

type Row = { readonly parts: readonly string[]; readonly types: readonly string[] };

const partsOf = (path: string): string[] =>
  path
    .replaceAll('[]', '.[]')
    .split('.')
    .filter((part) => part !== '');

const matches = ({ parts }: Row, at: readonly string[]): boolean =>
  at.every((part, index) => parts[index] === part || (parts[index] === '*' && part !== '[]'));

function depart(value: unknown, at: readonly string[], rows: readonly Row[]): string[] {
  const below = rows.filter((row) => matches(row, at));
  const own = below.find(({ parts }) => parts.length === at.length);
  const path = at.join('.').replaceAll('.[]', '[]') || 'the whole';
  if (own?.types.includes('any')) return [];
  if (below.length === 0) return [`${path} is not documented`];
  const type = typeOf(value);
  const deeper = below.filter(({ parts }) => parts.length > at.length);
  const expected = own?.types ?? ['object', 'list'];
  if (!expected.includes(type)) return [`${path} is ${type}, not ${expected.join(' or ')}`];
  if (PRIMITIVES.includes(type) || type === 'null') return [];
  // What is said to be an object or a list, and no more, may hold anything.
  if (deeper.length === 0) return [];
  if (Array.isArray(value)) return [...new Set(value.flatMap((one) => depart(one, [...at, '[]'], deeper)))];
  return Object.entries(value as object).flatMap(([key, one]) => depart(one, [...at, key], deeper));
}

const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);

function has(value: unknown, [part, ...rest]: readonly string[]): boolean {
  if (part === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  if (part === '[]') return Array.isArray(value) && value.some((one) => has(one, rest));
  const found =
    part === '*' ? Object.values(value) : Object.hasOwn(value, part) ? [value[part as keyof typeof value]] : [];
  return found.some((one) => has(one, rest));
}
