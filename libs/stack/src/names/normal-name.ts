/** DNS names compare without case and without the root's dot. */
export const normalName = (name: string): string => name.toLowerCase().replace(/\.$/, '');
