// A search's result for people.
import { BIG_BATCH, hasPassed, type Failure, type SearchReport, type Shard } from '@dr/drills';
import { lastSeedOf, searchReasons } from '@dr/player';
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
  /** It is one shard of a search. */
  readonly shard?: Shard | undefined;
  /** It is put together of so many shards. */
  readonly shards?: number;
}

type Colors = ReturnType<typeof pc.createColors>;

export const whole = (count: number): string => count.toLocaleString('en-US');

/** `checks`: of each schedule. */
export function renderSearch(
  report: SearchReport,
  failures: readonly Replayable[],
  checks: readonly string[],
  look: Look,
): string {
  const c = pc.createColors(look.color);
  const lines = [
    c.bold(`${headingOf(report, look)}, commit ${look.commit}`),
    `  ${whole(report.requests)} requests, ${whole(report.invocations)} invocations of the bundles, ` +
      `${whole(report.virtualSeconds)} s of virtual time`,
    `  ${tookText(report, look)}: ${whole(Math.round(report.schedulesPerMinute))} schedules a minute`,
    '',
    c.bold(Object.keys(report.sometimes).length > 0 ? 'Met in how many schedules' : 'Drawn in how many schedules'),
    ...Object.entries(report.sometimes).map(([name, times]) => {
      const isMissed = (report.neverMet as readonly string[]).includes(name);
      return `  ${isMissed ? c.red('✗') : times > 0 ? c.green('✓') : '-'} ${name}: ${whole(times)}`;
    }),
    `  ${whole(report.pairsMet)} ${report.pairsMet === 1 ? 'pair' : 'pairs'} of kinds that overlapped; by kind: ${kindCounts(report.drawn)}`,
    '',
    ...failures.flatMap((failure) => [...failureLines(failure, c), '']),
    verdict(report, checks.length, look, c),
  ];
  return `${lines.join('\n')}\n`;
}

function headingOf(report: SearchReport, { shard }: Look): string {
  const { firstSeed, seeds, schedules } = report;
  const part = shard ? `Shard ${shard.index} of ${shard.of}: ` : '';
  const count = schedules < seeds ? `${whole(schedules)} of ${whole(seeds)}` : whole(schedules);
  if (seeds === 1) return `${part}1 random schedule, seed ${firstSeed}`;
  return `${part}${count} random schedules, seeds ${firstSeed} to ${lastSeedOf(report)}`;
}

function tookText({ processes, wallSeconds }: SearchReport, { shards }: Look): string {
  const seconds = `${whole(Math.round(wallSeconds))} s`;
  const on = `${processes} ${processes === 1 ? 'process' : 'processes'}`;
  return shards === undefined
    ? `${seconds} on ${on}`
    : `${shards} ${shards === 1 ? 'shard' : 'shards'} on ${on}, the longest ${seconds}`;
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

function verdict(report: SearchReport, checks: number, { shard }: Look, c: Colors): string {
  if (hasPassed(report)) {
    const mustMeet = Object.keys(report.sometimes).length > 0;
    const more = shard
      ? ' What the whole search never met, dr merge says.'
      : report.schedules < BIG_BATCH
        ? ` A batch of ${BIG_BATCH} must also meet everything once.`
        : '';
    return `${c.green('✓')} ${checks} checks hold in every schedule.${mustMeet ? more : ''}`;
  }
  return `${c.red('✗')} ${searchReasons(report).join('; ')}`;
}
