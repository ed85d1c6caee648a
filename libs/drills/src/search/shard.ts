// A shard of a search: one of several slices of its seeds, each a search by itself.
import type { SearchOptions } from './search';

export interface Shard {
  /** 1 to `of`. */
  readonly index: number;
  readonly of: number;
}

export type Seeds = Pick<SearchOptions, 'firstSeed' | 'seeds'>;

/** The shard's seeds: slices follow one another, and none is more than one seed longer than another. `of` is at most `seeds`. */
export function sliceOf({ firstSeed, seeds }: Seeds, { index, of }: Shard): Seeds {
  const before = (shards: number): number => Math.floor((shards * seeds) / of);
  return { firstSeed: firstSeed + before(index - 1), seeds: before(index) - before(index - 1) };
}
