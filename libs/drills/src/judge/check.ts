// What a check is, what it says of a run, and in which words.
import type { FaultRun, RunRecord } from '../run/run-record';

export interface Check {
  /** The number of the promise in docs/behaviour.md. */
  readonly promise: number;
  /** Whose runs it is made for. Clients, faults and ends of the two differ. */
  readonly of: 'drills' | 'schedules' | 'both';
  readonly judge: (run: RunRecord) => Verdict;
}

export interface Verdict {
  readonly holds: boolean;
  readonly detail: string;
}

export type FaultCheck = (run: FaultRun) => Verdict;

/** One sentence for each thing that is wrong; empty: it holds. */
export type FindWrong = (run: RunRecord) => readonly string[];

export const verdict = (broken: readonly string[], whenItHolds: string): Verdict => ({
  holds: broken.length === 0,
  detail: broken.length === 0 ? whenItHolds : some(broken),
});

/** The first few and how many more. */
function some(lines: readonly string[], shown = 3): string {
  const rest = lines.length - shown;
  return lines.slice(0, shown).join('; ') + (rest > 0 ? `; and ${rest} more` : '');
}
