// All checks, by id: those that hold for every system, with those of the system under drill, in the order of docs/behaviour.md.
import { calmFromMs, seconds } from '../run/run-record';
import type { Check, RunRecord, SystemUnderDrill, Verdict } from '../system-under-drill';
import { ofBoth, ofDrills, ofLoneFaults, ofSchedules, type FindWrong } from './check';
import * as data from './data';
import * as notices from './notices';
import * as traffic from './traffic';

/** Everything that was going on has come to its end. */
const comesToRest: FindWrong = (run) =>
  run.unquiet.map((phrase) => `${phrase}, ${seconds(run.endMs - calmFromMs(run))} s after all was well`);

const OF_EVERY_SYSTEM: Readonly<Record<string, Check>> = {
  'replicas-equal': ofBoth(1, data.replicasEqual),
  'acknowledged-writes-survive': ofBoth(2, data.acknowledgedWritesSurvive),
  'nothing-read-unwritten': ofBoth(3, data.nothingReadUnwritten),
  'rpo-accounted': ofBoth(4, data.rpoAccounted),
  'no-traffic-to-unhealthy-after-bound': ofBoth(6, traffic.noTrafficToUnhealthy),
  'clients-recover-in-time': ofSchedules(6, traffic.clientsRecoverInTime),
  'calm-is-served': ofSchedules(6, traffic.calmIsServed),
  'unfelt-stays-unfelt': ofBoth(6, traffic.unfeltStaysUnfelt),
  'health-is-deep': ofDrills(6, traffic.healthIsDeep),
  'warm-up-clean': ofDrills(6, traffic.warmUpClean),
  'at-most-one-failover-and-failback': ofBoth(7, traffic.oneFailoverForEachCause),
  'failback-complete': ofDrills(7, traffic.failbackComplete),
  'notification-per-transition': ofDrills(8, notices.notificationPerTransition),
  'alarms-announced': ofBoth(8, notices.alarmsAreAnnounced),
  'loss-is-told': ofLoneFaults(8, notices.lossIsTold),
  'sent-by-the-living': ofBoth(8, notices.sentByTheLiving),
  'no-unauthenticated-success': ofBoth(9, traffic.noUnauthenticatedSuccess),
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
