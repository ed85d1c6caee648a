// Invariant 6 behind an accelerator: nobody new is led to a region for longer than it takes to find out that the region is unhealthy.
import { acceleratedSeconds, type TargetCheck } from '@dr/failover';
import { ofKind, seconds, UNAUTHENTICATED_CLIENT } from '../run/run-record';
import type { RunRecord } from '../system-under-drill';
import { healthChanges } from './probes';

/**
 * One sentence for each new connection to a region that Route 53 had found unhealthy for so long, without a pause, while another was
 * healthy. Route 53 and the accelerator find out by checks of their own, so Route 53 is here the witness.
 */
export function acceleratedToUnhealthy(run: RunRecord, check: TargetCheck): string[] {
  const boundMs = acceleratedSeconds(check) * 1000;
  const changes = healthChanges(run);
  /** Since when, without a pause; undefined: it is healthy. */
  const unhealthySince = (region: string, atMs: number): number | undefined => {
    const last = changes.findLast((change) => change.region === region && change.atMs <= atMs);
    return last?.healthy === false ? last.atMs : undefined;
  };
  /** All along, so that the accelerator has led its clients there. */
  const wasHealthy = (region: string, fromMs: number, atMs: number): boolean =>
    unhealthySince(region, fromMs) === undefined &&
    !changes.some((change) => change.region === region && change.atMs > fromMs && change.atMs <= atMs);
  return (
    ofKind(run.events, 'request')
      // A connection that is kept stays where it is.
      .where(({ population, client }) => population !== 'keeps' && !client.startsWith(UNAUTHENTICATED_CLIENT))
      .filter(({ region, startedMs }) => {
        const sinceMs = unhealthySince(region, startedMs);
        const fromMs = startedMs - boundMs;
        return (
          sinceMs !== undefined &&
          sinceMs < fromMs &&
          run.regions.some((other) => other !== region && wasHealthy(other, fromMs, startedMs))
        );
      })
      .map(
        ({ client, region, startedMs }) =>
          `${client} was led to ${region} at ${seconds(startedMs)} s, which had been unhealthy for longer than ${boundMs / 1000} s`,
      )
  );
}
