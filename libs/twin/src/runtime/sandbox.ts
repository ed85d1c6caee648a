// One execution environment of a function: the exact bundle, with time, chance and network of its own (FN-01).
import type { Random } from '../kernel/random';
import type { Scheduler } from '../kernel/scheduler';
import type { Bundle } from './bundle';
import { runCommonJs, UNAVAILABLE } from './compile';
import { Gate } from './gate';
import { httpModules, type NetworkPort } from './http-client';
import { virtualRequire } from './modules';
import { virtualCrypto } from './virtual-crypto';
import {
  virtualAbortSignal,
  virtualConsole,
  virtualDate,
  virtualMath,
  virtualPerformance,
  virtualProcess,
  type LogLevel,
} from './virtual-globals';
import { virtualTimers } from './virtual-timers';

interface SandboxOptions {
  readonly bundle: Bundle;
  /** The only environment variables the code sees. */
  readonly variables: Readonly<Record<string, string>>;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Milliseconds this environment's wall clock runs ahead; it may step. Its monotonic clock knows nothing of it. */
  readonly clockSkewMs: () => number;
  readonly network: NetworkPort;
  /** `level` is null for what goes to stdout directly, past the console. */
  readonly onLine: (level: LogLevel | null, line: string) => void;
  /** An error that nothing in the code caught: Lambda ends the environment. */
  readonly onCrash: (error: unknown) => void;
}

type Handler = (event: unknown, context: unknown) => unknown;

/** No-op: what the collector frees, and when, is not reproducible. */
class SilentFinalizationRegistry {
  register(): void {}
  unregister(): void {}
}

export class Sandbox {
  private readonly gate: Gate;
  private handler: Handler | undefined;
  /** The monotonic clock stands still while the environment is frozen [A]: the harder of the two cases for a function. */
  private frozenMs = 0;
  private frozenFromMs: number | undefined;

  constructor(private readonly options: SandboxOptions) {
    this.gate = new Gate(options.onCrash);
  }

  /** Initialises the module. Throws what it throws, or when it has no such handler. */
  load(): void {
    const { bundle } = this.options;
    const module: { exports: Record<string, unknown> } = { exports: {} };
    runCommonJs(bundle.text, bundle.filename, { ...this.shadows(), module, exports: module.exports });
    const handler = module.exports[bundle.exportName];
    if (typeof handler !== 'function') {
      throw Object.assign(new Error(`${bundle.filename} does not export "${bundle.exportName}"`), {
        name: 'Runtime.HandlerNotFound',
      });
    }
    this.handler = handler as Handler;
  }

  /** Settles with what the handler returns; in a killed environment it may never. */
  async invoke(event: unknown, context: unknown): Promise<unknown> {
    if (!this.handler) throw new Error('invoked before it was loaded');
    return this.handler(event, context);
  }

  freeze(): void {
    this.frozenFromMs ??= this.options.scheduler.now();
    this.gate.freeze();
  }

  thaw(): void {
    this.frozenMs += this.frozenForMs();
    this.frozenFromMs = undefined;
    this.gate.thaw();
  }

  kill(): void {
    this.gate.kill();
  }

  private frozenForMs(): number {
    return this.frozenFromMs === undefined ? 0 : this.options.scheduler.now() - this.frozenFromMs;
  }

  private shadows(): Record<string, unknown> {
    const { scheduler, random, clockSkewMs, network, variables, onLine } = this.options;
    const { gate } = this;
    const nowMs = (): number => scheduler.epochNow() + clockSkewMs();
    const monotonicMs = (): number => scheduler.now() - this.frozenMs - this.frozenForMs();
    const timers = virtualTimers(scheduler, gate);
    const performance = virtualPerformance(monotonicMs);
    const process = virtualProcess({ variables, gate, monotonicMs, writeLine: (line) => onLine(null, line) });
    const crypto = virtualCrypto(random);
    const http = httpModules(network, gate, timers);
    const globals = {
      process,
      console: virtualConsole(onLine),
      Date: virtualDate(nowMs),
      Math: virtualMath(random),
      ...timers,
      performance,
      crypto: crypto.web,
      AbortSignal: virtualAbortSignal(timers),
      FinalizationRegistry: SilentFinalizationRegistry,
    };
    // What is unavailable must not be found through globalThis either.
    const global = ownGlobal({ ...globals, ...Object.fromEntries(UNAVAILABLE.map((name) => [name, undefined])) });
    return {
      ...globals,
      global,
      globalThis: global,
      self: global,
      require: virtualRequire({ http, crypto, timers, performance, process }),
      __filename: `/var/task/${this.options.bundle.filename}`,
      __dirname: '/var/task',
    };
  }
}

/** Sees the real globals through its prototype; its own are defined, not assigned, for some of the real ones have setters. */
function ownGlobal(own: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const global = Object.create(globalThis) as Record<string, unknown>;
  const define = (name: string, value: unknown): void => {
    Object.defineProperty(global, name, { value, writable: true, enumerable: false, configurable: true });
  };
  for (const [name, value] of Object.entries(own)) define(name, value);
  for (const name of ['global', 'globalThis', 'self']) define(name, global);
  return global;
}
