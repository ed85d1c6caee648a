// `dr drill --seeds N` and `--faults matrix`, alone or together: each says what it has found, and one JSON object holds both.
import { hasPassed } from '@dr/drills';
import type { Context } from '../../context';
import { numberOption, oneOf } from '../../terminal/options';
import { LEFT_BEHIND } from './leave';
import { checkMatrix, renderMatrix, runMatrix } from './matrix';
import { OF_MANY_RUNS, placesFor, type DrillFlags, type Mode } from './mode';
import { checkSearch, replayable, runSearch } from './search';
import { renderSearch } from './search-text';

export const search: Mode = {
  asks: 'seeds',
  name: '--seeds',
  option: (command) =>
    command.option(
      '--seeds <count>',
      'search: run this many random schedules, beginning with --seed',
      numberOption('seeds'),
    ),
  beside: 'faults',
  refuses: () => LEFT_BEHIND,
  check: checkSearch,
  run: runMany,
};

export const matrix: Mode = {
  asks: 'faults',
  name: '--faults matrix',
  option: (command) =>
    command.option(
      '--faults <matrix>',
      'run every class of fault once and print the table',
      oneOf('faults', ['matrix']),
    ),
  beside: 'seeds',
  refuses: ({ seeds }) => [
    ...LEFT_BEHIND,
    ...OF_MANY_RUNS.filter((option) => option !== 'jobs' && seeds === undefined),
  ],
  check: checkMatrix,
  run: runMany,
};

async function runMany(context: Context, flags: DrillFlags, synthesize: () => Promise<string>): Promise<number> {
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
