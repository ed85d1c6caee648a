// How many environments a region's functions may have (FN-03). Source: Lambda developer guide, concurrency and scaling.
import { entryOf } from '../../kernel/entry-of';
import type { FunctionConfig } from './config';

const ACCOUNT_CONCURRENCY = 1_000;
const SCALING_ENVIRONMENTS = 1_000;
const SCALING_WINDOW_MS = 10_000;

type FunctionLimits = Pick<FunctionConfig, 'name' | 'reservedConcurrency'>;

export class Concurrency {
  private readonly busy = new Map<string, number>();
  private unreservedBusy = 0;
  private readonly unreservedLimit: number;
  /** Start times of environments within the window, oldest first. */
  private readonly starts = new Map<string, number[]>();

  constructor(functions: Iterable<FunctionLimits>) {
    let reserved = 0;
    for (const fn of functions) reserved += fn.reservedConcurrency ?? 0;
    this.unreservedLimit = Math.max(0, ACCOUNT_CONCURRENCY - reserved);
  }

  /** Takes a place. False: the invocation is throttled. */
  enter(fn: FunctionLimits): boolean {
    const busy = this.executing(fn.name);
    if (fn.reservedConcurrency !== undefined) {
      if (busy >= fn.reservedConcurrency) return false;
    } else {
      if (this.unreservedBusy >= this.unreservedLimit) return false;
      this.unreservedBusy += 1;
    }
    this.busy.set(fn.name, busy + 1);
    return true;
  }

  leave(fn: FunctionLimits): void {
    this.busy.set(fn.name, this.executing(fn.name) - 1);
    if (fn.reservedConcurrency === undefined) this.unreservedBusy -= 1;
  }

  /** Counts a new environment. False: the function scales faster than Lambda allows. */
  startEnvironment(fn: FunctionLimits, nowMs: number): boolean {
    const starts = entryOf(this.starts, fn.name, () => []);
    while (starts.length > 0 && (starts[0] as number) <= nowMs - SCALING_WINDOW_MS) starts.shift();
    if (starts.length >= SCALING_ENVIRONMENTS) return false;
    starts.push(nowMs);
    return true;
  }

  executing(name: string): number {
    return this.busy.get(name) ?? 0;
  }
}
