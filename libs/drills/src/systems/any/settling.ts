// How long a stack takes at most until nothing changes by itself any more: so long clients are watched before and in a fault.
import { PROBE_SECONDS } from '@dr/contracts';
import { CLIENT_WAIT_TOTAL_SECONDS } from '@dr/failover';
import type { Stack } from '@dr/review';
import { ACCELERATOR_LAG_SECONDS, NODE_CHECK, originsOf, readEndpoints, targetHealthOf } from '@dr/stack';

/** Longer caches are not waited for: a name with one is not drilled. */
export const LONGEST_TTL_SECONDS = 3_600;

/** Until every answer of Route 53 and every way of an accelerator has changed that will. */
export function detectionSeconds({ graph, checks }: Stack): number {
  const probed = [...checks.values()].flatMap(({ source }) =>
    source.kind === 'endpoint' ? [source.threshold * (source.intervalMs / 1_000 + PROBE_SECONDS.tcpConnect)] : [],
  );
  const asked = readEndpoints(graph)
    .filter(({ kind, isElsewhere }) => (kind === 'alb' || kind === 'nlb') && !isElsewhere)
    .flatMap(({ resource }) => targetHealthOf(graph, resource))
    .map(({ intervalSeconds, unhealthyThreshold }) => intervalSeconds * (unhealthyThreshold + 1));
  const nodes = NODE_CHECK.intervalSeconds * (NODE_CHECK.failureThreshold + 1);
  return Math.max(nodes, ...probed, ...asked) + ACCELERATOR_LAG_SECONDS;
}

/** The same, with every cache out of date and every client at its next request. */
export function settlingSeconds(domains: readonly string[], stack: Stack): number {
  const ttls = stack.names.records.map(({ ttlSeconds }) => Math.min(ttlSeconds, LONGEST_TTL_SECONDS));
  const waits = domains.map((domain) => originWaitSeconds(domain, stack));
  const requests = 2 * (Math.max(0, ...waits) + CLIENT_WAIT_TOTAL_SECONDS);
  return detectionSeconds(stack) + Math.max(0, ...ttls) + requests;
}

/** What distributions behind the name wait for before they go on to a second origin. */
export const originWaitSeconds = (name: string, { graph, names }: Stack): number =>
  Math.max(
    0,
    ...names
      .endpointsBehind(name)
      .filter(({ kind }) => kind === 'distribution')
      .map(({ resource }) => originsOf(graph, resource))
      .flatMap(([first, second]) => (second ? (first?.connectSeconds ?? 0) : 0)),
  );
