// What a shard says of itself in its JSON, so that `dr merge` knows what it is a part of.
import { sliceOf, type Shard } from '@dr/drills';
import type { Context } from '../../context';
import { under, type JsonShape } from '../../terminal/manual';
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

export const SHARD_JSON: JsonShape = under(
  'shard',
  {
    index: 'number: which, counted from 1',
    of: 'number: how many there are',
    firstSeed: 'number: the first seed of this shard',
    seeds: 'number: seeds of this shard',
    'whole.seed': 'number: the first seed of the search',
    'whole.seeds': 'number: seeds of the search',
    'whole.stopAfter?': 'number: as --stop-after, in each shard',
    'whole.shrink?': 'number: as --shrink',
    'whole.routing?': 'string: as --routing',
    'whole.rto?': 'number: as --rto',
    'whole.regions?': 'number: as --regions',
    'whole.stack?': 'string | list: as --stack',
    'whole.system?': 'string: as --system',
    'whole.replay': 'string: command that runs the search without shards',
  },
  '?',
);
