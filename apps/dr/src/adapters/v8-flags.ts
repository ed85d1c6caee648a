// What V8 is to know of a run. When to compile a function with optimisation: a command that is over in a moment wants it late, a simulation
// early. And how much garbage may stand: a long run has to have room for what it keeps.
import { setFlagsFromString } from 'node:v8';

/** V8 of Node 20. Later ones count invocations instead of bytes, have no such flag, and print an error over one that they do not know. */
const COUNTS_BYTES = /^11\.3\./;

/**
 * Bytes of bytecode that a function runs before it is compiled so; V8's default is 67,584. It is set here and not on the command line,
 * where a Node that does not know it would refuse to start.
 */
function optimiseAfter(bytes: number): void {
  if (COUNTS_BYTES.test(process.versions.v8)) setFlagsFromString(`--interrupt-budget=${bytes}`);
}

/** Of a command that is over within a second, where it costs more than it saves. A plan of 100 MB still gets there. */
export const expectShortRun = (): void => optimiseAfter(1_000_000);

/** Every execution environment of the twin runs its bundle in a context of its own and is warm only for some seconds of a run: sooner pays. */
export const expectShortContexts = (): void => optimiseAfter(10_000);

/**
 * Of a run that keeps much: the heap grows by a fifth before it is collected, and not to its double, and in each collection some pages that
 * are half empty are put together.
 */
export function expectLongRun(): void {
  setFlagsFromString('--heap-growing-percent=20');
  setFlagsFromString('--optimize-for-size');
}
