// The checks that only our own system is held to, by id.
import { ofSchedules } from '../../../judge/check';
import {
  comesBackWithThePeersWrites,
  leavesToAServingPeer,
  returnsUnaskedOnlyAlone,
  somebodyServes,
  theLastOneServes,
  waitsAfterAnAbsence,
} from './admission';
import { deletionsSurvive, keysBelongToOneRequest, oneFollowsAVersion, preconditionsHold } from './callers';
import {
  acknowledgedApart,
  oneVersionARequest,
  readYourWrites,
  retriesAreOneWrite,
  stampsFollowWhatWasSeen,
} from './data';
import { noFailoverOutOfThinAir, toldOfWhatHappened, toldOnce, validatorIsRight } from './notices';
import { calmOrdersAreObeyed } from './orders';
import { fallbackIsFast, localAgain, nobodySentToEvacuated } from './traffic';

export const CHECKS = {
  'one-version-a-request': ofSchedules(2, oneVersionARequest),
  'acknowledged-apart': ofSchedules(2, acknowledgedApart),
  'deletions-survive': ofSchedules(2, deletionsSurvive),
  'keys-belong-to-one-request': ofSchedules(2, keysBelongToOneRequest),
  'preconditions-hold': ofSchedules(2, preconditionsHold),
  'one-follows-a-version': ofSchedules(2, oneFollowsAVersion),
  'read-your-writes': ofSchedules(3, readYourWrites),
  'stamps-follow-what-was-seen': ofSchedules(3, stampsFollowWhatWasSeen),
  'retries-are-one-write': ofSchedules(3, retriesAreOneWrite),
  'I1-leaves-to-a-serving-peer': ofSchedules(5, leavesToAServingPeer),
  'I2-somebody-serves': ofSchedules(5, somebodyServes),
  'I2-the-last-one-serves': ofSchedules(5, theLastOneServes),
  'I3-comes-back-with-the-peers-writes': ofSchedules(5, comesBackWithThePeersWrites),
  'I3-waits-after-an-absence': ofSchedules(5, waitsAfterAnAbsence),
  'I4-returns-unasked-only-alone': ofSchedules(5, returnsUnaskedOnlyAlone),
  'calm-orders-are-obeyed': ofSchedules(5, calmOrdersAreObeyed),
  'nobody-sent-to-evacuated': ofSchedules(6, nobodySentToEvacuated),
  'fallback-is-fast': ofSchedules(6, fallbackIsFast),
  'local-again': ofSchedules(6, localAgain),
  'told-once': ofSchedules(8, toldOnce),
  'told-of-what-happened': ofSchedules(8, toldOfWhatHappened),
  'no-failover-out-of-thin-air': ofSchedules(8, noFailoverOutOfThinAir),
  'validator-is-right': ofSchedules(8, validatorIsRight),
};
