// The two clocks of an execution environment: one that only goes forward, for ages, and the wall clock, held to AWS's.
import { CLOCK_SKEW_MS } from '@dr/contracts/system';
import type { Clock, Moment } from './ports';

export interface ClockReadings {
  /** Epoch milliseconds by the machine; it may step. */
  readonly wallMs: () => number;
  /** Milliseconds since any moment, by a clock that never goes back. It may stand still while the environment is frozen. */
  readonly monotonicMs: () => number;
  readonly after: Clock['after'];
}

export interface HeldClock extends Clock {
  /** AWS has answered just now, and this is the answer's `Date` (RFC 9110, whole seconds). Any other text says nothing. */
  heard(date: string | undefined): void;
}

/** What a {@link Moment} is made of. */
interface Age {
  readonly livedMs: number;
  /** How often the wall clock had gone back. */
  readonly stepsBack: number;
}

export function createClock({ wallMs, monotonicMs, after }: ClockReadings): HeldClock {
  const age = lifetime(wallMs, monotonicMs);
  const since = (then: Moment): Age => {
    const [now, before] = [age(), then as unknown as Age];
    return { livedMs: Math.round(now.livedMs - before.livedMs), stepsBack: now.stepsBack - before.stepsBack };
  };
  let offMs = 0;
  return {
    wallMs: () => wallMs() + offMs,
    moment: () => age() as unknown as Moment,
    sinceMs: (then) => since(then).livedMs,
    isWithin: (then, ms) => {
      const { livedMs, stepsBack } = since(then);
      return stepsBack === 0 && livedMs < ms;
    },
    after,
    heard: (date) => (offMs = correction(date, wallMs(), offMs)),
  };
}

/**
 * How long the environment has lived, frozen or not: the longer of what the two clocks say. Lambda freezes an environment between
 * invocations, and its monotonic clock may stand still meanwhile [A]: then the wall clock tells how long that was. A wall clock
 * that has gone back since the last look is counted from where it is now, else it would count for nothing until it has caught up.
 */
function lifetime(wallMs: () => number, monotonicMs: () => number): () => Age {
  let from = { livedMs: 0, wallMs: wallMs(), monotonicMs: monotonicMs() };
  let last = from;
  let stepsBack = 0;
  return () => {
    const now = { wallMs: wallMs(), monotonicMs: monotonicMs() };
    if (now.wallMs < last.wallMs) {
      from = { livedMs: last.livedMs + now.monotonicMs - last.monotonicMs, ...now };
      stepsBack += 1;
    }
    const livedMs = from.livedMs + Math.max(now.wallMs - from.wallMs, now.monotonicMs - from.monotonicMs);
    // The copy stands last: with a field after it Node 20 takes ten times as long, and leaves what only a full collection frees.
    last = { livedMs, ...now };
    return { livedMs, stepsBack };
  };
}

/** `Date` has no milliseconds: on average the answer is half a second younger than it says. */
const HALF_A_SECOND_MS = 500;

/** What AWS answers says more than a wall clock that no right one can be that far from. */
function correction(date: string | undefined, wallMs: number, beforeMs: number): number {
  const servedMs = date === undefined ? NaN : Date.parse(date);
  if (!Number.isFinite(servedMs)) return beforeMs;
  const offMs = servedMs + HALF_A_SECOND_MS - wallMs;
  return Math.abs(offMs) > CLOCK_SKEW_MS ? offMs : 0;
}
