// Texts with {key} and {version} in them: filled in for a request, and read back out of an answer or an item.

export const KEY = 'key';
export const VERSION = 'version';

export interface Named {
  readonly key?: string;
  readonly version?: string;
}

/** Names within braces. */
export const placeholdersIn = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');

/** What is not given stays as it is. */
export const filled = (pattern: string, { key, version }: Named): string =>
  pattern.replace(/\{(key|version)\}/g, (whole, name) => (name === KEY ? key : version) ?? whole);

/** In every text of JSON. */
export function filledIn(value: unknown, named: Named): unknown {
  if (typeof value === 'string') return filled(value, named);
  if (Array.isArray(value)) return value.map((one) => filledIn(one, named));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [filled(name, named), filledIn(one, named)]));
}

const compiled = new Map<string, RegExp>();

/** What the placeholders of the pattern stand for in the text; undefined: it is another text. */
export function matched(pattern: string, text: string): Named | undefined {
  const known = compiled.get(pattern) ?? new RegExp(`^${groupsOf(pattern)}$`, 's');
  compiled.set(pattern, known);
  const found = known.exec(text);
  return found ? { ...found.groups } : undefined;
}

/** The first of each is taken; a second one must be the same. */
function groupsOf(pattern: string): string {
  const seen = new Set<string>();
  return pattern
    .split(/(\{(?:key|version)\})/)
    .map((part) => {
      const name = /^\{(key|version)\}$/.exec(part)?.[1];
      if (name === undefined) return part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
      if (seen.has(name)) return `\\k<${name}>`;
      seen.add(name);
      return `(?<${name}>.+?)`;
    })
    .join('');
}

/**
 * What several patterns say of the texts at their places together; undefined: one of them does not fit, or two differ. A number
 * counts as its text.
 */
export function matchedAll(
  patterns: Readonly<Record<string, string>>,
  textAt: (place: string) => unknown,
): Named | undefined {
  let named: Record<string, string> = {};
  for (const [place, pattern] of Object.entries(patterns)) {
    const value = textAt(place);
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    const found = matched(pattern, String(value)) as Record<string, string> | undefined;
    if (!found || Object.entries(found).some(([name, one]) => (named[name] ?? one) !== one)) return undefined;
    named = { ...named, ...found };
  }
  return named;
}
