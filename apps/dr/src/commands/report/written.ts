// The files of a report: the page, and beside it the same as JSON.
import { InputError } from '@dr/contracts';
import {
  differencesOf,
  pageOf,
  reportPageOf,
  RunLog,
  runReportOf,
  type About,
  type DrillsReport,
  type GameDayRecord,
  type GameDayReport,
  type NamedLog,
  type ReviewReport,
  type RunReport,
} from '@dr/player';
import type { Context } from '../../context';
import { assumptionLines } from './assumptions';

type Files = Pick<Context, 'writeFile' | 'player'>;

/** The page, and its JSON unless the page goes to a device or a pipe. Throws InputError before anything is written. */
export function reportPlaces(context: Pick<Context, 'besideReport'>, option: string, path: string): readonly string[] {
  const beside = context.besideReport(path, option);
  return beside === undefined ? [path] : [path, beside];
}

/** What is read must not be lost to what is written; a former report may be written over, since it is read first. */
export function checkApart(
  { samePlace }: Pick<Context, 'samePlace'>,
  option: string,
  places: readonly string[],
  others: readonly string[],
): void {
  const isReport = (path: string): boolean => /\.html?$/i.test(path);
  for (const place of places) {
    const lost = others.find((other) => !isReport(other) && samePlace(place, other));
    if (lost === undefined) continue;
    throw new InputError(
      `--${option} "${places[0] ?? ''}"`,
      place === places[0] ? `would take the place of "${lost}"` : `would put its JSON in the place of "${lost}"`,
      'Name another file',
    );
  }
}

interface Beside {
  /** A run that this one is held against. */
  readonly former?: NamedLog | undefined;
  readonly gameDay?: GameDayRecord;
}

export const aboutRun = (now?: NamedLog, { former, gameDay }: Beside = {}): About => ({
  assumptions: assumptionLines(),
  ...(former && now
    ? { former: { name: former.name, differences: differencesOf(new RunLog(former.log), new RunLog(now.log)) } }
    : {}),
  ...(gameDay ? { gameDay } : {}),
});

/** Of one log, or of two with the former one first. `former`: beside one log, another that is not in the page. */
export function writeRunReport(
  context: Files,
  places: readonly string[],
  { logs, former, gameDay }: Beside & { readonly logs: readonly NamedLog[] },
): RunReport {
  const now = logs.at(-1) as NamedLog;
  const about = aboutRun(now, {
    former: former ?? (logs.length > 1 ? logs[0] : undefined),
    ...(gameDay ? { gameDay } : {}),
  });
  const report = runReportOf(new RunLog(now.log), about);
  write(context, places, pageOf(context.player(), logs, about), report);
  return report;
}

export const writeReport = (
  context: Files,
  places: readonly string[],
  report: DrillsReport | GameDayReport | ReviewReport,
): void => write(context, places, reportPageOf(context.player(), report), report);

function write({ writeFile }: Files, [path, beside]: readonly string[], page: string, report: object): void {
  writeFile(path as string, [page]);
  if (beside !== undefined) writeFile(beside, [`${JSON.stringify(report)}\n`]);
}
