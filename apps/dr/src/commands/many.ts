// The modes of `dr drill` that run more than one fault: a search, a schedule, the table of all fault classes.
import { hasPassed, OURS, placesOf, type Places } from '@dr/drills';
import { readStack } from '@dr/terraform-json';
import type { Context } from '../context';
import type { DrillFlags } from '../drill-flags';
import { checkRouting, OF_MANY_RUNS, OF_ONE_FAULT, refuse } from '../modes';
import { checkMatrix, renderMatrix, runMatrix } from './matrix';
import { checkSearch, readSchedule, replayable, runOne, runSearch } from './search';
import { renderSearch } from './search-text';

export const isMany = ({ seeds, schedule, faults }: DrillFlags): boolean =>
  seeds !== undefined || schedule !== undefined || faults !== undefined;

/** `synthesize` resolves to the stack's path; it is asked only for input that is good. */
export async function drillMany(
  context: Context,
  flags: DrillFlags,
  synthesize: () => Promise<string>,
): Promise<number> {
  if (flags.stack !== undefined && flags.faults === undefined) refuse(flags, '--stack and schedules', ['rto']);
  if (flags.schedule !== undefined) {
    refuse(flags, '--schedule', [...OF_ONE_FAULT, 'seeds', 'faults', ...OF_MANY_RUNS]);
    const schedule = readSchedule(context, flags, await placesFor(context, flags));
    return runOne(context, flags, flags.stack ?? (await synthesize()), schedule);
  }
  if (flags.seeds !== undefined) checkSearch(flags);
  if (flags.faults !== undefined) checkMatrix(flags);
  await placesFor(context, flags);
  const stack = flags.stack ?? (await synthesize());
  const look = { commit: context.processes.commit(), color: context.outColor };
  const rows = flags.faults === undefined ? undefined : await runMatrix(context, flags, stack);
  if (rows && !flags.json) context.out(renderMatrix(rows, look));
  const report = flags.seeds === undefined ? undefined : await runSearch(context, flags, stack);
  const failures = report ? replayable(context, flags, report) : [];
  if (report && !flags.json) context.out(renderSearch(report, failures, look));
  const passed = (rows ?? []).every(({ met }) => met) && (!report || hasPassed(report));
  const found = { ...(rows ? { rows } : {}), ...(report ? { search: { ...report, failures } } : {}) };
  if (flags.json) context.out(`${JSON.stringify({ schema: 1, passed, commit: look.commit, ...found })}\n`);
  return passed ? 0 : 1;
}

/** Of a stack that was given its own: it is read here first, so that what is wrong with it is said once, and not by a worker. */
async function placesFor(context: Context, { stack, seed, routing }: DrillFlags): Promise<Places> {
  if (stack === undefined) return placesOf(OURS, context.config().regions);
  const twin = await context.startTwin({ graph: readStack(stack), seed });
  checkRouting(routing, twin.routing);
  return placesOf(OURS, twin.world.regions);
}
