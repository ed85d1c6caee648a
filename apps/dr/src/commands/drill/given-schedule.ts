// A schedule that is given, run in this process: what came of it, and in words.
import {
  describeSchedule,
  OURS,
  runSeed,
  scheduleChecks,
  type RunningStack,
  type Schedule,
  type SeedOutcome,
  type SystemUnderDrill,
} from '@dr/drills';
import { readStacks } from '@dr/terraform-json';
import pc from 'picocolors';
import type { Context } from '../../context';
import { liveLine } from '../../terminal/live-line';
import type { LoggedRun } from './event-file';
import { leave } from './leave';
import type { DrillFlags } from './mode';
import { whole } from './search-text';

export interface Given extends Pick<LoggedRun, 'incident' | 'replay'> {
  /** What the live line calls it. */
  readonly label: string;
  readonly schedule: Schedule;
}

export interface Ran {
  readonly system: SystemUnderDrill;
  readonly outcome: SeedOutcome;
  readonly passed: boolean;
  /** Why it did not pass. */
  readonly reasons: readonly string[];
  readonly commit: string;
  readonly logged: LoggedRun;
  /** Whatever was to be written has been. */
  readonly kept: boolean;
}

/** Runs it and leaves the files that were asked for. */
export async function runGiven(
  context: Context,
  flags: DrillFlags,
  { label, schedule, ...told }: Given,
  synthesize: () => Promise<string>,
): Promise<Ran> {
  const { seed, json, drilled } = flags;
  const stackFiles = drilled?.given.stacks ?? [flags.stack ?? (await synthesize())];
  const { system, graph } = drilled ?? { system: OURS, graph: readStacks(stackFiles) };
  let stack: RunningStack | undefined;
  const line = liveLine(context);
  const outcome = await runSeed(
    { system, graph },
    seed,
    schedule,
    (ran) => (stack = ran),
    (seconds) => void (json || line.show(`${label}  ${seconds.toFixed(0).padStart(5)} s`)),
  ).finally(() => line.end());
  const passed = outcome.violations.length === 0;
  const reasons = outcome.violations.map(({ id, detail }) => `${id}: ${detail}`);
  const declaration = drilled?.given.declared.text;
  // runSeed hands the stack over before it resolves.
  const logged = {
    run: 'schedule' as const,
    stack: stack as RunningStack,
    stackFiles,
    declaration,
    seed,
    ...schedule,
    ...told,
  };
  const kept = leave(context, flags, logged, { passed, reasons });
  return { system, outcome, passed, reasons, commit: context.processes.commit(), logged, kept };
}

/** Ends with a newline. */
export function outcomeText({ outcome, system, commit }: Ran, color: boolean): string {
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
