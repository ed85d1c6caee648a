// What a loss leaves standing: which endpoints answer, which health checks pass, and what Route 53 therefore takes for healthy.
import { CHECKER_REGIONS, isHealthyBy } from '@dr/contracts';
import {
  askerNear,
  endpointGroupsOf,
  idleBehind,
  isInternal,
  ownAnswers,
  passesByItself,
  targetHealthOf,
  type Endpoint,
  type EndpointSource,
  type HealthCheckSpec,
  type HealthView,
  type Names,
} from '@dr/stack';
import { knownOrAbsent, textOf, type Graph, type Resource } from '@dr/terraform-json';
import { metricsOf } from '../rules/alarms';
import type { Stack } from '../rules/rule';
import type { Loss } from './outcome';
import { leadsAllAlike, reached } from './reach';

/** Health checks by id, as Route 53 has them once everything has been asked often enough. */
export type Verdicts = ReadonlyMap<string, boolean>;

export interface Settled {
  readonly verdicts: Verdicts;
  /** Checks that never come to rest: what each of them finds changes what it asks. */
  readonly restless: readonly string[];
}

/** Ids of checks whose verdict under a loss the stack does not tell -> what to take it for. */
export type Supposed = ReadonlyMap<string, boolean>;

/** An endpoint as somebody who asks it finds it. An accelerator and a distribution answer while anything behind them does. */
export function answersUnder(
  { graph }: Pick<Stack, 'graph'>,
  endpoint: Endpoint,
  loss: Loss | undefined,
): 'answers' | 'errors' | 'silent' {
  const isLost = loss !== undefined && endpoint.awsRegion === loss.awsRegion;
  if (isLost && loss.fault === 'region-dark') return 'silent';
  if (idleAt(graph, endpoint).length > 0) return 'errors';
  return !isLost || endpoint.kind === 'bucket' ? 'answers' : 'errors';
}

const idle = new WeakMap<Graph, Map<Resource, readonly Resource[]>>();

/** What is scaled to zero behind a load balancer that has nothing else. Looked for once for each. */
export function idleAt(graph: Graph, { kind, resource, isElsewhere }: Endpoint): readonly Resource[] {
  if ((kind !== 'alb' && kind !== 'nlb') || isElsewhere) return [];
  const known = idle.get(graph) ?? new Map<Resource, readonly Resource[]>();
  idle.set(graph, known);
  const found = known.get(resource) ?? idleBehind(graph, resource);
  known.set(resource, found);
  return found;
}

/** What `evaluate_target_health` finds of it. */
export function targetsHealthy(stack: Stack, endpoint: Endpoint, loss: Loss | undefined): boolean {
  const met = answersUnder(stack, endpoint, loss);
  if (met === 'answers') return true;
  if (met === 'silent' || idleAt(stack.graph, endpoint).length > 0) return false;
  // API Gateway: the service itself is asked, whatever its integrations answer.
  if (endpoint.kind !== 'alb' && endpoint.kind !== 'nlb') return true;
  return !targetHealthOf(stack.graph, endpoint.resource).some((group) => group.asks === 'http' && group.showsInDns);
}

export const viewOf = (stack: Stack, verdicts: Verdicts, loss: Loss | undefined): HealthView => ({
  check: (id) => verdicts.get(id) ?? true,
  endpoint: (name) => {
    const endpoint = stack.names.endpoint(name);
    return endpoint && targetsHealthy(stack, endpoint, loss);
  },
  recordsOf: stack.names.recordsOf,
});

/** From what they were before the loss, until they change no more. */
export function settle(stack: Stack, before: Verdicts, loss: Loss | undefined, supposed: Supposed): Settled {
  const seen: Verdicts[] = [before];
  const fixed = new Map<string, boolean>();
  for (;;) {
    const last = seen.at(-1) as Verdicts;
    const next = judgeAll(stack, last, { loss, supposed, fixed });
    const known = seen.findIndex((one) => isEqual(one, next));
    if (known === seen.length - 1) return { verdicts: next, restless: [] };
    if (known >= 0) {
      const round = seen.slice(known);
      const restless = [...next.keys()].filter((id) => round.some((one) => one.get(id) !== next.get(id)));
      return { verdicts: next, restless };
    }
    seen.push(next);
  }
}

const isEqual = (a: Verdicts, b: Verdicts): boolean => [...a].every(([id, verdict]) => b.get(id) === verdict);

interface Settling {
  readonly loss: Loss | undefined;
  readonly supposed: Supposed;
  /** What checks find whose way hangs on no other check: it is the same in each round. */
  readonly fixed: Map<string, boolean>;
}

function judgeAll(stack: Stack, before: Verdicts, { loss, supposed, fixed }: Settling): Verdicts {
  const view = viewOf(stack, before, loss);
  const verdicts = new Map<string, boolean>();
  const judge = (spec: HealthCheckSpec): boolean => {
    const known = verdicts.get(spec.id);
    if (known !== undefined) return known;
    // A disabled check counts as healthy, and inverted as unhealthy (HC-09).
    const found = spec.isDisabled || finds(spec);
    verdicts.set(spec.id, found !== spec.isInverted);
    return found !== spec.isInverted;
  };
  const finds = ({ id, source }: HealthCheckSpec): boolean => {
    const given = loss === undefined ? undefined : supposed.get(id);
    if (given !== undefined) return given;
    if (source.kind === 'endpoint') {
      const found = fixed.get(id) ?? passes(stack, source, view, loss);
      if (leadsAllAlike(source.host, stack)) fixed.set(id, found);
      return found;
    }
    if (source.kind === 'metric') return loss === undefined || staysHealthy(source, loss);
    if (source.kind !== 'calculated') return true;
    const children = source.children.flatMap((child) => stack.checks.get(child) ?? []);
    return children.filter((child) => child.source.kind !== 'calculated' && judge(child)).length >= source.threshold;
  };
  for (const spec of stack.checks.values()) judge(spec);
  return verdicts;
}

/** More than 18 % of the checkers find it well (HC-02). What is not in these files is well until somebody supposes otherwise. */
function passes(stack: Stack, source: EndpointSource, view: HealthView, loss: Loss | undefined): boolean {
  if (isElsewhere(source, stack.names)) return true;
  const own = stack.names.endpoint(source.host);
  // From wherever it is asked, the same answers.
  if (own && own.kind !== 'distribution') return source.checkerRegions.length > 0 && isWell(stack, source, own, loss);
  const asking = leadsAllAlike(source.host, stack) ? source.checkerRegions.slice(0, 1) : source.checkerRegions;
  const well = asking.filter((awsRegion) =>
    reached(source.host, askerNear(awsRegion), stack, view).some(
      ({ endpoint }) => endpoint && isWell(stack, source, endpoint, loss),
    ),
  );
  return isHealthyBy(well.length, asking.length || CHECKER_REGIONS.length);
}

function isWell(stack: Stack, source: EndpointSource, endpoint: Endpoint, loss: Loss | undefined): boolean {
  if (endpoint.kind === 'accelerator') {
    const groups = endpointGroupsOf(stack.graph, endpoint.resource).flatMap(({ endpoints }) => endpoints);
    return groups.length === 0 || groups.some((one) => targetsHealthy(stack, one, loss));
  }
  const met = answersUnder(stack, endpoint, loss);
  // The checkers are outside its VPC.
  if (met === 'silent' || isInternal(endpoint)) return false;
  if (source.protocol === 'tcp') return true;
  const own = passesByItself(stack.graph, source, endpoint);
  if (own !== undefined) return own;
  // Which path it asks is unknown: it is taken for one that the load balancer answers, until somebody supposes otherwise.
  const isOwn = source.unknownPath !== undefined && endpoint.kind === 'alb';
  return (
    met === 'answers' || (isOwn && ownAnswers(stack.graph, endpoint.resource, source.port).some((one) => one < 400))
  );
}

const isElsewhere = ({ host }: EndpointSource, names: Names): boolean => names.endpointsBehind(host).length === 0;

type MetricSource = Extract<HealthCheckSpec['source'], { kind: 'metric' }>;

/** Without its region an alarm has no data, and the check says what it is told to say then (API reference, HealthCheckConfig). */
const staysHealthy = ({ awsRegion, insufficient }: MetricSource, loss: Loss): boolean =>
  loss.fault !== 'region-dark' || awsRegion !== loss.awsRegion || insufficient !== 'Unhealthy';

/** What services of the alarm's own region publish there about what they run. */
const OF_ITS_REGION =
  /^AWS\/(ApplicationELB|NetworkELB|ELB|Lambda|ApiGateway|ECS|EC2|AutoScaling|DynamoDB|RDS|SQS|SNS|States|ElastiCache)$/;

/** An alarm of another region whose metrics are all about that region knows nothing of the loss. */
function isOfAnother(graph: Graph, { awsRegion, alarmName }: MetricSource, loss: Loss): boolean {
  if (awsRegion === loss.awsRegion) return false;
  const alarm = graph
    .ofType('aws_cloudwatch_metric_alarm')
    .find(
      (one) =>
        knownOrAbsent(() => one.awsRegion) === awsRegion &&
        knownOrAbsent(() => textOf(one.values, 'alarm_name')) === alarmName,
    );
  const namespaces = alarm && metricsOf(alarm).map((metric) => knownOrAbsent(() => textOf(metric, 'namespace')) ?? '');
  return namespaces !== undefined && namespaces.every((one) => OF_ITS_REGION.test(one));
}

/** Health checks whose verdict under a loss cannot be told by the stack, with the reason. */
export function untold({ graph, checks, names }: Stack, loss: Loss): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  for (const { id, address, source, isDisabled } of checks.values()) {
    if (isDisabled) continue;
    if (source.kind === 'unread') reasons.set(id, source.error.message);
    if (source.kind === 'metric' && !isTold(graph, source, loss))
      reasons.set(id, `${address} follows an alarm, ${source.alarmName}`);
    if (source.kind === 'endpoint' && source.unknownPath && mayAnswerItself({ graph, names }, source, loss))
      reasons.set(id, source.unknownPath.message);
    if (source.kind === 'endpoint' && isElsewhere(source, names))
      reasons.set(id, `${address} asks ${source.host}, which is not in these files`);
  }
  return reasons;
}

/** Does a load balancer behind the check answer some path itself? Which one the check asks is unknown. */
const mayAnswerItself = (
  { graph, names }: Pick<Stack, 'graph' | 'names'>,
  { host, port }: EndpointSource,
  { fault }: Loss,
): boolean =>
  fault === 'app-errors' &&
  names
    .endpointsBehind(host)
    .some(({ kind, resource }) => kind === 'alb' && ownAnswers(graph, resource, port).some((status) => status < 400));

const isTold = (graph: Graph, source: MetricSource, loss: Loss): boolean =>
  (loss.fault === 'region-dark' && source.awsRegion === loss.awsRegion) || isOfAnother(graph, source, loss);
