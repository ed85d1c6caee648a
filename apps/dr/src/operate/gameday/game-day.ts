// The use case: checks, the twin's answer first, a yes, then the game day itself and its record.
import { InputError } from '@dr/contracts';
import { CONTROL_ID } from '@dr/contracts/system';
import { recoveryObjectiveOf, type DrConfig } from '@dr/contracts/system/config';
import { OURS, parseScenario, placesOf, runDrill } from '@dr/drills';
import { predict, selectSettings, type Prediction } from '@dr/failover';
import { readStack } from '@dr/terraform-json';
import type { Context } from '../../context';
import { replayCommand } from '../../commands/drill/replay';
import { originOf, settingsOf } from '../../commands/report/provenance';
import { Refused } from '../operator';
import { checkCount } from '../../terminal/options';
import { regionNamed } from '../regions';
import { checkIdentity, checkSystem } from './checks';
import { faultOf, lookBefore } from './fault';
import { BACK_LIMIT_MS, Observation } from './observing';
import type { Network } from './ports';
import {
  GAME_DAY_FAULTS,
  GAME_DAY_KEY,
  compactTime,
  gameDayName,
  heldAnywhere,
  recordsOf,
  type GameDayFault,
  type GameDayRecord,
} from './records';
import { endGameDay } from './repair';
import { renderReport, reportOf, resultOfReport, type Circumstances } from './result';
import { holdGameDay, time } from './run';
import { MAX_SECONDS, MIN_SECONDS, OVER_WITHIN_MS, timingOf, type Timing } from './timing';
import { withoutRoles } from './turn';

const DEFAULT_SECONDS = 300;
const DEFAULT_CLIENTS = 10;
const MAX_CLIENTS = 100;
const MAX_RATE = 10;
/** More requests a second show no more, and take their time. */
const MAX_TWIN_RATE = 20;
const SEED = 1;

export interface GameDayFlags {
  readonly region?: string;
  readonly fault?: GameDayFault | undefined;
  readonly duration?: number;
  readonly yes?: true;
  readonly account?: string;
  readonly resolver?: string;
  readonly port?: number;
  readonly clientSubnet?: string;
  readonly clients?: number;
  readonly rate?: number;
  readonly record?: string;
  readonly json?: true;
  readonly stop?: true;
  readonly whoseTurn?: true;
}

type Request = ReturnType<typeof requestOf>;

/** Resolves to the exit code: 0 the objective held, 1 it did not, or that of the signal that interrupted it. */
export async function gameDay(context: Context, flags: GameDayFlags): Promise<number> {
  const request = requestOf(context.config(), flags);
  if (!flags.yes && !context.gameDay.canAsk) {
    const fix = 'Add --yes to go on without being asked';
    throw new InputError('--yes', 'is missing, and there is no terminal to ask', fix);
  }
  context.checkWritable(flags.record ?? 'game-day.json', 'record');
  const { config, region, fault } = request;
  const network = context.gameDay.network(flags);
  const { account, arn } = await checkIdentity(context, region, flags.account ?? config.options.accountId);
  context.err(`${config.system} in account ${account}: checking that every region serves\n`);
  await checkSystem(context, config, region, network);
  const before = await lookBefore(context.gameDay.aws(region.awsRegion), config.system, region, fault);
  context.err('running the same fault on the twin first\n');
  const rehearsed = await rehearse(context, request);
  const given = {
    ...request,
    by: arn,
    endpoint: context.gameDay.emulatedAt,
    ...rehearsed,
  };
  context.err(announcement(given, account));
  if (!flags.yes && !(await context.gameDay.confirm('Type "yes" to go on: '))) {
    throw new Refused('Not confirmed. Nothing was changed.');
  }

  const startedAtMs = context.operator.now();
  const timing = timingOf(startedAtMs, request.durationSeconds);
  const record: GameDayRecord = {
    id: CONTROL_ID,
    timestamp: GAME_DAY_KEY,
    open: true,
    name: gameDayName(config.system, startedAtMs),
    region: region.name,
    account,
    fault,
    ...before,
    startedAtMs,
    overByMs: timing.overByMs,
  };
  return hold(context, network, timing, { ...given, record });
}

type Given = Request & Circumstances;

async function hold(context: Context, network: Network, timing: Timing, given: Given): Promise<number> {
  const { operator } = context;
  const { config, record, clients, rate, region, flags } = given;
  const say = (text: string): void => context.err(`${time(operator.now())}  ${text}\n`);
  const records = recordsOf(operator, config);
  const measuring = new Observation({
    region: region.name,
    domain: config.domain,
    clients,
    rate,
    network,
    clock: operator,
    show: say,
  });
  const interruption = context.gameDay.holdInterruptions();
  try {
    const fault = faultOf(context.gameDay.aws(region.awsRegion), config.system, region, record);
    const held = await holdGameDay({ record, timing, fault, records, clock: operator, measuring, interruption, say });
    const report = reportOf(given, held, measuring);
    await records
      .keep(resultOfReport(record, report, operator.now()))
      .catch((error: Error) => say(`not in the history: ${error.message}`));
    const file = flags.record ?? `game-day-${compactTime(record.startedAtMs)}-${region.name}.json`;
    context.out(flags.json ? `${JSON.stringify(report)}\n` : renderReport(report));
    context.writeFile(file, [`${JSON.stringify(report, null, 2)}\n`]);
    context.err(`kept in ${file}\n`);
    return held.interrupted ?? (report.passed ? 0 : 1);
  } finally {
    interruption.release();
  }
}

/** Everything that can be said without asking anybody. Throws InputError. */
function requestOf(config: DrConfig, flags: GameDayFlags) {
  const { region: name, fault = 'alb-dark', duration: durationSeconds = DEFAULT_SECONDS } = flags;
  const names = config.regions.map((region) => region.name).join(', ');
  if (name === undefined) throw new InputError('--region', 'is missing', `Say which region is lost: ${names}`);
  const region = regionNamed(config, 'region', name);
  const predicted = predictionFor(config, fault);
  checkDuration(durationSeconds, predicted);
  const { clients = DEFAULT_CLIENTS, rate = 1, port } = flags;
  checkCount('clients', clients, MAX_CLIENTS);
  checkCount('port', port, 65_535);
  if (!(rate > 0 && rate <= MAX_RATE)) {
    throw new InputError(`--rate ${rate}`, 'is out of range', `Give requests a second above 0, up to ${MAX_RATE}`);
  }
  if (!config.options.gameDay) {
    throw withoutRoles();
  }
  return { config, region, fault, durationSeconds, clients, rate, predicted, flags };
}

function checkDuration(seconds: number, { worstClientSeconds }: Prediction): void {
  if (seconds > MAX_SECONDS) {
    throw new InputError(
      `--duration ${seconds}`,
      `is longer than ${MAX_SECONDS} s; a replica that is cut off for 20 hours becomes a table of its own for ever, and a ` +
        'game day stays far from that',
      `Give seconds from ${MIN_SECONDS} to ${MAX_SECONDS}`,
    );
  }
  const least = Math.max(MIN_SECONDS, Math.ceil(worstClientSeconds));
  if (Number.isInteger(seconds) && seconds >= least) return;
  throw new InputError(
    `--duration ${seconds}`,
    `is too short or no whole number: clients may take ${worstClientSeconds} s to move, and AWS's timers run by the minute`,
    `Give whole seconds from ${least} to ${MAX_SECONDS}`,
  );
}

function predictionFor(config: DrConfig, fault: GameDayFault): Prediction {
  const { settings } = selectSettings(recoveryObjectiveOf(config));
  return predict(settings, OURS.promises(GAME_DAY_FAULTS[fault].twin).probeSeconds);
}

/** The drill of the same fault and duration, with as many clients near each region. Throws Refused when its clients were not moved: on AWS they would not be either. */
async function rehearse(context: Context, request: Request): Promise<Pick<Circumstances, 'drill' | 'stack'>> {
  const { config, region, fault, durationSeconds, clients, rate } = request;
  const stackFile = await context.synthesize([], context.temporaryDirectory());
  const graph = readStack(stackFile);
  const twin = await context.startTwin({ graph, seed: SEED });
  const { rtoSeconds, rpoSeconds } = config.objectives;
  const scenario = parseScenario(
    {
      fault: GAME_DAY_FAULTS[fault].twin,
      region: region.name,
      durationSeconds,
      clients: clients * config.regions.length,
      requestsPerSecond: Math.min(MAX_TWIN_RATE, clients * config.regions.length * rate),
      objective: { rtoSeconds, rpoSeconds },
    },
    placesOf(OURS, config.regions),
  );
  const replay = replayCommand({ seed: SEED }, twin.routing, scenario);
  const drill = await runDrill({ twin, graph, scenario, replay, wallMs: () => context.wallMs() });
  const stack = { ...originOf(context, [stackFile]), settings: settingsOf(twin, { rtoSeconds, rpoSeconds }) };
  if (drill.rto && drill.rto.worstSeconds <= durationSeconds) return { drill, stack };
  throw new Refused(
    `On the twin of this stack no client was moved out of ${region.name} (${drill.reasons.join('; ')}), so a game day would ` +
      `be an outage. Nothing was changed; see: ${replay}`,
  );
}

function announcement(given: Omit<Given, 'record'>, account: string): string {
  const { config, region, fault, durationSeconds, predicted, endpoint, drill, by } = given;
  const others = config.regions
    .filter(({ name }) => name !== region.name)
    .map(({ name, awsRegion }) => `${name} (${awsRegion})`);
  const where = endpoint === undefined ? '' : `, emulated at ${endpoint}`;
  const byHand = `  comes back by hand, within ${BACK_LIMIT_MS / 60_000} minutes: once dr status shows it as waiting, dr readmit --region ${region.name}\n`;
  return (
    `\nGame day: ${region.name} (${region.awsRegion}) loses ${GAME_DAY_FAULTS[fault].loses} for ${durationSeconds} s (${fault}).\n` +
    `  account    ${account}, as ${by}${where}\n` +
    `  stays      ${others.join(', ')}\n` +
    `  clients    of ${config.domain} near ${region.name} are without service until they have moved: predicted ` +
    `${predicted.worstClientSeconds} s at worst, ${drill.rto?.worstSeconds ?? '-'} s on the twin\n` +
    (config.recovery.failback === 'manual' ? byHand : '') +
    `  undone     at the end, on Ctrl-C, and by AWS itself within ${durationSeconds} + ${OVER_WITHIN_MS / 1000} s if this machine is gone\n\n`
  );
}

/** `--stop`: ends what a machine that is gone has left. */
export async function stopGameDay(context: Context, json: boolean): Promise<number> {
  const config = context.config();
  const held = await heldAnywhere(context.operator, config);
  const said = held ? await endGameDay(context, config, held) : 'No game day is held.';
  context.out(json ? `${JSON.stringify({ schema: 1, held: held?.name ?? null, said })}\n` : `${said}\n`);
  return 0;
}
