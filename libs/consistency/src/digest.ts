// Digests of items: what is kept of an item until the other replica shows it, so that what is open fits into memory.

/** Looked up once: it runs for every character. */
const { imul } = Math;

/** 53 bits of the item, whatever the order of its attributes. Not cryptographic: two items agree by chance once in 9e15. */
export function digest(item: Readonly<Record<string, unknown>>): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  const text = canonical(item);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = imul(high ^ code, 2654435761);
    low = imul(low ^ code, 1597334677);
  }
  high = imul(high ^ (high >>> 16), 2246822507) ^ imul(low ^ (low >>> 13), 3266489909);
  low = imul(low ^ (low >>> 16), 2246822507) ^ imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (0x1fffff & low) + (high >>> 0);
}

/** JSON with properties sorted by name at every level: replicas may list attributes in any order. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const part = (value as Readonly<Record<string, unknown>>)[key];
    if (part !== undefined) text += `${text === '' ? '' : ','}${nameIn(key)}${canonical(part)}`;
  }
  return `{${text}}`;
}

/** Items have few names of properties, and each has many items. */
const names = new Map<string, string>();
const MAX_NAMES = 1_000;

function nameIn(key: string): string {
  const known = names.get(key);
  if (known !== undefined) return known;
  const name = `${JSON.stringify(key)}:`;
  if (names.size < MAX_NAMES) names.set(key, name);
  return name;
}
