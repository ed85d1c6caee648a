// Schedule expressions: rate(n unit), and cron of minutes and hours.
import { InputError } from '@dr/contracts';

/** The first time after `afterEpochMs` at which the schedule is due, epoch ms. */
export type NextTime = (afterEpochMs: number) => number;

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const MINUTES_A_DAY = 1_440;

/** Throws InputError, naming `owner`, for what the twin does not schedule. */
export function readSchedule(owner: string, expression: string): NextTime {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  const every = rate ? Number(rate[1]) * (UNIT_MS[rate[2] ?? ''] ?? 0) : 0;
  if (every > 0) return (after) => (Math.floor(after / every) + 1) * every;
  const cron = /^cron\((\S+) (\S+) [*?] \* [*?] \*\)$/.exec(expression);
  const minutes = cron && field(cron[1] ?? '', 59);
  const hours = cron && field(cron[2] ?? '', 23);
  if (minutes && hours) return (after) => nextOf(after, minutes, hours);
  throw new InputError(
    `${owner}: schedule_expression "${expression}"`,
    'the twin does not know when it is due',
    'Use rate(n minutes), rate(n hours) or cron(minutes hours * * ? *)',
  );
}

/** `*`, `5`, `0,30`, `9-17`, `0/15`, each in UTC; undefined when it is none of these. */
function field(text: string, max: number): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(?:(\*)|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (!match) return undefined;
    const [, star, first, last, step] = match;
    const from = star ? 0 : Number(first);
    const to = last === undefined ? (star || step ? max : from) : Number(last);
    if (to > max || from > to || step === '0') return undefined;
    for (let value = from; value <= to; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}

function nextOf(afterEpochMs: number, minutes: ReadonlySet<number>, hours: ReadonlySet<number>): number {
  const minuteMs = UNIT_MS['minute'] as number;
  const start = (Math.floor(afterEpochMs / minuteMs) + 1) * minuteMs;
  for (let i = 0; i < MINUTES_A_DAY; i += 1) {
    const at = new Date(start + i * minuteMs);
    if (minutes.has(at.getUTCMinutes()) && hours.has(at.getUTCHours())) return at.getTime();
  }
  throw new Error('a schedule of minutes and hours is due every day');
}
