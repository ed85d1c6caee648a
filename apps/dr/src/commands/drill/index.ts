// `dr drill`: a region of the synthesized stack is lost on its twin, or more happens to it; a new mode is a file here and a line below.
import { InputError, ROUTINGS } from '@dr/contracts';
import type { Command } from 'commander';
import type { Context, Run } from '../../context';
import { manual } from '../../terminal/manual';
import { numberOption, OBJECTIVE, oneOf, seedOption } from '../../terminal/options';
import { anotherStack, drillAnyStack, refuseOfAnyStack } from './any-stack';
import { declaredIn } from './declared';
import { faultOptions } from './fault-options';
import { firstStart } from './first-start';
import { matrix, search } from './many';
import {
  ANOTHER_CHOICE,
  OF_MANY_RUNS,
  OF_ONE_FAULT,
  isGiven,
  refuse,
  synthesisArgs,
  type DrillFlags,
  type Mode,
} from './mode';
import { checkNeverHeals } from './never-heals';
import { drillOneFault } from './one-fault';
import { PAGE } from './page';
import { incident } from './incident';
import { checkWhatIsLeft } from './leave';
import { loadOptions } from './load-options';
import { inRegions } from './region-count';
import { schedule } from './schedule';
import { shardOption } from './shard';
import { sweep } from './sweep';

/** In the order of --help. */
const MODES: readonly Mode[] = [schedule, incident, search, firstStart, matrix, sweep];
const MAX_RTO_SECONDS = 3_600;

export function drillCommand(program: Command, run: (run: Run) => void): void {
  const command = faultOptions(manual(program.command('drill'), PAGE))
    .description(
      'simulate the loss of a region of the synthesized stack in virtual time: RTO, RPO and every transition',
    )
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
  for (const mode of MODES) mode.option(command);
  command
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
      'keep what a search has found in this file as it comes; the same command then goes on where it was ended',
    )
    .option('--jobs <count>', 'processes of a search (default: one for each core)', numberOption('jobs'))
    .option('--json', 'print the report as one JSON object')
    .action(({ stack, ...flags }: Omit<DrillFlags, 'stack'> & { readonly stack?: readonly string[] }) =>
      run((context) => drill(context, { ...flags, stack: stack?.[0], stacks: stack })),
    );
}

export async function drill(given: Context, asked: DrillFlags): Promise<number> {
  if (asked.stack !== undefined) refuse(asked, '--stack', ['regions']);
  checkRto(asked.rto);
  checkNeverHeals(asked);
  const drilled = declaredIn(given, asked);
  const other = drilled ? undefined : asked.stacks && anotherStack(asked.stacks);
  if (other) return drillAnyStack(given, asked, other);
  if (!drilled) refuseOfAnyStack(asked);
  const context = asked.regions === undefined ? given : inRegions(given, asked.regions);
  const flags = { ...asked, drilled, former: checkWhatIsLeft(context, asked) };
  const synthesize = (): Promise<string> => synthesized(context, flags);
  const isAsked = ({ asks }: Mode): boolean => isGiven(flags, asks);
  const mode = isAsked(firstStart) ? firstStart : MODES.find(isAsked);
  if (!mode) {
    refuse(flags, 'the drill of one fault', OF_MANY_RUNS);
    return drillOneFault(context, flags, synthesize);
  }
  for (const one of MODES.filter(({ asks }) => asks === mode.asks || asks === mode.beside).filter(isAsked)) {
    const others = MODES.map(({ asks }) => asks).filter((asks) => asks !== one.asks && asks !== one.beside);
    refuse(
      flags,
      one.name,
      OF_ONE_FAULT.filter((option) => !one.takes?.includes(option)),
    );
    refuse(flags, one.name, others, ANOTHER_CHOICE);
    refuse(flags, one.name, one.refuses(flags));
    one.check?.(flags, context);
  }
  return mode.run(context, flags, synthesize);
}

/** As dr.config.ts has it; a synthesis would say so, but with --stack there is none. */
export function checkRto(rto: number | undefined): void {
  if (rto === undefined || (rto > 0 && rto <= MAX_RTO_SECONDS)) return;
  throw new InputError(`--rto ${rto}`, 'is out of range', `Give seconds above 0, up to ${MAX_RTO_SECONDS}`);
}

export const synthesized = (context: Context, flags: Pick<DrillFlags, 'routing' | 'rto'>): Promise<string> =>
  context.synthesize(synthesisArgs(flags), context.temporaryDirectory());
