// `dr drill --seeds N` and `dr drill --schedule FILE`: many random schedules, or one that was written down.
import { InputError } from '@dr/contracts';
import {
  OURS,
  parseSchedule,
  runSeed,
  scheduleText,
  search,
  type Places,
  type Schedule,
  type SearchReport,
} from '@dr/drills';
import { readStack } from '@dr/terraform-json';
import type { Context } from '../context';
import { exitCode, keepEvents } from '../deliver';
import type { DrillFlags } from '../drill-flags';
import { liveLine } from '../live-line';
import { checkCount, OF_ONE_FAULT, refuse } from '../modes';
import { quoted } from '../replay';
import { searchProgress } from './search-progress';
import { renderOutcome, type Replayable } from './search-text';

const MAX_SEEDS = 1_000_000;
export const MAX_JOBS = 64;
/** Some minutes at worst: each try is a run. */
const SHRINK_TRIES = 60;
const MAX_SHRINK_TRIES = 10_000;
const LAST_SEED = 0xffffffff;

/** Everything is checked before anything is synthesized. */
export function checkSearch(flags: DrillFlags): void {
  refuse(flags, '--seeds', [...OF_ONE_FAULT, 'events', 'schedule']);
  checkCount('seeds', flags.seeds, MAX_SEEDS);
  checkCount('jobs', flags.jobs, MAX_JOBS);
  checkCount('stop-after', flags.stopAfter, MAX_SEEDS);
  checkCount('shrink', flags.shrink, MAX_SHRINK_TRIES, 0);
  const { seed, seeds = 1 } = flags;
  if (seed + seeds - 1 <= LAST_SEED) return;
  throw new InputError(
    `--seed ${seed} with --seeds ${seeds}`,
    `goes beyond the last seed, ${LAST_SEED}`,
    'Begin earlier',
  );
}

export async function runSearch(context: Context, flags: DrillFlags, stack: string): Promise<SearchReport> {
  const progress = searchProgress(context);
  return search({
    pool: context.processes.seedPool(stack, flags.jobs),
    firstSeed: flags.seed,
    seeds: flags.seeds ?? 1,
    shrinkTries: flags.shrink ?? SHRINK_TRIES,
    ...(flags.stopAfter === undefined ? {} : { stopAfter: flags.stopAfter }),
    wallMs: () => context.wallMs(),
    onProgress: (at) => progress.show(at),
  }).finally(() => progress.end());
}

/** Keeps the smallest schedules as files, so that the commands work as they are printed. */
export const replayable = (context: Context, flags: DrillFlags, { failures }: SearchReport): Replayable[] =>
  failures.map((failure) => {
    const { seed, smallest } = failure;
    const file = smallest && keptSchedule(context, `seed-${seed}.json`, scheduleText(smallest.outcome.schedule));
    const again = file === undefined ? `--seeds 1 --seed ${seed}` : `--schedule ${file} --seed ${seed}`;
    return { ...failure, replay: `${command(flags)} ${again}` };
  });

/** undefined, said on stderr, where it cannot be kept: the seed repeats the whole schedule. */
function keptSchedule({ processes, err }: Context, name: string, text: string): string | undefined {
  try {
    return processes.keepSchedule(name, text);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    err(`${error.message}. The smallest schedule is not kept; the seed repeats the one that was drawn.\n`);
    return undefined;
  }
}

const command = ({ routing, rto, regions, stack }: DrillFlags): string =>
  [
    'npm run -s dr -- drill',
    ...(routing === undefined ? [] : [`--routing ${routing}`]),
    ...(rto === undefined ? [] : [`--rto ${rto}`]),
    ...(regions === undefined ? [] : [`--regions ${regions}`]),
    ...(stack === undefined ? [] : [`--stack ${quoted(stack)}`]),
  ].join(' ');

/** The schedule of `--schedule`, read before anything is synthesized. */
export function readSchedule(context: Context, flags: DrillFlags, places: Places): Schedule {
  const path = flags.schedule ?? '';
  return parseSchedule(context.processes.readFile('schedule', path), path, places);
}

/** One schedule, in this process. */
export async function runOne(context: Context, flags: DrillFlags, stack: string, schedule: Schedule): Promise<number> {
  let kept = true;
  const line = liveLine(context);
  const outcome = await runSeed(
    { system: OURS, graph: readStack(stack) },
    flags.seed,
    schedule,
    (lines) => (kept = keepEvents(context, flags.events, lines)),
    (seconds) => void (flags.json || line.show(`schedule  ${seconds.toFixed(0).padStart(5)} s`)),
  ).finally(() => line.end());
  const passed = outcome.violations.length === 0;
  context.out(
    flags.json
      ? `${JSON.stringify({ schema: 1, passed, ...outcome, commit: context.processes.commit() })}\n`
      : renderOutcome(outcome, { commit: context.processes.commit(), color: context.outColor }),
  );
  return exitCode(passed, kept);
}
