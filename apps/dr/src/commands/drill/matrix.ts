// `dr drill --faults matrix`: every class of fault once, and the table of what came of it.
import { columns, MATRIX_FAULTS, type MatrixRow } from '@dr/drills';
import pc from 'picocolors';
import type { Context } from '../../context';
import type { GivenSubject } from '../../drilled';
import { checkCount } from '../../terminal/options';
import type { DrillFlags } from './mode';
import { MAX_JOBS } from './search';
import { searchProgress } from './search-progress';
import { whole } from './search-text';
import { visibleWidth } from '../../terminal/fitted';

export const checkMatrix = ({ jobs }: DrillFlags): void => checkCount('jobs', jobs, MAX_JOBS);

export async function runMatrix(context: Context, flags: DrillFlags, subject: GivenSubject): Promise<MatrixRow[]> {
  const { objectives } = context.config();
  const objective = { rtoSeconds: flags.rto ?? objectives.rtoSeconds, rpoSeconds: objectives.rpoSeconds };
  const progress = searchProgress(context);
  const startedMs = context.wallMs();
  const pool = context.processes.seedPool(subject, flags.jobs);
  const rows: MatrixRow[] = [];
  const show = (): void => {
    const wallSeconds = (context.wallMs() - startedMs) / 1000;
    const broken = rows.filter(({ met }) => !met).length;
    progress.show({ phase: 'drilling', done: rows.length, of: MATRIX_FAULTS.length, broken, wallSeconds });
  };
  show();
  const drilled = MATRIX_FAULTS.map(async (fault) => {
    const row = await pool.drill(flags.seed, fault, objective);
    rows.push(row);
    show();
    return row;
  });
  return Promise.all(drilled).finally(() => progress.end());
}

const HEAD = ['fault', 'path taken', 'RTO', 'RPO', 'alert after', 'struck', 'invocations', 'met'];
/** Columns of numbers. */
const NUMBERS = [2, 3, 4, 5, 6];

/** `width`: of the terminal; undefined: as wide as it likes. A table that does not fit becomes a list, in which nothing is torn apart. */
export function renderMatrix(rows: readonly MatrixRow[], { color, width = Infinity }: MatrixLook): string {
  const c = pc.createColors(color);
  const cells = rows.map((row) => [...cellsOf(row), row.met ? c.green('✓') : c.red('✗')]);
  const table = columns([HEAD, ...cells], NUMBERS);
  const isWider = table.split('\n').some((line) => visibleWidth(line) > width);
  const reasons = rows.flatMap(({ fault, reasons: why }) => why.map((reason) => `${c.red('✗')} ${fault}: ${reason}`));
  const missed = rows.filter(({ met }) => !met).length;
  const verdict =
    missed === 0
      ? `${c.green('✓')} All ${rows.length} classes meet what is promised.`
      : `${c.red('✗')} ${missed} of ${rows.length} do not.`;
  return `${[isWider ? cells.map(listed).join('\n') : table, '', ...reasons, verdict].join('\n')}\n`;
}

interface MatrixLook {
  readonly color: boolean;
  readonly width?: number | undefined;
}

function cellsOf(row: MatrixRow): string[] {
  const seconds = (value: number | null): string => (value === null ? '-' : `${value.toFixed(1)} s`);
  const times = [row.rto, row.rpo, row.alertSeconds].map(seconds);
  const counts = [row.injectedEvents, row.handlerInvocations].map(whole);
  return [row.fault, row.path, ...times, ...counts];
}

/** One class on a few short lines. */
function listed([fault, path, rto, rpo, alert, struck, invocations, met]: readonly string[]): string {
  return [
    `${met} ${fault}`,
    `    path taken   ${path}`,
    `    RTO, RPO     ${rto}, ${rpo}`,
    `    alert after  ${alert}`,
    `    struck       ${struck}`,
    `    invocations  ${invocations}`,
  ].join('\n');
}
