// What AWS throttles of the load that a drill stands for: by which limit, how much, from when to when, and what avoids it.
import type { CapacityReport, LimitReport } from '@dr/contracts';
import type { LimitCounter } from '@dr/twin';
import { requestCounts } from '../measure/measure';
import { clientRequests, faultStartMs, healMs, type DrillRun } from '../run/run-record';
import type { LoadPlan } from '../schedule/load-plan';
import type { RunningStack } from '../system-under-drill';
import { avoidedBy } from './remedies';

/** Clients have all begun, and tables are as after a long time in service. */
const BEFORE_FROM_SECONDS = 30;
const PEAK_SECONDS = 10;
/** [A] A survivor that throttles less is one that carries the load. */
const TOLERATED_SHARE = 0.01;

export function capacityOf(run: DrillRun, stack: RunningStack, plan: LoadPlan): CapacityReport {
  const { world } = stack;
  const counters = world.limits?.counters ?? [];
  const regionsOf = (counter: LimitCounter): number =>
    counters.filter(({ id, subject }) => id === counter.id && subject === counter.subject).length;
  const limits = counters
    .filter(({ seconds }) => seconds.size > 0)
    .map((counter) => limitOf(counter, run, stack))
    .sort((a, b) => b.throttledShare - a.throttledShare || b.usedShare - a.usedShare);
  return {
    requestsPerSecond: plan.requestsPerSecond,
    perRequest: plan.perRequest,
    peakRequestsPerSecond: plan.peakRequestsPerSecond,
    accountConcurrency: plan.accountConcurrency,
    survivors: survivorsOf(run),
    limits: limits.map(({ counter, ...limit }) => ({
      ...limit,
      avoidedBy: limit.throttledShare > 0 ? avoidedBy(limit, counter.awsRegion, regionsOf(counter)) : null,
    })),
  };
}

/** Why a drill of a load fails, one sentence for each limit. */
export function overCapacity({ limits }: CapacityReport, lost: string): string[] {
  return limits
    .filter(({ region, throttledShare }) => region !== lost && throttledShare > TOLERATED_SHARE)
    .map(
      ({ region, name, subject, throttledShare }) =>
        `${region} throttles ${(100 * throttledShare).toFixed(1)} % of what meets the ${name} of ${subject}`,
    );
}

const NAMES = {
  'lambda-executions': 'executions at once',
  'lambda-requests': 'requests a second',
  'lambda-environments': 'new environments a second',
  'table-reads': 'read units a second',
  'table-writes': 'write units a second',
  'partition-reads': 'read units a second of one partition',
  'partition-writes': 'write units a second of one partition',
} as const satisfies Record<LimitCounter['id'], string>;

function limitOf(
  counter: LimitCounter,
  run: DrillRun,
  { world }: RunningStack,
): Omit<LimitReport, 'avoidedBy'> & { readonly counter: LimitCounter } {
  const from = Math.floor(faultStartMs(run) / 1000);
  const to = Math.floor(healMs(run) / 1000);
  const refusing = [...counter.seconds].filter(([, { refused }]) => refused > 0).map(([second]) => second);
  const hottest = [...counter.refusedOf].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
  // Of partitions each has a limit of its own: what all take together says nothing.
  const isOfPartition = counter.id.startsWith('partition');
  const used = isOfPartition ? 0 : peakOf(counter, from, to);
  const allowed = counter.allowed();
  return {
    counter,
    id: counter.id,
    name: NAMES[counter.id],
    region: world.regionNames.nameOf(counter.awsRegion),
    subject: counter.subject,
    allowed: rounded(allowed),
    used: rounded(used),
    usedShare: rounded(used / allowed),
    throttledBeforeShare: shareOf(counter, BEFORE_FROM_SECONDS, from),
    throttledShare: shareOf(counter, from, to),
    fromSeconds: refusing.length === 0 ? null : Math.min(...refusing),
    toSeconds: refusing.length === 0 ? null : Math.max(...refusing) + 1,
    hottestPartition: hottest,
  };
}

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;

/** Of the requests that met the limit between the two. */
function shareOf({ seconds }: LimitCounter, from: number, to: number): number {
  let [asked, refused] = [0, 0];
  for (const [second, of] of seconds) {
    if (second < from || second >= to) continue;
    asked += of.asked;
    refused += of.refused;
  }
  return asked === 0 ? 0 : rounded(refused / asked);
}

/** The highest mean of ten seconds. */
function peakOf({ seconds }: LimitCounter, from: number, to: number): number {
  let peak = 0;
  for (let start = from; start + PEAK_SECONDS <= to; start += 1) {
    let sum = 0;
    for (let second = start; second < start + PEAK_SECONDS; second += 1) sum += seconds.get(second)?.used ?? 0;
    peak = Math.max(peak, sum / PEAK_SECONDS);
  }
  return peak;
}

/** What clients saw of the regions that were not lost, from the fault to its end. */
function survivorsOf(run: DrillRun): CapacityReport['survivors'] {
  const [from, to] = [faultStartMs(run), healMs(run)];
  const answered = clientRequests(run).where(({ startedMs }) => startedMs >= from && startedMs < to);
  return run.regions
    .filter((region) => region !== run.fault.region)
    .map((region) => {
      const { total, failed } = requestCounts(answered.where((request) => request.region === region));
      return { region, failedShare: total === 0 ? 0 : rounded(failed / total) };
    });
}
