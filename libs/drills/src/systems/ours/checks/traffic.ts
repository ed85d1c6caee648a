// Checks of traffic that rest on what regions say of themselves: evacuation, and answers from another region's table.
import { ACCELERATOR_SECONDS, kindsThat, type Fault, type FaultKind } from '@dr/contracts';
import { admissionConstants, movedSeconds, predict, SLOW_PROBE_SECONDS } from '@dr/failover';
import type { FindWrong } from '../../../judge/check';
import { BACK_TO_NORMAL_MS, told } from '../../../judge/traffic';
import { healthChanges } from '../../../measure/probes';
import {
  calmFromMs,
  clientRequests,
  endMs,
  loneFault,
  promisedRequests,
  promiseOf,
  seconds,
  startMs,
} from '../../../run/run-record';
import type { RunRecord } from '../../../system-under-drill';
import { AdmissionHistory } from './admission-history';
import { isCutBetween, spansOf } from './hearing';

/**
 * 6, for evacuated regions: found unhealthy within the slowest detection, left by clients one TTL later. With no other
 * region healthy Route 53 sends clients everywhere, and what it told them then they may use for one TTL.
 */
export const nobodySentToEvacuated: FindWrong = (record) => {
  const history = new AdmissionHistory(record);
  const boundMs = movedSeconds(record.settings, SLOW_PROBE_SECONDS) * 1000;
  // An accelerator goes by what it has found of late, DNS by what it has told.
  const ttlMs = (record.settings.accelerator ? ACCELERATOR_SECONDS : record.settings.ttlSeconds) * 1000;
  const changes = healthChanges(record);
  const isHealthy = (region: string, atMs: number): boolean =>
    changes.findLast((change) => change.region === region && change.atMs <= atMs)?.healthy ?? true;
  const anotherWasHealthy = (region: string, fromMs: number, toMs: number): boolean =>
    [fromMs, ...changes.map(({ atMs }) => atMs).filter((atMs) => atMs > fromMs && atMs <= toMs)].every((atMs) =>
      record.regions.some((other) => other !== region && isHealthy(other, atMs)),
    );
  return promisedRequests(record)
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

/** A region whose table works again uses it. */
export const localAgain: FindWrong = (record) =>
  clientRequests(record)
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

const TABLE_LOSSES: readonly FaultKind[] = ['dynamodb-errors', 'dynamodb-slow', 'dynamodb-throttled'];
/** [A] As long as a router asks a replica last that has failed, and a request. */
const STRUCK_MS = 8_000;

/** Lost tables are all that is wrong, and at any time one of them lives. */
function oneTableLives({ regions, schedule: { faults, orders } }: RunRecord): boolean {
  if (orders.length > 0 || faults.some(({ kind }) => !TABLE_LOSSES.includes(kind))) return false;
  const struckAt = (atMs: number): ReadonlySet<string> =>
    new Set(faults.flatMap((one) => (startMs(one) <= atMs && endMs(one) + STRUCK_MS > atMs ? [one.region] : [])));
  return faults.every((fault) => struckAt(startMs(fault)).size < regions.length);
}

/** One lost table costs a slower request: the first deadline, then the nearest peer. With more of them lost, another peer answers. */
export const fallbackIsFast: FindWrong = (record) => {
  const fault = loneFault(record);
  const limitSeconds = fault
    ? promiseOf(record, fault).servedWithinSeconds
    : oneTableLives(record)
      ? Infinity
      : undefined;
  if (limitSeconds === undefined) return [];
  return clientRequests(record)
    .filter(({ outcome, atMs, startedMs }) => outcome !== 'ok' || atMs - startedMs > limitSeconds * 1000)
    .map((request) => `${told(request)} after ${seconds(request.atMs - request.startedMs)} s`);
};
