// Measurements: recovery time, data at risk, availability and latency, as pure functions over what a run left behind.
import type { DrillReport } from '@dr/contracts';
import {
  clientRequests,
  faultStartMs,
  healMs,
  isAcknowledgedWrite,
  isPartial,
  lackedBy,
  ofKind,
  promisedRequests,
  regionsLeft,
  seconds,
  type FaultRun,
  type Part,
  versionKey,
} from '../run/run-record';
import type { Sequence } from '@dr/event-log';
import type { RequestEvent, RunRecord, VersionName } from '../system-under-drill';

export interface ClientRecovery {
  readonly client: string;
  /**
   * From the start of the fault to its first success after its last failure; to the end of the run when there is none. Of a fault that
   * strikes a share of requests: the longest time without service, from a first failed request to the next success.
   */
  readonly ms: number;
  /** `before-heal`; `after-heal`: only once the fault was over; `never`: not within the run. */
  readonly recovered: 'before-heal' | 'after-heal' | 'never';
}

/** One request of a client, however it was made. */
export interface Attempt {
  readonly client: string;
  readonly startedMs: number;
  /** When it ended. */
  readonly atMs: number;
  /** `ok`: the client got what it asked for. */
  readonly outcome: string;
}

export const clientRecoveries = (run: FaultRun): ClientRecovery[] =>
  (isPartial(run.fault) ? longestGaps : recoveriesOf)(
    promisedRequests(run),
    faultStartMs(run),
    Math.min(healMs(run), run.endMs),
  );

/**
 * RTO of every client that had a failure between the start of the fault and heal. A request that began before heal belongs
 * to the fault even if it failed later. `attempts` in order of completion.
 */
export function recoveriesOf(attempts: Iterable<Attempt>, startMs: number, healedMs: number): ClientRecovery[] {
  const lastFailure = new Map<string, number>();
  const firstSuccessSince = new Map<string, number>();
  let endMs = healedMs;
  for (const attempt of attempts) {
    endMs = Math.max(endMs, attempt.atMs);
    if (attempt.outcome === 'ok') {
      if (!firstSuccessSince.has(attempt.client)) firstSuccessSince.set(attempt.client, attempt.atMs);
    } else if (attempt.atMs >= startMs && attempt.startedMs < healedMs) {
      lastFailure.set(attempt.client, attempt.atMs);
      firstSuccessSince.delete(attempt.client);
    }
  }
  return [...lastFailure.keys()].map((client) => {
    const recoveredMs = firstSuccessSince.get(client);
    const recovered = recoveredMs === undefined ? 'never' : recoveredMs > healedMs ? 'after-heal' : 'before-heal';
    return { client, ms: (recoveredMs ?? endMs) - startMs, recovered };
  });
}

/** Where requests fail now and then, time since the start says nothing: the longest gap in the service of each client that had one. */
export function longestGaps(attempts: Iterable<Attempt>, startMs: number, healedMs: number): ClientRecovery[] {
  const open = new Map<string, number>();
  const longest = new Map<string, ClientRecovery>();
  const close = (client: string, untilMs: number, recovered: ClientRecovery['recovered']): void => {
    const fromMs = open.get(client);
    open.delete(client);
    if (fromMs === undefined) return;
    const gap = { client, ms: untilMs - fromMs, recovered };
    if (recovered === 'never' || gap.ms > (longest.get(client)?.ms ?? -1)) longest.set(client, gap);
  };
  let endMs = healedMs;
  for (const { client, outcome, atMs, startedMs } of attempts) {
    endMs = Math.max(endMs, atMs);
    if (outcome === 'ok') close(client, atMs, atMs > healedMs ? 'after-heal' : 'before-heal');
    else if (atMs >= startMs && startedMs < healedMs && !open.has(client))
      open.set(client, Math.max(startMs, startedMs));
  }
  for (const client of [...open.keys()]) close(client, endMs, 'never');
  return [...longest.values()];
}

/** null when no client was affected. */
export function recoveryTime(recoveries: readonly ClientRecovery[]): DrillReport['rto'] {
  if (recoveries.length === 0) return null;
  const times = ascending(recoveries.map((recovery) => recovery.ms));
  return {
    clientsAffected: times.length,
    p50Seconds: seconds(percentile(times, 50)),
    p95Seconds: seconds(percentile(times, 95)),
    worstSeconds: seconds(percentile(times, 100)),
  };
}

/** Writes the faulted region had acknowledged and no other region held at the moment of loss. */
export function writesAtRisk(run: FaultRun) {
  const { region } = run.fault;
  const lossMs = faultStartMs(run);
  const elsewhere = ofKind(run.events, 'item-replicated')
    .where((event) => event.atMs <= lossMs && event.region !== region)
    .setOf(versionKey);
  const alone = ofKind(run.events, 'item-written')
    .where((event) => event.region === region && event.atMs <= lossMs && run.system.isClientData(event))
    .filter((event) => !elsewhere.has(versionKey(event)));
  const acknowledged = acknowledgedOf(run, alone);
  return alone
    .filter((event) => acknowledged.has(versionKey(event)))
    .map(({ id, timestamp, atMs }) => ({ id, timestamp, ageMs: lossMs - atMs }));
}

/** Keys of every version whose write a client was told had succeeded. `isIn`: of that part alone. */
export const acknowledgedVersions = (run: RunRecord, isIn: Part = () => true): ReadonlySet<string> =>
  ofAcknowledged(run)
    .where(({ itemId }) => isIn(itemId))
    .setOf((request) => versionKey({ id: request.itemId, timestamp: request.stamp }));

/** Keys of those among `writes`. */
export function acknowledgedOf(run: RunRecord, writes: readonly VersionName[]): ReadonlySet<string> {
  const asked = new Set(writes.map(versionKey));
  return ofAcknowledged(run)
    .where((request) => asked.has(versionKey({ id: request.itemId, timestamp: request.stamp })))
    .setOf((request) => versionKey({ id: request.itemId, timestamp: request.stamp }));
}

const ofAcknowledged = (run: RunRecord): Sequence<AcknowledgedWrite> =>
  clientRequests(run).where(
    (request): request is AcknowledgedWrite => isAcknowledgedWrite(request) && request.stamp !== undefined,
  );

type AcknowledgedWrite = RequestEvent & { readonly stamp: string };

export function recoveryPoint(run: FaultRun): DrillReport['rpo'] {
  const atRisk = writesAtRisk(run);
  const ages = ascending(atRisk.map((write) => write.ageMs));
  return {
    writesAtRisk: ages.length,
    oldestAtRiskSeconds: seconds(percentile(ages, 100)),
    medianAtRiskSeconds: seconds(percentile(ages, 50)),
    atRiskOlderThanOneSecond: ages.filter((age) => age > 1000).length,
    recoveredAfterHeal: notKept(run, atRisk).length === 0,
  };
}

/** Those of `writes` that are not in every region that is left, at the end. */
export function notKept(run: RunRecord, writes: readonly VersionName[]): readonly VersionName[] {
  const isKept = run.system.kept?.(run);
  if (isKept) return writes.filter((write) => !isKept(write));
  const keys = writes.map(versionKey);
  const lacked = new Set(regionsLeft(run).flatMap((region) => [...lackedBy(run.replicas[region] ?? [], keys)]));
  return writes.filter((write) => lacked.has(versionKey(write)));
}

/** `ok`, `http-502`, `connect-timeout` ... */
export const outcomeLabel = (request: RequestEvent): string =>
  request.outcome === 'http-error' ? `http-${request.status ?? 'error'}` : request.outcome;

export function requestCounts(requests: Iterable<RequestEvent>): DrillReport['requests'] {
  const byRegion: Record<string, Record<string, number>> = {};
  let total = 0;
  let succeeded = 0;
  for (const request of requests) {
    total += 1;
    if (request.outcome === 'ok') succeeded += 1;
    const counts = (byRegion[request.region] ??= {});
    const label = outcomeLabel(request);
    counts[label] = (counts[label] ?? 0) + 1;
  }
  return { total, succeeded, failed: total - succeeded, byRegion };
}

/** 0-1; 0 when there was no request, since nothing was shown to work. */
export const availability = (counts: Pick<DrillReport['requests'], 'total' | 'succeeded'>): number =>
  counts.total === 0 ? 0 : counts.succeeded / counts.total;

/** Of the requests that succeeded, by path. */
export function latencyByPath(requests: Iterable<RequestEvent>): DrillReport['latency'] {
  const byPath = new Map<string, number[]>();
  for (const request of requests) {
    if (request.outcome !== 'ok') continue;
    const times = byPath.get(request.route) ?? [];
    byPath.set(request.route, times);
    times.push(request.atMs - request.startedMs);
  }
  return Object.fromEntries(
    [...byPath]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, times]) => {
        const sorted = ascending(times);
        return [
          path,
          { count: sorted.length, p50Ms: round(percentile(sorted, 50)), p99Ms: round(percentile(sorted, 99)) },
        ];
      }),
  );
}

/** Nearest-rank percentile, 0 < p <= 100; 0 of nothing. `sorted` ascends. */
export const percentile = (sorted: readonly number[], p: number): number =>
  sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? 0;

export const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

const round = (ms: number): number => Math.round(ms * 10) / 10;
