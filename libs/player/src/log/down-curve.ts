// How many clients are without service at any instant.
import { countUpTo, insertTime } from './steps';

export class DownCurve {
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  /** It is known only when the first request has failed, which was sent some time before. */
  began(atMs: number): void {
    insertTime(this.starts, atMs);
  }

  ended(atMs: number): void {
    insertTime(this.ends, atMs);
  }

  at(atMs: number): number {
    return countUpTo(this.starts, atMs) - countUpTo(this.ends, atMs);
  }

  /** Every instant in `[fromMs, toMs]` at which it changes, in order. */
  changes(fromMs = -Infinity, toMs = Infinity): readonly number[] {
    const within = (times: readonly number[]): readonly number[] => {
      const from = countUpTo(times, fromMs);
      // Those at `fromMs` itself are within.
      let first = from;
      while (first > 0 && times[first - 1] === fromMs) first -= 1;
      return times.slice(first, countUpTo(times, toMs));
    };
    return [...new Set([...within(this.starts), ...within(this.ends)])].sort((a, b) => a - b);
  }
}
