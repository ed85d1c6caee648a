// Checks of traffic over a schedule's run: invariants 6, 7 and 9, the times promised for single faults, and calm.
import { kindsThat, traitsOf, type Fault, type FaultKind } from '@dr/contracts';
import { admissionConstants, predict, SLOW_PROBE_SECONDS } from '@dr/failover';
import { ALERT_SECONDS, effectOf, UNFELT } from '../schedule/fault-effects';
import { clientRecoveries, outcomeLabel } from '../measure/measure';
import { healthChanges } from '../measure/probes';
import {
  calmFromMs,
  calmUntilMs,
  clientRequests,
  loneFault,
  ofFault,
  ofKind,
  seconds,
  startMs,
  type RequestEvent,
  type RunRecord,
} from '../run/run-record';
import { trafficToUnhealthy } from '../measure/stale-traffic';
import { AdmissionHistory } from './admission-history';
import type { FindWrong } from './check';
import { isCutBetween, spansOf } from './hearing';

const requestsOf = (record: RunRecord): RequestEvent[] => clientRequests(record);

const told = ({ client, region, route, startedMs, ...request }: RequestEvent): string =>
  `${client} got ${outcomeLabel({ client, region, route, startedMs, ...request })} for ${route} in ${region} at ${seconds(startedMs)} s`;

/** 6, in any schedule: what Route 53 has found unhealthy is answered to nobody, and used for one TTL at most. */
export const nobodySentToUnhealthy: FindWrong = (record) => trafficToUnhealthy(record);

/**
 * 6, for evacuated regions: found unhealthy within the slowest detection, left by clients one TTL later. With no other
 * region healthy Route 53 sends clients everywhere, and what it told them then they may use for one TTL.
 */
export const nobodySentToEvacuated: FindWrong = (record) => {
  const history = new AdmissionHistory(record);
  const { worstDetectionSeconds } = predict(record.settings, SLOW_PROBE_SECONDS);
  const ttlMs = record.settings.ttlSeconds * 1000;
  const boundMs = worstDetectionSeconds * 1000 + ttlMs;
  const changes = healthChanges(record);
  const isHealthy = (region: string, atMs: number): boolean =>
    changes.findLast((change) => change.region === region && change.atMs <= atMs)?.healthy ?? true;
  const anotherWasHealthy = (region: string, fromMs: number, toMs: number): boolean =>
    [fromMs, ...changes.map(({ atMs }) => atMs).filter((atMs) => atMs > fromMs && atMs <= toMs)].every((atMs) =>
      record.regions.some((other) => other !== region && isHealthy(other, atMs)),
    );
  return requestsOf(record)
    .filter(({ region, startedMs }) => {
      if (startedMs < boundMs || history.at(region, startedMs)?.record.state !== 'evacuated') return false;
      const since = history.changes().findLast((change) => change.region === region && change.atMs <= startedMs);
      if (!since || startedMs - since.atMs <= boundMs) return false;
      if (couldNotKnow(record, region, startedMs - boundMs, startedMs)) return false;
      return anotherWasHealthy(region, startedMs - ttlMs, startedMs);
    })
    .map((request) => `${told(request)}, which had been evacuated for longer than ${seconds(boundMs)} s`);
};

/** Of a peer: its replica cannot be read, and its /health does not say that it serves. */
const UNREADABLE = kindsThat(({ hidesReplica }) => hidesReplica);

/**
 * While its table throttles, an environment that has just started knows its region's state from a peer's replica only. It answers
 * 200 at once where that replica throttles too, and after D where it can neither be read nor its region be heard to serve.
 */
function couldNotKnow(record: RunRecord, region: string, fromMs: number, toMs: number): boolean {
  const { quietMs } = admissionConstants(predict(record.settings).worstDetectionSeconds);
  const { faults } = record.schedule;
  const isOf = (place: string, fault: Fault, kinds: readonly FaultKind[]): boolean =>
    fault.region === place && kinds.includes(fault.kind);
  /** Both the region's own table throttles and one of these is in force, for longer than the wait. */
  const isMetWith = (others: readonly Fault[], waitMs: number): boolean =>
    spansOf(faults.filter((fault) => isOf(region, fault, ['dynamodb-throttled']))).some((throttled) =>
      spansOf(others).some((other) => {
        const sinceMs = Math.max(throttled.fromMs, other.fromMs) + waitMs;
        const untilMs = Math.min(throttled.toMs, other.toMs);
        return sinceMs <= Math.min(untilMs, toMs) && untilMs >= fromMs;
      }),
    );
  return record.regions
    .filter((other) => other !== region)
    .every(
      (peer) =>
        isMetWith(
          faults.filter((fault) => isOf(peer, fault, ['dynamodb-throttled'])),
          0,
        ) ||
        isMetWith(
          faults.filter((fault) => isCutBetween(fault, region, peer) || isOf(peer, fault, UNREADABLE)),
          quietMs,
        ),
    );
}

/** 7. A region leaves service at most once for each thing that was done to the system. */
export const noFlapping: FindWrong = (record) => {
  const { faults, orders } = record.schedule;
  // A region that is only slow at times, or fails only at times, may be left more than once.
  if (faults.some(({ kind, intensity }) => (intensity ?? 1) < 1 || kind === 'cold-starts')) return [];
  const changes = healthChanges(record).filter(({ healthy }) => !healthy);
  return record.regions.flatMap((region) => {
    const times = changes.filter((change) => change.region === region).length;
    const causes = faults.length + 2 * orders.length;
    return times > causes ? [`${region} left service ${times} times for ${causes} causes`] : [];
  });
};

/** [A] After a router's pause for a failed table (5 s), a cold start and what was on its way. */
const BACK_TO_NORMAL_MS = 8_000;

/** Before anything is broken, and soon after nothing is any more, every request succeeds. */
export const calmIsServed: FindWrong = (record) =>
  requestsOf(record)
    .filter(
      ({ startedMs, atMs, outcome }) =>
        outcome !== 'ok' && (atMs < calmUntilMs(record) || startedMs >= calmFromMs(record) + BACK_TO_NORMAL_MS),
    )
    .map((request) => `${told(request)}, while nothing was broken`);

/** A region whose table works again uses it. */
export const localAgain: FindWrong = (record) =>
  requestsOf(record)
    .filter(
      ({ outcome, startedMs, dataRegion, region }) =>
        outcome === 'ok' &&
        dataRegion !== undefined &&
        dataRegion !== region &&
        startedMs >= calmFromMs(record) + BACK_TO_NORMAL_MS,
    )
    .map(
      ({ client, region, dataRegion, startedMs }) =>
        `${region} answered ${client} from ${dataRegion} at ${seconds(startedMs)} s, while nothing was broken`,
    );

export const unfeltFaultsStayUnfelt: FindWrong = (record) => {
  const { faults, orders } = record.schedule;
  if (orders.length > 0 || faults.some(({ kind }) => !UNFELT.includes(kind))) return [];
  // A router whose own table throttles asks its peer, which must then not throttle, be late or out of reach.
  if (faults.length > 1 && faults.some(({ kind }) => kind === 'dynamodb-throttled')) return [];
  const failed = requestsOf(record)
    .filter(({ outcome }) => outcome !== 'ok')
    .map(told);
  const moved = healthChanges(record).map(({ region, atMs }) => `${region} changed its health at ${seconds(atMs)} s`);
  const isSilent = faults.every(({ kind }) => !traitsOf(kind).alarms);
  const alarms = ofKind(record.events, 'alarm')
    .filter(({ state }) => isSilent && state === 'ALARM')
    .map(({ alarm, region, atMs }) => `${alarm} went to ALARM in ${region} at ${seconds(atMs)} s`);
  return [...failed, ...moved, ...alarms];
};

/** A lost table costs a slower request: the first deadline, then the peer. */
const FALLBACK_LIMIT_MS = 2_000;

export const fallbackIsFast: FindWrong = (record) => {
  const fault = loneFault(record);
  if (fault?.kind !== 'dynamodb-errors' && fault?.kind !== 'dynamodb-slow') return [];
  return requestsOf(record)
    .filter(({ outcome, atMs, startedMs }) => outcome !== 'ok' || atMs - startedMs > FALLBACK_LIMIT_MS)
    .map((request) => `${told(request)} after ${seconds(request.atMs - request.startedMs)} s`);
};

/** The objective that the shipped settings are chosen for. */
const WORST_CLIENT_SECONDS = 60;
/** A probe that opens too late takes longer than the settings were chosen for. */
const MEASURED = kindsThat(({ clients, probe }) => clients === 'lost' && probe !== 'slow');

export const clientsRecoverInTime: FindWrong = (record) => {
  const fault = loneFault(record);
  if (!fault || !MEASURED.includes(fault.kind) || !effectOf(fault.kind, fault.functionName).affectsClients) return [];
  return clientRecoveries(ofFault(record, fault))
    .filter(({ ms }) => ms > WORST_CLIENT_SECONDS * 1000)
    .map(({ client, ms }) => `${client} was without service for ${seconds(ms)} s`);
};

/** Someone outside hears of a lost region in time, whenever in the minute it is lost. */
export const lossIsTold: FindWrong = (record) => {
  const fault = loneFault(record);
  if (!fault || !effectOf(fault.kind, fault.functionName).toldByPeer || fault.durationSeconds < ALERT_SECONDS)
    return [];
  const isTold = ofKind(record.events, 'published').some(
    ({ atMs, region }) =>
      region !== fault.region && atMs > startMs(fault) && atMs <= startMs(fault) + ALERT_SECONDS * 1000,
  );
  return isTold ? [] : [`nobody was told of the loss of ${fault.region} within ${ALERT_SECONDS} s`];
};
