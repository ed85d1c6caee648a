// `dr history`: every incident that the applied system has recorded, with its times, for an auditor.
import { WORST_CLIENT } from '@dr/contracts';
import { CONTROL_ID } from '@dr/contracts/system';
import { readTransition, sorted } from '@dr/contracts/system/records';
import type { RunningStack } from '@dr/drills';
import type { Command } from 'commander';
import { columns } from '../terminal/columns';
import { manual, type ManualPage } from '../terminal/manual';
import type { Context, Run } from '../context';
import { askEach, tableOf } from '../operate/control-view';
import { incidentsOf, type Incident } from '../operate/incidents';
import { Refused, type ControlItem } from '../operate/operator';
import { ofThisSystem, warnOf } from '../operate/records';
import { GAME_DAY_RESULT_PREFIX, readGameDayResult, type GameDayResult } from '../operate/gameday/records';

const PAGE: ManualPage = {
  examples: [
    ['history', 'every incident on record, newest first'],
    ['history --json > rto-record.json', 'the record as data, for an auditor'],
  ],
  exits: { 0: 'the record was read, in one region at least', 1: 'no region answers' },
  json: {
    schema: 'number: 1',
    system: 'string: system in dr.config.ts',
    'readFrom[]': 'string: regions whose records were read',
    'notRead[].region?': 'string: a region that did not answer',
    'notRead[].why?': 'string: why not',
    'unreadable[]?': 'string: keys of records that are not as they should be',
    'incidents[].region?': 'string: the region that left service',
    'incidents[].incident?': 'number: counts from 1 in each region',
    'incidents[].startedAt?': 'string: earliest evidence, ISO 8601',
    'incidents[].closed?': 'boolean: it is over',
    'incidents[].failedOver?': 'boolean: clients were moved',
    'incidents[].planned?': "boolean: an operator's order",
    'incidents[].secondsToFailover?': 'number | null: from first evidence; null is not yet',
    'incidents[].secondsToRerouted?': 'number | null: the RTO that is on record',
    'incidents[].secondsToRecovered?': 'number | null: until the region served again',
    'incidents[].transitions[].transitionId?': 'string: key of the transition',
    'incidents[].transitions[].from?': 'string: state before',
    'incidents[].transitions[].state?': 'string: state after',
    'incidents[].transitions[].evidence?': 'string: what it was recorded for',
    'incidents[].transitions[].at?': 'string: time of the evidence, ISO 8601',
    'incidents[].transitions[].secondsSinceStart?': 'number: since the first evidence of that recorder',
    'incidents[].transitions[].recordedBy?': 'string: region that wrote it',
    'incidents[].transitions[].recordedAt?': 'string: when, ISO 8601',
    'gameDays[].name?': 'string: name of the game day',
    'gameDays[].region?': 'string: the region that was lost',
    'gameDays[].fault?': 'string: alb-dark, lambda-throttled or network',
    'gameDays[].where?': 'string: aws or emulated',
    'gameDays[].account?': 'string: AWS account',
    'gameDays[].startedAt?': 'string: ISO 8601',
    'gameDays[].endedAt?': 'string: ISO 8601',
    'gameDays[].outcome?': 'string: passed, failed or unfinished',
    'gameDays[].worstSeconds?': `number | null: measured, of the ${WORST_CLIENT}`,
  },
};

export type History = Omit<Awaited<ReturnType<typeof readHistory>>, 'bad'>;

/** Newest first. The same record, read in several regions, counts once. */
function gameDaysOf(items: readonly GameDayResult[]) {
  const known = new Map(items.map((item) => [item.timestamp, item]));
  return [...known.values()]
    .sort((a, b) => b.startedAtMs - a.startedAtMs)
    .map(({ name, region, fault, where, account, startedAtMs, endedAtMs, outcome, worstSeconds }) => ({
      name,
      region,
      fault,
      where,
      account,
      startedAt: new Date(startedAtMs).toISOString(),
      endedAt: new Date(endedAtMs).toISOString(),
      outcome,
      worstSeconds,
    }));
}

/** Sort keys of game days, and right after them those of transitions. */
const RANGE = [GAME_DAY_RESULT_PREFIX, 'transition$'] as const;

export function historyCommand(command: Command, run: (run: Run) => void): void {
  manual(command, PAGE)
    .option('--json', 'print one JSON object')
    .action(({ json }: { readonly json?: true }) =>
      run(async (context) => {
        const { bad, ...history } = await readHistory(context);
        context.out(json ? `${JSON.stringify({ schema: 1, ...history })}\n` : renderHistory(history));
        for (const { region, why } of history.notRead) context.err(`warning: ${region} was not read: ${why}\n`);
        warnOf(context, bad);
        return 0;
      }),
    );
}

async function readHistory(context: Context) {
  const config = context.config();
  const { answers, silent } = await askEach(config.regions, (region) => tableOf(context, region).read(...RANGE));
  if (answers.length === 0) throw new Refused(`No region answers: ${silent.map(({ why }) => why).join('; ')}.`);
  const found = new Map(answers.map(({ region, answer }) => [region, answer]));
  const regions = config.regions.map(({ name }) => name);
  return { ...historyIn(config.system, { regions, nowMs: context.operator.now() }, found), notRead: silent };
}

/** What the control records that were read, by region, tell of incidents. */
function historyIn(
  system: string,
  known: { readonly regions: readonly string[]; readonly nowMs: number },
  found: ReadonlyMap<string, readonly ControlItem[]>,
) {
  const all = [...found.values()].flat();
  const isGameDay = ({ timestamp }: ControlItem): boolean => timestamp.startsWith(GAME_DAY_RESULT_PREFIX);
  const transitions = all.filter((item) => !isGameDay(item));
  const incidents = ofThisSystem(sorted(readTransition, transitions), known, (one) => ({
    regions: [one.region, one.writer],
    timesMs: [one.atMs, one.startedAtMs, one.recordedAtMs],
  }));
  const gameDays = ofThisSystem(sorted(readGameDayResult, all.filter(isGameDay)), known, (one) => ({
    regions: [one.region],
    timesMs: [one.startedAtMs, one.endedAtMs],
  }));
  const bad = [...incidents.bad, ...gameDays.bad];
  return {
    system,
    /** Regions whose replica was read; each holds what all have recorded, but for what is still on its way. */
    readFrom: [...found.keys()],
    /** Records that are not as they should be: an auditor is told of one that cannot be read, rather than of none. */
    unreadable: [...new Set(bad.map(({ key }) => key))],
    /** Of those that are unreadable, why. */
    bad,
    incidents: incidentsOf(incidents.fit),
    /** Losses made on purpose, newest first: they stand in `incidents` too. */
    gameDays: gameDaysOf(gameDays.fit),
  };
}

/** What this command would have shown after a drill: the twin's regions keep the same records. */
export async function rehearsedHistory(system: string, { world, operator }: RunningStack): Promise<History> {
  const found = new Map<string, readonly ControlItem[]>();
  const isTold = ({ timestamp }: ControlItem): boolean => timestamp >= RANGE[0] && timestamp < RANGE[1];
  const regions = world.regions.map(({ name }) => name);
  for (const name of regions) {
    const records = await operator.read(name, CONTROL_ID);
    if (records) found.set(name, records.filter(isTold));
  }
  // A twin's table holds what its functions have written, and nobody else's records.
  return { ...historyIn(system, { regions, nowMs: Infinity }, found), notRead: [] };
}

const NOTE =
  'RTO: from the first evidence to the state TrafficRerouted. Alarms are evaluated once a minute, so it may say up to a minute\n' +
  'more than clients felt, which drills simulate. Where several regions recorded an incident, the longest of their times is given.\n';

export function renderHistory({ system, readFrom, incidents, gameDays }: History): string {
  const where = `read in ${readFrom.join(' and ')}`;
  const onPurpose = renderGameDays(gameDays);
  if (incidents.length === 0) return `No incident of ${system} is on record (${where}).\n${onPurpose}`;
  const heading = `${incidents.length} ${incidents.length === 1 ? 'incident' : 'incidents'} of ${system}, newest first (${where}).\n${NOTE}`;
  return [heading, ...incidents.map(describe), ...(onPurpose ? [onPurpose] : [])].join('\n');
}

function renderGameDays(gameDays: History['gameDays']): string {
  if (gameDays.length === 0) return '';
  const rows = gameDays.map((one) => [
    `  ${one.startedAt}`,
    one.region,
    one.fault,
    one.worstSeconds === null ? one.outcome : `${one.outcome}, ${one.worstSeconds.toFixed(1)} s`,
    one.where === 'emulated' ? 'emulated' : '',
  ]);
  const count = `${gameDays.length} ${gameDays.length === 1 ? 'game day' : 'game days'}`;
  return `${count}, losses made on purpose, which caused the incidents recorded at the same time. Seconds are those of the ${WORST_CLIENT}:\n${columns(rows)}\n`;
}

function describe(incident: Incident): string {
  const { region, transitions, startedAt } = incident;
  const rows = transitions.map((one) => [
    `  ${one.at}`,
    `+${one.secondsSinceStart.toFixed(1)} s`,
    one.state,
    one.evidence,
    `recorded by ${one.recordedBy} at ${one.recordedAt}`,
  ]);
  return `${region}, incident ${incident.incident}, ${startedAt}: ${outcome(incident)}\n${columns(rows)}\n`;
}

function outcome({ closed, failedOver, planned, secondsToRerouted, secondsToRecovered }: Incident): string {
  const back = secondsToRecovered === null ? '' : ` after ${secondsToRecovered.toFixed(1)} s`;
  if (!failedOver) return closed ? `recovered${back}, without a failover` : 'still open, no failover so far';
  const rerouted = secondsToRerouted === null ? undefined : `${secondsToRerouted.toFixed(1)} s (rerouted)`;
  const moved = planned
    ? `evacuated by order${rerouted === undefined ? '' : `, ${rerouted}`}`
    : rerouted === undefined
      ? 'failed over'
      : `RTO ${rerouted}`;
  return `${moved}, ${closed ? `back in service${back}` : 'still open'}`;
}
