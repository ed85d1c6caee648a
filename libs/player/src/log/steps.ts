// What changes at instants and holds in between: a series of times in ascending order, and what holds since each of them.

/** Position of the first time after `atMs`, which is also how many are not after it. `times` ascend. */
export function countUpTo(times: readonly number[], atMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many are after `fromMs` and not after `toMs`. */
export const countBetween = (times: readonly number[], fromMs: number, toMs: number): number =>
  countUpTo(times, toMs) - countUpTo(times, fromMs);

/** Adds a time where it belongs: at the end as a rule, or a little before. */
export function insertTime(times: number[], atMs: number): number {
  const last = times.at(-1);
  if (last === undefined || last <= atMs) return times.push(atMs) - 1;
  const index = countUpTo(times, atMs);
  times.splice(index, 0, atMs);
  return index;
}

/** Values that hold from an instant on, until the next one. Added in order of time. */
export class Steps<T> {
  readonly times: number[] = [];
  readonly values: T[] = [];

  add(atMs: number, value: T): void {
    this.times.push(atMs);
    this.values.push(value);
  }

  /** Adds a value only where it is another one than the last; whether it is. */
  change(atMs: number, value: T): boolean {
    if (this.values.length > 0 && this.values.at(-1) === value) return false;
    this.add(atMs, value);
    return true;
  }

  /** undefined before the first one. */
  at(atMs: number): T | undefined {
    return this.values[countUpTo(this.times, atMs) - 1];
  }

  /** Since when it has held; undefined before the first one. */
  since(atMs: number): number | undefined {
    return this.times[countUpTo(this.times, atMs) - 1];
  }

  /** The times in `(fromMs, toMs)`. */
  between(fromMs: number, toMs: number): readonly number[] {
    const times = this.times.slice(countUpTo(this.times, fromMs), countUpTo(this.times, toMs));
    while (times.at(-1) === toMs) times.pop();
    return times;
  }

  /** What holds in `[fromMs, toMs]`, piece by piece. Neighbours with equal `keyOf` are one piece. */
  pieces(fromMs: number, toMs: number, keyOf: (value: T) => unknown = (value) => value): Piece<T>[] {
    const pieces: Piece<T>[] = [];
    for (let index = Math.max(0, countUpTo(this.times, fromMs) - 1); index < this.times.length; index += 1) {
      const [startMs, value] = [this.times[index] as number, this.values[index] as T];
      if (startMs > toMs) break;
      const endMs = Math.min(toMs, this.times[index + 1] ?? toMs);
      const last = pieces.at(-1);
      if (last && keyOf(last.value) === keyOf(value)) last.toMs = endMs;
      else pieces.push({ fromMs: Math.max(fromMs, startMs), toMs: endMs, value });
    }
    return pieces;
  }
}

export interface Piece<T> {
  readonly fromMs: number;
  toMs: number;
  readonly value: T;
}
