// `dr drill --schedule FILE`: the faults and orders of a file, in this process.
import {
  describeSchedule,
  OURS,
  parseSchedule,
  runSeed,
  scheduleChecks,
  type RunningStack,
  type SeedOutcome,
  type SystemUnderDrill,
} from '@dr/drills';
import { readStacks } from '@dr/terraform-json';
import pc from 'picocolors';
import type { Context } from '../../context';
import { liveLine } from '../../terminal/live-line';
import { exitCode, leave } from './leave';
import { OF_MANY_RUNS, placesFor, refuseRto, type DrillFlags, type Mode } from './mode';
import { whole, type Look } from './search-text';

type Flags = DrillFlags & { readonly schedule: string };

export const schedule: Mode = {
  asks: 'schedule',
  name: '--schedule',
  option: (command) =>
    command.option('--schedule <file>', 'run the faults and orders of a JSON file instead of one fault'),
  refuses: () => OF_MANY_RUNS,
  check: refuseRto,
  run: (context, flags, synthesize) => runSchedule(context, flags as Flags, synthesize),
};

async function runSchedule(context: Context, flags: Flags, synthesize: () => Promise<string>): Promise<number> {
  const { schedule: path, seed, json } = flags;
  const places = await placesFor(context, flags);
  // Before anything is synthesized.
  const given = parseSchedule(context.processes.readFile('--schedule', path), path, places);
  const { drilled } = flags;
  const stackFiles = drilled?.given.stacks ?? [flags.stack ?? (await synthesize())];
  const { system, graph } = drilled ?? { system: OURS, graph: readStacks(stackFiles) };
  let ran: RunningStack | undefined;
  const line = liveLine(context);
  const outcome = await runSeed(
    { system, graph },
    seed,
    given,
    (stack) => (ran = stack),
    (seconds) => void (json || line.show(`schedule  ${seconds.toFixed(0).padStart(5)} s`)),
  ).finally(() => line.end());
  const passed = outcome.violations.length === 0;
  const reasons = outcome.violations.map(({ id, detail }) => `${id}: ${detail}`);
  const declaration = drilled?.given.declared.text;
  const logged = ran && { run: 'schedule' as const, stack: ran, stackFiles, declaration, seed, ...given };
  const kept = !logged || leave(context, flags, logged, { passed, reasons });
  const commit = context.processes.commit();
  context.out(
    json
      ? `${JSON.stringify({ schema: 1, passed, ...outcome, commit })}\n`
      : renderOutcome(outcome, system, { commit, color: context.outColor }),
  );
  return exitCode(passed, kept);
}

function renderOutcome(outcome: SeedOutcome, system: SystemUnderDrill, { commit, color }: Look): string {
  const c = pc.createColors(color);
  const { seed, schedule, violations, orders, requests, failed, outages, met } = outcome;
  const { invocations, virtualSeconds, eventLogHash } = outcome;
  const broken = new Map(violations.map(({ id, detail }) => [id, detail]));
  const given = orders.map(
    ({ order, region, via, atSeconds, outcome: became, reason }) =>
      `  ${atSeconds} s  ${order} ${region} via ${via}: ${became} (${reason})`,
  );
  const times = Object.entries(met).map(([name, count]) => `${name} ${count}`);
  const lines = [
    c.bold(`${describeSchedule(schedule)}; seed ${seed}, commit ${commit}`),
    `  ${whole(requests)} requests, ${whole(failed)} failed, ${whole(invocations)} invocations, ${virtualSeconds} s of virtual time`,
    `  event log sha256 ${eventLogHash}`,
    ...outages.map(({ fromSeconds, toSeconds }) =>
      c.yellow(`  Outage: nobody was served from ${fromSeconds} to ${toSeconds} s`),
    ),
    '',
    ...(given.length > 0 ? [c.bold('Orders'), ...given, ''] : []),
    ...(times.length > 0 ? [c.bold('Met'), `  ${times.join(', ')}`, ''] : []),
    c.bold('Checks'),
    ...scheduleChecks(system).map((id) => {
      const detail = broken.get(id);
      return detail === undefined ? `  ${c.green('✓')} ${id}` : `  ${c.red('✗')} ${id}: ${detail}`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}
