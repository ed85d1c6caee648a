// How long something that AWS or Node.js maintains still has, and what that makes of it.
import { fail, ok, warn, type Finding } from './row';

const DAY_MS = 86_400_000;
/** Time enough to plan the move, test it and release it. */
const WARN_DAYS = 180;

interface Ending {
  /** What is in use, as a person names it. */
  readonly found: string;
  /** Its last day, ISO 8601, in UTC. */
  readonly end: string;
  /** What was found once that day is over. */
  readonly over: string;
  readonly plan: string;
  readonly move: string;
}

/** Fine until 180 days before its last day; a failure from the day after it. */
export function judgeEnd({ found, end, over, plan, move }: Ending, nowMs: number): Finding {
  const days = Math.floor((Date.parse(`${end}T00:00:00Z`) - nowMs) / DAY_MS);
  if (days < 0) return fail(over, move);
  const until = `${found} until ${end} (${days} days)`;
  return days >= WARN_DAYS ? ok(until) : warn(until, plan);
}
