// `dr restore`: the earlier state beside the table in use, what differs, what would be written back, and the write-back.
import { restorerOf } from '@dr/consistency/restore';
import type { Context } from '../../context';
import { liveLine } from '../../terminal/live-line';
import { plan, type Planning } from './plan';
import { progressOf, type Progress } from './progress';
import { reportOf } from './report';
import { requestOf, type RestoreFlags } from './request';
import { restoredTable } from './restored-table';
import { renderRestore } from './text';
import { writeBack } from './write';

export async function restore(context: Context, flags: RestoreFlags): Promise<number> {
  const request = requestOf(context, flags);
  const { progress: path } = flags;
  const file = path === undefined ? undefined : context.processes.lineFile('--progress', path);
  const progress = progressOf(request, file, path);
  const recovery = context.recovery(request.region.awsRegion, request.table);
  const line = liveLine(context);
  const say = (text: string): void => line.show(`${request.table}: ${text}`);
  try {
    const made = await restoredTable(context, recovery, request, say);
    const tables = { live: recovery.versions(request.table), restored: recovery.versions(request.into) };
    const restorer = restorerOf(request.table, request.toMs);
    const planning: Planning = { operator: context.operator, tables, request, restorer, say };
    const seconds = { made: made.seconds, compared: 0, written: 0 };
    seconds.compared = await timed(context, () => planned(planning, progress, flags.yes === true));
    if (flags.yes) seconds.written = await timed(context, () => writeBack(planning, progress));
    line.end();
    const report = reportOf(request, progress, made, seconds, flags.yes === true);
    context.out(flags.json ? `${JSON.stringify(report)}\n` : renderRestore(report, flags));
    return report.left > 0 ? 1 : 0;
  } finally {
    line.end();
  }
}

async function timed({ wallMs }: Context, work: () => Promise<void>): Promise<number> {
  const startedMs = wallMs();
  await work();
  return Math.round(wallMs() - startedMs) / 1000;
}

/** A plan that was kept is carried out as people have read it; without that wish the comparison is made anew. */
async function planned(planning: Planning, progress: Progress, isToBeCarriedOut: boolean): Promise<void> {
  if (progress.complete && isToBeCarriedOut) return;
  if (!progress.open) progress.begin(planning.operator.now());
  await plan(planning, progress);
}
