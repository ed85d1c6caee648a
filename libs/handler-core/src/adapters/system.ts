// The machine's own clock, chance and output.
import { randomBytes } from 'node:crypto';
import { createClock } from '../clock';
import type { Random } from '../ports';

/** The adapters to AWS tell it what time AWS says it is. */
export const systemClock = createClock({
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
});

export const systemRandom: Random = { hex: (bytes) => randomBytes(bytes).toString('hex') };

/** Straight to stdout: with Lambda's JSON log format console.log would wrap the line, and its metrics would be lost. */
export const writeLine = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
