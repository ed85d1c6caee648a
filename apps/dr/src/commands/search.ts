// `dr drill --seeds N` and `dr drill --schedule FILE`: many random schedules, or one that was written down.
import { InputError } from '@dr/contracts';
import {
  parseSchedule,
  runSeed,
  scheduleText,
  search,
  type Failure,
  type Schedule,
  type SearchReport,
} from '@dr/drills';
import { readStack } from '@dr/terraform-json';
import type { Context } from '../context';
import type { DrillFlags } from './drill';
import { searchProgress } from './search-progress';
import { renderOutcome } from './search-text';

export interface SearchFlags {
  readonly seeds?: number;
  readonly schedule?: string;
  readonly jobs?: number;
  readonly stopAfter?: number;
  readonly shrink?: number;
}

const MAX_SEEDS = 1_000_000;
export const MAX_JOBS = 64;
/** Some minutes at worst: each try is a run. */
const SHRINK_TRIES = 60;
const MAX_SHRINK_TRIES = 10_000;
/** These shape the drill of one fault; schedules bring their own faults, and all have the same clients. */
export const OF_ONE_FAULT = ['region', 'duration', 'fault', 'function', 'clients', 'rate'] as const;

export function refuse(flags: DrillFlags, mode: string, options: readonly (keyof DrillFlags)[] = OF_ONE_FAULT): void {
  const given = options.find((option) => flags[option] !== undefined);
  if (given === undefined) return;
  throw new InputError(`--${given} with ${mode}`, 'is for the drill of one fault', `Leave --${given} out`);
}

export function checkCount(option: string, value: number | undefined, most: number, least = 1): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw new InputError(`--${option} ${value}`, 'is out of range', `Give a whole number from ${least} to ${most}`);
}

/** Everything is checked before anything is synthesized. */
export function checkSearch(flags: DrillFlags): void {
  refuse(flags, '--seeds', [...OF_ONE_FAULT, 'events', 'schedule']);
  checkCount('seeds', flags.seeds, MAX_SEEDS);
  checkCount('jobs', flags.jobs, MAX_JOBS);
  checkCount('stop-after', flags.stopAfter, MAX_SEEDS);
  checkCount('shrink', flags.shrink, MAX_SHRINK_TRIES, 0);
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

export interface Replayable extends Failure {
  /** The command that repeats it, on the commit that is named. */
  readonly replay: string;
}

/** Keeps the smallest schedules as files, so that the commands work as they are printed. */
export const replayable = (context: Context, flags: DrillFlags, { failures }: SearchReport): Replayable[] =>
  failures.map((failure) => {
    const { seed, smallest } = failure;
    if (!smallest) return { ...failure, replay: `${command(flags)} --seeds 1 --seed ${seed}` };
    const file = context.processes.keepSchedule(`seed-${seed}.json`, scheduleText(smallest.outcome.schedule));
    return { ...failure, replay: `${command(flags)} --schedule ${file} --seed ${seed}` };
  });

const command = ({ routing, rto, stack }: DrillFlags): string =>
  [
    'npm run -s dr -- drill',
    ...(routing === undefined ? [] : [`--routing ${routing}`]),
    ...(rto === undefined ? [] : [`--rto ${rto}`]),
    ...(stack === undefined ? [] : [`--stack ${stack}`]),
  ].join(' ');

/** The schedule of `--schedule`, read before anything is synthesized. */
export function readSchedule(context: Context, flags: DrillFlags, regions: readonly string[]): Schedule {
  refuse(flags, '--schedule', [...OF_ONE_FAULT, 'seeds', 'jobs']);
  const path = flags.schedule ?? '';
  return parseSchedule(context.processes.readFile('schedule', path), path, regions);
}

/** One schedule, in this process. */
export async function runOne(context: Context, flags: DrillFlags, stack: string, schedule: Schedule): Promise<number> {
  const outcome = await runSeed(readStack(stack), flags.seed, schedule, (lines) => {
    if (flags.events !== undefined) context.writeFile(flags.events, lines);
  });
  const passed = outcome.violations.length === 0;
  context.out(
    flags.json
      ? `${JSON.stringify({ schema: 1, passed, ...outcome, commit: context.processes.commit() })}\n`
      : renderOutcome(outcome, { commit: context.processes.commit(), color: context.outColor }),
  );
  return passed ? 0 : 1;
}
