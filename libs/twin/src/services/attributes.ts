// Reading Terraform values: JSON may hold a number or a flag as text, and a nested block is a list of objects.

export type Values = Readonly<Record<string, unknown>>;

/** The value as text; undefined when absent, null or empty. */
export function textOf(values: Values, key: string): string | undefined {
  const value = values[key];
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberOf(values: Values, key: string): number | undefined {
  const text = textOf(values, key);
  if (text === undefined) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

export function flagOf(values: Values, key: string): boolean | undefined {
  const value = values[key];
  if (typeof value === 'boolean') return value;
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

export function textsOf(values: Values, key: string): readonly string[] {
  const value = values[key];
  return Array.isArray(value) ? value.map(String) : [];
}

/** The nested blocks of that name; a map that reads like one block counts as one. */
export function blocksOf(values: Values, key: string): readonly Values[] {
  const value = values[key];
  if (Array.isArray(value)) return value.filter(isValues);
  return isValues(value) ? [value] : [];
}

export const blockOf = (values: Values, key: string): Values | undefined => blocksOf(values, key)[0];

/** A map of text, such as dimensions or tags. */
export function textMapOf(values: Values, key: string): Readonly<Record<string, string>> {
  const map = blockOf(values, key) ?? {};
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, String(value)]));
}

const isValues = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
