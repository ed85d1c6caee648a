// What one run leaves beside what it prints: its event log, its report, and what has changed since a former run.
import { InputError } from '@dr/contracts';
import { readLog } from '@dr/event-log';
import type { NamedLog } from '@dr/player';
import type { Context } from '../../context';
import { differencesText } from '../report/run';
import { checkComparable, loggedIn } from '../report/inputs';
import { checkApart, reportPlaces, writeRunReport } from '../report/written';
import { eventFile, headerOf, type LoggedRun, type Outcome } from './event-file';
import type { DrillFlags } from './mode';

/** What is of one run, and of no search. */
export const OF_ONE_RUN = ['events', 'compare'] as const;
const THIS_RUN = 'this run';

/** Before anything runs; the former log. Throws InputError when something could not be written, or that log not be read or compared. */
export function checkWhatIsLeft(
  context: Context,
  { events, report, compare, progress, stack, stacks = [], system, schedule }: DrillFlags,
): NamedLog | undefined {
  if (events !== undefined) context.checkWritable(events);
  const read = [compare, stack, ...stacks.slice(1), system, schedule].filter((path) => path !== undefined);
  if (events !== undefined) checkApart(context, 'events', [events], read);
  if (progress !== undefined) {
    context.checkWritable(progress, 'progress');
    checkApart(context, 'progress', [progress], read);
  }
  if (report !== undefined)
    checkApart(context, 'report', reportPlaces(context, 'report', report), [
      ...read,
      ...[events, progress].filter((path) => path !== undefined),
    ]);
  if (compare === undefined) return undefined;
  const former = loggedIn(context, compare);
  // A stack that was given has regions of its own, which are not known yet.
  if (stack === undefined) checkComparable(former, { name: THIS_RUN, regions: context.config().regions });
  return former;
}

/**
 * Each is written by itself, so that one that fails takes no other with it. False, and said on stderr, when something could not be
 * written or compared: the run passed, and left less than was asked for.
 */
export function leave(context: Context, flags: DrillFlags, ran: LoggedRun, outcome: Outcome): boolean {
  const { events, report } = flags;
  if (events === undefined && report === undefined && flags.former === undefined) return true;
  // Once, so that the log and the report say the same.
  const header = headerOf(context, ran);
  const lines = (): Iterable<string> => eventFile(header, ran.stack, outcome);
  const former = flags.former && isComparable(context, flags.former, ran) ? flags.former : undefined;
  let read: NamedLog | undefined;
  const now = (): NamedLog => (read ??= { name: THIS_RUN, log: readLog([...lines()].join(''), 'the run') });
  const kept = [
    former === flags.former,
    events === undefined || written(context, 'events', () => context.writeFile(events, lines())),
    report === undefined ||
      written(context, 'report', () =>
        writeRunReport(context, reportPlaces(context, 'report', report), { logs: [now()], former }),
      ),
  ];
  if (former) context.err(differencesText([former, now()]));
  return kept.every(Boolean);
}

/** False, and said on stderr, when it is not. */
function isComparable({ err }: Pick<Context, 'err'>, former: NamedLog, { stack }: LoggedRun): boolean {
  try {
    checkComparable(former, { name: THIS_RUN, regions: stack.world.regions });
    return true;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    err(`--compare: ${error.message}. What the run found is complete.\n`);
    return false;
  }
}

/** False, and said on stderr, when it cannot be. */
export function written({ err }: Pick<Context, 'err'>, option: string, write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    err(`--${option} ${error.message}. What the run found is complete; this file is not kept.\n`);
    return false;
  }
}

const NOT_WRITTEN = 2;

/** The answer decides; a run that passed and left less than was asked for has not done what was asked. */
export const exitCode = (passed: boolean, kept: boolean): number => (passed ? (kept ? 0 : NOT_WRITTEN) : 1);
