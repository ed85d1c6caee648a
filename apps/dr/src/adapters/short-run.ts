// A command that is over within a second: what V8 compiles with optimisation meanwhile costs more than it saves.
import { setFlagsFromString } from 'node:v8';

/** Bytes of bytecode that a function runs before it is compiled with optimisation; V8's default is 67,584. A plan of 100 MB still gets there. */
const OPTIMISE_AFTER_BYTES = 1_000_000;

/** Here and not on the command line, where a later Node that does not know it would refuse to start. */
export const expectShortRun = (): void => setFlagsFromString(`--interrupt-budget=${OPTIMISE_AFTER_BYTES}`);
