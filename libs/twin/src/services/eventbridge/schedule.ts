// Schedule expressions: rate(n unit), and cron of minutes and hours; and when a rule with one is due (EB-06).
import { InputError } from '@dr/contracts';
import { whyNotScheduled } from '@dr/stack';
import { EPOCH_MS } from '../../kernel/scheduler';

export type Schedule =
  | { readonly kind: 'rate'; readonly everyMs: number }
  /** The first minute after `afterEpochMs` at which it is due, epoch ms. */
  | { readonly kind: 'cron'; readonly next: (afterEpochMs: number) => number };

export const MINUTE_MS = 60_000;
const UNIT_MS: Readonly<Record<string, number>> = { minute: MINUTE_MS, hour: 3_600_000, day: 86_400_000 };
const MINUTES_A_DAY = 1_440;

/** Throws InputError, naming `owner`, for what EventBridge refuses and for what the twin does not schedule. */
export function readSchedule(owner: string, expression: string): Schedule {
  const refuse = (why: string): never => {
    throw new InputError(
      `${owner}: schedule_expression "${expression}"`,
      why,
      'Use rate(1 minute), rate(n minutes), rate(n hours) or cron(minutes hours * * ? *)',
    );
  };
  const refused = whyNotScheduled(expression);
  if (refused !== undefined) refuse(`${refused}: EventBridge refuses it`);
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) return { kind: 'rate', everyMs: Number(rate[1]) * (UNIT_MS[rate[2] ?? ''] ?? 0) };
  const cron = /^cron\((\S+) (\S+) [*?] \* [*?] \*\)$/.exec(expression);
  const minutes = cron && field(cron[1] ?? '', 59);
  const hours = cron && field(cron[2] ?? '', 23);
  if (minutes && hours) return { kind: 'cron', next: (after) => nextOf(after, minutes, hours) };
  return refuse('the twin does not know when it is due');
}

/** The first time after `afterMs` at which the rule is due, virtual ms. */
export type NextTime = (afterMs: number) => number;

/** A rate counts from the creation of its rule, and is due for the first time once it has passed [A]. */
export const rateFrom = (createdMs: number, everyMs: number): NextTime =>
  truly((afterMs) => createdMs + Math.max(1, Math.floor((afterMs - createdMs) / everyMs) + 1) * everyMs);

/** So long after the beginning of each minute of the cron expression. */
export const cronAt = (next: (afterEpochMs: number) => number, offsetMs: number): NextTime =>
  truly((afterMs) => next(EPOCH_MS + afterMs - offsetMs) + offsetMs - EPOCH_MS);

/** Times are fractions of a millisecond, and rounding may give `afterMs` itself again: virtual time would stand still. */
const truly =
  (times: NextTime): NextTime =>
  (afterMs) => {
    const dueMs = times(afterMs);
    return dueMs > afterMs ? dueMs : times(afterMs + 1);
  };

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
  const start = (Math.floor(afterEpochMs / MINUTE_MS) + 1) * MINUTE_MS;
  for (let i = 0; i < MINUTES_A_DAY; i += 1) {
    const at = new Date(start + i * MINUTE_MS);
    if (minutes.has(at.getUTCMinutes()) && hours.has(at.getUTCHours())) return at.getTime();
  }
  throw new Error('a schedule of minutes and hours is due every day');
}
