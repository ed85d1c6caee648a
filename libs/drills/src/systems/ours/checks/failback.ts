// Failback by hand over a schedule's run: no region serves before its order, as its records and as Route 53's checkers have it.
import { admissionConstants, soonestDetectionSeconds } from '@dr/failover';
import type { FindWrong } from '../../../judge/check';
import { faultsBetween, ofKind, seconds } from '../../../run/run-record';
import type { RunRecord } from '../../../system-under-drill';
import { constantsOf, isHeardServing, peersOf } from './admission';
import { AdmissionHistory, type Said } from './admission-history';

/** [A] A beat comes up to a heartbeat after what it tells of began, and as long after its end. */
const BEATS_MS = 10_000;
/** [A] What one beat has read is older than its record: a question to a peer and the table's answers lie between. */
const READ_MS = 2_000;

/**
 * I7. A region that was out of service serves beside a peer that it hears only by an order of an operator, given since. Of a run whose
 * regions come back by themselves nothing is asked.
 */
export const servesOnlyByOrder: FindWrong = (record) => {
  if (!record.returnsByOrder) return [];
  const history = new AdmissionHistory(record);
  return record.regions.flatMap((region) => [
    ...returns(record, history, region),
    ...quietReturns(record, history, region),
    ...unprobedReturns(record, history, region),
  ]);
};

/** From the first record since which it has not served. */
function leftAtMs(said: readonly Said[], at: number): number {
  const last = said.slice(0, at).findLastIndex(({ record }) => record.state === 'serving');
  return said[last + 1]?.atMs ?? 0;
}

/** Between which times a region was out of service. */
interface Absence {
  readonly region: string;
  readonly leftMs: number;
  readonly backMs: number;
}

/**
 * An order counts that was given while the region said that it waited, or was ordered out; or that takes back an evacuation which it obeyed
 * later. One from before, or from before it had caught up, is an order about something else.
 */
function isOrdered(record: RunRecord, history: AdmissionHistory, { region, leftMs, backMs }: Absence): boolean {
  const given = record.orders.filter(({ action }) => action.region === region && action.atSeconds * 1000 <= backMs);
  return given.some(({ action, number }) => {
    if (action.order !== 'readmit' || number === null) return false;
    const atMs = action.atSeconds * 1000;
    const known = history.at(region, atMs)?.record;
    if (atMs >= leftMs && (known?.wait || known?.state === 'evacuated')) return true;
    return given.some(
      (other) =>
        other.action.order === 'evacuate' &&
        other.number !== null &&
        other.number < number &&
        other.action.atSeconds <= action.atSeconds &&
        wasObeyed(history, other.number, { region, leftMs, backMs }),
    );
  });
}

const wasObeyed = (history: AdmissionHistory, number: number, { region, leftMs, backMs }: Absence): boolean =>
  history
    .of(region)
    .some(
      ({ atMs, record }) =>
        atMs >= leftMs && atMs <= backMs && record.state === 'evacuated' && record.closed === number,
    );

const servingPeers = (record: RunRecord, history: AdmissionHistory, region: string, atMs: number): readonly string[] =>
  peersOf(record, region).filter((peer) =>
    isHeardServing(record, history, peer, atMs - READ_MS, constantsOf(record).quietMs),
  );

/** It said that it was out of service, and serves again. */
function returns(record: RunRecord, history: AdmissionHistory, region: string): string[] {
  const said = history.of(region);
  return said.flatMap(({ atMs, record: after }, at) => {
    const before = said[at - 1]?.record;
    if (!before || before.state === 'serving' || after.state !== 'serving' || before.firstStart) return [];
    if (isOrdered(record, history, { region, leftMs: leftAtMs(said, at), backMs: atMs })) return [];
    return servingPeers(record, history, region, atMs).map(
      (peer) => `${region} serves at ${seconds(atMs)} s beside ${peer} and nobody had ordered it`,
    );
  });
}

/** It never said so, but for longer than W it was not reached, or did not beat; throttling is no absence. */
function quietReturns(record: RunRecord, history: AdmissionHistory, region: string): string[] {
  const { edgeMs } = constantsOf(record);
  const reached = history.of(region).filter((said) => said.record.reached);
  return reached.flatMap(({ atMs, record: after }, at) => {
    const before = reached[at - 1];
    if (before?.record.state !== 'serving' || after.state !== 'serving' || atMs - before.atMs <= edgeMs + BEATS_MS)
      return [];
    if (history.of(region).some((one) => one.atMs > before.atMs && one.atMs < atMs && one.record.state !== 'serving'))
      return [];
    if (faultsBetween(record, before.atMs, atMs, ['dynamodb-throttled', 'bad-records']).length > 0) return [];
    return servingPeers(record, history, region, atMs).map(
      (peer) =>
        `${region} was not there for clients from ${seconds(before.atMs)} s to ${seconds(atMs)} s and serves beside ${peer} without an order`,
    );
  });
}

/** What stops only the answers on their way to the checkers, no region can know of. */
const HIDDEN = ['link-cut', 'dynamodb-throttled', 'bad-records', 'certificate-expired', 'zone-dark'] as const;

/** From outside: Route 53 had left it, no checker had found it healthy for longer than W, and then it was healthy without an order. */
function unprobedReturns(record: RunRecord, history: AdmissionHistory, region: string): string[] {
  const { edgeMs } = admissionConstants(soonestDetectionSeconds(record.settings));
  const changes = [...ofKind(record.events, 'health-check').where((event) => event.region === region)];
  const healthyMs = [
    ...ofKind(record.events, 'probe').where((event) => event.region === region && event.outcome === 'healthy'),
  ].map(({ atMs }) => atMs);
  return changes.flatMap(({ healthy, atMs }, at) => {
    const since = changes[at - 1];
    if (!healthy || since?.healthy !== false) return [];
    const lastMs = healthyMs.findLast((ms) => ms <= since.atMs) ?? 0;
    const againMs = healthyMs.find((ms) => ms > lastMs && ms > since.atMs - edgeMs) ?? atMs;
    const gapMs = Math.max(againMs - lastMs, 0);
    if (gapMs <= edgeMs + BEATS_MS || isOrdered(record, history, { region, leftMs: lastMs, backMs: atMs })) return [];
    if (faultsBetween(record, lastMs, atMs, HIDDEN).length > 0) return [];
    return servingPeers(record, history, region, againMs).map(
      (peer) => `Route 53 found ${region} healthy again at ${seconds(atMs)} s beside ${peer} without an order`,
    );
  });
}
