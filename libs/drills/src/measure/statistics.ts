// Order statistics.

/** Nearest-rank percentile, 0 < p <= 100; 0 of nothing. `sorted` ascends. */
export function percentile(sorted: readonly number[], p: number): number {
  return sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? 0;
}

export const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
