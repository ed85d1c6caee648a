// Health as Route 53 saw it, replayed from the log: who was healthy when, and when a region was found unhealthy.
import type { EventOf } from '@dr/twin';
import { faultStartMs, ofKind, type FaultRun } from '../run/run-record';
import type { RunRecord } from '../system-under-drill';

/** Only changes of the verdict: a check that reports the same verdict again changes nothing. A new check is healthy. */
export function healthChanges(run: RunRecord): EventOf<'health-check'>[] {
  const current = new Map<string, boolean>();
  return ofKind(run.events, 'health-check').filter((event) => {
    const before = current.get(event.healthCheck) ?? true;
    current.set(event.healthCheck, event.healthy);
    return before !== event.healthy;
  });
}

/** When the faulted region was first found unhealthy after the fault began; undefined when it never was. */
export const detectedMs = (run: FaultRun): number | undefined =>
  healthChanges(run).find(
    ({ atMs, region, healthy }) => !healthy && region === run.fault.region && atMs >= faultStartMs(run),
  )?.atMs;

/** Answers of the drill's own name, changes only. */
export function answerChanges(run: RunRecord): EventOf<'dns-answer'>[] {
  const current = new Map<string, string>();
  return ofKind(run.events, 'dns-answer').filter((event) => {
    if (event.name !== run.domain) return false;
    const answer = event.regions.join(',');
    const before = current.get(event.from);
    current.set(event.from, answer);
    return before !== answer;
  });
}
