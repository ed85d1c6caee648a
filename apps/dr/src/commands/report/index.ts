// `dr report LOG...`: the auditor's file of one event log, or of two side by side.
import { InputError } from '@dr/contracts';
import { readLog } from '@dr/event-log';
import { differencesOf, pageOf, RunLog, verdictOf, type NamedLog } from '@dr/player';
import type { Command } from 'commander';
import { basename } from 'node:path';
import type { Context, Run } from '../../context';
import { columns } from '../../terminal/columns';
import { manual, type ManualPage } from '../../terminal/manual';
import { assumptionLines } from './assumptions';

const PAGE: ManualPage = {
  examples: [
    ['report events.jsonl --out report.html', 'one file: the player, and the report for an auditor'],
    ['report before.jsonl after.jsonl --out compared.html', 'two runs side by side, their clocks at the fault'],
  ],
  exits: { 0: 'the run of the last log passed, or its log was cut off', 1: 'it failed' },
  json: {
    schema: '1',
    passed: 'boolean | null: of the last log; null: it was cut off, so nobody knows',
    headline: 'string: the verdict in a sentence or two',
    'reasons[]?': 'string: why it failed',
    complete: 'boolean: the log has its last line',
    'differences[].what?': 'string: of two logs, a figure',
    'differences[].before?': 'string: in the first log',
    'differences[].now?': 'string: in the second log',
    'differences[].change?': 'string: by how much',
    'differences[].judged?': 'string: better, worse, same, or not judged: two logs are one seed each',
    'differences[].note?': 'string: why it is not judged',
  },
};

interface Flags {
  readonly out: string;
  readonly json?: true;
}

/** A drill of an hour has 60 MB. */
const MAX_LOG_BYTES = 256 << 20;

export function reportCommand(program: Command, run: (run: Run) => void): void {
  manual(program.command('report'), PAGE)
    .description('make one file of an event log, to look at and to hand to an auditor; of two logs, the comparison')
    .argument('<log...>', 'event log that drill --events has written; of two, the former one first')
    .requiredOption('--out <file>', 'the file to write: HTML that needs nothing from anywhere')
    .option('--json', 'print the verdict and, of two logs, the differences as one JSON object')
    .action((paths: readonly string[], flags: Flags) =>
      run((context) => Promise.resolve(report(context, paths, flags))),
    );
}

function report(context: Context, paths: readonly string[], { out, json }: Flags): number {
  if (paths.length > 2)
    throw new InputError(`${paths.length} logs`, 'are more than a page compares', 'Give one log, or two');
  context.checkWritable(out, 'out');
  const logs = paths.map((path) => loggedIn(context, path));
  context.writeFile(out, [pageFor(context, logs)]);
  const said = summaryOf(logs);
  context.out(json ? `${JSON.stringify({ schema: 1, ...said })}\n` : `${render(logs, said)}\nWritten: ${out}\n`);
  return said.passed === false ? 1 : 0;
}

/** The log in a file. Throws InputError. */
export const loggedIn = ({ processes }: Context, path: string): NamedLog => ({
  name: basename(path),
  log: readLog(processes.readFile('log', path, MAX_LOG_BYTES), `log "${path}"`),
});

/** The page as text. */
export const pageFor = ({ player }: Pick<Context, 'player'>, logs: readonly NamedLog[]): string =>
  pageOf(player(), logs, { assumptions: assumptionLines() });

function summaryOf(logs: readonly NamedLog[]) {
  const runs = logs.map(({ log }) => new RunLog(log));
  const [first, last] = [runs[0] as RunLog, runs.at(-1) as RunLog];
  const { passed, headline, reasons } = verdictOf(last);
  return {
    passed: passed ?? null,
    headline,
    reasons,
    complete: last.end !== null,
    differences: runs.length > 1 ? differencesOf(first, last) : [],
  };
}

function render(logs: readonly NamedLog[], { passed, headline, reasons }: ReturnType<typeof summaryOf>): string {
  const verdict = passed === null ? 'INCOMPLETE' : passed ? 'PASSED' : 'FAILED';
  const lines = [`${verdict}  ${headline}`, ...reasons.map((reason) => `  ${reason}`)];
  return `${lines.join('\n')}\n${logs.length > 1 ? `\n${differencesText(logs)}` : ''}`;
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
