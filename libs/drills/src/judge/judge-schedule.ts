// What the checks say of a schedule's run, and a schedule in words.
import { aimOf, populationsText } from '@dr/contracts';
import type { Schedule } from '../schedule/schedule';
import type { Check, RunRecord, SystemUnderDrill } from '../system-under-drill';
import { checksOf, type Judged } from './checks';

export interface Violation {
  /** With the number of its promise before it. */
  readonly id: string;
  readonly detail: string;
}

const numbered = (id: string, { promise }: Check): string => `${promise}-${id}`;

/** The ids of all checks of a schedule. */
export const scheduleChecks = (system: Pick<SystemUnderDrill, 'checks'>): readonly string[] =>
  checksOf(system, 'schedules').map(([id, check]) => numbered(id, check));

/** What every check of a schedule says of its run. */
export const verdictsOf = (run: RunRecord): Judged[] =>
  checksOf(run.system, 'schedules').map(([id, check]) => ({ id: numbered(id, check), ...check.judge(run) }));

export const violationsOf = (run: RunRecord): Violation[] =>
  verdictsOf(run)
    .filter(({ holds }) => !holds)
    .map(({ id, detail }) => ({ id, detail }));

/** A schedule in one line, for people. */
export function describeSchedule({ faults, orders, populations = [] }: Schedule): string {
  const parts = [
    ...faults.map((fault) => {
      const { kind, region, from, to, intensity, startSeconds, durationSeconds, neverHeals } = fault;
      const aim = aimOf(fault);
      const where = kind === 'link-cut' ? ` ${from} to ${to}` : kind === 'us-east-1-down' ? '' : ` ${region}`;
      const what = `${aim === undefined ? '' : ` (${aim})`}${intensity === undefined ? '' : ` x ${intensity}`}`;
      return {
        atSeconds: startSeconds,
        text: `${kind}${where}${what} ${neverHeals ? `from ${startSeconds} s for good` : `${startSeconds}-${startSeconds + durationSeconds} s`}`,
      };
    }),
    ...orders.map(({ order, region, via, atSeconds, expiresSeconds }) => ({
      atSeconds,
      text: `${order} ${region} via ${via} at ${atSeconds} s${expiresSeconds === undefined ? '' : ` for ${expiresSeconds} s`}`,
    })),
  ];
  const happens = parts.sort((a, b) => a.atSeconds - b.atSeconds).map(({ text }) => text);
  const beside = populations.length === 0 ? [] : [`clients beside: ${populationsText(populations)}`];
  return [...(happens.length === 0 ? ['nothing happens'] : happens), ...beside].join(', ');
}
