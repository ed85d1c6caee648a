// `dr drill` runs one fault, a schedule, a search or the table of faults: what an option of one means nothing to, it refuses.
import { InputError } from '@dr/contracts';
import type { Routing } from '@dr/contracts/system/config';
import type { DrillFlags } from './drill-flags';

/** These shape the drill of one fault; schedules bring their own faults, and all have the same clients. */
export const OF_ONE_FAULT = ['region', 'duration', 'fault', 'function', 'clients', 'rate', 'history'] as const;
export const OF_MANY_RUNS = ['jobs', 'shrink', 'stopAfter'] as const;

type Option =
  (typeof OF_ONE_FAULT)[number] | (typeof OF_MANY_RUNS)[number] | 'events' | 'seeds' | 'schedule' | 'faults' | 'rto' | 'regions';

const ANOTHER_CHOICE = 'each says what is to break, so only one can be meant';
const WHY: Partial<Record<Option, string>> = {
  events: 'is the log of one run, and this makes many',
  seeds: ANOTHER_CHOICE,
  schedule: ANOTHER_CHOICE,
  faults: ANOTHER_CHOICE,
  jobs: 'is for a search and for the table of faults',
  shrink: 'is for a search',
  stopAfter: 'is for a search',
  regions: 'the stack has its own',
  rto: 'changes nothing: a schedule is held to what follows from the health checks of the stack',
};

/** `stopAfter` as it is typed. */
export const typed = (option: string): string =>
  `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Throws InputError for the first of `options` that was given: silently ignored, it would seem to have been obeyed. */
export function refuse(flags: DrillFlags, mode: string, options: readonly Option[]): void {
  const given = options.find((option) => flags[option] !== undefined);
  if (given === undefined) return;
  const why = WHY[given] ?? 'is for the drill of one fault';
  throw new InputError(`${typed(given)} with ${mode}`, why, `Leave ${typed(given)} out`);
}

export function checkCount(option: string, value: number | undefined, most: number, least = 1): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw new InputError(`--${option} ${value}`, 'is out of range', `Give a whole number from ${least} to ${most}`);
}

/** Records of another policy would be drilled than was asked for. */
export function checkRouting(asked: Routing | undefined, ofStack: string): void {
  if (asked === undefined || asked === ofStack) return;
  throw new InputError(
    `--routing ${asked} with --stack`,
    `the stack's own records have a ${ofStack} policy`,
    'Leave --routing out: it is read from the stack',
  );
}

const MAX_RTO_SECONDS = 3_600;

/** As dr.config.ts has it; a synthesis would say so, but with --stack there is none. */
export function checkRto(rto: number | undefined): void {
  if (rto === undefined || (rto > 0 && rto <= MAX_RTO_SECONDS)) return;
  throw new InputError(`--rto ${rto}`, 'is out of range', `Give seconds above 0, up to ${MAX_RTO_SECONDS}`);
}
