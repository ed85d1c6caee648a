// What a file is told of the others that are read with it.

export interface Reading {
  /** The address that a resource is known by: another one where two files have the same. */
  readonly addressOf: (address: string) => string;
  /** What another file says of an attribute of the resource at that address; undefined where it says nothing. */
  readonly given: (address: string, attribute: string) => unknown;
}

export const ALONE: Reading = { addressOf: (address) => address, given: () => undefined };
