// Compiles CommonJS text whose free globals are parameters: once a process and text, called once an environment.
import { entryOf } from '../kernel/entry-of';

const MODULE_SCOPE = ['require', 'module', 'exports', '__filename', '__dirname'] as const;
const GLOBAL_SCOPE = ['process', 'console', 'global', 'globalThis', 'self'] as const;
const TIME_AND_CHANCE = ['Date', 'Math', 'performance', 'crypto', 'AbortSignal', 'FinalizationRegistry'] as const;
const TIMERS = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
] as const;
/** Never given: they reach threads or the machine. */
export const UNAVAILABLE = [
  ...(['fetch', 'WebSocket', 'EventSource', 'MessageChannel', 'BroadcastChannel', 'Worker', 'navigator'] as const),
];
/** Globals that reach real time, chance, threads or the machine. What is not given at the call is undefined. */
const SHADOWED = [...MODULE_SCOPE, ...GLOBAL_SCOPE, ...TIME_AND_CHANCE, ...TIMERS, ...UNAVAILABLE];

export type Shadows = Readonly<Partial<Record<(typeof SHADOWED)[number], unknown>>>;

const compiled = new Map<string, (...values: unknown[]) => void>();
/** A process that runs many different bundles keeps this many. */
const MAX_COMPILED = 400;

/** Runs `text` with the given globals. Throws what it throws. */
export function runCommonJs(text: string, filename: string, shadows: Shadows): void {
  const run = entryOf(compiled, text, () => {
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    // Not vm.compileFunction: that compiles in the process's first realm, which under a test runner is not this one, and
    // then `error instanceof Error` is false between the code and the twin.
    return new Function(...SHADOWED, `${text}\n//# sourceURL=${filename}`) as (...values: unknown[]) => void;
  });
  run(...SHADOWED.map((name) => shadows[name]));
}
