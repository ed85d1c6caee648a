// Do two files say the same of a resource? What is absent, null, empty, 0 or false Terraform writes each for the others.
import type { Resource } from './graph';
import { ifKnown } from './plain';

type Values = Resource['values'];

/** Top-level arguments of which they say different things; what is unknown in one, or stands in one alone where `both`, is left out. */
export function differences(one: Values, other: Values, both = false): string[] {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].filter((key) => {
    if (both && !(Object.hasOwn(one, key) && Object.hasOwn(other, key))) return false;
    const [a, b] = [one, other].map((values) => ifKnown(() => said(values[key])));
    return a && b && 'value' in a && 'value' in b ? a.value !== b.value : false;
  });
}

/** The same text for the same meaning. Throws where a part is unknown. */
const said = (value: unknown): string => JSON.stringify(bare(value)) ?? '';

function bare(value: unknown): unknown {
  if (typeof value === 'string') return value.toLowerCase().replace(/\.$/, '') || undefined;
  if (Array.isArray(value)) {
    const items = value.map((one) => said(one)).filter((one) => one !== '');
    return items.length === 0 ? undefined : items.sort();
  }
  if (typeof value !== 'object' || value === null) return value || undefined;
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, bare(inner)] as const)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
