// Why a drill failed: causes read from the stack and from the log, one sentence each with the resource's address.
import { functionOf } from '@dr/contracts/system';
import type { Graph, Resource } from '@dr/terraform-json';
import type { EventOf } from '@dr/twin';
import { clientRequests, faultStartMs, ofKind, promiseOf, type DrillRun } from '../run/run-record';
import type { RequestEvent } from '../system-under-drill';
import { demandedOf, promisedTo } from './demanded';
import { endpointOf, policyRecords } from './stack-facts';

/** Most of these can be seen in the plan; all are named only when a drill has failed, as its probable cause. */
export function diagnose(run: DrillRun, graph: Graph): string[] {
  return [
    ...recordsWithoutHealthCheck(run, graph),
    ...recordsToOneEndpoint(run, graph),
    ...missingReplicas(run, graph),
    ...ttlTooHigh(run, graph),
    ...shallowHealth(run, graph),
    ...deniedActions(run, graph),
    ...failingInit(run, graph),
    ...failingRouter(run, graph),
    ...nobodyAffected(run, graph),
  ];
}

function recordsWithoutHealthCheck(run: DrillRun, graph: Graph): string[] {
  return policyRecords(graph, run.domain)
    .filter((record) => !record.values['health_check_id'])
    .map(
      (record) =>
        `${record.address} has no health_check_id: Route 53 takes it for healthy and keeps sending clients to a dead region`,
    );
}

function recordsToOneEndpoint(run: DrillRun, graph: Graph): string[] {
  const byEndpoint = new Map<string, string[]>();
  for (const record of policyRecords(graph, run.domain)) {
    const endpoint = endpointOf(graph, record);
    if (endpoint) byEndpoint.set(endpoint.address, [...(byEndpoint.get(endpoint.address) ?? []), record.address]);
  }
  return [...byEndpoint]
    .filter(([, records]) => records.length > 1)
    .map(
      ([endpoint, records]) =>
        `${records.join(' and ')} lead to one load balancer, ${endpoint}: there is no second region to fail over to`,
    );
}

function missingReplicas(run: DrillRun, graph: Graph): string[] {
  return run.regions
    .filter((region) => (run.replicas[region] ?? []).length === 0)
    .map((region) => {
      const tables = graph.ofType('aws_dynamodb_table').map((table) => table.address);
      return `${tables.join(', ') || 'the stack'} has no replica in ${region}: what is written elsewhere is lost to it`;
    });
}

function ttlTooHigh(run: DrillRun, graph: Graph): string[] {
  const predicted = promisedTo(run);
  const { rtoSeconds } = run.objective;
  if (!demandedOf(run).failover || predicted.worstClientSeconds <= rtoSeconds) return [];
  const addresses = policyRecords(graph, run.domain).map((record) => record.address);
  const { failureThreshold, intervalSeconds, ttlSeconds } = run.settings;
  const probeSeconds = predicted.worstDetectionSeconds / failureThreshold - intervalSeconds;
  const wait = predicted.worstClientSeconds - predicted.worstDetectionSeconds - ttlSeconds;
  return [
    `${addresses.join(', ') || run.domain}: a TTL of ${ttlSeconds} s cannot meet ${rtoSeconds} s: ${failureThreshold} x ` +
      `(${intervalSeconds} s interval + ${probeSeconds} s probe) + TTL ${ttlSeconds} s + client wait ${wait} s = ` +
      `${predicted.worstClientSeconds} s`,
  ];
}

const SHALLOW: readonly string[] = ['fixed-response', 'redirect'];

/** Names the rules that answer /health themselves; the load balancers when none is found. */
function shallowHealth(run: DrillRun, graph: Graph): string[] {
  const seen = new Map<string, Set<string>>();
  for (const { answeredBy, region } of ofKind(run.events, 'probe'))
    if (answeredBy !== undefined && SHALLOW.includes(answeredBy))
      seen.set(answeredBy, (seen.get(answeredBy) ?? new Set()).add(region));
  return [...seen].map(([by, regions]) => {
    const rules = [...graph.ofType('aws_lb_listener_rule'), ...graph.ofType('aws_lb_listener')].filter((rule) =>
      blocks(rule.values[rule.type === 'aws_lb_listener' ? 'default_action' : 'action']).some(
        (action) => action['type'] === by,
      ),
    );
    const asked = rules.filter((rule) => JSON.stringify(rule.values['condition'] ?? '').includes('/health'));
    const found = asked.length > 0 ? asked : rules.length > 0 ? rules : graph.ofType('aws_lb');
    return `/health of ${[...regions].sort().join(' and ')} is answered by a ${by} (${found
      .map((rule) => rule.address)
      .join(', ')}), so it stays healthy with every function dead`;
  });
}

const blocks = (value: unknown): readonly Record<string, unknown>[] =>
  Array.isArray(value) ? (value as Record<string, unknown>[]) : [];

function deniedActions(run: DrillRun, graph: Graph): string[] {
  const counts = new Map<string, { event: EventOf<'denied'>; count: number }>();
  for (const event of ofKind(run.events, 'denied')) {
    const key = `${event.role} ${event.action} ${event.resource}`;
    counts.set(key, { event, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].map(({ event, count }) => {
    const role =
      graph.find('aws_iam_role', 'arn', event.role) ?? graph.find('aws_iam_role', 'name', event.role.split('/').at(-1));
    return `${role?.address ?? event.role} lacks ${event.action} on ${event.resource} (denied ${count} times in ${event.region})`;
  });
}

/** A bad deploy that was ordered is no cause. */
function failingInit(run: DrillRun, graph: Graph): string[] {
  const before = faultStartMs(run);
  const failing = new Map<string, EventOf<'invocation'>>();
  for (const event of ofKind(run.events, 'invocation'))
    if (event.outcome === 'init-error' && event.atMs < before)
      failing.set(`${event.region}/${event.functionName}`, event);
  return [...failing.values()].map(
    (event) =>
      `${functionAddress(graph, event)} fails while it starts in ${event.region}${event.detail ? `: ${event.detail}` : ''}`,
  );
}

function functionAddress(graph: Graph, of: { readonly functionName: string; readonly region?: string }): string {
  const named = graph
    .ofType('aws_lambda_function')
    .filter((fn) => functionOf(String(fn.values['function_name'])) === of.functionName);
  const inRegion = named.find((fn) => of.region !== undefined && fn.address.includes(of.region));
  return (inRegion ?? named[0])?.address ?? of.functionName;
}

function failingRouter(run: DrillRun, graph: Graph): string[] {
  const byRegion = new Map<string, RequestEvent[]>();
  for (const request of clientRequests(run)) {
    if (request.atMs >= faultStartMs(run)) continue;
    byRegion.set(request.region, [...(byRegion.get(request.region) ?? []), request]);
  }
  return [...byRegion].flatMap(([region, requests]) => {
    const failed = requests.filter((request) => request.outcome !== 'ok');
    const first = failed[0];
    if (!first) return [];
    const status = first.status ?? first.outcome;
    const address = functionAddress(graph, { functionName: 'traffic-router', region });
    return [
      `${failed.length} of ${requests.length} requests to ${region} failed before any fault (first: ${first.route} ${status}): see ${address}`,
    ];
  });
}

function nobodyAffected(run: DrillRun, graph: Graph): string[] {
  const { fault } = run;
  if (!promiseOf(run, fault).affectsClients) return [];
  const affected = clientRequests(run).some((r) => r.outcome !== 'ok' && r.atMs >= faultStartMs(run));
  if (affected) return [];
  const before = clientRequests(run).filter((request) => request.atMs < faultStartMs(run));
  if (before.some((request) => request.region === fault.region)) return [];
  const records: readonly Resource[] = policyRecords(graph, run.domain);
  return [
    `no client was sent to ${fault.region} even before the fault, so nobody could be affected: the records of ${run.domain} ` +
      `(${records.map((record) => record.address).join(', ')}) never answered it`,
  ];
}
