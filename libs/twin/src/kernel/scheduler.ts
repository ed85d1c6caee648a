// Virtual time: one queue of timed events, run in order of time and then of asking; nothing here waits for a real clock.
import { drainTurn } from './event-loop-adapter';

export interface Timer {
  /** It will not run, and what it would have run is let go at once: most time-outs are long and never happen. */
  cancel(): void;
}

/** A place in the order of events. */
export interface Turn {
  readonly atMs: number;
  readonly order: number;
}

class Entry implements Timer, Turn {
  constructor(
    readonly atMs: number,
    readonly order: number,
    public run: (() => void) | undefined,
  ) {}

  cancel(): void {
    this.run = undefined;
  }
}

/** Virtual time starts here: a fixed instant, so that stamps in two runs are the same. */
export const EPOCH_MS = Date.UTC(2026, 0, 5);

const MAX_EVENTS_AN_INSTANT = 100_000;

export class Scheduler {
  private readonly heap: Entry[] = [];
  private currentMs = 0;
  private asked = 0;

  /** Milliseconds since the start of the run. */
  now(): number {
    return this.currentMs;
  }

  /** Virtual wall clock, epoch milliseconds. */
  epochNow(): number {
    return EPOCH_MS + this.currentMs;
  }

  /** Runs `run` at `atMs` (never in the past). */
  at(atMs: number, run: () => void): Timer {
    const entry = new Entry(Math.max(atMs, this.currentMs), this.asked++, run);
    push(this.heap, entry);
    return entry;
  }

  /** The turn that `after` would give, for `atTurn` to use later. */
  turnAfter(delayMs: number): Turn {
    return { atMs: this.currentMs + Math.max(0, delayMs), order: this.asked++ };
  }

  /** Runs `run` at a turn that has not come yet. */
  atTurn({ atMs, order }: Turn, run: () => void): Timer {
    const entry = new Entry(atMs, order, run);
    push(this.heap, entry);
    return entry;
  }

  after(delayMs: number, run: () => void): Timer {
    return this.at(this.currentMs + Math.max(0, delayMs), run);
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMs, resolve);
    });
  }

  /** Settles with `promise`, or with `late()` when `delayMs` pass first. */
  async within<T, L>(delayMs: number, promise: Promise<T>, late: () => L): Promise<T | L> {
    return new Promise<T | L>((resolve, reject) => {
      const timer = this.after(delayMs, () => resolve(late()));
      void promise.then(resolve, reject).finally(() => timer.cancel());
    });
  }

  /** Runs everything up to and including `untilMs`, then stands at `untilMs`. */
  async runUntil(untilMs: number): Promise<void> {
    await drainTurn();
    let atThisInstant = 0;
    for (let next = this.heap[0]; next && next.atMs <= untilMs; next = this.heap[0]) {
      pop(this.heap);
      if (!next.run) continue;
      atThisInstant = next.atMs === this.currentMs ? atThisInstant + 1 : 0;
      if (atThisInstant > MAX_EVENTS_AN_INSTANT) throw new Error(`virtual time stands still at ${this.currentMs} ms`);
      this.currentMs = next.atMs;
      next.run();
      await drainTurn();
    }
    this.currentMs = Math.max(this.currentMs, untilMs);
  }
}

const before = (a: Entry, b: Entry): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

function push(heap: Entry[], entry: Entry): void {
  let at = heap.length;
  heap.push(entry);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent] as Entry;
    if (!before(entry, above)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    if (left >= heap.length) break;
    const right = left + 1;
    const least = right < heap.length && before(heap[right] as Entry, heap[left] as Entry) ? right : left;
    if (!before(heap[least] as Entry, last)) break;
    heap[at] = heap[least] as Entry;
    at = least;
  }
  heap[at] = last;
}
