// `dr drill`: a region is lost on the twin of the synthesized stack, and everything about it is measured.
import type { DrillReport } from '@dr/contracts';
import type { Routing } from '@dr/contracts/system/config';
import { OURS, parseScenario, placesOf, renderText, runDrill, type RunningStack, type Scenario } from '@dr/drills';
import { readStack, type Graph } from '@dr/terraform-json';
import type { Command } from 'commander';
import type { Context, Run } from '../context';
import { exitCode, keepEvents } from '../deliver';
import type { DrillFlags } from '../drill-flags';
import { drillFirstStart } from './first-start';
import { rehearsedHistory, renderHistory, type History } from './history';
import { drillMany, isMany } from './many';
import { checkRouting, checkRto, OF_MANY_RUNS, refuse } from '../modes';
import { numberOption, oneOf, seedOption } from '../options';
import { progressLine } from '../live-line';
import { inRegions } from '../region-count';
import { replayCommand } from '../replay';

const ROUTINGS: readonly Routing[] = ['latency', 'weighted', 'failover'];

export function drillCommand(program: Command, run: (run: Run) => void): void {
  program
    .command('drill')
    .description('lose a region of the synthesized stack in virtual time and measure RTO, RPO and every transition')
    .option('--region <name>', 'region that the fault hits (default: the first one)')
    .option('--duration <seconds>', 'length of the fault (default: 300)', numberOption('duration'))
    .option('--fault <kind>', 'what happens to the region (default: region-dark)')
    .option('--function <name>', 'function that a lambda-* or bad-deploy fault hits (default: traffic-router)')
    .option('--seed <number>', 'seed of everything random; same seed, same run', seedOption, 1)
    .option('--routing <policy>', 'latency, weighted or failover (default: dr.config.ts)', oneOf('routing', ROUTINGS))
    .option('--rto <seconds>', 'objective: worst client, seconds (default: dr.config.ts)', numberOption('rto'))
    .option(
      '--regions <count>',
      'run in so many regions, 2 to 4: those of dr.config.ts, and the nearest others where it has fewer',
      numberOption('regions'),
    )
    .option(
      '--stack <file>',
      'a synthesized cdk.tf.json (default: that of dr.config.ts); --rto then changes only the objective',
    )
    .option('--events <file>', 'write the event log as JSON lines')
    .option('--clients <count>', 'clients in all (default: 200)', numberOption('clients'))
    .option('--rate <per second>', 'requests a second of all clients (default: 20)', numberOption('rate'))
    .option('--history', 'also print what dr history would show: the record that the regions kept')
    .option('--schedule <file>', 'run the faults and orders of a JSON file instead of one fault')
    .option('--seeds <count>', 'search: run this many random schedules, beginning with --seed', numberOption('seeds'))
    .option('--first-start', 'apply the stack to an empty account instead: it must page nobody and record no incident')
    .option('--faults <matrix>', 'run every class of fault once and print the table', oneOf('faults', ['matrix']))
    .option(
      '--stop-after <count>',
      'end a search after this many broken seeds (default: 20)',
      numberOption('stop-after'),
    )
    .option('--shrink <tries>', 'runs that try to make a broken schedule smaller (default: 60)', numberOption('shrink'))
    .option('--jobs <count>', 'processes of a search (default: one for each core)', numberOption('jobs'))
    .option('--json', 'print the report as one JSON object')
    .action((flags: DrillFlags) => run((context) => drill(context, flags)));
}

export async function drill(given: Context, flags: DrillFlags): Promise<number> {
  if (flags.stack !== undefined) refuse(flags, '--stack', ['regions']);
  const context = flags.regions === undefined ? given : inRegions(given, flags.regions);
  if (flags.events !== undefined) context.checkWritable(flags.events);
  checkRto(flags.rto);
  if (flags.firstStart) return drillFirstStart(context, flags, () => synthesized(context, flags));
  if (isMany(flags)) return drillMany(context, flags, () => synthesized(context, flags));
  refuse(flags, 'the drill of one fault', OF_MANY_RUNS);
  const { graph, twin, scenario } = await prepare(context, flags);
  const progress = flags.json ? undefined : progressLine(context);
  const report = await runDrill({
    twin,
    graph,
    scenario,
    replay: replayCommand(flags, twin.routing, scenario),
    wallMs: () => context.wallMs(),
    ...(progress ? { onProgress: (at) => progress.show(at) } : {}),
  }).finally(() => progress?.end());
  const kept = keepEvents(context, flags.events, twin.world.events.lines());
  const history = flags.history ? await rehearsedHistory(context.config().system, twin) : undefined;
  context.out(present(report, history, { json: flags.json === true, color: context.outColor }));
  return exitCode(report.passed, kept);
}

function present(
  report: DrillReport,
  history: History | undefined,
  { json, color }: { json: boolean; color: boolean },
): string {
  const { judgement } = report;
  if (json) return `${JSON.stringify(history ? { ...report, history: { ...history, judgement } } : report)}\n`;
  return renderText(report, { color }) + (history ? `\n${renderHistory(history)}${judgement}\n` : '');
}

interface Prepared {
  readonly graph: Graph;
  readonly twin: RunningStack;
  readonly scenario: Scenario;
}

async function prepare(context: Context, flags: DrillFlags): Promise<Prepared> {
  const config = context.config();
  const scenarioFor = (regions: readonly { readonly name: string }[]): Scenario =>
    parseScenario(
      {
        fault: flags.fault,
        region: flags.region,
        functionName: flags.function,
        durationSeconds: flags.duration,
        clients: flags.clients,
        requestsPerSecond: flags.rate,
        objective: {
          rtoSeconds: flags.rto ?? config.objectives.rtoSeconds,
          rpoSeconds: config.objectives.rpoSeconds,
        },
      },
      placesOf(OURS, regions),
    );
  if (flags.stack === undefined) {
    // Before anything is synthesized: names are known from the config.
    scenarioFor(config.regions);
  }
  const graph = readStack(flags.stack ?? (await synthesized(context, flags)));
  const twin = await context.startTwin({ graph, seed: flags.seed });
  checkRouting(flags.routing, twin.routing);
  return { graph, twin, scenario: scenarioFor(twin.world.regions) };
}

function synthesized(context: Context, { routing, rto }: DrillFlags): Promise<string> {
  const args = [
    ...(routing === undefined ? [] : ['--routing', routing]),
    ...(rto === undefined ? [] : ['--rto', String(rto)]),
  ];
  return context.synthesize(args, context.temporaryDirectory());
}
