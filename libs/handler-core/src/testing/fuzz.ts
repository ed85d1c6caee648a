// Fuzzing of a handler: half of the events are valid, half are mutations of valid ones. Seeded, so that a failure repeats.
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface Chance {
  /** Uniform in [0, 1). */
  next(): number;
  pick<T>(from: readonly T[]): T;
}

export interface FuzzTarget {
  /** The handler and its world, anew: it is asked for again after {@link FuzzOptions.eventsAWorld} events. */
  readonly world: (chance: Chance) => FuzzWorld | Promise<FuzzWorld>;
}

export interface FuzzWorld {
  readonly valid: () => unknown;
  /** Gives the event to the handler. Resolves with what became of it, in a word or a number, and what is wrong with that, if anything. */
  readonly give: (event: unknown) => Promise<{ readonly outcome: string; readonly wrong?: string | undefined }>;
}

export interface FuzzOptions {
  readonly events: number;
  readonly seed: number;
  readonly eventsAWorld?: number;
}

export interface FuzzReport {
  readonly events: number;
  readonly mutated: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** The first few, each with its event. */
  readonly failures: readonly { readonly wrong: string; readonly event: string }[];
}

const MAX_FAILURES = 10;

export async function fuzz(target: FuzzTarget, { events, seed, eventsAWorld = 400 }: FuzzOptions): Promise<FuzzReport> {
  const chance = chanceOf(seed);
  const outcomes = new Map<string, number>();
  const failures: { wrong: string; event: string }[] = [];
  let mutated = 0;
  let world = await target.world(chance);
  for (let n = 0; n < events && failures.length < MAX_FAILURES; n += 1) {
    if (n > 0 && n % eventsAWorld === 0) world = await target.world(chance);
    const valid = world.valid();
    const event = n % 2 === 0 ? valid : mutation(chance, valid);
    mutated += n % 2;
    const { outcome, wrong } = await world.give(event);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (wrong !== undefined) failures.push({ wrong, event: JSON.stringify(event)?.slice(0, 2_000) ?? 'undefined' });
  }
  return { events, mutated, outcomes: Object.fromEntries([...outcomes].sort()), failures };
}

export function chanceOf(seed: number): Chance {
  const generator = xoroshiro128plus(seed);
  const next = (): number => uniformFloat64(generator);
  return { next, pick: <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T };
}

const LEAVES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, '', ' ', '0', 'constructor', '__proto__', '\u0000', '\ud800', '\ufffd'],
  ...[
    '%',
    '%E0%A4%A',
    '../..',
    'x'.repeat(5_000),
    'Bearer',
    'null',
    '[]',
    '{"a":1',
    '"',
    '1e400',
    '2026-13-01',
    'ü',
    '💩',
  ],
];

/** A copy with one to three changes, anywhere in it. JSON, as every event is that Lambda hands over. */
export function mutation(chance: Chance, event: unknown): unknown {
  let changed = structuredClone(event);
  for (let changes = 1 + Math.floor(chance.next() * 3); changes > 0; changes -= 1)
    changed = changedOnce(chance, changed);
  return JSON.parse(JSON.stringify(changed) ?? 'null');
}

function changedOnce(chance: Chance, value: unknown): unknown {
  const isHolder = typeof value === 'object' && value !== null;
  if (isHolder && chance.next() < 0.85) return changedInside(chance, value);
  if (typeof value === 'string' && chance.next() < 0.7) return changedText(chance, value);
  return chance.pick([...LEAVES, [], {}, [value], { value }, undefined]);
}

function changedInside(chance: Chance, holder: object): object {
  const names = Object.keys(holder);
  const name = names.length > 0 ? chance.pick(names) : 'x';
  const copy = Array.isArray(holder) ? [...(holder as unknown[])] : { ...holder };
  const at = copy as Record<string, unknown>;
  const way = chance.next();
  if (way < 0.1) delete at[name];
  else if (way < 0.15) at[chance.pick(['constructor', 'x', name.toUpperCase(), `${name} `])] = at[name];
  else if (way < 0.2) at[name] = at[chance.pick(names.length > 0 ? names : ['x'])];
  else at[name] = changedOnce(chance, at[name]);
  return copy;
}

function changedText(chance: Chance, text: string): string {
  const at = Math.floor(chance.next() * (text.length + 1));
  const way = chance.next();
  const some = String(chance.pick(LEAVES.filter((leaf) => typeof leaf === 'string')));
  if (way < 0.25) return text.slice(0, at) + text.slice(at + 1);
  if (way < 0.5) return text.slice(0, at) + some.slice(0, 20) + text.slice(at);
  if (way < 0.65) return text.slice(0, at);
  if (way < 0.8) return text + text;
  return text.slice(0, at) + String.fromCharCode(Math.floor(chance.next() * 0x300)) + text.slice(at + 1);
}
