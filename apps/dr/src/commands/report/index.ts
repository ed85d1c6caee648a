// `dr report FILE...`: the auditor's file of one event log, of two side by side, of a search, or of a game day.
import type { Command } from 'commander';
import type { Run } from '../../context';
import { manual } from '../../terminal/manual';
import { PAGE } from './page';
import type { ReportFlags } from './run';

export function reportCommand(command: Command, run: (run: Run) => void): void {
  manual(command, PAGE)
    .argument(
      '<file...>',
      'event log that drill --events has written, or a former report; of two, the former one first. Or what a search or --faults matrix printed with --json, or the record of a game day',
    )
    .requiredOption('--out <file>', 'the file to write: HTML that needs nothing from anywhere; its JSON goes beside it')
    .option('--json', 'print the verdict and, of two logs, the differences as one JSON object')
    .action((paths: readonly string[], flags: ReportFlags) =>
      run(async (context) => (await import('./run')).report(context, paths, flags)),
    );
}
