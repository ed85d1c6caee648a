// Compiles CommonJS text whose free globals are parameters: once a process and text, called once an environment.

/** Globals that reach real time, chance, threads or the machine; what is not given at the call is undefined. */
export const SHADOWED = [
  'require',
  'module',
  'exports',
  '__filename',
  '__dirname',
  'process',
  'console',
  'Date',
  'Math',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
  'performance',
  'crypto',
  'AbortSignal',
  'global',
  'globalThis',
  'self',
  'fetch',
  'WebSocket',
  'EventSource',
  'MessageChannel',
  'BroadcastChannel',
  'Worker',
  'navigator',
  'FinalizationRegistry',
] as const;

export type Shadow = (typeof SHADOWED)[number];
export type Shadows = Readonly<Partial<Record<Shadow, unknown>>>;

const compiled = new Map<string, (...values: unknown[]) => void>();
/** A process that runs many different bundles keeps this many. */
const MAX_COMPILED = 400;

/** Runs `text` with the given globals. Throws what it throws. */
export function runCommonJs(text: string, filename: string, shadows: Shadows): void {
  let run = compiled.get(text);
  if (!run) {
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    // Not vm.compileFunction: that compiles in the process's first realm, which under a test runner is not this one, and
    // then `error instanceof Error` is false between the code and the twin.
    run = new Function(...SHADOWED, `${text}\n//# sourceURL=${filename}`) as (...values: unknown[]) => void;
    compiled.set(text, run);
  }
  run(...SHADOWED.map((name) => shadows[name]));
}
