// Time that passes only while everybody waits. For tests of what many do at once.

interface Waiting {
  readonly atMs: number;
  readonly wake: () => void;
}

/** While nobody waits for the time, real work goes on: a child process, a twin. */
const REAL_PAUSE_MS = 5;
const MAX_PAUSES = 10_000;
const MAX_VIRTUAL_MS = 6 * 3_600_000;

export class VirtualTime {
  private waiting: Waiting[] = [];

  constructor(public nowMs: number) {}

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.at(this.nowMs + Math.max(0, ms), resolve));
  }

  /** Calls `wake` at that time; those of one time in the order in which they asked. */
  at(atMs: number, wake: () => void): void {
    const later = this.waiting.findIndex((one) => one.atMs > atMs);
    this.waiting.splice(later < 0 ? this.waiting.length : later, 0, { atMs, wake });
  }

  /** Lets time pass until the promise settles. Rejects when that takes hours, or when nobody does anything any more. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const end = (): void => void (settled = true);
    promise.then(end, end);
    const limitMs = this.nowMs + MAX_VIRTUAL_MS;
    for (let pauses = 0; pauses < MAX_PAUSES && this.nowMs < limitMs;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (settled) return promise;
      if (this.step(Number.POSITIVE_INFINITY)) continue;
      pauses += 1;
      await new Promise((resolve) => setTimeout(resolve, REAL_PAUSE_MS));
    }
    throw new Error(`nothing came of it by ${new Date(this.nowMs).toISOString()} of virtual time`);
  }

  async advance(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.step(endMs));
    this.nowMs = endMs;
  }

  private step(limitMs: number): boolean {
    const [next] = this.waiting;
    if (!next || next.atMs > limitMs) return false;
    this.waiting.shift();
    this.nowMs = Math.max(this.nowMs, next.atMs);
    next.wake();
    return true;
  }
}
