// `dr drill --schedule FILE`: the faults and orders of a file, in this process.
import { parseSchedule } from '@dr/drills';
import type { Context } from '../../context';
import { OF_MANY_RUNS, placesFor, refuseRto, type DrillFlags, type Mode } from './mode';
import { outcomeText, runGiven } from './given-schedule';
import { exitCode } from './leave';

type Flags = DrillFlags & { readonly schedule: string };

export const schedule: Mode = {
  asks: 'schedule',
  name: '--schedule',
  refuses: () => OF_MANY_RUNS,
  check: refuseRto,
  run: (context, flags, synthesize) => runSchedule(context, flags as Flags, synthesize),
};

async function runSchedule(context: Context, flags: Flags, synthesize: () => Promise<string>): Promise<number> {
  const { schedule: path, json } = flags;
  const places = await placesFor(context, flags);
  // Before anything is synthesized.
  const given = parseSchedule(context.processes.readFile('--schedule', path), path, places);
  const ran = await runGiven(context, flags, { label: 'schedule', schedule: given }, synthesize);
  const { passed, outcome, commit } = ran;
  context.out(
    json ? `${JSON.stringify({ schema: 1, passed, ...outcome, commit })}\n` : outcomeText(ran, context.outColor),
  );
  return exitCode(passed, ran.kept);
}
