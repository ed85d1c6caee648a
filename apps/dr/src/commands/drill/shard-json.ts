// What a shard says of itself in its JSON, so that `dr merge` knows what it is a part of.
import { sliceOf, type Shard } from '@dr/drills';
import type { Context } from '../../context';
import type { DrillFlags } from './mode';
import { searchedWith, type SearchedWith } from './search';
import { shardOf } from './shard';

export interface ShardJson extends Shard {
  readonly firstSeed: number;
  readonly seeds: number;
  /** The search of which it is a part: its options, and the command that repeats it. */
  readonly whole: WholeSearch;
}

export interface WholeSearch extends SearchedWith {
  readonly seed: number;
  readonly seeds: number;
  readonly stopAfter?: number | undefined;
  readonly shrink?: number | undefined;
  readonly replay: string;
}

/** undefined: it is no shard. `replay`: of the whole. */
export function shardIn(context: Context, flags: DrillFlags, replay: string): ShardJson | undefined {
  const shard = shardOf(context, flags);
  if (!shard) return undefined;
  const { seed, seeds = 1, stopAfter, shrink } = flags;
  const whole = { seed, seeds, stopAfter, shrink, ...searchedWith(flags), replay };
  return { ...shard, ...sliceOf({ firstSeed: seed, seeds }, shard), whole };
}
