// `dr console`: the regions live on this machine, in real time or faster, until Ctrl-C. A page to look at and to break things, and
// sockets for curl, dig and the AWS command line.
import {
  DEFAULT_POPULATIONS,
  InputError,
  parsePopulations,
  populationsText,
  ROUTINGS,
  type Population,
  type Routing,
} from '@dr/contracts';
import { LiveRun, OURS, parseScenario, placesOf } from '@dr/drills';
import { predict } from '@dr/failover';
import { readStack } from '@dr/terraform-json';
import type { Command } from 'commander';
import type { Context, Run } from '../../context';
import { manual, type ManualPage } from '../../terminal/manual';
import { checkCount, numberOption, OBJECTIVE, oneOf, seedOption } from '../../terminal/options';
import { checkRto, synthesized } from '../drill';
import { headerOf } from '../drill/event-file';
import { checkRouting } from '../drill/mode';
import { inRegions } from '../drill/region-count';
import { ENDPOINTS_JSON } from './endpoints';
import { runConsole } from './run-console';
import { checkedSpeed, Session } from './session';

const PAGE: ManualPage = {
  examples: [
    ['console', 'at 10 x: open the page, break a region, watch its clients move'],
    ['console --speed 1 --rate 5', 'in real time, with fewer requests'],
    ['console --populations keeps=0.5', 'half as many clients again, which keep their connections'],
    ['console --regions 3 --open', 'three regions; the page in your browser'],
    ['console --events console.jsonl', 'keeps the event log, for dr report'],
    ['console --stack cdk.tf.json --port 9000', 'any synthesized stack; ports from 9000 on'],
  ],
  exits: { 0: 'never: it goes on until a signal ends it' },
  json: ENDPOINTS_JSON,
};

interface Flags {
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

const DEFAULT_PORT = 8_080;
const DEFAULT_SPEED = 10;
const LAST_PORT = 65_535;
export function consoleCommand(program: Command, run: (run: Run) => void): void {
  manual(program.command('console'), PAGE)
    .description('let the regions live on this machine: a page to break them, and sockets for curl, dig and aws')
    .option(
      '--port <number>',
      'of the page, and others from there on; one that is taken: the next free; 0: any',
      numberOption('port'),
      DEFAULT_PORT,
    )
    .option(
      '--speed <factor>',
      'virtual seconds a second, 0.1 to 100; the page can change it',
      numberOption('speed'),
      DEFAULT_SPEED,
    )
    .option(
      '--regions <count>',
      'in so many regions, 2 to 4: those of dr.config.ts, and the nearest others',
      numberOption('regions'),
    )
    .option(
      '--routing <policy>',
      `how Route 53 answers: ${ROUTINGS.join(', ')} (default: dr.config.ts)`,
      oneOf('routing', ROUTINGS),
    )
    .option('--rto <seconds>', OBJECTIVE, numberOption('rto'))
    .option('--stack <file>', 'a synthesized cdk.tf.json (default: that of dr.config.ts)')
    .option('--seed <number>', 'seed of everything random', seedOption, 1)
    .option('--clients <count>', 'clients in all (default: 200)', numberOption('clients'))
    .option('--rate <per second>', 'requests a second of all clients (default: 20)', numberOption('rate'))
    .option(
      '--populations <shares>',
      `clients beside them that the promise is not about, as shares of --clients, or none (default: ${populationsText(DEFAULT_POPULATIONS)})`,
      (text: string) => parsePopulations(text),
    )
    .option('--events <file>', 'write the event log as JSON lines when it ends (docs/event-log.md)')
    .option('--open', 'show the page in your browser')
    .option('--json', 'print the addresses as one JSON object')
    .action((flags: Flags) => run((context) => consoleOf(context, flags)));
}

async function consoleOf(given: Context, flags: Flags): Promise<number> {
  const { context, load, objective } = checked(given, flags);
  const stackFile = flags.stack ?? (await synthesized(context, flags));
  const graph = readStack(stackFile);
  const stack = await context.startTwin({ graph, seed: flags.seed });
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
function checked(given: Context, { stack, regions, port, speed, rto, clients, rate, populations, events }: Flags) {
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
