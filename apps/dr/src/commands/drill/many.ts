// `dr drill --seeds N` and `--faults matrix`, alone or together: each says what it has found, and one JSON object holds both.
import { hasPassed, OURS, scheduleChecks, startTwin } from '@dr/drills';
import { drillsReportOf, type DrillsResult } from '@dr/player';
import { readStacks } from '@dr/terraform-json';
import type { Context } from '../../context';
import type { GivenSubject } from '../../drilled';
import { provenanceOf, settingsOf } from '../report/provenance';
import { aboutRun, reportPlaces, writeReport } from '../report/written';
import { keptSearch, type KeptSearch } from './kept-search';
import { exitCode, OF_ONE_RUN, written } from './leave';
import { checkMatrix, renderMatrix, runMatrix } from './matrix';
import { OF_MANY_RUNS, placesFor, type DrillFlags, type Mode } from './mode';
import { drillCommand } from './replay';
import { checkSearch, replayable, runSearch, searchedWith } from './search';
import { codeSha256Of, identityOf } from './search-identity';
import { renderSearch } from './search-text';
import { shardOf } from './shard';
import { shardIn } from './shard-json';

export const search: Mode = {
  asks: 'seeds',
  name: '--seeds',
  beside: 'faults',
  refuses: () => OF_ONE_RUN,
  check: checkSearch,
  run: runMany,
};

export const matrix: Mode = {
  asks: 'faults',
  name: '--faults matrix',
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
  const found = keptIn(context, flags, subject);
  const look = { commit: context.processes.commit(), color: context.outColor, shard: shardOf(context, flags) };
  const width = context.outTerminal ? context.columns : undefined;
  const rows = flags.faults === undefined ? undefined : await runMatrix(context, flags, subject);
  if (rows && !flags.json) context.out(renderMatrix(rows, { ...look, width }));
  // Before the search: whoever builds meanwhile changes files that are read already.
  const codeSha256 = flags.seeds === undefined ? undefined : codeSha256Of(context, subject);
  const report = flags.seeds === undefined ? undefined : await runSearch(context, flags, subject, found);
  const failures = report ? replayable(context, searchedWith(flags), report.failures) : [];
  if (report && !flags.json) context.out(renderSearch(report, failures, scheduleChecks(drilled?.system ?? OURS), look));
  const passed = (rows ?? []).every(({ met }) => met) && (!report || hasPassed(report));
  const isPart = found !== undefined && flags.shard !== undefined;
  if (!flags.json && flags.report === undefined && !isPart) return passed ? 0 : 1;
  const result = {
    ...{ schema: 1 as const, passed },
    ...(await circumstances(context, flags, subject)),
    ...(codeSha256 === undefined ? {} : { codeSha256 }),
    ...(rows ? { rows } : {}),
    ...(report ? { search: { ...report, failures } } : {}),
  };
  if (isPart) found.end(result);
  const kept = leaveReport(context, flags.report, result);
  if (flags.json) context.out(`${JSON.stringify(result)}\n`);
  return exitCode(passed, kept);
}

const PROGRESS = '--progress';

function keptIn(context: Context, flags: DrillFlags, subject: GivenSubject): KeptSearch | undefined {
  const { progress } = flags;
  if (progress === undefined) return undefined;
  const file = context.processes.lineFile(PROGRESS, progress);
  return keptSearch(file, `${PROGRESS} "${progress}"`, identityOf(context, flags, subject));
}

/** What ran, beside what it came to: the settings are those of the stack itself. */
async function circumstances(context: Context, flags: DrillFlags, subject: GivenSubject) {
  const { stacks, declared } = subject;
  const { seed, seeds, faults, routing, rto, regions, drilled } = flags;
  const twin = drilled
    ? await startTwin({ ...drilled, seed })
    : await context.startTwin({ graph: readStacks(stacks), seed });
  const { rtoSeconds, rpoSeconds = 0 } = (drilled?.declaration ?? context.config()).objectives;
  const given = { stack: drilled ? stacks : flags.stack, system: flags.system };
  const again = { faults, seeds, seed, rto, regions, routing, ...given, 'stop-after': flags.stopAfter };
  const shard = shardIn(context, flags, drillCommand(again));
  return {
    ...provenanceOf(context, stacks, declared?.text),
    seed,
    replay: drillCommand({ ...again, shard: shard && `${shard.index}/${shard.of}` }),
    // A schedule of ours is held to what follows from the settings.
    settings: settingsOf(twin, faults === undefined && !drilled ? null : { rtoSeconds: rto ?? rtoSeconds, rpoSeconds }),
    ...(seeds === undefined ? {} : { checks: scheduleChecks(drilled?.system ?? OURS) }),
    ...(shard && { shard }),
  };
}

function leaveReport(context: Context, path: string | undefined, result: DrillsResult): boolean {
  if (path === undefined) return true;
  return written(context, 'report', () =>
    writeReport(context, reportPlaces(context, 'report', path), drillsReportOf(result, aboutRun())),
  );
}
