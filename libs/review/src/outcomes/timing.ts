// How long it takes until Route 53 has taken a record out, and a client has been told.
import { PROBE_SECONDS } from '@dr/contracts';
import { CLIENT_WAIT_TOTAL_SECONDS } from '@dr/failover';
import { targetHealthOf, type DnsRecord, type Endpoint, type EndpointSource, type HealthCheckSpec } from '@dr/stack';
import type { Stack } from '../rules/rule';
import type { Loss, Span } from './outcome';
import type { Verdicts } from './standing';

/** From the loss until the check changes, with how it comes to that. */
export interface Detection extends Span {
  /** e.g. `3 x (10 + 4)`. */
  readonly arithmetic: string;
  /** At worst, until the load balancer itself has found its targets unhealthy. */
  readonly targetsWorst?: number;
}

/** What one failing probe takes: nothing where an error comes at once, the whole time-out where nothing answers. */
function probeSeconds({ protocol }: EndpointSource, { fault }: Loss): number {
  if (fault === 'app-errors') return 0;
  return protocol === 'tcp' ? PROBE_SECONDS.tcpConnect : PROBE_SECONDS.connect;
}

/** Of a check that changes from `before` to `after`. */
export function detectionOf(
  check: HealthCheckSpec,
  { checks }: Pick<Stack, 'checks'>,
  [before, after]: readonly [Verdicts, Verdicts],
  loss: Loss,
): Detection {
  const { source } = check;
  switch (source.kind) {
    case 'endpoint': {
      const interval = source.intervalMs / 1_000;
      const probe = probeSeconds(source, loss);
      return {
        best: (source.threshold - 1) * interval,
        worst: source.threshold * (interval + probe),
        arithmetic: `${source.threshold} x (${interval} + ${probe})`,
      };
    }
    case 'calculated': {
      const children = source.children.flatMap((id) => checks.get(id) ?? []);
      const changing = children.filter(({ id }) => before.get(id) !== after.get(id));
      const healthy = children.filter(({ id }) => before.get(id) !== false).length;
      // So many of those that change must have changed before the count crosses the threshold.
      const needed = Math.max(1, Math.min(changing.length, healthy - source.threshold + 1));
      const found = changing.map((child) => detectionOf(child, { checks }, [before, after], loss));
      const [best] = found
        .map((one) => one.best)
        .sort((a, b) => a - b)
        .slice(needed - 1);
      const [last] = [...found].sort((a, b) => (a.worst ?? Infinity) - (b.worst ?? Infinity)).slice(needed - 1);
      return { best: best ?? 0, worst: last?.worst ?? null, arithmetic: last?.arithmetic ?? '' };
    }
    default:
      return {
        best: 0,
        worst: null,
        arithmetic: 'what Route 53 takes to see that the alarm has no data (not published)',
      };
  }
}

/** Of `evaluate_target_health`: AWS publishes no time in which Route 53 learns of it. */
export function evaluationOf({ graph }: Pick<Stack, 'graph'>, endpoint: Endpoint, loss: Loss): Detection {
  const arithmetic = 'what Route 53 takes to learn of its targets (not published)';
  if (loss.fault === 'region-dark' || (endpoint.kind !== 'alb' && endpoint.kind !== 'nlb'))
    return { best: 0, worst: null, arithmetic };
  const groups = targetHealthOf(graph, endpoint.resource).filter(
    ({ asks, showsInDns }) => asks === 'http' && showsInDns,
  );
  const seconds = groups.map(({ intervalSeconds, unhealthyThreshold }) => (unhealthyThreshold - 1) * intervalSeconds);
  const targetsWorst = Math.max(
    ...groups.map(({ intervalSeconds, unhealthyThreshold }) => unhealthyThreshold * intervalSeconds),
  );
  return { best: Math.min(...seconds), worst: null, targetsWorst, arithmetic };
}

/** Of several ways to find out, the quickest. */
export function quickest(found: readonly Detection[]): Detection | undefined {
  const [first] = [...found].sort((a, b) => (a.worst ?? Infinity) - (b.worst ?? Infinity));
  return first && { ...first, best: Math.min(...found.map(({ best }) => best)) };
}

/** Of several clients: the first to be helped and the last; null where none of them has a time. */
export function widest(spans: readonly (Span | null)[]): Span | null {
  const known = spans.filter((span) => span !== null);
  if (known.length === 0) return null;
  const worst = spans.map((span) => span?.worst ?? null);
  return {
    best: Math.min(...known.map(({ best }) => best)),
    worst: worst.includes(null) ? null : Math.max(...(worst as number[])),
  };
}

/** With what a client keeps: the answer for its TTL; at worst a request that times out, a pause and the next one. */
export const withClient = ({ best, worst }: Span, ttlSeconds: number): Span => ({
  best: best + ttlSeconds,
  worst: worst === null ? null : worst + ttlSeconds + CLIENT_WAIT_TOTAL_SECONDS,
});

/** How long the answer is kept: an alias has the TTL of the record that it leads to, or its own 60 s (DNS-04). */
export function ttlOf(record: DnsRecord, { names }: Pick<Stack, 'names'>): number {
  const { isAlias, target, ttlSeconds } = record;
  if (!isAlias || target === undefined || names.endpoint(target)) return ttlSeconds;
  const [next] = names.recordsOf(target);
  return next && next !== record ? ttlOf(next, { names }) : ttlSeconds;
}
