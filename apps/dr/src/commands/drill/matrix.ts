// `dr drill --faults matrix`: every class of fault once, and the table of what came of it.
import { MATRIX_FAULTS, type MatrixRow } from '@dr/drills';
import Table from 'cli-table3';
import pc from 'picocolors';
import type { Context } from '../../context';
import { checkCount } from '../../terminal/options';
import type { DrillFlags } from './mode';
import { MAX_JOBS } from './search';
import { searchProgress } from './search-progress';

export const checkMatrix = ({ jobs }: DrillFlags): void => checkCount('jobs', jobs, MAX_JOBS);

export async function runMatrix(context: Context, flags: DrillFlags, stack: string): Promise<MatrixRow[]> {
  const { objectives } = context.config();
  const objective = { rtoSeconds: flags.rto ?? objectives.rtoSeconds, rpoSeconds: objectives.rpoSeconds };
  const progress = searchProgress(context);
  const startedMs = context.wallMs();
  const pool = context.processes.seedPool(stack, flags.jobs);
  let done = 0;
  let broken = 0;
  progress.show({ phase: 'drilling', done, of: MATRIX_FAULTS.length, broken, wallSeconds: 0 });
  const drilled = MATRIX_FAULTS.map(async (fault) => {
    const row = await pool.drill(flags.seed, fault, objective);
    done += 1;
    if (!row.met) broken += 1;
    const wallSeconds = (context.wallMs() - startedMs) / 1000;
    progress.show({ phase: 'drilling', done, of: MATRIX_FAULTS.length, broken, wallSeconds });
    return row;
  });
  return Promise.all(drilled).finally(() => progress.end());
}

const NO_FRAME = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left']
    .concat(['left-mid', 'mid', 'mid-mid', 'right', 'right-mid'])
    .map((place) => [place, '']),
);
const HEAD = ['fault', 'path taken', 'RTO', 'RPO', 'alert after', 'struck', 'invocations', 'met'];

export function renderMatrix(rows: readonly MatrixRow[], { color }: { readonly color: boolean }): string {
  const c = pc.createColors(color);
  const table = new Table({
    chars: { ...NO_FRAME, middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: HEAD.map((_, at) => (at >= 2 && at <= 6 ? 'right' : 'left')),
    head: HEAD,
  });
  const seconds = (value: number | null): string => (value === null ? '-' : `${value.toFixed(1)} s`);
  for (const { fault, path, rto, rpo, alertSeconds, injectedEvents, handlerInvocations, met } of rows) {
    const counts = [injectedEvents, handlerInvocations].map((count) => count.toLocaleString('en-US'));
    const mark = met ? c.green('✓') : c.red('✗');
    table.push([fault, path, seconds(rto), seconds(rpo), seconds(alertSeconds), ...counts, mark]);
  }
  const reasons = rows.flatMap(({ fault, reasons: why }) => why.map((reason) => `${c.red('✗')} ${fault}: ${reason}`));
  const missed = rows.filter(({ met }) => !met).length;
  const verdict =
    missed === 0
      ? `${c.green('✓')} All ${rows.length} classes meet what is promised.`
      : `${c.red('✗')} ${missed} of ${rows.length} do not.`;
  return `${[table.toString(), '', ...reasons, verdict].join('\n')}\n`;
}
