// The drill of one fault: it is measured from the first failing probe to the last client that recovered.
import type { DrillReport } from '@dr/contracts';
import { OURS, parseScenario, placesOf, renderText, runDrill, type Scenario } from '@dr/drills';
import { readStack } from '@dr/terraform-json';
import type { Context } from '../../context';
import { exitCode, keepEvents } from '../../terminal/deliver';
import { progressLine } from '../../terminal/live-line';
import { rehearsedHistory, renderHistory, type History } from '../history';
import { eventFile, type LoggedRun } from './event-file';
import { checkRouting, type DrillFlags } from './mode';
import { replayCommand } from './replay';

export async function drillOneFault(
  context: Context,
  flags: DrillFlags,
  synthesize: () => Promise<string>,
): Promise<number> {
  const { graph, twin, scenario, stackFile } = await prepare(context, flags, synthesize);
  const progress = flags.json ? undefined : progressLine(context);
  const replay = replayCommand(flags, twin.routing, scenario);
  const report = await runDrill({
    twin,
    graph,
    scenario,
    replay,
    wallMs: () => context.wallMs(),
    ...(progress ? { onProgress: (at) => progress.show(at) } : {}),
  }).finally(() => progress?.end());
  const { fault, objective, load } = scenario;
  const ran: LoggedRun = {
    run: 'drill',
    stack: twin,
    stackFile,
    seed: flags.seed,
    clients: load.clients,
    requestsPerSecond: load.requestsPerSecond,
    faults: [fault],
    objective,
    predicted: report.predicted,
    replay,
  };
  const { passed, reasons } = report;
  const kept = keepEvents(context, flags.events, eventFile(context, ran, { passed, reasons, report }));
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

async function prepare(context: Context, flags: DrillFlags, synthesize: () => Promise<string>) {
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
  const stackFile = flags.stack ?? (await synthesize());
  const graph = readStack(stackFile);
  const twin = await context.startTwin({ graph, seed: flags.seed });
  checkRouting(flags.routing, twin.routing);
  return { graph, twin, scenario: scenarioFor(twin.world.regions), stackFile };
}
