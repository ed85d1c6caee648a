// What `dr console` does: checks what is asked, makes the stack and its twin, and serves it.
import { DEFAULT_POPULATIONS, InputError, type Population, type Routing } from '@dr/contracts';
import { LiveRun, OURS, parseScenario, placesOf } from '@dr/drills';
import { predict } from '@dr/failover';
import { readStack } from '@dr/terraform-json';
import type { Context } from '../../context';
import { checkCount, checkRto } from '../../terminal/options';
import { headerOf } from '../drill/event-file';
import { checkRouting, synthesized } from '../drill/mode';
import { inRegions } from '../drill/region-count';
import { runConsole } from './run-console';
import { checkedSpeed, Session } from './session';

export interface ConsoleFlags {
  readonly port: number;
  readonly speed: number;
  readonly regions?: number;
  readonly routing?: Routing;
  readonly rto?: number;
  readonly stack?: string;
  readonly seed: number;
  readonly clients?: number;
  readonly rate?: number;
  readonly populations?: readonly Population[];
  readonly events?: string;
  readonly open?: true;
  readonly json?: true;
}

const LAST_PORT = 65_535;

export async function startConsole(given: Context, flags: ConsoleFlags): Promise<number> {
  const { context, load, objective } = checked(given, flags);
  const stackFile = flags.stack ?? (await synthesized(context, flags));
  const graph = readStack(stackFile);
  const stack = await context.startTwin({ graph, seed: flags.seed, keep: context.keep });
  checkRouting(flags.routing, stack.routing);
  const { worstDetectionSeconds, worstClientSeconds } = predict(stack.settings);
  const header = headerOf(context, {
    run: 'live',
    stack,
    stackFiles: [stackFile],
    seed: flags.seed,
    clients: load.clients,
    requestsPerSecond: load.requestsPerSecond,
    ...(load.populations?.length ? { populations: load.populations } : {}),
    faults: [],
    objective,
    predicted: { worstDetectionSeconds, worstClientSeconds },
  });
  const live = new LiveRun({ stack, graph, load, objective });
  const session = new Session(live, { wallMs: () => context.wallMs(), sleep: context.console.sleep }, flags.speed);
  return runConsole({ ...flags, context, stack, graph, live, session, header });
}

/** Whatever can be said before anything is synthesized. Throws InputError. */
function checked(
  given: Context,
  { stack, regions, port, speed, rto, clients, rate, populations, events }: ConsoleFlags,
) {
  if (stack !== undefined && regions !== undefined)
    throw new InputError('--regions with --stack', 'the stack has its own', 'Leave --regions out');
  checkCount('port', port, LAST_PORT, 0);
  checkRto(rto);
  checkedSpeed(speed, '--speed');
  if (events !== undefined) given.checkWritable(events);
  const context = regions === undefined ? given : inRegions(given, regions);
  const { objectives, regions: places } = context.config();
  const { load, objective } = parseScenario(
    {
      clients,
      requestsPerSecond: rate,
      populations: populations ?? DEFAULT_POPULATIONS,
      objective: { rtoSeconds: rto ?? objectives.rtoSeconds, rpoSeconds: objectives.rpoSeconds },
    },
    placesOf(OURS, places),
  );
  return { context, load, objective };
}
