// Reads Terraform values, where JSON may hold a number as text. What is neither absent nor fit is refused, never taken for a default.
import { InputError } from '@dr/contracts';
import { shown } from './values';
import { isObject } from './normalise';
import { remembered } from './remembered';

export type Values = Readonly<Record<string, unknown>>;

interface Owner {
  readonly address: string;
  readonly path: string;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** A number, or a text that Terraform converts to one; undefined for anything else. */
function numberIn(value: unknown): number | undefined {
  const number = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

const owners = remembered<Owner>();

/** Remembers whose values an object holds, for errors. */
export function markOwner(values: object, owner: Owner): void {
  owners.set(values, owner);
}

export const hasOwner = (values: object): boolean => owners.get(values) !== undefined;

function refuse(values: Values, key: string, why: string, fix: string): never {
  const owner = owners.get(values);
  const name = owner === undefined ? key : [owner.path, key].filter(Boolean).join('.');
  const value = values[key];
  throw new InputError(`${owner ? `${owner.address}: ` : ''}${name} ${shown(value)}`, why, fix);
}

/** The value as text; undefined when absent, null or empty. */
export function textOf(values: Values, key: string): string | undefined {
  const value = values[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? value : refuse(values, key, 'is no text', 'Give a text');
}

/** Least and most that AWS takes, of whole numbers. */
interface Range {
  readonly least: number;
  readonly most: number;
}

/** undefined when absent. Throws InputError for what is no number, and with `range` for what is no whole number within it. */
export function numberOf(values: Values, key: string, range?: Range): number | undefined {
  const value = values[key];
  if (value === undefined || value === null) return undefined;
  const number = numberIn(value);
  if (number === undefined) return refuse(values, key, 'is no number', 'Give a number');
  if (!range) return number;
  const { least, most } = range;
  if (number >= least && number <= most && Number.isInteger(number)) return number;
  return refuse(values, key, 'is out of range', `Give a whole number from ${least} to ${most}`);
}

export function flagOf(values: Values, key: string): boolean | undefined {
  const value = values[key];
  if (typeof value === 'boolean') return value;
  if (value === undefined || value === null) return undefined;
  if (value === 'true' || value === 'false') return value === 'true';
  return refuse(values, key, 'is neither true nor false', 'Give true or false');
}

export function textsOf(values: Values, key: string): readonly string[] {
  const value = values[key];
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.map(String) : refuse(values, key, 'is no list', 'Give a list');
}

/** The nested blocks of that name; a map that reads like one block counts as one. */
export function blocksOf(values: Values, key: string): readonly Values[] {
  const value = values[key];
  if (Array.isArray(value)) return value.filter(isObject);
  return isObject(value) ? [value] : [];
}

export const blockOf = (values: Values, key: string): Values | undefined => blocksOf(values, key)[0];

/** A map of text, such as dimensions or tags. */
export function textMapOf(values: Values, key: string): Readonly<Record<string, string>> {
  const map = blockOf(values, key) ?? {};
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, String(value)]));
}
