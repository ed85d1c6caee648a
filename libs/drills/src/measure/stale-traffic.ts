// Invariant 6: after Route 53 has found a region unhealthy nobody is sent there, and caches end within one TTL.
import type { EventOf } from '@dr/twin';
import { healthChanges } from './probes';
import { ofKind, seconds, UNAUTHENTICATED_CLIENT } from '../run/run-record';
import type { RunRecord } from '../system-under-drill';

/** One sentence each for: an answer that named an unhealthy region, a request on an answer older than its TTL. */
export function trafficToUnhealthy(run: RunRecord): string[] {
  const changes = healthChanges(run);
  const isUnhealthy = (region: string, atMs: number): boolean =>
    changes.findLast((change) => change.region === region && change.atMs <= atMs)?.healthy === false;
  const answered = new Map<string, { region: string; untilMs: number }>();
  const broken: string[] = [];
  for (const step of inOrder(run, isUnhealthy)) {
    const { client, region } = step;
    if (step.kind === 'request') {
      const { startedMs } = step;
      const answer = answered.get(client);
      if (answer?.region === region && startedMs >= answer.untilMs)
        broken.push(`${client} went to ${region} at ${seconds(startedMs)} s on an answer that had expired`);
      continue;
    }
    const { ttlSeconds, atMs } = step;
    answered.set(client, { region, untilMs: atMs + ttlSeconds * 1000 });
    const another = run.regions.some((other) => other !== region && !isUnhealthy(other, atMs));
    if (isUnhealthy(region, atMs) && another)
      broken.push(`${client} was told ${region} at ${seconds(atMs)} s although it was unhealthy`);
  }
  return broken;
}

/**
 * Answers, and the requests that may be wrong: those to a region that is unhealthy. Requests are logged when they end; what they were sent
 * by is what held when they began.
 */
function inOrder(
  run: RunRecord,
  isUnhealthy: (region: string, atMs: number) => boolean,
): readonly (EventOf<'dns-query'> | EventOf<'request'>)[] {
  const requests = ofKind(run.events, 'request')
    // A connection that is kept outlives the answer that led to it.
    .where(({ population, client }) => population !== 'keeps' && !client.startsWith(UNAUTHENTICATED_CLIENT))
    .filter(({ region, startedMs }) => isUnhealthy(region, startedMs));
  const steps = [...ofKind(run.events, 'dns-query'), ...requests];
  return steps.sort((a, b) => beganMs(a) - beganMs(b));
}

const beganMs = (step: EventOf<'dns-query'> | EventOf<'request'>): number =>
  step.kind === 'request' ? step.startedMs : step.atMs;
