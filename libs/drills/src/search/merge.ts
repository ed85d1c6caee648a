// The reports of all shards of a search as the report of the whole.
import type { FaultKind } from '@dr/contracts';
import { exampleSeeds, MAX_FAILURES, neverMetOf, paceOf, type Failure, type SearchReport } from './search';

/**
 * `shards`: of one search, all of them, in the order of their seeds. The same as one search of all seeds would report, but for the time it
 * took: shards run side by side, so it is that of the longest.
 */
export function mergeReports(shards: readonly SearchReport[]): SearchReport {
  const total = (of: (report: SearchReport) => number): number => shards.reduce((sum, report) => sum + of(report), 0);
  const summed = (of: (report: SearchReport) => Readonly<Record<string, number>>): Record<string, number> => {
    const sums = new Map<string, number>();
    for (const counts of shards.map(of))
      for (const [name, count] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + count);
    return Object.fromEntries(sums);
  };
  const schedules = total((report) => report.schedules);
  const sometimes = summed((report) => report.sometimes);
  const pairs = [...new Set(shards.flatMap((report) => report.pairs))].sort();
  const wallSeconds = Math.max(...shards.map((report) => report.wallSeconds));
  return {
    firstSeed: Math.min(...shards.map(({ firstSeed }) => firstSeed)),
    seeds: total(({ seeds }) => seeds),
    processes: total(({ processes }) => processes),
    wallSeconds,
    schedules,
    requests: total(({ requests }) => requests),
    invocations: total(({ invocations }) => invocations),
    virtualSeconds: total(({ virtualSeconds }) => virtualSeconds),
    violations: total(({ violations }) => violations),
    sometimes,
    drawn: summed(({ drawn }) => drawn) as Record<FaultKind, number>,
    pairs,
    pairsMet: pairs.length,
    neverMet: neverMetOf(sometimes, schedules),
    failures: mergedFailures(shards.flatMap(({ failures }) => failures)),
    schedulesPerMinute: paceOf(schedules, wallSeconds),
    eventLogHashes: shards.flatMap(({ eventLogHashes }) => eventLogHashes),
  };
}

/** Each shard has made an example of every kind of failure smaller; the whole has one of each kind. */
function mergedFailures(all: readonly Failure[]): Failure[] {
  const failures = all.slice(0, MAX_FAILURES);
  const examples = new Set(exampleSeeds(failures).values());
  return failures.map(({ smallest, ...failure }) =>
    smallest && examples.has(failure.seed) ? { ...failure, smallest } : failure,
  );
}
