// Digests of items: two replicas are compared by them, so that one replica's contents fit into memory.

/**
 * 53 bits over the item with its attributes in a fixed order. Not cryptographic: it tells a replica that differs, not an
 * attacker; two different items agree with a chance of about 1 in 9e15.
 */
export function digest(item: Readonly<Record<string, unknown>>): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  const text = canonical(item);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (0x1fffff & low) + (high >>> 0);
}

/** JSON with properties sorted by name at every level: replicas may list attributes in any order. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
