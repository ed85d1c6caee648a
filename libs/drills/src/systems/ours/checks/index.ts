// The checks that only our own system is held to, by id.
import { ofSchedules } from '../../../judge/check';
import * as admission from './admission';
import * as callers from './callers';
import * as data from './data';
import { servesOnlyByOrder } from './failback';
import * as notices from './notices';
import { calmOrdersAreObeyed } from './orders';
import * as traffic from './traffic';

export const CHECKS = {
  'one-version-a-request': ofSchedules(2, data.oneVersionARequest),
  'acknowledged-apart': ofSchedules(2, data.acknowledgedApart),
  'deletions-survive': ofSchedules(2, callers.deletionsSurvive),
  'keys-belong-to-one-request': ofSchedules(2, callers.keysBelongToOneRequest),
  'preconditions-hold': ofSchedules(2, callers.preconditionsHold),
  'one-follows-a-version': ofSchedules(2, callers.oneFollowsAVersion),
  'read-your-writes': ofSchedules(3, data.readYourWrites),
  'stamps-follow-what-was-seen': ofSchedules(3, data.stampsFollowWhatWasSeen),
  'retries-are-one-write': ofSchedules(3, data.retriesAreOneWrite),
  'I1-leaves-to-a-serving-peer': ofSchedules(5, admission.leavesToAServingPeer),
  'I2-somebody-serves': ofSchedules(5, admission.somebodyServes),
  'I2-the-last-one-serves': ofSchedules(5, admission.theLastOneServes),
  'I3-comes-back-with-the-peers-writes': ofSchedules(5, admission.comesBackWithThePeersWrites),
  'I3-waits-after-an-absence': ofSchedules(5, admission.waitsAfterAnAbsence),
  'I4-returns-unasked-only-alone': ofSchedules(5, admission.returnsUnaskedOnlyAlone),
  'I7-serves-only-by-order': ofSchedules(5, servesOnlyByOrder),
  'calm-orders-are-obeyed': ofSchedules(5, calmOrdersAreObeyed),
  'nobody-sent-to-evacuated': ofSchedules(6, traffic.nobodySentToEvacuated),
  'fallback-is-fast': ofSchedules(6, traffic.fallbackIsFast),
  'local-again': ofSchedules(6, traffic.localAgain),
  'told-once': ofSchedules(8, notices.toldOnce),
  'told-of-what-happened': ofSchedules(8, notices.toldOfWhatHappened),
  'tells-what-it-notes': ofSchedules(8, notices.tellsWhatItNotes),
  'no-failover-out-of-thin-air': ofSchedules(8, notices.noFailoverOutOfThinAir),
  'validator-is-right': ofSchedules(8, notices.validatorIsRight),
};
