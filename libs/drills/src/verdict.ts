// What an invariant says of a run, and in which words.
import type { FaultRun } from './run-record';

export interface Verdict {
  readonly holds: boolean;
  readonly detail: string;
}

export type Invariant = (run: FaultRun) => Verdict;

export const verdict = (broken: readonly string[], whenItHolds: string): Verdict => ({
  holds: broken.length === 0,
  detail: broken.length === 0 ? whenItHolds : some(broken),
});

/** The first few and how many more. */
function some(lines: readonly string[], shown = 3): string {
  const rest = lines.length - shown;
  return lines.slice(0, shown).join('; ') + (rest > 0 ? `; and ${rest} more` : '');
}
