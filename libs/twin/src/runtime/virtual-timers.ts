// setTimeout and its kin on virtual time: they fall due by the twin's clock and fire through the environment's gate.
import type { Scheduler, Timer } from '../kernel/scheduler';
import type { Gate } from './gate';

type Callback = (...args: unknown[]) => void;

/** What setTimeout returns in Node: an object that also works as a number. */
export class VirtualTimeout {
  private timer: Timer | undefined;

  constructor(
    readonly id: number,
    /** Due timeouts are in it until they are cleared. */
    private readonly live: Map<number, VirtualTimeout>,
    private readonly arm: (timeout: VirtualTimeout) => Timer | undefined,
  ) {
    this.refresh();
  }

  refresh(): this {
    this.timer?.cancel();
    this.timer = this.arm(this);
    if (this.timer) this.live.set(this.id, this);
    return this;
  }
  close(): this {
    this.live.delete(this.id);
    this.timer?.cancel();
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
  [Symbol.toPrimitive](): number {
    return this.id;
  }
}

type Handle = VirtualTimeout | number | string | null;

export interface VirtualTimers {
  setTimeout(callback: Callback, delayMs?: number, ...args: unknown[]): VirtualTimeout;
  setInterval(callback: Callback, delayMs?: number, ...args: unknown[]): VirtualTimeout;
  setImmediate(callback: Callback, ...args: unknown[]): VirtualTimeout;
  clearTimeout(handle?: Handle): void;
  clearInterval(handle?: Handle): void;
  clearImmediate(handle?: Handle): void;
}

/** Node takes 1 ms for anything below it or absurd. */
const MIN_DELAY_MS = 1;
const MAX_DELAY_MS = 2 ** 31 - 1;

export function virtualTimers(scheduler: Scheduler, gate: Gate): VirtualTimers {
  const live = new Map<number, VirtualTimeout>();
  let lastId = 0;

  const start = (callback: Callback, delayMs: number, repeat: boolean, args: unknown[]): VirtualTimeout => {
    if (typeof callback !== 'function') throw new TypeError('The "callback" argument must be of type function');
    const fire = (timeout: VirtualTimeout): void => {
      // Cleared between falling due and the thaw.
      if (!live.has(timeout.id)) return;
      if (repeat) timeout.refresh();
      else live.delete(timeout.id);
      callback(...args);
    };
    const arm = (timeout: VirtualTimeout): Timer | undefined =>
      gate.killed ? undefined : scheduler.after(delayMs, () => gate.pass(() => fire(timeout)));
    return new VirtualTimeout((lastId += 1), live, arm);
  };

  const clear = (handle?: Handle): void => {
    if (handle === undefined || handle === null) return;
    (handle instanceof VirtualTimeout ? handle : live.get(Number(handle)))?.close();
  };

  return {
    setTimeout: (callback, delayMs, ...args) => start(callback, clamp(delayMs), false, args),
    setInterval: (callback, delayMs, ...args) => start(callback, clamp(delayMs), true, args),
    setImmediate: (callback, ...args) => start(callback, 0, false, args),
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
  };
}

function clamp(delayMs: unknown): number {
  const delay = Number(delayMs);
  return delay >= MIN_DELAY_MS && delay <= MAX_DELAY_MS ? delay : MIN_DELAY_MS;
}
