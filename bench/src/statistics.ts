// Medians, spreads and noise of figures that were measured in turn.

export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export const spreadOf = (values: readonly number[]): Spread => ({
  median: median(values),
  low: Math.min(...values),
  high: Math.max(...values),
});

/** Of two things that were run in turn, the first over the second in each turn: what slows the machine for a while slows both. */
export const ratiosOf = (first: readonly number[], second: readonly number[]): number[] =>
  first.slice(0, second.length).map((value, turn) => value / (second[turn] ?? Number.NaN));

/** Two runs of the same code differ by that, however close their turns are. */
const FLOOR = 0.03;
/** Fewer turns say nothing about their noise. */
const MIN_TURNS = 3;

export interface Change extends Spread {
  /** By how much the ratio may be off 1 without a change: half of what lies between the turns, 3 % at least. */
  readonly noise: number;
  readonly verdict: 'faster' | 'slower' | 'unchanged' | 'too few turns';
}

/** `ratios`: new over old, of what costs. */
export function changeOf(ratios: readonly number[]): Change {
  const spread = spreadOf(ratios);
  const noise = Math.max(FLOOR, (spread.high - spread.low) / 2);
  const off = spread.median - 1;
  const verdict =
    ratios.length < MIN_TURNS ? 'too few turns' : Math.abs(off) <= noise ? 'unchanged' : off < 0 ? 'faster' : 'slower';
  return { ...spread, noise, verdict };
}
