// Invariant 6: after Route 53 has found a region unhealthy nobody is sent there, and caches end within one TTL.
import { healthChanges } from './probes';
import { ofKind, seconds, UNAUTHENTICATED_CLIENT } from '../run/run-record';
import type { RunRecord } from '../system-under-drill';

/** One sentence each for: an answer that named an unhealthy region, a request on an answer older than its TTL. */
export function trafficToUnhealthy(run: RunRecord): string[] {
  const healthy = new Map(run.regions.map((region) => [region, true]));
  const answered = new Map<string, { region: string; untilMs: number }>();
  const changes = new Set<unknown>(healthChanges(run));
  const broken: string[] = [];
  const requests = ofKind(run.events, 'request').map((request) => ({ atMs: request.startedMs, request }));
  // Requests are logged when they end; what they were sent by is what held when they began.
  const steps = [
    ...run.events
      .filter((event) => event.kind === 'dns-query' || changes.has(event))
      .map((event) => ({ atMs: event.atMs, event })),
    ...requests,
  ].sort((a, b) => a.atMs - b.atMs);
  for (const step of steps) {
    if ('request' in step) {
      const { client, population, region, startedMs } = step.request;
      const answer = answered.get(client);
      // A connection that is kept outlives the answer that led to it.
      if (population === 'keeps' || client.startsWith(UNAUTHENTICATED_CLIENT) || !answer || answer.region !== region)
        continue;
      if (startedMs >= answer.untilMs && healthy.get(region) === false)
        broken.push(`${client} went to ${region} at ${seconds(startedMs)} s on an answer that had expired`);
    } else if (step.event.kind === 'health-check') {
      healthy.set(step.event.region, step.event.healthy);
    } else if (step.event.kind === 'dns-query') {
      const { client, region, ttlSeconds, atMs } = step.event;
      answered.set(client, { region, untilMs: atMs + ttlSeconds * 1000 });
      const another = [...healthy].some(([other, isHealthy]) => other !== region && isHealthy);
      if (healthy.get(region) === false && another)
        broken.push(`${client} was told ${region} at ${seconds(atMs)} s although it was unhealthy`);
    }
  }
  return broken;
}
