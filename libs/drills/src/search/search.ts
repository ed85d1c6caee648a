// The search: many seeds over a pool of processes, what they came to together, and the smallest schedule that breaks.
import { FAULT_KINDS, type FaultKind } from '@dr/contracts';
import type { Objective } from '../schedule/scenario';
import { endSeconds, type Schedule } from '../schedule/schedule';
import type { MatrixFault } from './matrix';
import type { MatrixRow } from './matrix-row';
import type { SeedOutcome, ShrunkOutcome } from './run-seed';

/** Processes that each hold the stack and run one seed after another. */
export interface SeedPool {
  readonly size: number;
  run(seed: number): Promise<SeedOutcome>;
  shrink(seed: number, id: string, maxTries: number): Promise<ShrunkOutcome>;
  drill(seed: number, fault: MatrixFault, objective: Objective): Promise<MatrixRow>;
}

export interface SearchOptions {
  readonly pool: SeedPool;
  readonly firstSeed: number;
  readonly seeds: number;
  /** Schedules tried to make each broken one smaller; 0 leaves it as drawn. */
  readonly shrinkTries: number;
  /** Stop drawing once so many seeds are broken. */
  readonly stopAfter?: number;
  /** It is one shard of a search: what that never met, nobody can tell of one shard. */
  readonly isShard?: boolean;
  /** Spent on seeds of `pool` that it has run before. @default 0 */
  readonly spentMs?: number;
  readonly wallMs: () => number;
  readonly onProgress?: (progress: SearchProgress) => void;
}

export interface SearchProgress {
  readonly phase: 'searching' | 'shrinking' | 'drilling';
  readonly done: number;
  readonly of: number;
  readonly broken: number;
  readonly wallSeconds: number;
}

export interface Failure {
  readonly seed: number;
  readonly violations: SeedOutcome['violations'];
  readonly schedule: SeedOutcome['schedule'];
  /** The smallest schedule found that breaks the first of them; absent when it was not looked for. */
  readonly smallest?: ShrunkOutcome;
}

export interface SearchReport {
  readonly firstSeed: number;
  /** That were to be run. */
  readonly seeds: number;
  /** That were; fewer where it stopped because enough were broken. */
  readonly schedules: number;
  readonly requests: number;
  readonly invocations: number;
  readonly virtualSeconds: number;
  /** Broken checks over all schedules. */
  readonly violations: number;
  /** In how many schedules each was met. */
  readonly sometimes: Readonly<Record<string, number>>;
  /** In how many schedules each kind of fault was drawn; those that never were are named with 0. */
  readonly drawn: Readonly<Record<FaultKind, number>>;
  /** Pairs of kinds of which two faults overlapped in some schedule, in the order of the alphabet. */
  readonly pairs: readonly string[];
  /** How many they are. */
  readonly pairsMet: number;
  /** Those that a batch of this size should have met and did not. */
  readonly neverMet: readonly string[];
  readonly failures: readonly Failure[];
  readonly processes: number;
  readonly wallSeconds: number;
  readonly schedulesPerMinute: number;
  /** Fingerprint over the event logs of all seeds, in their order. */
  readonly eventLogHashes: readonly string[];
}

/** Below it, what a batch never met says little. */
export const BIG_BATCH = 500;
export const MAX_FAILURES = 20;
/** Each costs as many runs as it has tries. */
const MAX_SHRUNK = 3;

export async function search(options: SearchOptions): Promise<SearchReport> {
  const { pool, firstSeed, seeds, shrinkTries, wallMs, onProgress, isShard = false, spentMs = 0 } = options;
  const startedMs = wallMs() - spentMs;
  const seconds = (): number => (wallMs() - startedMs) / 1000;
  const outcomes = new Map<number, SeedOutcome>();
  let next = 0;
  let broken = 0;
  const tell = (phase: SearchProgress['phase'], done: number, of: number): void =>
    onProgress?.({ phase, done, of, broken, wallSeconds: seconds() });
  const lane = async (): Promise<void> => {
    while (next < seeds && broken < (options.stopAfter ?? MAX_FAILURES)) {
      const seed = firstSeed + next;
      next += 1;
      const outcome = await pool.run(seed);
      outcomes.set(seed, outcome);
      if (outcome.violations.length > 0) broken += 1;
      tell('searching', outcomes.size, seeds);
    }
  };
  tell('searching', 0, seeds);
  await Promise.all(Array.from({ length: pool.size }, lane));
  const searchedSeconds = seconds();
  const ordered = [...outcomes.values()].sort((a, b) => a.seed - b.seed);
  const failures = await shrunk(ordered, pool, shrinkTries, (done, of) => tell('shrinking', done, of));
  const ran = { firstSeed, seeds, processes: pool.size, searchedSeconds, wallSeconds: seconds() };
  return summary(ordered, failures, { ...ran, isShard });
}

/** One example of each kind of failure is made smaller. */
async function shrunk(
  outcomes: readonly SeedOutcome[],
  pool: SeedPool,
  tries: number,
  onDone: (done: number, of: number) => void,
): Promise<Failure[]> {
  const failing = outcomes.filter(({ violations }) => violations.length > 0).slice(0, MAX_FAILURES);
  const examples = tries > 0 ? exampleSeeds(failing) : new Map<string, number>();
  let done = 0;
  const smallest = new Map<number, ShrunkOutcome>();
  await Promise.all(
    [...examples].map(async ([id, seed]) => {
      smallest.set(seed, await pool.shrink(seed, id, tries));
      done += 1;
      onDone(done, examples.size);
    }),
  );
  return failing.map(({ seed, violations, schedule }) => {
    const found = smallest.get(seed);
    return { seed, violations, schedule, ...(found ? { smallest: found } : {}) };
  });
}

/** Check -> the first seed that breaks it first of all, of the few checks that are made smaller. */
export function exampleSeeds(failing: readonly Pick<Failure, 'seed' | 'violations'>[]): Map<string, number> {
  const examples = new Map<string, number>();
  for (const { seed, violations } of failing) {
    const id = violations[0]?.id ?? '';
    if (!examples.has(id) && examples.size < MAX_SHRUNK) examples.set(id, seed);
  }
  return examples;
}

function summary(
  outcomes: readonly SeedOutcome[],
  failures: readonly Failure[],
  run: Pick<SearchReport, 'firstSeed' | 'seeds' | 'processes' | 'wallSeconds'> & {
    readonly searchedSeconds: number;
    readonly isShard: boolean;
  },
): SearchReport {
  const { searchedSeconds, isShard, ...rest } = run;
  const total = (of: (outcome: SeedOutcome) => number): number =>
    outcomes.reduce((sum, outcome) => sum + of(outcome), 0);
  const things = [...new Set(outcomes.flatMap(({ met }) => Object.keys(met)))];
  const sometimes = Object.fromEntries(
    things.map((name) => [name, outcomes.filter(({ met }) => (met[name] ?? 0) > 0).length]),
  );
  return {
    ...rest,
    wallSeconds: Math.round(rest.wallSeconds * 10) / 10,
    schedules: outcomes.length,
    requests: total(({ requests }) => requests),
    invocations: total(({ invocations }) => invocations),
    virtualSeconds: total(({ virtualSeconds }) => virtualSeconds),
    violations: total(({ violations }) => violations.length),
    sometimes,
    ...kindsOf(outcomes.map(({ schedule }) => schedule)),
    neverMet: isShard ? [] : neverMetOf(sometimes, outcomes.length),
    failures,
    schedulesPerMinute: paceOf(outcomes.length, searchedSeconds),
    eventLogHashes: outcomes.map(({ eventLogHash }) => eventLogHash),
  };
}

/** What a search of so many schedules should have met. */
export const neverMetOf = (sometimes: SearchReport['sometimes'], schedules: number): readonly string[] =>
  schedules >= BIG_BATCH ? Object.keys(sometimes).filter((name) => sometimes[name] === 0) : [];

/** A minute. */
export const paceOf = (schedules: number, seconds: number): number =>
  Math.round((schedules / Math.max(seconds, 0.001)) * 600) / 10;

function kindsOf(schedules: readonly Schedule[]): Pick<SearchReport, 'drawn' | 'pairs' | 'pairsMet'> {
  const timesDrawn = (kind: FaultKind): number =>
    schedules.filter(({ faults }) => faults.some((fault) => fault.kind === kind)).length;
  const drawn = Object.fromEntries(FAULT_KINDS.map((kind) => [kind, timesDrawn(kind)])) as Record<FaultKind, number>;
  const met = schedules.flatMap(({ faults }) =>
    faults.flatMap((a, index) =>
      faults
        .slice(index + 1)
        .filter((b) => a.startSeconds < endSeconds(b) && b.startSeconds < endSeconds(a))
        .map((b) => [a.kind, b.kind].sort().join(' ')),
    ),
  );
  const pairs = [...new Set(met)].sort();
  return { drawn, pairs, pairsMet: pairs.length };
}

export const hasPassed = ({ violations, neverMet }: SearchReport): boolean => violations === 0 && neverMet.length === 0;
