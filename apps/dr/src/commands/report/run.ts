// What `dr report` does: reads what it is given, tells what it is, and writes the page and the JSON beside it.
import { InputError } from '@dr/contracts';
import { differencesOf, drillsReportOf, gameDayReportOf, RunLog, type Difference, type NamedLog } from '@dr/player';
import type { Context } from '../../context';
import { columns } from '../../terminal/columns';
import { checkComparable, checkSameFault, sourceIn, type Source } from './inputs';
import { aboutRun, checkApart, reportPlaces, writeReport, writeRunReport } from './written';

export interface ReportFlags {
  readonly out: string;
  readonly json?: true;
}

export function report(context: Context, paths: readonly string[], { out, json }: ReportFlags): number {
  if (paths.length > 2)
    throw new InputError(`${paths.length} files`, 'are more than a page compares', 'Give one, or two event logs');
  const places = reportPlaces(context, 'out', out);
  checkApart(context, 'out', places, paths);
  const sources = paths.map((path) => sourceIn(context, path));
  const written = write(context, places, sources);
  context.out(json ? `${JSON.stringify({ schema: 1, ...written.said })}\n` : render(written, places));
  return written.said.passed === false ? 1 : 0;
}

function write(context: Context, places: readonly string[], sources: readonly Source[]): Shown {
  const [first, second] = sources as [Source, Source?];
  if (second === undefined && first.of !== 'log') {
    const about = aboutRun();
    const made = first.of === 'drills' ? drillsReportOf(first.result, about) : gameDayReportOf(first.record, about);
    writeReport(context, places, made);
    const { passed, headline, reasons } = made;
    return { said: { passed, headline, reasons, complete: true, differences: [] }, logs: [], tag: made.tag };
  }
  const { logs, gameDay } = together(sources);
  const made = writeRunReport(context, places, { logs, ...(gameDay ? { gameDay } : {}) });
  const { passed, headline, reasons, run, former } = made;
  const said = { passed, headline, reasons, complete: run.complete, differences: former?.differences ?? [] };
  return { said, logs, tag: made.tag };
}

/** One log, two, or one and the record of a game day of the same fault. Throws InputError. */
function together(sources: readonly Source[]) {
  const logs = sources.flatMap((source) => (source.of === 'log' ? [source.named] : []));
  const [gameDay] = sources.flatMap((source) => (source.of === 'game-day' ? [source.record] : []));
  const [former, now] = logs;
  if (!former || sources.some(({ of }) => of === 'drills'))
    throw new InputError(
      sources.some(({ of }) => of === 'drills') ? 'the result of many runs' : 'two game days',
      'cannot stand beside another file',
      'Give each alone; beside an event log there may be another one, or the record of a game day',
    );
  if (now) checkComparable(former, { name: now.name, regions: now.log.header.regions });
  if (gameDay) checkSameFault(former, gameDay);
  return { logs, gameDay };
}

interface Shown {
  readonly said: {
    readonly passed: boolean | null;
    readonly headline: string;
    readonly reasons: readonly string[];
    readonly complete: boolean;
    readonly differences: readonly Difference[];
  };
  readonly logs: readonly NamedLog[];
  readonly tag: string;
}

function render({ said: { headline, reasons }, logs, tag }: Shown, places: readonly string[]): string {
  const lines = [`${tag.toUpperCase()}  ${headline}`, ...reasons.map((reason) => `  ${reason}`)];
  const differences = logs.length > 1 ? `\n${differencesText(logs)}` : '';
  return `${lines.join('\n')}\n${differences}\nWritten: ${places.join(', ')}\n`;
}

/** Of two logs, the former one first: what has become of each figure. */
export function differencesText(logs: readonly NamedLog[]): string {
  const [before, now] = logs.map(({ log }) => new RunLog(log)) as [RunLog, RunLog];
  const rows = differencesOf(before, now).map(({ what, before: was, now: is, change, judged }) => [
    what,
    was,
    is,
    [change, judged === 'same' ? '' : judged].filter(Boolean).join(', '),
  ]);
  return `${columns([['', ...logs.map(({ name }) => name), 'difference'], ...rows])}\n`;
}
