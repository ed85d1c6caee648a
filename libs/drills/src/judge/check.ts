// How a check is made: from sentences about what is wrong with a run.
import { loneFault, ofFault, onlyFault, type FaultRun } from '../run/run-record';
import type { Check, RunRecord, Verdict } from '../system-under-drill';

/** One sentence for each thing that is wrong; empty: it holds. */
export type FindWrong = (run: RunRecord) => readonly string[];
export type FaultCheck = (run: FaultRun) => Verdict;
/** By id. */
export type Checks = Readonly<Record<string, Check>>;

export const verdict = (broken: readonly string[], whenItHolds = 'nothing is wrong'): Verdict => ({
  holds: broken.length === 0,
  detail: broken.length === 0 ? whenItHolds : some(broken),
});

/** The first few and how many more. */
export function some(lines: readonly string[], shown = 3): string {
  const rest = lines.length - shown;
  return lines.slice(0, shown).join('; ') + (rest > 0 ? `; and ${rest} more` : '');
}

/** Of a fault that stands alone: with others nobody can say what is whose. */
const whereAlone =
  (judge: FaultCheck, faultOf = loneFault) =>
  (run: RunRecord): Verdict => {
    const fault = faultOf(run);
    return fault ? judge(ofFault(run, fault)) : verdict([], 'no fault stands alone');
  };

export const ofBoth = (promise: number, judge: Check['judge']): Check => ({ promise, of: 'both', judge });
/** Of a fault that stands alone, in a drill and in a schedule. */
export const ofLoneFaults = (promise: number, judge: FaultCheck): Check => ofBoth(promise, whereAlone(judge));
export const ofDrills = (promise: number, judge: FaultCheck): Check => ({
  promise,
  of: 'drills',
  judge: whereAlone(judge, onlyFault),
});
export const ofSchedules = (promise: number, find: FindWrong): Check => ({
  promise,
  of: 'schedules',
  judge: (run) => verdict(find(run)),
});
