// What follows from a whole log is worked out once, however often it is asked for while one scrubs.
import type { RunLog } from './run-log';

export function cached<T>(of: (log: RunLog) => T): (log: RunLog) => T {
  const known = new WeakMap<RunLog, { readonly value: T }>();
  return (log) => {
    let found = known.get(log);
    if (!found) known.set(log, (found = { value: of(log) }));
    return found.value;
  };
}
