// Things in order that are gone through one by one, again and again, and never held all at once: a long run has millions of events.

/** Every walk starts anew. `where` gives another sequence; whatever gives several of its things gives them as an array. */
export class Sequence<T> implements Iterable<T> {
  /** `walk`: begins a walk. */
  constructor(private readonly walk: () => Iterator<T>) {}

  /** Of what can be gone through more than once, such as an array. */
  static of<T>(things: Iterable<T>): Sequence<T> {
    return things instanceof Sequence ? things : new Sequence(() => things[Symbol.iterator]());
  }

  [Symbol.iterator](): Iterator<T> {
    return this.walk();
  }

  /** Those for which it holds, asked in each walk anew. */
  where<S extends T>(holds: (one: T) => one is S): Sequence<S>;
  where(holds: (one: T) => boolean): Sequence<T>;
  where(holds: (one: T) => boolean): Sequence<T> {
    return new Sequence(() => those(this, holds));
  }

  filter<S extends T>(holds: (one: T) => one is S): S[];
  filter(holds: (one: T) => boolean): T[];
  filter(holds: (one: T) => boolean): T[] {
    return [...this.where(holds)];
  }

  map<U>(made: (one: T) => U): U[] {
    const all: U[] = [];
    for (const one of this) all.push(made(one));
    return all;
  }

  flatMap<U>(made: (one: T) => readonly U[]): U[] {
    const all: U[] = [];
    for (const one of this) all.push(...made(one));
    return all;
  }

  setOf<U>(made: (one: T) => U): Set<U> {
    const all = new Set<U>();
    for (const one of this) all.add(made(one));
    return all;
  }

  find<S extends T>(holds: (one: T) => one is S): S | undefined;
  find(holds: (one: T) => boolean): T | undefined;
  find(holds: (one: T) => boolean): T | undefined {
    for (const one of this) if (holds(one)) return one;
    return undefined;
  }

  some(holds: (one: T) => boolean): boolean {
    for (const one of this) if (holds(one)) return true;
    return false;
  }

  every(holds: (one: T) => boolean): boolean {
    return !this.some((one) => !holds(one));
  }

  /** How many there are: a walk of its own. */
  count(): number {
    let count = 0;
    for (const walk = this.walk(); walk.next().done !== true;) count += 1;
    return count;
  }
}

function* those<T>(things: Iterable<T>, holds: (one: T) => boolean): Generator<T> {
  for (const one of things) if (holds(one)) yield one;
}
