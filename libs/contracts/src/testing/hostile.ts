// Values that somebody may put into a table, for property tests: fast-check draws them.
import * as fc from 'fast-check';

const HOSTILE_TEXTS = [
  '',
  '__proto__',
  'constructor',
  '\u001b[2J\u001b[31m',
  'state#',
  '#',
  '\u0000',
  'x'.repeat(5_000),
  '1e100',
  '🧨',
];
const HOSTILE_NUMBERS = [
  0,
  -0,
  -1,
  0.5,
  1e100,
  -1e100,
  1e12,
  1e12 + 1,
  2 ** 53,
  Number.MAX_SAFE_INTEGER,
  8.64e15,
  8.64e15 + 1,
];

/** Whoever reads a record never sees it: the adapter leaves it out (handler-core, `fromAttributes`). */
const UNSEEN = '__proto__';

/** DynamoDB's numbers lie between 1e-130 and 1e126 ("Supported data types"). */
function storable(value: unknown): unknown {
  if (typeof value === 'number') return Math.abs(value) > 1e125 || Math.abs(value) < 1e-129 ? 0 : value;
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== 'object' || value === null) return value;
  const seen = Object.entries(value).filter(([name]) => name !== UNSEEN);
  return Object.fromEntries(seen.map(([name, one]) => [name, storable(one)]));
}

/** Any attribute that DynamoDB stores, JavaScript's special names and the ends of all ranges among them. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE_NUMBERS) },
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }).map(storable) },
  { weight: 1, arbitrary: fc.date({ noInvalidDate: true }).map((date) => Math.abs(date.getTime())) },
);

interface Stored {
  readonly id: string;
  readonly timestamp: string;
}

/** The record with some of its attributes, its key apart, gone or made hostile; and attributes that it never had. */
export const spoiled = <T extends Stored>(record: T): fc.Arbitrary<Stored & Readonly<Record<string, unknown>>> => {
  const names = Object.keys(record).filter((name) => name !== 'id' && name !== 'timestamp');
  const change = fc.record({
    name: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: fc.string() }),
    value: fc.oneof({ weight: 1, arbitrary: fc.constant(undefined) }, { weight: 4, arbitrary: hostileValue }),
  });
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    const given = new Map<string, unknown>(Object.entries(record));
    for (const { name, value } of changes) {
      if (['id', 'timestamp', UNSEEN].includes(name)) continue;
      if (value === undefined) given.delete(name);
      else given.set(name, value);
    }
    return Object.fromEntries(given) as Stored & Record<string, unknown>;
  });
};

/** Where a record has times: the path of each. */
export const timesIn = (record: object): readonly (readonly string[])[] =>
  Object.entries(record).flatMap(([name, value]: [string, unknown]) => {
    if (name.endsWith('Ms')) return [[name]];
    return typeof value === 'object' && value !== null ? timesIn(value).map((path) => [name, ...path]) : [];
  });

/** The record with that time there. */
export function withTime<T extends object>(record: T, path: readonly string[], ms: number): T {
  const copy = structuredClone(record);
  const holder = path
    .slice(0, -1)
    .reduce((of, name) => of[name] as Record<string, unknown>, copy as Record<string, unknown>);
  holder[path.at(-1) ?? ''] = ms;
  return copy;
}
