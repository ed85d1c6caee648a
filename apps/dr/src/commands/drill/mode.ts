// A mode of `dr drill`: what it is asked by, which options mean nothing to it, and how it runs.
import { InputError, type Population, type Routing } from '@dr/contracts';
import { OURS, placesOf, startTwin, type Places } from '@dr/drills';
import type { NamedLog } from '@dr/player';
import { readStack } from '@dr/terraform-json';
import type { Context } from '../../context';
import type { Drilled } from '../../drilled';
import { typed } from '../../terminal/options';
import type { AskedShard } from './shard';

/** Options that several modes take. Those of one mode alone are typed where it is. */
export interface DrillFlags {
  readonly region?: string | undefined;
  readonly duration?: number | undefined;
  readonly fault?: string | undefined;
  readonly function?: string | undefined;
  readonly service?: string | undefined;
  readonly zones?: number | undefined;
  readonly intensity?: number | undefined;
  readonly seed: number;
  readonly routing?: Routing | undefined;
  readonly rto?: number | undefined;
  readonly regions?: number | undefined;
  /** The first file of --stack: all that there is of our own stack. */
  readonly stack?: string | undefined;
  /** All of them. */
  readonly stacks?: readonly string[] | undefined;
  readonly name?: string | undefined;
  readonly system?: string | undefined;
  /** What `system` names, read. No option. */
  readonly drilled?: Drilled | undefined;
  readonly events?: string | undefined;
  readonly report?: string | undefined;
  readonly compare?: string | undefined;
  /** What `compare` names, read before anything runs: a pipe gives it once. No option. */
  readonly former?: NamedLog | undefined;
  readonly clients?: number | undefined;
  readonly rate?: number | undefined;
  readonly populations?: readonly Population[] | undefined;
  readonly load?: number | undefined;
  readonly perRequest?: number | undefined;
  readonly peak?: number | undefined;
  readonly quota?: number | undefined;
  readonly history?: true | undefined;
  readonly json?: true | undefined;
  readonly seeds?: number | undefined;
  readonly jobs?: number | undefined;
  readonly stopAfter?: number | undefined;
  readonly shrink?: number | undefined;
  readonly shard?: AskedShard | undefined;
  readonly progress?: string | undefined;
  readonly faults?: string | undefined;
  readonly schedule?: string | undefined;
  readonly incident?: string | undefined;
  readonly sweep?: true | undefined;
  readonly neverHeals?: true | undefined;
  readonly tableGb?: number | undefined;
}

export interface Mode {
  /** The option that asks for it, as commander stores it, and as it is named in errors. */
  readonly asks: string;
  readonly name: string;
  /** Options of the drill of one fault that mean something to it as well. */
  readonly takes?: readonly string[];
  /** Another mode that may be asked for together with it. */
  readonly beside?: string;
  /** Options that mean nothing to it, beside those of one fault and of other modes. */
  refuses(flags: DrillFlags): readonly string[];
  /** Whatever can be checked before anything is synthesized. */
  check?(flags: DrillFlags, context: Context): void;
  /** Resolves to the exit code. `synthesize` resolves to the stack's path; it is asked only for input that is good. */
  run(context: Context, flags: DrillFlags, synthesize: () => Promise<string>): Promise<number>;
}

/** These shape the drill of one fault; schedules bring their own faults, and all have the same clients. */
export const OF_ONE_FAULT = [
  ...['region', 'duration', 'fault', 'function', 'service', 'zones', 'intensity', 'neverHeals', 'tableGb'],
  ...['clients', 'rate', 'populations', 'history', 'load', 'perRequest', 'peak', 'quota'],
] as const;
export const OF_MANY_RUNS = ['jobs', 'shrink', 'stopAfter', 'shard', 'progress'] as const;
export const ANOTHER_CHOICE = 'each says what is to break, so only one can be meant';

const WHY: Readonly<Record<string, string>> = {
  events: 'is the log of one run, and this makes many',
  report: 'is of one run, and this makes many',
  compare: 'is of one run, and this makes many',
  jobs: 'is for a search and for the table of faults',
  shrink: 'is for a search',
  stopAfter: 'is for a search',
  shard: 'is for a search',
  progress: 'is for a search',
  regions: 'the stack has its own',
  rto: 'changes nothing: a schedule is held to what follows from the health checks of the stack',
};

export const isGiven = (flags: DrillFlags, option: string): boolean =>
  Object.entries(flags).some(([name, value]) => name === option && value !== undefined);

/** Throws InputError for the first of `options` that was given: silently ignored, it would seem to have been obeyed. */
export function refuse(flags: DrillFlags, mode: string, options: readonly string[], because?: string): void {
  const given = options.find((option) => isGiven(flags, option));
  if (given === undefined) return;
  const why = because ?? WHY[given] ?? 'is for the drill of one fault';
  throw new InputError(`${typed(given)} with ${mode}`, why, `Leave ${typed(given)} out`);
}

/** Schedules are held to what follows from the stack's own health checks. */
export function refuseRto(flags: DrillFlags): void {
  if (flags.stack !== undefined && flags.faults === undefined && !flags.drilled)
    refuse(flags, '--stack and schedules', ['rto']);
}

/** Records of another policy would be drilled than was asked for. */
export function checkRouting(asked: Routing | undefined, ofStack: string): void {
  if (asked === undefined || asked === ofStack) return;
  const fix = 'Leave --routing out: it is read from the stack';
  throw new InputError(`--routing ${asked} with --stack`, `the stack's own records have a ${ofStack} policy`, fix);
}

/** Of a stack that was given its own: it is read here first, so that what is wrong with it is said once, and not by a worker. */
export async function placesFor(context: Context, { stack, seed, routing, drilled }: DrillFlags): Promise<Places> {
  if (drilled) return placesOf(drilled.system, (await startTwin({ ...drilled, seed })).world.regions);
  if (stack === undefined) return placesOf(OURS, context.config().regions);
  const twin = await context.startTwin({ graph: readStack(stack), seed });
  checkRouting(routing, twin.routing);
  return placesOf(OURS, twin.world.regions);
}

/** Of the infra app. */
export const synthesisArgs = ({ routing, rto }: Pick<DrillFlags, 'routing' | 'rto'>): readonly string[] => [
  ...(routing === undefined ? [] : ['--routing', routing]),
  ...(rto === undefined ? [] : ['--rto', String(rto)]),
];

export const synthesized = (context: Context, flags: Pick<DrillFlags, 'routing' | 'rto'>): Promise<string> =>
  context.synthesize(synthesisArgs(flags), context.temporaryDirectory());
