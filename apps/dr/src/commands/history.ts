// `dr history`: every incident that the applied system has recorded, with its times, for an auditor.
import type { TransitionRecord } from '@dr/contracts';
import type { Command } from 'commander';
import { columns } from '../columns';
import type { Context, Run } from '../context';
import { tableOf } from '../control-view';
import { incidentsOf, isTransition, type Incident } from '../incidents';
import { Refused, Unavailable } from '../operator';

interface History {
  readonly system: string;
  /** Regions whose replica was read; each holds what all regions have recorded, but for what is still on its way. */
  readonly readFrom: readonly string[];
  readonly notRead: readonly { readonly region: string; readonly why: string }[];
  /** Sort keys of records that are not as they should be. */
  readonly unreadable: readonly string[];
  readonly incidents: readonly Incident[];
}

const RANGE = ['transition#', 'transition$'] as const;

export function historyCommand(program: Command, run: (run: Run) => void): void {
  program
    .command('history')
    .description('incidents of the applied system: every transition, its evidence, who recorded it, time to rerouted')
    .option('--json', 'print one JSON object')
    .action(({ json }: { readonly json?: true }) =>
      run(async (context) => {
        const history = await readHistory(context);
        context.out(json ? `${JSON.stringify(history)}\n` : render(history));
        for (const { region, why } of history.notRead) context.err(`warning: ${region} was not read: ${why}\n`);
        for (const key of history.unreadable) context.err(`warning: the record ${key} cannot be read\n`);
        return 0;
      }),
    );
}

async function readHistory(context: Context): Promise<History> {
  const config = context.config();
  const readFrom: string[] = [];
  const notRead: { region: string; why: string }[] = [];
  const records: TransitionRecord[] = [];
  const unreadable = new Set<string>();
  const read = await Promise.allSettled(
    config.regions.map((region) => tableOf(context, config, region).read(...RANGE)),
  );
  read.forEach((one, at) => {
    const region = config.regions[at]?.name ?? '';
    if (one.status === 'rejected') {
      if (!(one.reason instanceof Unavailable)) throw one.reason;
      notRead.push({ region, why: one.reason.message });
      return;
    }
    readFrom.push(region);
    for (const item of one.value) {
      if (isTransition(item)) records.push(item);
      else unreadable.add(item.timestamp);
    }
  });
  if (readFrom.length === 0) throw new Refused(`No region answers: ${notRead.map(({ why }) => why).join('; ')}.`);
  return { system: config.system, readFrom, notRead, unreadable: [...unreadable], incidents: incidentsOf(records) };
}

const NOTE =
  'RTO: from the first evidence to the state TrafficRerouted. Alarms are evaluated once a minute, so it may say up to a minute\n' +
  'more than clients felt, which drills measure. Where several regions recorded an incident, the longest of their times is given.\n';

function render({ system, readFrom, incidents }: History): string {
  const where = `read in ${readFrom.join(' and ')}`;
  if (incidents.length === 0) return `No incident of ${system} is on record (${where}).\n`;
  const heading = `${incidents.length} ${incidents.length === 1 ? 'incident' : 'incidents'} of ${system}, newest first (${where}).\n${NOTE}`;
  return [heading, ...incidents.map(describe)].join('\n');
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

function outcome({ closed, failedOver, secondsToRerouted, secondsToRecovered }: Incident): string {
  const back = secondsToRecovered === null ? '' : ` after ${secondsToRecovered.toFixed(1)} s`;
  if (!failedOver) return closed ? `recovered${back}, without a failover` : 'still open, no failover so far';
  const moved = secondsToRerouted === null ? 'failed over' : `RTO ${secondsToRerouted.toFixed(1)} s (rerouted)`;
  return `${moved}, ${closed ? `back in service${back}` : 'still open'}`;
}
