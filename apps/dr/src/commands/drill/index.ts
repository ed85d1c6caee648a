// `dr drill`: its options. What it does is loaded when it runs: that is the twin and all that is simulated on it.
import { ROUTINGS } from '@dr/contracts';
import type { Command } from 'commander';
import type { Run } from '../../context';
import { manual } from '../../terminal/manual';
import { numberOption, OBJECTIVE, oneOf, seedOption } from '../../terminal/options';
import { faultOptions } from './fault-options';
import { loadOptions } from './load-options';
import type { DrillFlags } from './mode';
import { modeOptions } from './mode-options';
import { PAGE } from './page';
import { shardOption } from './shard';

export function drillCommand(command: Command, run: (run: Run) => void): void {
  faultOptions(manual(command, PAGE))
    .option('--seed <number>', 'seed of everything random; same seed, same run', seedOption, 1)
    .option(
      '--routing <policy>',
      `how Route 53 answers: ${ROUTINGS.join(', ')} (default: dr.config.ts)`,
      oneOf('routing', ROUTINGS),
    )
    .option('--rto <seconds>', OBJECTIVE, numberOption('rto'))
    .option(
      '--regions <count>',
      'run in so many regions, 2 to 4: those of dr.config.ts, and the nearest others where it has fewer',
      numberOption('regions'),
    )
    .option(
      '--stack <files...>',
      'a synthesized cdk.tf.json (default: that of dr.config.ts), or what dr review reads of the stack of another team; --rto then changes only the objective',
    )
    .option(
      '--system <file>',
      'what a team says of its own system (docs/guides/system.md): its functions run on the stack that --stack names, and RPO is simulated',
    )
    .option('--name <name>', 'of the stack of another team: drill this public name alone')
    .option('--events <file>', 'write the event log as JSON lines (docs/event-log.md)')
    .option(
      '--report <file>',
      'write one HTML file to look at, and to hand to an auditor; its figures go beside it, as FILE.json',
    )
    .option('--compare <file>', 'print what has changed since a former run: its event log, or its report');
  loadOptions(command).option('--history', 'also print what dr history would show: the record that the regions kept');
  modeOptions(command)
    .option(
      '--stop-after <count>',
      'end a search after this many broken seeds (default: 20)',
      numberOption('stop-after'),
    )
    .option('--shrink <tries>', 'runs that try to make a broken schedule smaller (default: 60)', numberOption('shrink'))
    .option(
      '--shard <index/count>',
      'run one of so many equal parts of a search, counted from 1: 3/8. auto/8: as JOB_COMPLETION_INDEX or AWS_BATCH_JOB_ARRAY_INDEX says; dr merge puts them together',
      shardOption,
    )
    .option(
      '--progress <file>',
      'keep what a search has found in this file as it comes; the same command then goes on where it was ended. A shard may name a directory, and has a file of its own there',
    )
    .option('--jobs <count>', 'processes of a search (default: one for each core)', numberOption('jobs'))
    .option('--json', 'print the report as one JSON object')
    .action(({ stack, ...flags }: Omit<DrillFlags, 'stack'> & { readonly stack?: readonly string[] }) =>
      run(async (context) => (await import('./run')).drill(context, { ...flags, stack: stack?.[0], stacks: stack })),
    );
}
