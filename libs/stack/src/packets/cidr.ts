// Ranges of IPv4 addresses.
import { InputError } from '@dr/contracts';

export const ANYWHERE = '0.0.0.0/0';
/** RFC 1918. */
const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/;
const CIDR = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** Nothing of the internet has such an address. */
export const isPrivate = (cidr: string): boolean => PRIVATE.test(cidr);

/** Are all addresses of `inner` in `outer`? */
export function holds(outer: string, inner: string): boolean {
  const [out, within] = [rangeOf(outer), rangeOf(inner)];
  return out.first <= within.first && within.last <= out.last;
}

export function overlaps(one: string, other: string): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return a.first <= b.last && b.first <= a.last;
}

function rangeOf(cidr: string): { readonly first: number; readonly last: number } {
  const [, ...parts] = CIDR.exec(cidr) ?? [];
  const [a, b, c, d, bits] = parts.map(Number) as [number, number, number, number, number];
  if (parts.length === 0 || Math.max(a, b, c, d) > 255 || bits > 32)
    throw new InputError(`"${cidr}"`, 'is no range of IPv4 addresses', 'Write one such as 10.0.0.0/16');
  const size = 2 ** (32 - bits);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const first = address - (address % size);
  return { first, last: first + size - 1 };
}
