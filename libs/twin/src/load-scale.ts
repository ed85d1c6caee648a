// How large the load is that a run stands for: one simulated request of a client may stand for many, and takes as much from every limit.
import { InputError } from '@dr/contracts';

export interface LoadScale {
  /** Real requests that one simulated request of a client stands for. */
  readonly perRequest: number;
  /** Executions at once that the account may have in a region. @default 1,000, or what the reservations of the stack need */
  readonly accountConcurrency?: number | undefined;
  /**
   * The highest load that tables have had, as a share of the load of this run. Limits of on-demand tables then begin to count at
   * `SETTLED_MS`, when the run has shown what its load takes of them. @default the tables are new
   */
  readonly peakShare?: number | undefined;
}

export const ONE_FOR_ONE: LoadScale = { perRequest: 1 };

/** What a run takes of a table is counted between these two, once clients have all begun. */
export const COUNTED_FROM_MS = 10_000;
export const SETTLED_MS = 30_000;

/** Of requests that one limit lets pass at once. With fewer the share that it throttles is off by more than 5 % (docs/decisions/0034). */
const LEAST_PASSED_AT_ONCE = 10;

/** Throws InputError where one simulated request is too large a part of the limit. */
export function refuseTooCoarse({ perRequest }: LoadScale, limit: number, what: string): void {
  if (perRequest === 1 || limit / perRequest >= LEAST_PASSED_AT_ONCE) return;
  const most = Math.max(1, Math.floor(limit / LEAST_PASSED_AT_ONCE));
  throw new InputError(
    `one simulated request stands for ${perRequest}`,
    `that is too coarse for ${what}: the share that is throttled would be off by more than 5 %`,
    `Let one stand for ${most} at most`,
  );
}
