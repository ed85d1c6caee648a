// Why a drill failed: causes read from the stack and from the log, one sentence each with the resource's address.
import { explain } from '@dr/failover';
import { ANY_SYSTEM, judgeStack } from '@dr/review';
import { answering, frontBalancers, frontNames, readHealthChecks, readNames, type StackRegion } from '@dr/stack';
import { textOf, type Graph } from '@dr/terraform-json';
import type { EventOf } from '@dr/twin';
import { requestCounts } from '../measure/measure';
import { promisedRequests, faultStartMs, ofKind, promiseOf, type DrillRun } from '../run/run-record';
import type { RequestEvent } from '../system-under-drill';
import { promisedTo } from './demanded';

const HTTPS = 443;
type IdOf = (region: string) => string;

/** What the rules find in the stack, then what only the log shows: named when a drill has failed, as its probable cause. */
export function diagnose(run: DrillRun, graph: Graph, regions: readonly StackRegion[]): string[] {
  const idOf = (region: string): string => regions.find(({ name }) => name === region)?.awsRegion ?? region;
  return [
    ...judgeStack(graph, ANY_SYSTEM, ['failover']).map(({ address, sentence }) => `${address} ${sentence}`),
    ...tooSlow(run, graph),
    ...checksThatFail(run, graph),
    ...deniedActions(run, graph),
    ...failingInit(run, graph, idOf),
    ...failingRouter(run, graph, idOf),
    ...nobodyAffected(run, graph),
  ];
}

/** Names the health checks where detection alone takes too long, else the records and their TTL. */
function tooSlow(run: DrillRun, graph: Graph): string[] {
  const predicted = promisedTo(run);
  const { rtoSeconds } = run.objective;
  if (!promiseOf(run, run.fault).movesTraffic || predicted.worstClientSeconds <= rtoSeconds) return [];
  const { failureThreshold, intervalSeconds, ttlSeconds, accelerator } = run.settings;
  const checks = checksOf(run, graph);
  const slow = accelerator
    ? `${recordsOf(run, graph)}: an accelerator that follows ${accelerator.unhealthyThreshold} failures every ${accelerator.intervalSeconds} s cannot`
    : predicted.worstClientSeconds - ttlSeconds > rtoSeconds && checks !== ''
      ? `${checks}: ${failureThreshold} failures every ${intervalSeconds} s cannot`
      : `${recordsOf(run, graph) || run.domain}: a TTL of ${ttlSeconds} s cannot`;
  return [`${slow} meet ${rtoSeconds} s: ${explain(run.settings, predicted)}`];
}

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
function failingInit(run: DrillRun, graph: Graph, idOf: IdOf): string[] {
  const before = faultStartMs(run);
  const failing = new Map<string, EventOf<'invocation'>>();
  for (const event of ofKind(run.events, 'invocation'))
    if (event.outcome === 'init-error' && event.atMs < before)
      failing.set(`${event.region}/${event.functionName}`, event);
  return [...failing.values()].map(
    (event) =>
      `${functionAddress(run, graph, event, idOf(event.region))} fails while it starts in ${event.region}${event.detail ? `: ${event.detail}` : ''}`,
  );
}

function functionAddress(
  run: DrillRun,
  graph: Graph,
  { functionName }: EventOf<'invocation'>,
  awsRegion: string,
): string {
  const { system } = run;
  const named = graph.ofType('aws_lambda_function').filter(({ values }) => {
    const name = textOf(values, 'function_name') ?? '';
    return (system.functionName?.(name) ?? name) === functionName;
  });
  return (named.find((fn) => fn.awsRegion === awsRegion) ?? named[0])?.address ?? functionName;
}

const recordsIn = (run: DrillRun, graph: Graph) =>
  frontNames(readNames(graph))
    .filter(({ domain }) => domain === run.domain)
    .flatMap(({ records }) => records);

/** Addresses of the records of the name that clients use. */
const recordsOf = (run: DrillRun, graph: Graph): string =>
  recordsIn(run, graph)
    .map(({ address }) => address)
    .join(', ');

/** Addresses of their health checks. */
const checksOf = (run: DrillRun, graph: Graph): string =>
  recordsIn(run, graph)
    .flatMap(({ healthCheckId }) => readHealthChecks(graph).get(healthCheckId ?? '')?.address ?? [])
    .join(', ');

/** A health check that fails while nothing is broken: its region never gets clients, or always loses them. */
function checksThatFail(run: DrillRun, graph: Graph): string[] {
  const before = ofKind(run.events, 'probe').filter(({ atMs }) => atMs < faultStartMs(run));
  return [...readHealthChecks(graph).values()].flatMap(({ address, name, source }) => {
    if (source.kind !== 'endpoint') return [];
    const probes = before.filter(({ healthCheck }) => healthCheck === name);
    const failed = probes.filter(({ outcome }) => outcome !== 'healthy');
    const [first] = failed;
    if (!first || failed.length * 2 < probes.length) return [];
    const { protocol, host, path, searchString } = source;
    const why =
      first.outcome === 'no-match'
        ? `"${searchString}" is not in the first 5,120 bytes of the answer`
        : `${first.outcome}${first.status === undefined ? '' : ` ${first.status}`}`;
    return [
      `${address} failed ${failed.length} of ${probes.length} probes of ${protocol}://${host}${path} before any fault: ${why}`,
    ];
  });
}

function failingRouter(run: DrillRun, graph: Graph, idOf: IdOf): string[] {
  const before = promisedRequests(run).where(({ atMs }) => atMs < faultStartMs(run));
  return [...before.setOf(({ region }) => region)].flatMap((region) => {
    const requests = before.where((request) => request.region === region);
    const first = requests.find(({ outcome }) => outcome !== 'ok');
    if (!first) return [];
    const { total, failed } = requestCounts(requests);
    const status = first.status ?? first.outcome;
    return [
      `${failed} of ${total} requests to ${region} failed before any fault (first: ${first.route} ${status}): see ${serving(run, graph, first, idOf(region))}`,
    ];
  });
}

/** Who answers such a request in its region: functions, or the records of the name when none does. */
function serving(run: DrillRun, graph: Graph, { method, route }: RequestEvent, awsRegion: string): string {
  const request = { method, path: route.split(' ')[1] ?? '/', headers: { host: run.domain } };
  const functions = frontBalancers(readNames(graph))
    .filter((balancer) => balancer.awsRegion === awsRegion)
    .flatMap((balancer) => answering(graph, balancer, HTTPS, request));
  return [...new Set(functions.map(({ address }) => address))].join(', ') || recordsOf(run, graph);
}

function nobodyAffected(run: DrillRun, graph: Graph): string[] {
  const { fault } = run;
  if (!promiseOf(run, fault).affectsClients) return [];
  const affected = promisedRequests(run).some((r) => r.outcome !== 'ok' && r.atMs >= faultStartMs(run));
  if (affected) return [];
  const before = promisedRequests(run).where((request) => request.atMs < faultStartMs(run));
  if (before.some((request) => request.region === fault.region)) return [];
  return [
    `no client was sent to ${fault.region} even before the fault, so nobody could be affected: the records of ${run.domain} ` +
      `(${recordsOf(run, graph)}) never answered it`,
  ];
}
