// `dr drill --seeds N` and `--faults matrix`, alone or together: each says what it has found, and one JSON object holds both.
import { hasPassed, OURS, scheduleChecks, startTwin } from '@dr/drills';
import { drillsReportOf, type DrillsResult } from '@dr/player';
import { readStacks } from '@dr/terraform-json';
import type { Context } from '../../context';
import type { GivenSubject } from '../../drilled';
import { numberOption, oneOf } from '../../terminal/options';
import { provenanceOf, settingsOf } from '../report/provenance';
import { aboutRun, reportPlaces, writeReport } from '../report/written';
import { exitCode, OF_ONE_RUN, written } from './leave';
import { checkMatrix, renderMatrix, runMatrix } from './matrix';
import { OF_MANY_RUNS, placesFor, type DrillFlags, type Mode } from './mode';
import { drillCommand } from './replay';
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
  refuses: () => OF_ONE_RUN,
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
  refuses: ({ seeds }) => [...OF_ONE_RUN, ...OF_MANY_RUNS.filter((option) => option !== 'jobs' && seeds === undefined)],
  check: checkMatrix,
  run: runMany,
};

async function runMany(context: Context, flags: DrillFlags, synthesize: () => Promise<string>): Promise<number> {
  await placesFor(context, flags);
  const { drilled } = flags;
  const stack = flags.stack ?? (await synthesize());
  const subject: GivenSubject = drilled?.given ?? { stacks: [stack] };
  const look = { commit: context.processes.commit(), color: context.outColor };
  const width = context.outTerminal ? context.columns : undefined;
  const rows = flags.faults === undefined ? undefined : await runMatrix(context, flags, subject);
  if (rows && !flags.json) context.out(renderMatrix(rows, { ...look, width }));
  const report = flags.seeds === undefined ? undefined : await runSearch(context, flags, subject);
  const failures = report ? replayable(context, flags, report) : [];
  if (report && !flags.json) context.out(renderSearch(report, failures, scheduleChecks(drilled?.system ?? OURS), look));
  const passed = (rows ?? []).every(({ met }) => met) && (!report || hasPassed(report));
  if (!flags.json && flags.report === undefined) return passed ? 0 : 1;
  const result = {
    ...{ schema: 1 as const, passed },
    ...(await circumstances(context, flags, subject)),
    ...(rows ? { rows } : {}),
    ...(report ? { search: { ...report, failures } } : {}),
  };
  const kept = leaveReport(context, flags.report, result);
  if (flags.json) context.out(`${JSON.stringify(result)}\n`);
  return exitCode(passed, kept);
}

/** What ran, beside what it came to: the settings are those of the stack itself. */
async function circumstances(context: Context, flags: DrillFlags, { stacks, declared }: GivenSubject) {
  const { seed, seeds, faults, routing, rto, regions, drilled } = flags;
  const twin = drilled
    ? await startTwin({ ...drilled, seed })
    : await context.startTwin({ graph: readStacks(stacks), seed });
  const { rtoSeconds, rpoSeconds = 0 } = (drilled?.declaration ?? context.config()).objectives;
  const given = { stack: drilled ? stacks : flags.stack, system: flags.system };
  return {
    ...provenanceOf(context, stacks, declared?.text),
    seed,
    replay: drillCommand({ faults, seeds, seed, rto, regions, routing, ...given, 'stop-after': flags.stopAfter }),
    // A schedule of ours is held to what follows from the settings.
    settings: settingsOf(twin, faults === undefined && !drilled ? null : { rtoSeconds: rto ?? rtoSeconds, rpoSeconds }),
    ...(seeds === undefined ? {} : { checks: scheduleChecks(drilled?.system ?? OURS) }),
  };
}

function leaveReport(context: Context, path: string | undefined, result: DrillsResult): boolean {
  if (path === undefined) return true;
  return written(context, 'report', () =>
    writeReport(context, reportPlaces(context, 'report', path), drillsReportOf(result, aboutRun())),
  );
}
