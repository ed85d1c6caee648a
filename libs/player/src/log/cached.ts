// What follows from a log is worked out once for each state of the log, however often it is asked for while one scrubs.
import type { AnyEvent, RunLog } from './run-log';

/** Worked out anew when the log has grown. */
export function cached<T>(of: (log: RunLog) => T): (log: RunLog) => T {
  const known = new WeakMap<RunLog, { readonly version: number; readonly value: T }>();
  return (log) => {
    let found = known.get(log);
    if (found?.version !== log.version) known.set(log, (found = { version: log.version, value: of(log) }));
    return found.value;
  };
}

/** Gathered from event to event: when it is asked for again, it takes up only the events that have come since. */
export function gathered<T>(
  start: (log: RunLog) => T,
  take: (gathered: T, event: AnyEvent, log: RunLog) => void,
): (log: RunLog) => T {
  const known = new WeakMap<RunLog, { readonly value: T; taken: number }>();
  return (log) => {
    let found = known.get(log);
    if (!found) known.set(log, (found = { value: start(log), taken: 0 }));
    for (; found.taken < log.events.length; found.taken += 1)
      take(found.value, log.events[found.taken] as AnyEvent, log);
    return found.value;
  };
}
