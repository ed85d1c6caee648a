// Steps from instant to instant: events of the same millisecond are one step.
import { countUpTo } from '../log/steps';

/** Time of the next or former row, to the millisecond; undefined: there is none. `rows` in order of time. */
export function nextInstant(rows: readonly { readonly atMs: number }[], atMs: number, by: 1 | -1): number | undefined {
  // A link names whole milliseconds: the instant shown is the one in which the event has happened.
  const times = rows.map((row) => Math.ceil(row.atMs));
  const now = Math.ceil(atMs);
  return by === 1 ? times[countUpTo(times, now)] : times[countUpTo(times, now - 1) - 1];
}
