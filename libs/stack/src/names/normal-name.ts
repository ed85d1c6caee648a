/** DNS names compare without case and without the root's dot. */
export const normalName = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** Of an endpoint, with or without the prefix that asks for its IPv6 addresses as well. */
export const endpointName = (name: string): string => normalName(name).replace(/^dualstack\./, '');
