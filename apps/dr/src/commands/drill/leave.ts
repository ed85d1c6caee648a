// What one run leaves beside what it prints: its event log, its report, and what has changed since a former run.
import { InputError } from '@dr/contracts';
import { readLog, type LogFile } from '@dr/event-log';
import type { Context } from '../../context';
import { differencesText, loggedIn, pageFor } from '../report';
import { eventFile, type LoggedRun, type Outcome } from './event-file';
import type { DrillFlags } from './mode';

export const LEFT_BEHIND = ['events', 'report', 'compare'] as const;

/** Before anything runs. Throws InputError when something could not be written, or the former log not be read. */
export function checkWhatIsLeft(context: Context, { events, report, compare }: DrillFlags): void {
  if (events !== undefined) context.checkWritable(events);
  if (report !== undefined) context.checkWritable(report, 'report');
  if (compare !== undefined) loggedIn(context, compare);
}

/**
 * Each is written by itself, so that one that fails takes no other with it. False, and said on stderr, when something could not be
 * written: the run passed, and left less than was asked for.
 */
export function leave(context: Context, flags: DrillFlags, ran: LoggedRun, outcome: Outcome): boolean {
  const { events, report, compare } = flags;
  const lines = (): Iterable<string> => eventFile(context, ran, outcome);
  let read: LogFile | undefined;
  const log = (): LogFile => (read ??= readLog([...lines()].join(''), 'the run'));
  const kept = [
    events === undefined || written(context, 'events', events, lines),
    report === undefined ||
      written(context, 'report', report, () => [pageFor(context, [{ name: 'this run', log: log() }])]),
  ];
  if (compare !== undefined)
    context.err(differencesText([loggedIn(context, compare), { name: 'this run', log: log() }]));
  return kept.every(Boolean);
}

function written({ writeFile, err }: Context, option: string, path: string, lines: () => Iterable<string>): boolean {
  try {
    writeFile(path, lines());
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
