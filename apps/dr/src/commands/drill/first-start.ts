// `dr drill --first-start`: the stack is applied to an empty account in virtual time; is anybody paged for nothing?
import { OURS, runFirstStart, type FirstStart, type RunningStack } from '@dr/drills';
import { readStack } from '@dr/terraform-json';
import pc from 'picocolors';
import { columns } from '../../terminal/columns';
import { exitCode, leave } from './leave';
import { OF_MANY_RUNS, type Mode } from './mode';

export const firstStart: Mode = {
  asks: 'firstStart',
  name: '--first-start',
  refuses: () => OF_MANY_RUNS,
  run: async (context, flags, synthesize) => {
    const { stack: given, seed, json } = flags;
    const stackFile = given ?? (await synthesize());
    let stack: RunningStack | undefined;
    const graph = readStack(stackFile);
    const start = await runFirstStart({ system: OURS, graph, seed, observe: (ran) => (stack = ran) });
    const { passed } = start;
    const ran = stack && { run: 'first-start' as const, stack, stackFiles: [stackFile], seed, faults: [] };
    const kept = !ran || leave(context, flags, ran, { passed, reasons: reasonsOf(start) });
    context.out(json ? `${JSON.stringify({ schema: 1, ...start })}\n` : render(start, seed, context.outColor));
    return exitCode(passed, kept);
  },
};

const reasonsOf = ({ pages, incidents, failures, requests, servingSeconds }: FirstStart): string[] => [
  ...pages.map(({ region, subject }) => `somebody was paged for nothing: ${subject} (${region})`),
  ...incidents.map((key) => `an incident stands in the history: ${key}`),
  ...(failures > 0 ? [`${failures} of ${requests} requests failed`] : []),
  ...Object.entries(servingSeconds).flatMap(([region, at]) => (at === null ? [`${region} never served`] : [])),
];

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
