// `dr drill --incident NAME`: a public incident, enacted on the regions of the stack.
import { SCHEMA } from '@dr/event-log';
import { checkRegion, mapIncident, type Incident } from '@dr/drills';
import { INCIDENTS } from '@dr/drills/incidents';
import { incidentOf, RunLog, verdictOf, type IncidentReport } from '@dr/player';
import type { Context } from '../../context';
import { headerOf } from './event-file';
import { outcomeText, runGiven, type Ran } from './given-schedule';
import { incidentText, listText, type Told } from './incident-text';
import { exitCode } from './leave';
import { OF_MANY_RUNS, placesFor, refuse, refuseRto, type DrillFlags, type Mode } from './mode';
import { LIST } from './mode-options';
import { drillCommand } from './replay';

export const incident: Mode = {
  asks: 'incident',
  name: '--incident',
  takes: ['region'],
  refuses: () => OF_MANY_RUNS,
  check: (flags) => {
    refuseRto(flags);
    if (flags.incident === LIST) refuse(flags, `--incident ${LIST}`, OF_A_RUN, 'it runs nothing');
  },
  run: (context, flags, synthesize) =>
    flags.incident === LIST ? list(context, flags) : runIncident(context, flags, synthesize),
};

/** Options that mean nothing where nothing runs. */
const OF_A_RUN = ['region', 'events', 'report', 'compare', 'stack', 'system', 'regions', 'routing', 'rto'] as const;

function list(context: Context, { json }: DrillFlags): Promise<number> {
  context.out(json ? `${JSON.stringify({ schema: 1, incidents: INCIDENTS })}\n` : listText(INCIDENTS));
  return Promise.resolve(0);
}

async function runIncident(context: Context, flags: DrillFlags, synthesize: () => Promise<string>): Promise<number> {
  const { seed, rto, regions, routing, stack, system, drilled, json } = flags;
  const places = await placesFor(context, flags);
  const region = flags.region ?? places.regions[0] ?? '';
  // Before anything is synthesized.
  checkRegion(region, places.regions, '--region');
  const asked = INCIDENTS.find(({ name }) => name === flags.incident) as Incident;
  const { record, schedule } = mapIncident(asked, region, places);
  const stacks = drilled?.given.stacks ?? stack;
  const replay = drillCommand({ incident: asked.name, region, seed, rto, regions, routing, stack: stacks, system });
  const ran = await runGiven(context, flags, { label: asked.name, schedule, incident: record, replay }, synthesize);
  const { passed, outcome, commit } = ran;
  const told = reportOf(context, ran);
  context.out(
    json
      ? `${JSON.stringify({ schema: 1, passed, ...told, ...outcome, replay, commit })}\n`
      : `${incidentText({ ...told, ...outcome }, context.outColor)}\n${outcomeText(ran, context.outColor)}\nRepeat it\n  ${replay}\n`,
  );
  return exitCode(passed, ran.kept);
}

/** As the page of `--report` has it. */
function reportOf(context: Context, { logged, passed, reasons }: Ran): Pick<Told, 'headline' | 'incident'> {
  const { events, scheduler } = logged.stack.world;
  const log = new RunLog({
    header: { kind: 'log', schema: SCHEMA, ...headerOf(context, logged) },
    events: [...events],
    end: { kind: 'end', atMs: scheduler.now(), events: events.length, sha256: events.hash(), passed, reasons },
  });
  return { headline: verdictOf(log).headline, incident: incidentOf(log) as IncidentReport };
}
