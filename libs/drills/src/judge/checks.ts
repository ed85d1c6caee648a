// All checks, by id: what a drill and a schedule are held to, and by which promise of docs/behaviour.md.
import { verdict, type Check, type FaultCheck, type FindWrong, type Verdict } from './check';
import { notificationPerTransition } from './invariant-notices';
import {
  acknowledgedWritesSurvive,
  atMostOneFailover,
  failbackComplete,
  healthIsDeep,
  noTrafficToUnhealthy,
  noUnauthenticatedSuccess,
  nothingReadUnwritten,
  replicasEqual,
  rpoAccounted,
  unfeltStaysUnfelt,
  warmUpClean,
} from './invariants';
import { loneFault, ofFault, type RunRecord } from '../run/run-record';
import {
  comesBackWithThePeersWrites,
  comesToRest,
  leavesToAServingPeer,
  returnsUnaskedOnlyAlone,
  somebodyServes,
  theLastOneServes,
  waitsAfterAnAbsence,
} from './checks-admission';
import {
  acknowledgedApart,
  oneVersionARequest,
  readYourWrites,
  retriesAreOneWrite,
  stampsFollowWhatWasSeen,
} from './checks-data';
import { deletionsSurvive, keysBelongToOneRequest, oneFollowsAVersion, preconditionsHold } from './checks-callers';
import {
  alarmsAreAnnounced,
  noFailoverOutOfThinAir,
  sentByTheLiving,
  toldOfWhatHappened,
  toldOnce,
  validatorIsRight,
} from './checks-notices';
import { calmOrdersAreObeyed } from './checks-orders';
import {
  calmIsServed,
  clientsRecoverInTime,
  fallbackIsFast,
  localAgain,
  lossIsTold,
  nobodySentToEvacuated,
  nobodySentToUnhealthy,
  noFlapping,
  unfeltFaultsStayUnfelt,
} from './checks-traffic';

const ofBoth = (promise: number, judge: (run: RunRecord) => Verdict): Check => ({ promise, of: 'both', judge });
const ofSchedules = (promise: number, find: FindWrong): Check => ({
  promise,
  of: 'schedules',
  judge: (run) => verdict(find(run), 'nothing is wrong'),
});
const ofDrills = (promise: number, judge: FaultCheck): Check => ({ promise, of: 'drills', judge: whereAlone(judge) });

/** Of a fault that stands alone: with others nobody can say what is whose. */
const whereAlone =
  (judge: FaultCheck) =>
  (run: RunRecord): Verdict => {
    const fault = loneFault(run);
    return fault ? judge(ofFault(run, fault)) : verdict([], 'no fault stands alone');
  };

/** At every loss of a region, or at the fault of a drill. */
const rpoAccountedAtLosses = (run: RunRecord): Verdict => {
  const verdicts = run.losses.map(({ fault }) => rpoAccounted(ofFault(run, fault)));
  const broken = verdicts.find(({ holds }) => !holds);
  return broken ?? verdicts[0] ?? verdict([], 'no region was lost');
};

export const CHECKS: Readonly<Record<string, Check>> = {
  'replicas-equal': ofBoth(1, replicasEqual),
  'acknowledged-writes-survive': ofBoth(2, acknowledgedWritesSurvive),
  'one-version-a-request': ofSchedules(2, oneVersionARequest),
  'acknowledged-apart': ofSchedules(2, acknowledgedApart),
  'deletions-survive': ofSchedules(2, deletionsSurvive),
  'keys-belong-to-one-request': ofSchedules(2, keysBelongToOneRequest),
  'preconditions-hold': ofSchedules(2, preconditionsHold),
  'one-follows-a-version': ofSchedules(2, oneFollowsAVersion),
  'nothing-read-unwritten': ofBoth(3, nothingReadUnwritten),
  'read-your-writes': ofSchedules(3, readYourWrites),
  'stamps-follow-what-was-seen': ofSchedules(3, stampsFollowWhatWasSeen),
  'retries-are-one-write': ofSchedules(3, retriesAreOneWrite),
  'rpo-accounted': ofBoth(4, rpoAccountedAtLosses),
  'I1-leaves-to-a-serving-peer': ofSchedules(5, leavesToAServingPeer),
  'I2-somebody-serves': ofSchedules(5, somebodyServes),
  'I2-the-last-one-serves': ofSchedules(5, theLastOneServes),
  'I3-comes-back-with-the-peers-writes': ofSchedules(5, comesBackWithThePeersWrites),
  'I3-waits-after-an-absence': ofSchedules(5, waitsAfterAnAbsence),
  'I4-returns-unasked-only-alone': ofSchedules(5, returnsUnaskedOnlyAlone),
  'calm-orders-are-obeyed': ofSchedules(5, calmOrdersAreObeyed),
  'no-traffic-to-unhealthy-after-bound': ofBoth(6, whereAlone(noTrafficToUnhealthy)),
  'nobody-sent-to-unhealthy': ofSchedules(6, nobodySentToUnhealthy),
  'nobody-sent-to-evacuated': ofSchedules(6, nobodySentToEvacuated),
  'clients-recover-in-time': ofSchedules(6, clientsRecoverInTime),
  'fallback-is-fast': ofSchedules(6, fallbackIsFast),
  'calm-is-served': ofSchedules(6, calmIsServed),
  'local-again': ofSchedules(6, localAgain),
  'unfelt-faults-stay-unfelt': ofSchedules(6, unfeltFaultsStayUnfelt),
  'at-most-one-failover-and-failback': ofDrills(7, atMostOneFailover),
  'unfelt-stays-unfelt': ofDrills(6, unfeltStaysUnfelt),
  'notification-per-transition': ofDrills(8, notificationPerTransition),
  'health-is-deep': ofDrills(6, healthIsDeep),
  'warm-up-clean': ofDrills(6, warmUpClean),
  'no-flapping': ofSchedules(7, noFlapping),
  'alarms-announced': ofSchedules(8, alarmsAreAnnounced),
  'loss-is-told': ofSchedules(8, lossIsTold),
  'told-once': ofSchedules(8, toldOnce),
  'told-of-what-happened': ofSchedules(8, toldOfWhatHappened),
  'no-failover-out-of-thin-air': ofSchedules(8, noFailoverOutOfThinAir),
  'sent-by-the-living': ofSchedules(8, sentByTheLiving),
  'validator-is-right': ofSchedules(8, validatorIsRight),
  'no-unauthenticated-success': ofBoth(9, noUnauthenticatedSuccess),
  'failback-complete': ofDrills(7, failbackComplete),
  'comes-to-rest': ofSchedules(10, comesToRest),
};

export const checksOf = (what: 'drills' | 'schedules'): readonly (readonly [id: string, check: Check])[] =>
  Object.entries(CHECKS).filter(([, check]) => check.of === 'both' || check.of === what);

/** What can be said of a run that ended before its fault. */
const OF_WARM_UP = ['nothing-read-unwritten', 'health-is-deep', 'warm-up-clean', 'no-unauthenticated-success'];

/** What a drill's report says of its run. */
export const invariantsOf = (run: RunRecord): (Verdict & { readonly id: string })[] =>
  checksOf('drills')
    .filter(([id]) => !run.stoppedBeforeFault || OF_WARM_UP.includes(id))
    .map(([id, { judge }]) => ({ id, ...judge(run) }));
