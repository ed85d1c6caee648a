// The modes of `dr drill` that run more than one fault: a search, a schedule, the table of all fault classes, mutants.
import { hasPassed } from '@dr/drills';
import type { Context } from '../context';
import type { DrillFlags } from './drill';
import { checkSearch, readSchedule, replayable, runOne, runSearch, type SearchFlags } from './search';
import { renderSearch } from './search-text';

export interface ManyFlags extends SearchFlags {
  readonly faults?: string;
  readonly mutants?: true;
}

export const isMany = ({ seeds, schedule, faults, mutants }: ManyFlags): boolean =>
  seeds !== undefined || schedule !== undefined || faults !== undefined || mutants === true;

/** `synthesize` resolves to the stack's path; it is asked only for input that is good. */
export async function drillMany(
  context: Context,
  flags: DrillFlags,
  synthesize: () => Promise<string>,
): Promise<number> {
  if (flags.schedule !== undefined) {
    const schedule = readSchedule(
      context,
      flags,
      context.config().regions.map(({ name }) => name),
    );
    return runOne(context, flags, flags.stack ?? (await synthesize()), schedule);
  }
  checkSearch(flags);
  const stack = flags.stack ?? (await synthesize());
  const report = await runSearch(context, flags, stack);
  const failures = replayable(context, flags, report);
  const passed = hasPassed(report);
  const commit = context.processes.commit();
  if (flags.json) context.out(`${JSON.stringify({ schema: 1, passed, commit, search: { ...report, failures } })}\n`);
  else context.out(renderSearch(report, failures, { commit, color: context.outColor }));
  return passed ? 0 : 1;
}
