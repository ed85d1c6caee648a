// The drill of one fault: from the first failing probe to the last client that recovered.
import { DEFAULT_POPULATIONS } from '@dr/contracts';
import {
  clientsAsking,
  OURS,
  parseLoad,
  parseScenario,
  placesOf,
  renderText,
  runDrill,
  scaleOf,
  simulatedPerSecond,
  startTwin,
  type LoadPlan,
  type Scenario,
} from '@dr/drills';
import { readStack } from '@dr/terraform-json';
import type { Context } from '../../context';
import { progressLine } from '../../terminal/live-line';
import { rehearsedHistory, renderHistory } from '../history';
import type { LoggedRun } from './event-file';
import { exitCode, leave } from './leave';
import { afterwardsOf } from './never-heals';
import { checkRouting, refuse, type DrillFlags, type Mode } from './mode';
import { replayCommand } from './replay';

export const drillOneFault: Mode['run'] = async (context, flags, synthesize) => {
  const { graph, twin, scenario, stackFiles } = await prepareFault(context, flags, synthesize);
  if (requestsOf(scenario) > MANY_REQUESTS) context.expectLongRun();
  const progress = flags.json ? undefined : progressLine(context);
  const replay = replayCommand(flags, twin.routing, scenario);
  const report = await runDrill({
    twin,
    graph,
    scenario,
    replay,
    wallMs: () => context.wallMs(),
    ...(flags.neverHeals ? { afterwards: afterwardsOf(context, flags, { graph, scenario }) } : {}),
    ...(progress ? { onProgress: (at) => progress.show(at) } : {}),
  }).finally(() => progress?.end());
  const { fault, objective, load } = scenario;
  const ran: LoggedRun = {
    run: 'drill',
    stack: twin,
    stackFiles,
    declaration: flags.drilled?.given.declared.text,
    seed: flags.seed,
    clients: load.clients,
    requestsPerSecond: load.requestsPerSecond,
    ...(load.populations?.length ? { populations: load.populations } : {}),
    faults: [fault],
    objective,
    predicted: report.predicted,
    replay,
  };
  const { passed, reasons } = report;
  const kept = leave(context, flags, ran, { passed, reasons, report });
  const history = flags.history ? await rehearsedHistory(context.config().system, twin) : undefined;
  const { judgement } = report;
  context.out(
    flags.json
      ? `${JSON.stringify(history ? { ...report, history: { ...history, judgement } } : report)}\n`
      : renderText(report, { color: context.outColor }) + (history ? `\n${renderHistory(history)}${judgement}\n` : ''),
  );
  return exitCode(passed, kept);
};

/** A run with fewer fits into the memory that V8 takes for itself. */
const MANY_REQUESTS = 100_000;
const requestsOf = ({ fault, load }: Scenario): number => fault.durationSeconds * load.requestsPerSecond;

/** Long enough for traffic to move, and for the survivor to carry all of it for a minute. */
const LOADED_SECONDS = 120;

/** `start`: another twin of the same seed. */
export async function prepareFault(context: Context, flags: DrillFlags, synthesize: () => Promise<string>) {
  const { drilled, seed } = flags;
  const { objectives } = drilled?.declaration ?? context.config();
  const { rtoSeconds, rpoSeconds = 0 } = objectives;
  const plan = planOf(context, flags);
  const scenarioFor = (regions: readonly { readonly name: string }[]): Scenario => {
    const simulated = plan && simulatedPerSecond(plan, regions.length);
    return {
      ...parseScenario(
        {
          fault: flags.fault,
          region: flags.region,
          functionName: flags.function,
          service: flags.service,
          zones: flags.zones,
          intensity: flags.intensity,
          neverHeals: flags.neverHeals,
          durationSeconds: flags.duration ?? (plan && LOADED_SECONDS),
          clients: flags.clients ?? (simulated && clientsAsking(simulated)),
          requestsPerSecond: simulated ?? flags.rate,
          // Their requests would come on top of the load.
          populations: flags.populations ?? (plan ? [] : DEFAULT_POPULATIONS),
          objective: { rtoSeconds: flags.rto ?? rtoSeconds, rpoSeconds },
        },
        placesOf(drilled?.system ?? OURS, regions),
      ),
      plan,
    };
  };
  if (drilled) {
    const start = () => startTwin({ ...drilled, seed, keep: context.keep });
    const twin = await start();
    const scenario = scenarioFor(twin.world.regions);
    return { graph: drilled.graph, twin, scenario, stackFiles: drilled.given.stacks, start };
  }
  // Before anything is synthesized: names are known from the config.
  if (flags.stack === undefined) scenarioFor(context.config().regions);
  const stackFile = flags.stack ?? (await synthesize());
  const graph = readStack(stackFile);
  const start = () => context.startTwin({ graph, seed, load: plan && scaleOf(plan), keep: context.keep });
  const twin = await start();
  checkRouting(flags.routing, twin.routing);
  return { graph, twin, scenario: scenarioFor(twin.world.regions), stackFiles: [stackFile], start };
}

/** Throws InputError on a load that means nothing here. */
function planOf(context: Context, flags: DrillFlags): LoadPlan | undefined {
  const { load, perRequest, peak, drilled } = flags;
  if (drilled) refuse(flags, '--system', ['load', 'perRequest', 'peak', 'quota'], 'is for our own system');
  if (load !== undefined)
    refuse(flags, '--load', ['rate'], 'says how many requests are simulated, as --per-request does');
  const quota = flags.quota ?? (load === undefined ? undefined : context.config().options.lambdaConcurrencyQuota);
  return parseLoad({ load, perRequest, peak, quota });
}
