// Checks of traffic: who is sent where, who is served, and how often a region leaves service.
import { traitsOf } from '@dr/contracts';
import { BLACK_HOLE_PROBE_SECONDS, predict } from '@dr/failover';
import { clientRecoveries, outcomeLabel } from '../measure/measure';
import { acceleratedToUnhealthy } from '../measure/accelerated-traffic';
import { detectedMs, healthChanges } from '../measure/probes';
import { trafficToUnhealthy } from '../measure/stale-traffic';
import {
  calmFromMs,
  calmUntilMs,
  clientRequests,
  faultStartMs,
  goneRegions,
  loneFault,
  movedBySeconds,
  ofFault,
  ofKind,
  promiseOf,
  seconds,
  UNAUTHENTICATED_CLIENT,
} from '../run/run-record';
import type { RequestEvent, RunRecord, Verdict } from '../system-under-drill';
import { ofBoth, ofDrills, ofSchedules, verdict, type Checks, type FaultCheck, type FindWrong } from './check';

export const told = (request: RequestEvent): string =>
  `${request.client} got ${outcomeLabel(request)} for ${request.route} in ${request.region} at ${seconds(request.startedMs)} s`;

/**
 * 6. What Route 53 has found unhealthy is answered to nobody, and used for one TTL at most. A fault that stands alone is found in time,
 * too.
 */
const noTrafficToUnhealthy = (run: RunRecord): Verdict => {
  const { accelerator } = run.settings;
  const stale = accelerator ? acceleratedToUnhealthy(run, accelerator) : trafficToUnhealthy(run);
  const fault = loneFault(run);
  if (!fault) return verdict(stale);
  const alone = ofFault(run, fault);
  const { movesTraffic, probeSeconds } = promiseOf(run, fault);
  const bound = predict(run.settings, probeSeconds).worstDetectionSeconds;
  const found = detectedMs(alone);
  const after = found === undefined ? undefined : seconds(found - faultStartMs(alone));
  const isLate = movesTraffic && fault.durationSeconds > bound && (after === undefined || after > bound);
  const late =
    after === undefined
      ? `${fault.region} was never found unhealthy`
      : `${fault.region} was found unhealthy after ${after} s, later than ${bound} s`;
  return verdict(
    [...(isLate ? [late] : []), ...stale],
    after === undefined
      ? 'no region was unhealthy'
      : `found unhealthy after ${after} s (bound ${bound} s), then ${accelerator ? 'nobody new was led there' : 'answered to nobody and used for one TTL at most'}`,
  );
};

/** [A] After a router's pause for a failed table (5 s), a cold start and what was on its way. */
export const BACK_TO_NORMAL_MS = 8_000;

/**
 * 6. Before anything is broken, and soon after nothing is any more, every request succeeds. Where a region is gone for good, its clients
 * must have moved first; of others than those of the promise nothing is said there.
 */
const calmIsServed: FindWrong = (run) => {
  const isWhole = goneRegions(run).length === 0;
  const servedFromMs = Math.max(calmFromMs(run), movedBySeconds(run) * 1000) + BACK_TO_NORMAL_MS;
  return clientRequests(run)
    .filter(
      ({ startedMs, atMs, outcome, population }) =>
        outcome !== 'ok' &&
        (atMs < calmUntilMs(run) || (startedMs >= servedFromMs && (isWhole || population === undefined))),
    )
    .map((request) => `${told(request)}, while nothing was broken`);
};

/** 6. Clients must not feel it, nor be sent elsewhere; nor may an alarm sound where nothing is late or missing. */
const unfeltStaysUnfelt = (run: RunRecord): Verdict => {
  const { faults, orders } = run.schedule;
  const kinds = [...new Set(faults.map(({ kind }) => kind))].join(', ');
  if (orders.length > 0 || faults.some((fault) => !promiseOf(run, fault).unfelt))
    return verdict([], `${kinds} may be felt`);
  // A function whose own table throttles asks another region, which must then not throttle, be late or out of reach.
  if (faults.length > 1 && faults.some(({ kind }) => kind === 'dynamodb-throttled')) return verdict([]);
  const failed = clientRequests(run)
    .filter(({ outcome, atMs }) => outcome !== 'ok' && atMs >= calmUntilMs(run))
    .map(told);
  const moved = healthChanges(run).map(({ region, atMs }) => `${region} changed its health at ${seconds(atMs)} s`);
  const isSilent = faults.every((fault) => promiseOf(run, fault).silent);
  const alarms = ofKind(run.events, 'alarm')
    .filter(({ state }) => isSilent && state === 'ALARM')
    .map(({ alarm, region, atMs }) => `${alarm} went to ALARM in ${region} at ${seconds(atMs)} s`);
  return verdict([...failed, ...moved, ...alarms], `no client felt ${kinds}, and none was moved`);
};

/** The objective that the shipped settings are chosen for. */
const WORST_CLIENT_SECONDS = 60;

/** 6. A probe that opens too late takes longer than the settings were chosen for. */
const clientsRecoverInTime: FindWrong = (run) => {
  const fault = loneFault(run);
  if (!fault) return [];
  const { affectsClients, probeSeconds } = promiseOf(run, fault);
  if (!affectsClients || probeSeconds > BLACK_HOLE_PROBE_SECONDS) return [];
  return clientRecoveries(ofFault(run, fault))
    .filter(({ ms }) => ms > WORST_CLIENT_SECONDS * 1000)
    .map(({ client, ms }) => `${client} was without service for ${seconds(ms)} s`);
};

/** 7. A region leaves service at most once for each thing that was done to the system. */
const oneFailoverForEachCause = (run: RunRecord): Verdict => {
  const { faults, orders } = run.schedule;
  // A region that is only slow at times, or fails only at times, may be left more than once.
  if (faults.some(({ kind, intensity }) => (intensity ?? 1) < 1 || traitsOf(kind).isFitful)) return verdict([]);
  const causes = faults.length + 2 * orders.length;
  const broken = run.regions.flatMap((region) => {
    const changes = healthChanges(run).filter((change) => change.region === region);
    const left = changes.filter(({ healthy }) => !healthy).length;
    return left > causes
      ? [`${region} left service ${left} times and came back ${changes.length - left} times for ${causes} causes`]
      : [];
  });
  return verdict(broken, `no region left service more often than there were causes (${causes})`);
};

const NO_FUNCTION = new Set(['fixed-response', 'redirect', 'load-balancer']);

/** 6. A health check that no function answers can never fail. */
const healthIsDeep: FaultCheck = (run) => {
  const probes = ofKind(run.events, 'probe').filter(
    (probe) => probe.atMs < faultStartMs(run) && probe.outcome === 'healthy',
  );
  const shallow = new Map<string, string>();
  for (const { healthCheck, region, answeredBy } of probes) {
    if (answeredBy === undefined || NO_FUNCTION.has(answeredBy))
      shallow.set(healthCheck, `the health check of ${region} is answered by ${answeredBy ?? 'a bare connection'}`);
  }
  const unprobed = run.regions
    .filter((region) => !probes.some((probe) => probe.region === region))
    .map((region) => `no healthy probe of ${region} before the fault`);
  return verdict([...shallow.values(), ...unprobed], `${probes.length} healthy probes, each answered by a function`);
};

/** 6. */
const warmUpClean: FaultCheck = (run) => {
  const before = faultStartMs(run);
  const requests = clientRequests(run).filter((request) => request.atMs < before);
  const failed = requests.filter((request) => request.outcome !== 'ok').length;
  const broken = [
    ...(failed > 0 ? [`${failed} of ${requests.length} requests failed before the fault`] : []),
    ...ofKind(run.events, 'alarm')
      .filter((event) => event.atMs < before && event.state === 'ALARM')
      .map((event) => `${event.alarm} in ${event.region} was in ALARM at ${seconds(event.atMs)} s`),
    ...healthChanges(run)
      .filter((change) => change.atMs < before && !change.healthy)
      .map((change) => `${change.region} was unhealthy at ${seconds(change.atMs)} s`),
  ];
  return verdict(broken, `${requests.length} requests without a failure, no alarm`);
};

/** 9. */
const noUnauthenticatedSuccess = (run: RunRecord): Verdict => {
  const tries = ofKind(run.events, 'request').filter((request) => request.client.startsWith(UNAUTHENTICATED_CLIENT));
  const broken = tries
    .filter((request) => request.outcome === 'ok')
    .map((request) => `${request.route} in ${request.region} succeeded without a key at ${seconds(request.atMs)} s`);
  return verdict(
    broken,
    tries.length > 0 ? `${tries.length} requests without a key, none succeeded` : 'no keys in use',
  );
};

/** 7. Every region serves its own share again at the end. */
const failbackComplete: FaultCheck = (run) => {
  const last = new Map(healthChanges(run).map((change) => [change.region, change]));
  const broken = [...last.values()]
    .filter((change) => !change.healthy && !goneRegions(run).includes(change.region))
    .map((change) => `${change.region} was unhealthy from ${seconds(change.atMs)} s to the end of the run`);
  const gone = goneRegions(run);
  return verdict(
    broken,
    gone.length === 0
      ? 'every region is healthy at the end'
      : `${gone.join(', ')} is gone for good; every other region is healthy`,
  );
};

export const OF_TRAFFIC: Checks = {
  'no-traffic-to-unhealthy-after-bound': ofBoth(6, noTrafficToUnhealthy),
  'clients-recover-in-time': ofSchedules(6, clientsRecoverInTime),
  'calm-is-served': ofSchedules(6, calmIsServed),
  'unfelt-stays-unfelt': ofBoth(6, unfeltStaysUnfelt),
  'health-is-deep': ofDrills(6, healthIsDeep),
  'warm-up-clean': ofDrills(6, warmUpClean),
  'at-most-one-failover-and-failback': ofBoth(7, oneFailoverForEachCause),
  'failback-complete': ofDrills(7, failbackComplete),
  'no-unauthenticated-success': ofBoth(9, noUnauthenticatedSuccess),
};
