// Checks of what people are told: by whom, from where, and how soon.
import type { FaultKind } from '@dr/contracts';
import { predict } from '@dr/failover';
import { mostArrivalMs } from '@dr/twin';
import { failbackNotifications, failoverNotifications, notificationsOf } from '../measure/notifications';
import { healthChanges } from '../measure/probes';
import {
  faultsBetween,
  faultStartMs,
  healMs,
  isDownAt,
  isPartial,
  ofKind,
  promiseOf,
  seconds,
  type FaultRun,
} from '../run/run-record';
import type { RunRecord, Verdict } from '../system-under-drill';
import { ofBoth, ofDrills, ofLoneFaults, verdict, type Checks, type FaultCheck } from './check';

const MINUTE_MS = 60_000;
/** [A] An evaluation and a delivery. */
const DELIVERED_MS = 20_000;
/**
 * From Route 53's change to word of the failover: the minute of its metric, and until that has arrived. Found within 42 s at the
 * settings of 60 s, a loss is so told within about four minutes.
 */
const FAILOVER_TOLD_WITHIN_MS = MINUTE_MS + mostArrivalMs('AWS/Route53') + DELIVERED_MS;
/** Of a return the first minute that is healthy from end to end counts. A tick of a schedule comes on top. */
const NOTIFIED_WITHIN_MS = FAILOVER_TOLD_WITHIN_MS + 2 * MINUTE_MS;
/** Two evaluations of a one-minute alarm at most. */
const ANNOUNCED_WITHIN_MS = 60_000;

/** 8. What nobody has sent is found when the run should have come to rest. */
const sentByTheLiving = (run: RunRecord): Verdict => {
  const sent = ofKind(run.events, 'published');
  const broken = sent
    .filter(({ region, atMs }) => isDownAt(run, region, atMs))
    .map(
      ({ subject, region, atMs }) => `"${subject}" was sent from ${region} at ${seconds(atMs)} s, while it was down`,
    );
  return verdict(broken, `${sent.count()} messages, every one from a living region`);
};

/** 8. Every change of an alarm that has somebody to tell. A region whose topics take no message cannot announce its own. */
const alarmsAreAnnounced = (run: RunRecord): Verdict => {
  const published = ofKind(run.events, 'published');
  const changes = ofKind(run.events, 'alarm')
    .filter(({ state, previous }) => state === 'ALARM' || (state === 'OK' && previous === 'ALARM'))
    .filter(({ state, region, alarm }) => run.announcedAlarms[state as 'ALARM' | 'OK'].has(`${region}/${alarm}`));
  const broken = changes
    .filter(({ atMs, region, alarm }) => {
      if (atMs + ANNOUNCED_WITHIN_MS > run.endMs || couldNotTell(run, region, atMs)) return false;
      return !published.some((e) => e.publisher === alarm && e.atMs >= atMs && e.atMs <= atMs + ANNOUNCED_WITHIN_MS);
    })
    .map(
      ({ atMs, region, alarm, state }) => `${alarm} went to ${state} in ${region} at ${seconds(atMs)} s unannounced`,
    );
  return verdict(broken, `${changes.length} changes of alarms`);
};

const SHUTS_TOPICS: readonly FaultKind[] = ['sns-down', 'kms-dark'];

const couldNotTell = (run: RunRecord, region: string, atMs: number): boolean =>
  isDownAt(run, region, atMs) || faultsBetween(run, atMs, atMs, SHUTS_TOPICS).some((fault) => fault.region === region);

/** 8. Someone outside hears of a loss in time, whenever in the minute it happens, and before Route 53's alarm speaks. */
const lossIsTold: FaultCheck = (run) => {
  const { fault } = run;
  const { toldWithinSeconds } = promiseOf(run, fault);
  if (toldWithinSeconds === undefined || fault.durationSeconds < toldWithinSeconds)
    return verdict([], 'no alert is owed');
  const first = notificationsOf(run).find(
    ({ region, subject }) => region !== fault.region && !subject.startsWith('OK'),
  );
  const afterSeconds = first ? seconds(first.atMs - faultStartMs(run)) : Infinity;
  if (afterSeconds <= toldWithinSeconds) return verdict([], `told ${afterSeconds} s after the fault`);
  const what =
    first && first.atMs <= healMs(run) ? `nobody was told for ${afterSeconds} s` : 'nobody was told while it lasted';
  return verdict([`${what} of ${fault.kind} in ${fault.region}; an alert within ${toldWithinSeconds} s is promised`]);
};

/** 8. Each transition in time, while the fault lasts where it lasts for long enough, and none before it is true. */
const notificationPerTransition: FaultCheck = (run) =>
  verdict([...untold(run), ...announcedTooEarly(run)], `${notificationsOf(run).length} notifications`);

/** A notice of the failover that comes once the region has healed helps nobody. */
function untold(run: FaultRun): string[] {
  const { fault, system } = run;
  if (!system.noticeOf) return [];
  return healthChanges(run)
    .filter((change) => change.region === fault.region && change.atMs >= faultStartMs(run))
    .flatMap(({ atMs, healthy }) => {
      const lasts = !healthy && atMs + FAILOVER_TOLD_WITHIN_MS <= healMs(run);
      const withinMs = lasts ? FAILOVER_TOLD_WITHIN_MS : NOTIFIED_WITHIN_MS;
      const told = healthy ? failbackNotifications(run) : failoverNotifications(run);
      if (told.some((event) => event.atMs <= atMs + withinMs)) return [];
      const what = healthy ? 'return' : 'loss';
      return [
        `the ${what} of ${fault.region} at ${seconds(atMs)} s was notified by nobody within ${withinMs / 1000} s`,
      ];
    });
}

/** A region may be said to be back once it serves; Route 53 then takes one detection time to see it. */
function announcedTooEarly(run: FaultRun): string[] {
  // The region may be back while a share of its requests fails.
  if (isPartial(run.fault)) return [];
  const back = healthChanges(run).find(
    ({ atMs, region, healthy }) => healthy && region === run.fault.region && atMs >= healMs(run),
  );
  const first = failbackNotifications(run)[0];
  if (!back || !first) return [];
  const earlyMs = back.atMs - predict(run.settings).worstDetectionSeconds * 1000 - first.atMs;
  return earlyMs <= 0 ? [] : [`"${first.subject}" was sent at ${seconds(first.atMs)} s, long before it was true`];
}

export const OF_NOTICES: Checks = {
  'notification-per-transition': ofDrills(8, notificationPerTransition),
  'alarms-announced': ofBoth(8, alarmsAreAnnounced),
  'loss-is-told': ofLoneFaults(8, lossIsTold),
  'sent-by-the-living': ofBoth(8, sentByTheLiving),
};
