// The globals of an execution environment that would otherwise tell the real time, roll real dice or reach the machine.
import { format } from 'node:util';
import type { Random } from '../kernel/random';
import type { Gate } from './gate';
import type { VirtualTimers } from './virtual-timers';

/** Date whose present is `nowMs()`; everything else is the real one. */
export function virtualDate(nowMs: () => number): DateConstructor {
  const now = (): number => Math.floor(nowMs());
  function VirtualDate(this: unknown, ...args: unknown[]): unknown {
    if (!new.target) return new Date(now()).toString();
    return Reflect.construct(Date, args.length === 0 ? [now()] : args, new.target) as unknown;
  }
  VirtualDate.prototype = Date.prototype;
  return Object.assign(VirtualDate, { now, parse: Date.parse, UTC: Date.UTC }) as unknown as DateConstructor;
}

export function virtualMath(random: Random): Math {
  const copy = Object.create(Object.prototype, Object.getOwnPropertyDescriptors(Math)) as Math;
  copy.random = () => random.next();
  return copy;
}

export interface VirtualPerformance {
  readonly timeOrigin: number;
  now(): number;
  mark(): void;
  measure(): void;
}

export function virtualPerformance(nowMs: () => number): VirtualPerformance {
  const timeOrigin = nowMs();
  return { timeOrigin, now: () => nowMs() - timeOrigin, mark: () => undefined, measure: () => undefined };
}

/** AbortSignal.timeout would otherwise wait for a real timer. */
export function virtualAbortSignal(timers: VirtualTimers): typeof AbortSignal {
  const timeout = (delayMs: number): AbortSignal => {
    const controller = new AbortController();
    const reason = (): DOMException => new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    timers.setTimeout(() => controller.abort(reason()), delayMs);
    return controller.signal;
  };
  return new Proxy(AbortSignal, {
    get: (target, key) => (key === 'timeout' ? timeout : (Reflect.get(target, key, target) as unknown)),
  });
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** `write` is given whole lines, without the line feed. */
export function virtualConsole(write: (level: LogLevel, message: string) => void): Partial<Console> {
  const at =
    (level: LogLevel) =>
    (...args: unknown[]): void =>
      write(level, typeof args[0] === 'string' && args.length === 1 ? args[0] : format(...args));
  return {
    log: at('info'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    debug: at('debug'),
    trace: at('trace'),
  };
}

/** What Lambda shows of itself: nodejs22.x on arm64. */
export const LAMBDA_PLATFORM = { version: 'v22.11.0', platform: 'linux', arch: 'arm64' } as const;

interface ProcessOptions {
  readonly variables: Readonly<Record<string, string>>;
  readonly gate: Gate;
  readonly monotonicMs: () => number;
  readonly writeLine: (line: string) => void;
}

export function virtualProcess({ variables, gate, monotonicMs, writeLine }: ProcessOptions): Record<string, unknown> {
  const hrtime = Object.assign(
    (since: readonly [number, number] = [0, 0]): [number, number] => {
      const nanos = Math.round(monotonicMs() * 1e6) - since[0] * 1e9 - since[1];
      return [Math.floor(nanos / 1e9), nanos % 1e9];
    },
    { bigint: () => BigInt(Math.round(monotonicMs() * 1e6)) },
  );
  const stream = { write: (text: unknown) => (writeLines(String(text), writeLine), true), isTTY: false, fd: 1 };
  const self: Record<string, unknown> = {
    ...LAMBDA_PLATFORM,
    versions: { node: LAMBDA_PLATFORM.version.slice(1) },
    release: { name: 'node' },
    env: { ...variables },
    argv: ['/var/lang/bin/node', '/var/runtime/index.mjs'],
    execArgv: [],
    pid: 2,
    exitCode: undefined,
    cwd: () => '/var/task',
    hrtime,
    uptime: () => monotonicMs() / 1000,
    memoryUsage: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
    nextTick: (run: (...args: unknown[]) => void, ...args: unknown[]) =>
      process.nextTick(() => gate.guarded(() => run(...args))),
    emitWarning: () => undefined,
    stdout: stream,
    stderr: stream,
    exit: (code?: number) => {
      throw new Error(`process.exit(${code ?? 0}) in a function: Lambda would end the environment (Runtime.ExitError)`);
    },
  };
  for (const name of ['on', 'once', 'off', 'addListener', 'removeListener', 'emit', 'listeners']) {
    self[name] = () => (name === 'emit' ? false : name === 'listeners' ? [] : self);
  }
  return self;
}

function writeLines(text: string, writeLine: (line: string) => void): void {
  for (const line of text.split('\n')) if (line !== '') writeLine(line);
}
