import type { Difference } from '../words/differences';
import type { GameDayRecord } from './game-day-record';

/** What is known of a run beside its log. */
export interface About {
  /** Of the twin, in the order of their weight. */
  readonly assumptions: readonly string[];
  /** A former run, and what has become of each figure since. */
  readonly former?: Former;
  /** A game day of the same fault: what the applied system has shown. */
  readonly gameDay?: GameDayRecord;
}

export interface Former {
  readonly name: string;
  readonly differences: readonly Difference[];
}
