/** DNS names compare without case and without the root's dot. */
export function normalName(name: string): string {
  const lower = name.toLowerCase();
  return lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

/** Of an endpoint, with or without the prefix that asks for its IPv6 addresses as well. */
export const endpointName = (name: string): string => normalName(name).replace(/^dualstack\./, '');
