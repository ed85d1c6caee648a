// Domain names that can never be anybody's: set aside for documentation and tests, so no zone, certificate or mail works under them.

/** RFC 2606, sections 2 and 3; RFC 6761, sections 6.2 to 6.5. Each with all that is below it. */
export const RESERVED_DOMAINS = [
  'example.com',
  'example.net',
  'example.org',
  'example',
  'test',
  'invalid',
  'localhost',
] as const;

/** The reserved domain that `name` is or is below, whatever its case and with or without the final dot; else undefined. */
export function reservedDomainOf(name: string): string | undefined {
  const plain = name.toLowerCase().replace(/\.$/, '');
  return RESERVED_DOMAINS.find((reserved) => plain === reserved || plain.endsWith(`.${reserved}`));
}
