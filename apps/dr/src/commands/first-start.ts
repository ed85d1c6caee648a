// `dr drill --first-start`: the stack is applied to an empty account in virtual time; is anybody paged for nothing?
import { OURS, runFirstStart, type FirstStart } from '@dr/drills';
import { readStack } from '@dr/terraform-json';
import pc from 'picocolors';
import { columns } from '../columns';
import type { Context } from '../context';
import { exitCode, keepEvents } from '../deliver';
import { OF_MANY_RUNS, OF_ONE_FAULT, refuse } from '../modes';
import type { DrillFlags } from '../drill-flags';

/** Resolves to the exit code. Throws InputError for options that mean nothing to a first start. */
export async function drillFirstStart(
  context: Context,
  flags: DrillFlags,
  synthesized: () => Promise<string>,
): Promise<number> {
  refuse(flags, '--first-start', [...OF_ONE_FAULT, ...OF_MANY_RUNS, 'seeds', 'schedule', 'faults']);
  let kept = true;
  const start = await runFirstStart({
    system: OURS,
    graph: readStack(flags.stack ?? (await synthesized())),
    seed: flags.seed,
    keepLog: (lines) => (kept = keepEvents(context, flags.events, lines)),
  });
  context.out(flags.json ? `${JSON.stringify(start)}\n` : render(start, flags.seed, context.outColor));
  return exitCode(start.passed, kept);
}

function render(start: FirstStart, seed: number, color: boolean): string {
  const c = pc.createColors(color);
  const at = (seconds: number | null): string => (seconds === null ? 'never' : `${seconds.toFixed(1)} s`);
  const facts = [
    ['applied after', at(start.appliedSeconds)],
    ...Object.entries(start.servingSeconds).map(([region, seconds]) => [`${region} serves after`, at(seconds)]),
    ['pages', String(start.pages.length)],
    ['incidents in the history', String(start.incidents.length)],
    ['requests failed', `${start.failures} of ${start.requests}`],
    ['seed', String(seed)],
  ];
  const pages = start.pages.map(({ atSeconds, region, subject }) => `  ${at(atSeconds)}  ${region}  ${subject}`);
  const verdict = start.passed
    ? `${c.green('✓')} A first apply pages nobody and leaves no incident.`
    : `${c.red('✗')} A first apply pages somebody, leaves an incident, or never serves.`;
  return `${['First apply of the stack, in virtual time', columns(facts), ...pages, '', verdict].join('\n')}\n`;
}
