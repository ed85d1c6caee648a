// All checks, by id: those that hold for every system, with those of the system under drill, in the order of docs/behaviour.md.
import { calmFromMs, seconds } from '../run/run-record';
import type { Check, RunRecord, SystemUnderDrill, Verdict } from '../system-under-drill';
import { ofSchedules, type Checks, type FindWrong } from './check';
import { OF_DATA } from './data';
import { OF_NOTICES } from './notices';
import { OF_TRAFFIC } from './traffic';

/** Everything that was going on has come to its end. */
const comesToRest: FindWrong = (run) =>
  run.unquiet.map((phrase) => `${phrase}, ${seconds(run.endMs - calmFromMs(run))} s after all was well`);

const OF_EVERY_SYSTEM: Checks = {
  ...OF_DATA,
  ...OF_TRAFFIC,
  ...OF_NOTICES,
  'comes-to-rest': ofSchedules(10, comesToRest),
};

/** What a check says of a run. */
export type Judged = Verdict & { readonly id: string };
export type NamedCheck = readonly [id: string, check: Check];

export const checksOf = (
  system: Pick<SystemUnderDrill, 'checks'>,
  what: 'drills' | 'schedules',
): readonly NamedCheck[] =>
  Object.entries<Check | null>({ ...OF_EVERY_SYSTEM, ...system.checks })
    .flatMap(([id, check]): NamedCheck[] => (check && (check.of === 'both' || check.of === what) ? [[id, check]] : []))
    .sort(([, a], [, b]) => a.promise - b.promise);

/** What can be said of a run that ended before its fault. */
const OF_WARM_UP = ['nothing-read-unwritten', 'health-is-deep', 'warm-up-clean', 'no-unauthenticated-success'];

/** What a drill's report says of its run. */
export const invariantsOf = (run: RunRecord): Judged[] =>
  checksOf(run.system, 'drills')
    .filter(([id]) => !run.stoppedBeforeFault || OF_WARM_UP.includes(id))
    .map(([id, { judge }]) => ({ id, ...judge(run) }));
