// `dr drill --seeds N`: many random schedules.
import { InputError } from '@dr/contracts';
import { describeSchedule, scheduleText, search, sliceOf, type Failure, type SearchReport } from '@dr/drills';
import type { Context } from '../../context';
import type { GivenSubject } from '../../drilled';
import { checkCount } from '../../terminal/options';
import type { KeptSearch } from './kept-search';
import { refuse, refuseRto, type DrillFlags } from './mode';
import { drillCommand } from './replay';
import { searchProgress } from './search-progress';
import type { Replayable } from './search-text';
import { shardOf } from './shard';

const MAX_SEEDS = 1_000_000;
export const MAX_JOBS = 64;
/** Some minutes at worst: each try is a run. */
const SHRINK_TRIES = 60;
const MAX_SHRINK_TRIES = 10_000;
const LAST_SEED = 0xffffffff;

/** Everything is checked before anything is synthesized. */
export function checkSearch(flags: DrillFlags, context: Context): void {
  refuseRto(flags);
  checkCount('seeds', flags.seeds, MAX_SEEDS);
  checkCount('jobs', flags.jobs, MAX_JOBS);
  checkCount('stop-after', flags.stopAfter, MAX_SEEDS);
  checkCount('shrink', flags.shrink, MAX_SHRINK_TRIES, 0);
  if (flags.faults !== undefined)
    refuse(flags, '--faults', ['shard'], 'is of a search, and the table of faults has no parts');
  shardOf(context, flags);
  const { seed, seeds = 1 } = flags;
  if (seed + seeds - 1 <= LAST_SEED) return;
  const fix = 'Begin earlier';
  throw new InputError(`--seed ${seed} with --seeds ${seeds}`, `goes beyond the last seed, ${LAST_SEED}`, fix);
}

/** `kept`: where an earlier process has left what it found. */
export async function runSearch(
  context: Context,
  flags: DrillFlags,
  subject: GivenSubject,
  kept: KeptSearch | undefined,
): Promise<SearchReport> {
  const progress = searchProgress(context);
  const pool = context.processes.seedPool(subject, flags.jobs);
  const startedMs = context.wallMs();
  const whole = { firstSeed: flags.seed, seeds: flags.seeds ?? 1 };
  const shard = shardOf(context, flags);
  if (kept && kept.seeds > 0) context.err(`${kept.seeds} seeds were run before, and are kept in ${flags.progress}\n`);
  return search({
    pool: kept ? kept.around(pool, () => context.wallMs() - startedMs) : pool,
    ...(shard ? { ...sliceOf(whole, shard), isShard: true } : whole),
    spentMs: kept?.spentMs ?? 0,
    shrinkTries: flags.shrink ?? SHRINK_TRIES,
    ...(flags.stopAfter !== undefined && { stopAfter: flags.stopAfter }),
    wallMs: () => context.wallMs(),
    onProgress: (at) => progress.show(at),
  }).finally(() => progress.end());
}

/** The options of a search that make the command that repeats one of its seeds. */
export interface SearchedWith extends Pick<DrillFlags, 'routing' | 'rto' | 'regions' | 'system'> {
  readonly stack?: string | readonly string[] | undefined;
}

export const searchedWith = ({ routing, rto, regions, system, stack, drilled }: DrillFlags): SearchedWith => ({
  ...{ routing, rto, regions, system },
  stack: drilled?.given.stacks ?? stack,
});

/** Keeps the smallest schedules as files, so that the commands work as they are printed. */
export function replayable(
  context: Pick<Context, 'processes' | 'err'>,
  { routing, rto, regions, stack, system }: SearchedWith,
  failures: readonly Failure[],
): Replayable[] {
  return failures.map((failure) => {
    const { seed, smallest } = failure;
    const schedule = smallest && keptSchedule(context, `seed-${seed}.json`, scheduleText(smallest.outcome.schedule));
    const again = schedule === undefined ? { seeds: 1, seed } : { schedule, seed };
    const described = describeSchedule((smallest?.outcome ?? failure).schedule);
    return { ...failure, described, replay: drillCommand({ routing, rto, regions, stack, system, ...again }) };
  });
}

/** undefined, said on stderr, where it cannot be kept: the seed repeats the whole schedule. */
function keptSchedule(
  { processes, err }: Pick<Context, 'processes' | 'err'>,
  name: string,
  text: string,
): string | undefined {
  try {
    return processes.keepSchedule(name, text);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    err(`${error.message}. The smallest schedule is not kept; the seed repeats the one that was drawn.\n`);
    return undefined;
  }
}
