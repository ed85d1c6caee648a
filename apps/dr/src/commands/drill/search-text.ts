// A search's result for people.
import { BIG_BATCH, hasPassed, type Failure, type SearchReport } from '@dr/drills';
import { searchReasons } from '@dr/player';
import pc from 'picocolors';

export interface Replayable extends Failure {
  /** The schedule that is shown: the smallest one, or that of the seed. */
  readonly described: string;
  /** The command that repeats it, on the commit that is named. */
  readonly replay: string;
}

export interface Look {
  readonly commit: string;
  readonly color: boolean;
}

type Colors = ReturnType<typeof pc.createColors>;

export const whole = (count: number): string => count.toLocaleString('en-US');

/** `checks`: of each schedule. */
export function renderSearch(
  report: SearchReport,
  failures: readonly Replayable[],
  checks: readonly string[],
  { commit, color }: Look,
): string {
  const c = pc.createColors(color);
  const { firstSeed, schedules, processes, wallSeconds, schedulesPerMinute } = report;
  const lines = [
    c.bold(
      `${whole(schedules)} random schedules, seeds ${firstSeed} to ${firstSeed + schedules - 1}, commit ${commit}`,
    ),
    `  ${whole(report.requests)} requests, ${whole(report.invocations)} invocations of the bundles, ` +
      `${whole(report.virtualSeconds)} s of virtual time`,
    `  ${whole(Math.round(wallSeconds))} s on ${processes} ${processes === 1 ? 'process' : 'processes'}: ${whole(Math.round(schedulesPerMinute))} schedules a minute`,
    '',
    c.bold(Object.keys(report.sometimes).length > 0 ? 'Met in how many schedules' : 'Drawn in how many schedules'),
    ...Object.entries(report.sometimes).map(([name, times]) => {
      const isMissed = (report.neverMet as readonly string[]).includes(name);
      return `  ${isMissed ? c.red('✗') : times > 0 ? c.green('✓') : '-'} ${name}: ${whole(times)}`;
    }),
    `  ${whole(report.pairsMet)} pairs of kinds that overlapped; by kind: ${kindCounts(report.drawn)}`,
    '',
    ...failures.flatMap((failure) => [...failureLines(failure, c), '']),
    verdict(report, checks.length, c),
  ];
  return `${lines.join('\n')}\n`;
}

/** The seldom ones first. */
const kindCounts = (drawn: SearchReport['drawn']): string =>
  Object.entries(drawn)
    .sort(([, a], [, b]) => a - b)
    .map(([kind, times]) => `${kind} ${whole(times)}`)
    .join(', ');

function failureLines({ seed, violations, schedule, smallest, described, replay }: Replayable, c: Colors): string[] {
  const shown = smallest?.outcome ?? { violations, schedule };
  return [
    c.bold(`Seed ${seed} is broken`),
    ...shown.violations.map(({ id, detail }) => `  ${c.red('✗')} ${id}: ${detail}`),
    `  ${smallest ? `smallest schedule of ${smallest.tries} tried` : 'schedule'}: ${described}`,
    ...(smallest ? [`  ${JSON.stringify(shown.schedule)}`] : []),
    `  ${replay}`,
  ];
}

function verdict(report: SearchReport, checks: number, c: Colors): string {
  if (hasPassed(report)) {
    const mustMeet = Object.keys(report.sometimes).length > 0;
    const small =
      mustMeet && report.schedules < BIG_BATCH ? ` A batch of ${BIG_BATCH} must also meet everything once.` : '';
    return `${c.green('✓')} ${checks} checks hold in every schedule.${small}`;
  }
  return `${c.red('✗')} ${searchReasons(report).join('; ')}`;
}
