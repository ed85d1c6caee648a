// The health checks that may decide where a name leads.
import type { Stack } from '../rules/rule';

/** Ids of those of its records, of the records behind them, of what a calculated one counts, and of the names that they ask. */
export function checksBehind(name: string, { names, checks }: Pick<Stack, 'names' | 'checks'>): ReadonlySet<string> {
  const [found, seen, ahead] = [new Set<string>(), new Set<string>(), [name]];
  const meet = (id: string): void => {
    const source = checks.get(id)?.source;
    if (found.has(id)) return;
    found.add(id);
    if (source?.kind === 'endpoint') ahead.push(source.host);
    if (source?.kind === 'calculated') for (const child of source.children) meet(child);
  };
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const { healthCheckId, target } of names.recordsOf(next)) {
      if (healthCheckId !== undefined) meet(healthCheckId);
      if (target !== undefined) ahead.push(target);
    }
  }
  return found;
}
