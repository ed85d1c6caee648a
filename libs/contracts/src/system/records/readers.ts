// Reading what somebody else may have written. By hand, as a schema library would be a quarter of a function's bundle.

/** What is wrong with a stored value. */
export class Unfit extends Error {
  override readonly name = 'Unfit';
}

/** The value, with nothing in it that is not asked for. Throws {@link Unfit}, which names `path`. */
export type Read<T> = (value: unknown, path: string) => T;
/** What a reader gives: a record's type is said once, by its reader. */
export type ReadBy<R> = R extends Read<infer T> ? T : never;

/** Nothing here counts so far: a heartbeat every second takes 30,000 years. Below it adding 1 is exact. */
export const MAX_COUNT = 1e12;
/** Above it a record would not be read any more: then the count begins anew. */
export const nextCount = (before: number): number => (before >= MAX_COUNT ? 1 : before + 1);
/** The last time of day that ECMAScript knows (ECMA-262, time values). */
const MAX_TIME_MS = 8.64e15;
const MAX_TEXT = 1_000;
const MAX_ENTRIES = 100;

const reader =
  <T>(what: string, fits: (value: unknown) => boolean): Read<T> =>
  (value, path) => {
    if (fits(value)) return value as T;
    throw new Unfit(`${path} is ${value === undefined ? 'missing' : `not ${what}`}`);
  };

const isNumber = (value: unknown, most: number): value is number =>
  typeof value === 'number' && value >= 0 && value <= most;

export const count = reader<number>('a count', (value) => Number.isInteger(value) && isNumber(value, MAX_COUNT));
/** Epoch milliseconds, or a number of them. */
export const time = reader<number>('a time', (value) => isNumber(value, MAX_TIME_MS));
export const flag = reader<boolean>('true or false', (value) => typeof value === 'boolean');
export const text = (most = MAX_TEXT): Read<string> =>
  reader(`a text of ${most} characters at most`, (value) => typeof value === 'string' && value.length <= most);
export const oneOf = <T extends string | number | boolean>(...values: readonly T[]): Read<T> =>
  reader(`one of ${values.join(', ')}`, (value) => values.includes(value as T));

export const orNull =
  <T>(read: Read<T>): Read<T | null> =>
  (value, path) =>
    value === null ? null : read(value, path);

type Optional<T> = Read<T> & { readonly isOptional: true };

/** For a field that need not be there. */
export const optional = <T>(read: Read<T>): Optional<T> =>
  Object.assign((value: unknown, path: string) => (value === undefined ? (undefined as T) : read(value, path)), {
    isOptional: true as const,
  });

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Readers = Readonly<Record<string, Read<unknown>>>;
type OptionalKeys<R extends Readers> = { [K in keyof R]: R[K] extends Optional<unknown> ? K : never }[keyof R];
type Flat<T> = { readonly [K in keyof T]: T[K] };
export type Fields<R extends Readers> = Flat<
  { readonly [K in Exclude<keyof R, OptionalKeys<R>>]: ReadBy<R[K]> } & {
    readonly [K in OptionalKeys<R>]?: ReadBy<R[K]>;
  }
>;

/** One reader a field. Fields without one are left out. */
export const fields = <R extends Readers>(readers: R): Read<Fields<R>> => {
  const all = Object.entries(readers);
  return (value, path) => {
    if (!isPlain(value)) throw new Unfit(`${path} is not a record`);
    const read: Record<string, unknown> = {};
    for (const [name, of] of all) {
      const given = of(Object.hasOwn(value, name) ? value[name] : undefined, name);
      if (given !== undefined) read[name] = given;
    }
    return read as Fields<R>;
  };
};

export const mapOf =
  <T>(read: Read<T>): Read<Readonly<Record<string, T>>> =>
  (value, path) => {
    if (!isPlain(value) || Object.keys(value).length > MAX_ENTRIES) throw new Unfit(`${path} is not a map`);
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, read(one, path)]));
  };

export const listOf =
  <T>(read: Read<T>, most = MAX_ENTRIES): Read<readonly T[]> =>
  (value, path) => {
    if (!Array.isArray(value) || value.length > most) throw new Unfit(`${path} is not a list of ${most} at most`);
    return value.map((one) => read(one, path));
  };

/** What is read; or, in words, why it cannot be. */
export function tryRead<T>(read: Read<T>, value: unknown): { readonly is: T } | { readonly why: string } {
  try {
    return { is: read(value, 'it') };
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    return { why: error.message };
  }
}
