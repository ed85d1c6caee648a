// setTimeout and its kin on virtual time: they fall due by the twin's clock and fire through the environment's gate.
import type { Scheduler, Timer } from '../kernel/scheduler';
import type { Gate } from './gate';

type Callback = (...args: unknown[]) => void;

/** What setTimeout returns in Node: an object that also works as a number. */
export class VirtualTimeout {
  timer: Timer | undefined;

  constructor(
    readonly id: number,
    private readonly restart: (timeout: VirtualTimeout) => void,
    private readonly stop: (timeout: VirtualTimeout) => void,
  ) {}

  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
  refresh(): this {
    this.restart(this);
    return this;
  }
  close(): this {
    this.stop(this);
    return this;
  }
  [Symbol.toPrimitive](): number {
    return this.id;
  }
}

export interface VirtualTimers {
  setTimeout(callback: Callback, delayMs?: number, ...args: unknown[]): VirtualTimeout;
  setInterval(callback: Callback, delayMs?: number, ...args: unknown[]): VirtualTimeout;
  setImmediate(callback: Callback, ...args: unknown[]): VirtualTimeout;
  clearTimeout(handle?: VirtualTimeout | number | string | null): void;
  clearInterval(handle?: VirtualTimeout | number | string | null): void;
  clearImmediate(handle?: VirtualTimeout | number | string | null): void;
}

/** Node takes 1 ms for anything below it or absurd. */
const MIN_DELAY_MS = 1;
const MAX_DELAY_MS = 2 ** 31 - 1;

export function virtualTimers(scheduler: Scheduler, gate: Gate): VirtualTimers {
  const live = new Map<number, VirtualTimeout>();
  let lastId = 0;

  const stop = (timeout: VirtualTimeout): void => {
    live.delete(timeout.id);
    timeout.timer?.cancel();
  };

  const start = (callback: Callback, delayMs: number, repeat: boolean, args: unknown[]): VirtualTimeout => {
    if (typeof callback !== 'function') throw new TypeError('The "callback" argument must be of type function');
    const arm = (timeout: VirtualTimeout): void => {
      timeout.timer?.cancel();
      if (gate.killed) return;
      live.set(timeout.id, timeout);
      timeout.timer = scheduler.after(delayMs, () => gate.pass(() => fire(timeout)));
    };
    const fire = (timeout: VirtualTimeout): void => {
      // Cleared between falling due and the thaw.
      if (!live.has(timeout.id)) return;
      if (repeat) arm(timeout);
      else live.delete(timeout.id);
      callback(...args);
    };
    const timeout = new VirtualTimeout((lastId += 1), arm, stop);
    arm(timeout);
    return timeout;
  };

  const clear = (handle?: VirtualTimeout | number | string | null): void => {
    if (handle === undefined || handle === null) return;
    const timeout = handle instanceof VirtualTimeout ? handle : live.get(Number(handle));
    if (timeout) stop(timeout);
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
