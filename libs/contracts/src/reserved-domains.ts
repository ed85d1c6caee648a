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

export interface ReservedName {
  /** Key of dr.config.ts. */
  readonly key: 'zone' | 'domain' | 'alerts.emails';
  readonly value: string;
}

/** What of a config lies below a reserved domain. */
export function reservedNamesOf(config: {
  readonly zone: string;
  readonly domain: string;
  readonly alerts: { readonly emails: readonly string[] };
}): readonly ReservedName[] {
  const emails = config.alerts.emails.map((value) => ({ key: 'alerts.emails', value }) as const);
  const named: ReservedName[] = [
    { key: 'zone', value: config.zone },
    { key: 'domain', value: config.domain },
    ...emails,
  ];
  return named.filter(({ value }) => reservedDomainOf(value.slice(value.lastIndexOf('@') + 1)) !== undefined);
}
