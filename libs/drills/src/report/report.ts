// The report of a run: its figures beside objective and prediction, and the reasons why it has not passed.
import { frontName, WORST_CLIENT, type DrillReport } from '@dr/contracts';
import { monthlyProbes, predict } from '@dr/failover';
import type { Graph } from '@dr/terraform-json';
import { demandedOf, judgementOf, promisedTo } from '../judge/demanded';
import { diagnose } from '../judge/diagnose';
import { invariantsOf } from '../judge/checks';
import * as measure from '../measure/measure';
import { brokenBounds, populationReports } from '../measure/populations';
import { failbackNotifications, failoverNotifications, reportedNotifications } from '../measure/notifications';
import { promisedRequests, faultStartMs, ofKind, promiseOf, seconds, type DrillRun } from '../run/run-record';
import { probedEndpoints } from '@dr/stack';
import type { LoadPlan } from '../schedule/load-plan';
import { capacityOf, overCapacity } from './capacity';
import { timelineOf } from './timeline';
import type { RunningStack } from '../system-under-drill';

/** Measures the run and judges it. Deterministic but for `wallSeconds`. */
export function judge(
  run: DrillRun,
  graph: Graph,
  stack: RunningStack,
  {
    replay,
    wallSeconds,
    plan,
  }: { readonly replay: string; readonly wallSeconds: number; readonly plan?: LoadPlan | undefined },
): DrillReport {
  const { fault, objective } = run;
  const { kind, region, startSeconds, durationSeconds, service, zones, intensity, neverHeals } = fault;
  const recoveries = measure.clientRecoveries(run);
  const requests = promisedRequests(run);
  const counts = measure.requestCounts(requests);
  const predicted = predict(run.settings, promiseOf(run, fault).probeSeconds);
  const populations = populationReports(run, graph, predicted);
  const measured = {
    rto: measure.recoveryTime(recoveries),
    rpo: measure.recoveryPoint(run),
    invariants: invariantsOf(run),
  };
  const capacity = plan && capacityOf(run, stack, plan);
  const failures = [
    ...shortfalls(run, { ...measured, recoveries, predicted }),
    ...brokenBounds(populations, run.settings.accelerator !== undefined),
    ...(capacity ? overCapacity(capacity, region) : []),
  ];
  const { intervalSeconds, failureThreshold, ttlSeconds, accelerator } = run.settings;
  return {
    schema: 1,
    passed: failures.length === 0,
    reasons: failures.length === 0 ? [] : [...new Set([...diagnose(run, graph, stack.world.regions), ...failures])],
    judgement: judgementOf(run, measured.rto),
    fault: {
      ...{ kind, region, startSeconds, durationSeconds },
      ...(service && { service }),
      ...(zones && { zones }),
      ...(intensity && { intensity }),
      ...(neverHeals && { neverHeals }),
    },
    routing: frontName(stack.routing, accelerator),
    settings: { intervalSeconds, failureThreshold, ttlSeconds, ...(accelerator ? { accelerator } : {}) },
    objective,
    predicted,
    ...measured,
    ...(populations.length === 0 ? {} : { populations }),
    availability: measure.availability(counts),
    requests: counts,
    latency: measure.latencyByPath(requests),
    timeline: timelineOf(run),
    notifications: reportedNotifications(run),
    monthlyHealthCheckRequests: monthlyProbes(intervalSeconds, probedEndpoints(graph)),
    notModelled: stack.notModelled,
    unknown: graph.unknown.map(({ address, path, reason }) => `${address}: ${path}: ${reason}`),
    seed: stack.world.random.seed,
    eventLogHash: stack.world.events.hash(),
    replay,
    ...(capacity && { capacity }),
    simulation: {
      virtualSeconds: seconds(stack.world.scheduler.now()),
      wallSeconds: Math.round(wallSeconds * 1000) / 1000,
      requests: counts.total,
      invocations: ofKind(run.events, 'invocation')
        .where((event) => event.outcome !== 'throttled')
        .count(),
    },
  };
}

type Measured = Pick<DrillReport, 'rto' | 'rpo' | 'invariants' | 'predicted'> & {
  readonly recoveries: readonly measure.ClientRecovery[];
};

const STOPPED = 'more than 10 % of the requests failed before any fault, so none was injected';

/** What was promised and not kept, one sentence each. */
function shortfalls(run: DrillRun, measured: Measured): string[] {
  const { fault, objective } = run;
  const effect = promiseOf(run, fault);
  const { rto, rpo, predicted, recoveries, invariants } = measured;
  const demanded = demandedOf(run);
  const broken = invariants.filter(({ holds }) => !holds).map(({ id, detail }) => `${id}: ${detail}`);
  const reasons: string[] = [];
  if (!rto && effect.affectsClients && !run.stoppedBeforeFault && (demanded.failover || !wasAsked(run)))
    reasons.push(`${fault.kind} in ${fault.region} affected no client: nothing was shown`);
  if (rto && rto.worstSeconds > objective.rtoSeconds)
    reasons.push(
      `the ${WORST_CLIENT} was without service for ${rto.worstSeconds} s; the objective is ${objective.rtoSeconds} s`,
    );
  if (rto && effect.movesTraffic && rto.worstSeconds > predicted.worstClientSeconds)
    reasons.push(
      `the ${WORST_CLIENT} was without service for ${rto.worstSeconds} s; ${predicted.worstClientSeconds} s was predicted`,
    );
  const promised = promisedTo(run).worstClientSeconds;
  if (demanded.failover && promised > objective.rtoSeconds)
    reasons.push(`the settings promise ${promised} s at worst; the objective is ${objective.rtoSeconds} s`);
  if (run.stoppedBeforeFault) return [...reasons, STOPPED, ...broken];
  reasons.push(...lateClients(recoveries, demanded.recoveryBeforeHeal));
  if (rpo.oldestAtRiskSeconds > objective.rpoSeconds)
    reasons.push(`a write ${rpo.oldestAtRiskSeconds} s old was at risk; the objective is ${objective.rpoSeconds} s`);
  const isToBeTold = run.system.noticeOf && (demanded.failover || (effect.movesTraffic && demanded.isFound));
  if (isToBeTold && failoverNotifications(run).length === 0) reasons.push('no failover notification was sent');
  if (isToBeTold && !fault.neverHeals && failbackNotifications(run).length === 0)
    reasons.push('no failback notification was sent');
  reasons.push(...broken);
  return reasons;
}

/** Some client was sent to the region before the fault, so that its loss could be felt. */
const wasAsked = (run: DrillRun): boolean =>
  promisedRequests(run).some(({ region, atMs }) => region === run.fault.region && atMs < faultStartMs(run));

/** Who is served again only after a fault that is over before anybody had to be is not late. */
function lateClients(recoveries: readonly measure.ClientRecovery[], recoveryBeforeHeal: boolean): string[] {
  const wrong = recoveryBeforeHeal ? (['after-heal', 'never'] as const) : (['never'] as const);
  return wrong.flatMap((when) => {
    const late = recoveries.filter((recovery) => recovery.recovered === when).map((recovery) => recovery.client);
    if (late.length === 0) return [];
    const names = late.slice(0, 3).join(', ') + (late.length > 3 ? ` and ${late.length - 3} more` : '');
    return [when === 'never' ? `${names} never recovered` : `${names} recovered only after the fault was over`];
  });
}
