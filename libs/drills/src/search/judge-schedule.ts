// All checks of a schedule's run, by id, and what one seed came to.
import {
  acknowledgedWritesSurvive,
  noUnauthenticatedSuccess,
  nothingReadUnwritten,
  replicasEqual,
} from '../invariants';
import type { Schedule } from '../schedule';
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
  asInDrills,
  rpoIsAccounted,
  stampsFollowWhatWasSeen,
  type Check,
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
  foundInTime,
  localAgain,
  lossIsTold,
  nobodySentToEvacuated,
  nobodySentToUnhealthy,
  noFlapping,
  unfeltFaultsStayUnfelt,
} from './checks-traffic';
import type { RunRecord } from '../run-record';

/** Numbers are those of the invariants in docs/behaviour.md. */
export const CHECKS: Readonly<Record<string, Check>> = {
  '1-replicas-equal': asInDrills(replicasEqual),
  '2-acknowledged-writes-survive': asInDrills(acknowledgedWritesSurvive),
  '2-one-version-a-request': oneVersionARequest,
  '2-acknowledged-apart': acknowledgedApart,
  '2-deletions-survive': deletionsSurvive,
  '2-keys-belong-to-one-request': keysBelongToOneRequest,
  '2-preconditions-hold': preconditionsHold,
  '2-one-follows-a-version': oneFollowsAVersion,
  '3-nothing-read-unwritten': asInDrills(nothingReadUnwritten),
  '3-read-your-writes': readYourWrites,
  '3-stamps-follow-what-was-seen': stampsFollowWhatWasSeen,
  '3-retries-are-one-write': retriesAreOneWrite,
  '4-rpo-accounted': rpoIsAccounted,
  '5-I1-leaves-to-a-serving-peer': leavesToAServingPeer,
  '5-I2-somebody-serves': somebodyServes,
  '5-I2-the-last-one-serves': theLastOneServes,
  '5-I3-comes-back-with-the-peers-writes': comesBackWithThePeersWrites,
  '5-I3-waits-after-an-absence': waitsAfterAnAbsence,
  '5-I4-returns-unasked-only-alone': returnsUnaskedOnlyAlone,
  '5-calm-orders-are-obeyed': calmOrdersAreObeyed,
  '6-nobody-sent-to-unhealthy': nobodySentToUnhealthy,
  '6-nobody-sent-to-evacuated': nobodySentToEvacuated,
  '6-found-in-time': foundInTime,
  '6-clients-recover-in-time': clientsRecoverInTime,
  '6-fallback-is-fast': fallbackIsFast,
  '6-calm-is-served': calmIsServed,
  '6-local-again': localAgain,
  '6-unfelt-faults-stay-unfelt': unfeltFaultsStayUnfelt,
  '7-no-flapping': noFlapping,
  '8-alarms-announced': alarmsAreAnnounced,
  '8-loss-is-told': lossIsTold,
  '8-told-once': toldOnce,
  '8-told-of-what-happened': toldOfWhatHappened,
  '8-no-failover-out-of-thin-air': noFailoverOutOfThinAir,
  '8-sent-by-the-living': sentByTheLiving,
  '8-validator-is-right': validatorIsRight,
  '9-lock-holds': asInDrills(noUnauthenticatedSuccess),
  '10-comes-to-rest': comesToRest,
};

export interface Violation {
  readonly id: string;
  readonly detail: string;
}

const SHOWN = 3;

export const violationsOf = (record: RunRecord): Violation[] =>
  Object.entries(CHECKS).flatMap(([id, check]) => {
    const broken = check(record);
    if (broken.length === 0) return [];
    const rest = broken.length - SHOWN;
    return [{ id, detail: broken.slice(0, SHOWN).join('; ') + (rest > 0 ? `; and ${rest} more` : '') }];
  });

/** A schedule in one line, for people. */
export function describeSchedule({ faults, orders }: Schedule): string {
  const parts = [
    ...faults.map((fault) => {
      const { kind, region, from, to, functionName, intensity, startSeconds, durationSeconds } = fault;
      const where = kind === 'link-cut' ? ` ${from} to ${to}` : kind === 'us-east-1-down' ? '' : ` ${region}`;
      const what = `${functionName === undefined ? '' : ` (${functionName})`}${intensity === undefined ? '' : ` x ${intensity}`}`;
      return {
        atSeconds: startSeconds,
        text: `${kind}${where}${what} ${startSeconds}-${startSeconds + durationSeconds} s`,
      };
    }),
    ...orders.map(({ order, region, via, atSeconds, expiresSeconds }) => ({
      atSeconds,
      text: `${order} ${region} via ${via} at ${atSeconds} s${expiresSeconds === undefined ? '' : ` for ${expiresSeconds} s`}`,
    })),
  ];
  return (
    parts
      .sort((a, b) => a.atSeconds - b.atSeconds)
      .map(({ text }) => text)
      .join(', ') || 'nothing happens'
  );
}
