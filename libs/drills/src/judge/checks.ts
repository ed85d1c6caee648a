// All checks, by id: those that hold for every system, with those of the system under drill, in the order of docs/behaviour.md.
import { calmFromMs, seconds } from '../run/run-record';
import type { Check, RunRecord, SystemUnderDrill, Verdict } from '../system-under-drill';
import { ofBoth, ofDrills, ofLoneFaults, ofSchedules, type FindWrong } from './check';
import { acknowledgedWritesSurvive, nothingReadUnwritten, replicasEqual, rpoAccounted } from './data';
import { alarmsAreAnnounced, lossIsTold, notificationPerTransition, sentByTheLiving } from './notices';
import {
  calmIsServed,
  clientsRecoverInTime,
  failbackComplete,
  healthIsDeep,
  noTrafficToUnhealthy,
  noUnauthenticatedSuccess,
  oneFailoverForEachCause,
  unfeltStaysUnfelt,
  warmUpClean,
} from './traffic';

/** Everything that was going on has come to its end. */
const comesToRest: FindWrong = (run) =>
  run.unquiet.map((phrase) => `${phrase}, ${seconds(run.endMs - calmFromMs(run))} s after all was well`);

const OF_EVERY_SYSTEM: Readonly<Record<string, Check>> = {
  'replicas-equal': ofBoth(1, replicasEqual),
  'acknowledged-writes-survive': ofBoth(2, acknowledgedWritesSurvive),
  'nothing-read-unwritten': ofBoth(3, nothingReadUnwritten),
  'rpo-accounted': ofBoth(4, rpoAccounted),
  'no-traffic-to-unhealthy-after-bound': ofBoth(6, noTrafficToUnhealthy),
  'clients-recover-in-time': ofSchedules(6, clientsRecoverInTime),
  'calm-is-served': ofSchedules(6, calmIsServed),
  'unfelt-stays-unfelt': ofBoth(6, unfeltStaysUnfelt),
  'health-is-deep': ofDrills(6, healthIsDeep),
  'warm-up-clean': ofDrills(6, warmUpClean),
  'at-most-one-failover-and-failback': ofBoth(7, oneFailoverForEachCause),
  'failback-complete': ofDrills(7, failbackComplete),
  'notification-per-transition': ofDrills(8, notificationPerTransition),
  'alarms-announced': ofBoth(8, alarmsAreAnnounced),
  'loss-is-told': ofLoneFaults(8, lossIsTold),
  'sent-by-the-living': ofBoth(8, sentByTheLiving),
  'no-unauthenticated-success': ofBoth(9, noUnauthenticatedSuccess),
  'comes-to-rest': ofSchedules(10, comesToRest),
};

export type NamedCheck = readonly [id: string, check: Check];

export const checksOf = (
  system: Pick<SystemUnderDrill, 'checks'>,
  what: 'drills' | 'schedules',
): readonly NamedCheck[] =>
  Object.entries({ ...OF_EVERY_SYSTEM, ...system.checks })
    .filter(([, check]) => check.of === 'both' || check.of === what)
    .sort(([, a], [, b]) => a.promise - b.promise);

/** What can be said of a run that ended before its fault. */
const OF_WARM_UP = ['nothing-read-unwritten', 'health-is-deep', 'warm-up-clean', 'no-unauthenticated-success'];

/** What a drill's report says of its run. */
export const invariantsOf = (run: RunRecord): (Verdict & { readonly id: string })[] =>
  checksOf(run.system, 'drills')
    .filter(([id]) => !run.stoppedBeforeFault || OF_WARM_UP.includes(id))
    .map(([id, { judge }]) => ({ id, ...judge(run) }));
