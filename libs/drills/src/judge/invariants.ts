// What a run with one fault is held to: each a pure function over the log and the final replicas.
import { isDeepStrictEqual } from 'node:util';
import { predict } from '@dr/failover';
import { effectOf, UNFELT } from '../schedule/fault-effects';
import { acknowledgedVersions, recoveryPoint, writesAtRisk } from '../measure/measure';
import { detectedMs, healthChanges } from '../measure/probes';
import {
  clientRequests,
  faultStartMs,
  isAcknowledgedWrite,
  isClientData,
  ofKind,
  seconds,
  UNAUTHENTICATED_CLIENT,
  versionKey,
  type RunRecord,
} from '../run/run-record';
import { trafficToUnhealthy } from '../measure/stale-traffic';
import type { ReplicaItem } from '../run/twin-port';
import { verdict, type FaultCheck, type Verdict } from './check';

const readable = (key: string): string => key.replace('\n', ' @ ');
const clientItems = (run: RunRecord, region: string): Map<string, ReplicaItem> =>
  new Map((run.replicas[region] ?? []).filter(isClientData).map((item) => [versionKey(item), item]));

/** 1. After heal and quiescence. */
export const replicasEqual = (run: RunRecord): Verdict => {
  const [first = '', ...others] = run.regions;
  const reference = clientItems(run, first);
  const broken = others.flatMap((region) => {
    const replica = clientItems(run, region);
    const keys = new Set([...reference.keys(), ...replica.keys()]);
    return [...keys]
      .filter((key) => !isDeepStrictEqual(reference.get(key), replica.get(key)))
      .map((key) => `${readable(key)} differs between ${first} and ${region}`);
  });
  return verdict(broken, `${reference.size} item versions in each of ${run.regions.length} replicas`);
};

/** 2. In every replica. */
export const acknowledgedWritesSurvive = (run: RunRecord): Verdict => {
  const acknowledged = acknowledgedVersions(run);
  const unnamed = clientRequests(run).filter((r) => isAcknowledgedWrite(r) && r.stamp === undefined).length;
  const lost = run.regions.flatMap((region) => {
    const replica = clientItems(run, region);
    return [...acknowledged].filter((key) => !replica.has(key)).map((key) => `${readable(key)} is not in ${region}`);
  });
  const broken = unnamed > 0 ? [`${unnamed} writes were acknowledged without naming their version`, ...lost] : lost;
  return verdict(broken, `${acknowledged.size} acknowledged writes are in every replica`);
};

/** 3. */
export const nothingReadUnwritten = (run: RunRecord): Verdict => {
  const written = new Set(ofKind(run.events, 'item-written').map(versionKey));
  const reads = clientRequests(run).filter((r) => r.method === 'GET' && r.stamp !== undefined);
  const broken = reads
    .map((read) => versionKey({ id: read.itemId, timestamp: read.stamp as string }))
    .filter((key) => !written.has(key))
    .map((key) => `${readable(key)} was read but never written`);
  return verdict(broken, `${reads.length} reads returned versions that were written`);
};

/** 4. What the log says was at risk is what the replication layer still held, and it came back. */
export const rpoAccounted: FaultCheck = (run) => {
  const acknowledged = acknowledgedVersions(run);
  const heldBack = run.losses.find(({ fault }) => fault === run.fault)?.unreplicated ?? [];
  const held = new Set(heldBack.map(versionKey).filter((key) => acknowledged.has(key)));
  const counted = new Set(writesAtRisk(run).map(versionKey));
  const broken = [
    ...[...counted].filter((key) => !held.has(key)).map((key) => `${readable(key)} is counted but was not held back`),
    ...[...held].filter((key) => !counted.has(key)).map((key) => `${readable(key)} was held back but is not counted`),
    ...(recoveryPoint(run).recoveredAfterHeal ? [] : ['not every write at risk came back after heal']),
  ];
  return verdict(broken, `${counted.size} writes at risk, each accounted for and back after heal`);
};

/** 6. Neither found unhealthy too late, nor answered or used after that. */
export const noTrafficToUnhealthy: FaultCheck = (run) => {
  const { fault } = run;
  const effect = effectOf(fault.kind, fault.functionName);
  const bound = predict(run.settings, effect.probeSeconds).worstDetectionSeconds;
  const found = detectedMs(run);
  const after = found === undefined ? undefined : seconds(found - faultStartMs(run));
  const late: string[] = [];
  if (effect.movesTraffic && fault.durationSeconds > bound && (after === undefined || after > bound)) {
    late.push(
      after === undefined
        ? `${fault.region} was never found unhealthy`
        : `${fault.region} was found unhealthy after ${after} s, later than ${bound} s`,
    );
  }
  const stale = trafficToUnhealthy(run);
  return verdict(
    [...late, ...stale],
    after === undefined
      ? 'no region was unhealthy'
      : `found unhealthy after ${after} s (bound ${bound} s), then answered to nobody and used for one TTL at most`,
  );
};

/** 7. For a fault that does not flap. */
export const atMostOneFailover: FaultCheck = (run) => {
  const broken = run.regions.flatMap((region) => {
    const changes = healthChanges(run).filter((change) => change.region === region);
    const [out, back] = [true, false].map((left) => changes.filter((change) => change.healthy !== left).length);
    return (out ?? 0) > 1 || (back ?? 0) > 1 ? [`${region} left service ${out} times and came back ${back} times`] : [];
  });
  return verdict(broken, 'no region left service or came back more than once');
};

/** Clients must not feel it, nor be sent elsewhere. */
export const unfeltStaysUnfelt: FaultCheck = (run) => {
  const { kind } = run.fault;
  if (!UNFELT.includes(kind)) return verdict([], `${kind} may be felt`);
  const failed = clientRequests(run).filter(
    ({ outcome, atMs }) => outcome !== 'ok' && atMs >= faultStartMs(run),
  ).length;
  const moved = healthChanges(run)
    .filter(({ atMs }) => atMs >= faultStartMs(run))
    .map(
      ({ region, atMs, healthy }) => `${region} was found ${healthy ? 'healthy' : 'unhealthy'} at ${seconds(atMs)} s`,
    );
  return verdict(
    [...(failed > 0 ? [`${failed} requests failed`] : []), ...moved],
    `no client felt ${kind}, and none was moved`,
  );
};

const NO_FUNCTION = new Set(['fixed-response', 'redirect', 'load-balancer']);

/** A /health that no function answers can never fail. */
export const healthIsDeep: FaultCheck = (run) => {
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

export const warmUpClean: FaultCheck = (run) => {
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
export const noUnauthenticatedSuccess = (run: RunRecord): Verdict => {
  const tries = ofKind(run.events, 'request').filter((request) => request.client.startsWith(UNAUTHENTICATED_CLIENT));
  const broken = tries
    .filter((request) => request.outcome === 'ok')
    .map((request) => `${request.route} in ${request.region} succeeded without a key at ${seconds(request.atMs)} s`);
  return verdict(
    broken,
    run.authenticated ? `${tries.length} requests without a key, none succeeded` : 'no keys in use',
  );
};

/** Every region serves its own share again at the end. */
export const failbackComplete: FaultCheck = (run) => {
  const last = new Map(healthChanges(run).map((change) => [change.region, change]));
  const broken = [...last.values()]
    .filter((change) => !change.healthy)
    .map((change) => `${change.region} was unhealthy from ${seconds(change.atMs)} s to the end of the run`);
  return verdict(broken, 'every region is healthy at the end');
};
