// A drill: warm up, break a region, heal it, wait until all is back, then measure, check and explain.
import type { Aftermath, DrillReport, Fault } from '@dr/contracts';
import { predict } from '@dr/failover';
import type { Graph } from '@dr/terraform-json';
import { leftBehind } from '../measure/left-behind';
import { judge } from '../report/report';
import type { Scenario } from '../schedule/scenario';
import { endSeconds } from '../schedule/schedule';
import type { RunningStack } from '../system-under-drill';
import { promiseOf } from './run-record';
import { simulate, stillReplicating, type Ending, type Run } from './simulate';

export interface Progress {
  readonly phase: 'warm-up' | 'fault' | 'recovery' | 'settling';
  readonly virtualSeconds: number;
  readonly requests: number;
  readonly failures: number;
  /** What last changed, e.g. `mumbai unhealthy`. */
  readonly latest: string;
}

export interface DrillOptions {
  readonly twin: RunningStack;
  /** The stack the twin was started from: causes are named by its addresses. */
  readonly graph: Graph;
  readonly scenario: Scenario;
  /** The command that repeats this drill. */
  readonly replay: string;
  /** Wall clock, ms: only `simulation.wallSeconds` depends on it. */
  readonly wallMs: () => number;
  readonly onProgress?: (progress: Progress) => void;
  /** Of a region that never heals, once the drill is over: what else is to be said of it. */
  readonly afterwards?: () => Promise<Omit<Aftermath, 'lost'>>;
}

/** Bounds of what is waited for; a stack that is not done by then is reported as it is. */
const FAILBACK_LIMIT_SECONDS = 180;
/** Route 53's alarm is over so long after the return at most: two minutes of its metric, their arrival, a tick. */
const NOTICE_LIMIT_SECONDS = 320;
const DRAIN_LIMIT_SECONDS = 120;
/** With more failures than this before any fault, a loss would show nothing that is not already lost. */
const WARM_UP_FAILED_SHARE = 0.1;
/** After the last cache has expired: requests on the way, replication behind them. */
const SETTLE_SECONDS = 10;

type Phase = Progress['phase'];

/** Same twin seed, same stack, same scenario: the same report but for `wallSeconds`. */
export async function runDrill(options: DrillOptions): Promise<DrillReport> {
  const { twin: stack, graph, scenario, replay, wallMs, onProgress } = options;
  const { fault, objective, load, plan } = scenario;
  const startedMs = wallMs();
  let phase: Phase = 'warm-up';
  const record = await simulate({
    stack,
    graph,
    schedule: { faults: [fault], orders: [] },
    load,
    isWorthIt({ requests, failures }) {
      phase = 'fault';
      // What a load comes to without any fault is a part of the answer.
      return plan !== undefined || failures <= requests * WARM_UP_FAILED_SHARE;
    },
    ending: (run) => (fault.neverHeals ? afterLoss : afterRecovery)(stack, scenario, run, (next) => (phase = next)),
    onStep({ requests, failures, latest }) {
      onProgress?.({ phase, virtualSeconds: stack.world.scheduler.now() / 1000, requests, failures, latest });
    },
  });
  const run = { ...record, fault, objective };
  const report = judge(run, graph, stack, { replay, plan, wallSeconds: (wallMs() - startedMs) / 1000 });
  if (!options.afterwards || !fault.neverHeals || record.stoppedBeforeFault) return report;
  const { lost: versions, apart } = leftBehind(run);
  const lost = { writes: versions.length, versions, apart: apart.length };
  return withAftermath(report, { lost, ...(await options.afterwards()) });
}

/** A plan that does not end is none. */
function withAftermath(report: DrillReport, aftermath: Aftermath): DrillReport {
  const { region, redundantAfterSeconds } = aftermath.plan;
  if (redundantAfterSeconds !== null) return { ...report, aftermath };
  const reasons = [
    ...report.reasons,
    `${region.name} was applied in the place of the lost region, and never came to serve`,
  ];
  return { ...report, passed: false, reasons, aftermath };
}

/** Until everybody is served again, then until everybody knows. */
async function afterRecovery(
  stack: RunningStack,
  { fault }: Scenario,
  run: Run,
  tell: (phase: Phase) => void,
): Promise<Ending> {
  const { watch, clients, advance } = run;
  const { scheduler } = stack.world;
  const healMs = endSeconds(fault) * 1000;
  tell('recovery');
  // A fault that is over before it is found may still take its region out: found late, or while it catches up.
  const restMs = healMs + lateDetectionMs(stack, fault);
  await advance(
    healMs + failbackLimitMs(stack),
    () => watch.waiting().length > 0 || (scheduler.now() >= restMs && watch.isBackInService()),
  );
  await readmit(stack, run);
  tell('settling');
  // Clients go on until every cache has expired; what people are still told after that needs no traffic.
  const quietMs = Math.max(scheduler.now(), watch.changedMs + stack.settings.ttlSeconds * 1000);
  await advance(quietMs + SETTLE_SECONDS * 1000);
  clients.stop();
  await advance(scheduler.now() + NOTICE_LIMIT_SECONDS * 1000, () => watch.isTold());
  const toldMs = scheduler.now();
  await advance(toldMs + SETTLE_SECONDS * 1000);
  await advance(toldMs + DRAIN_LIMIT_SECONDS * 1000, () => stillReplicating(stack).length === 0);
  return {};
}

/** [A] Somebody has to see that a region waits, and to decide. */
const OPERATOR_SECONDS = 60;

/** Where regions come back by an order alone, the drill's operator gives it, and not at once: none may serve before. */
async function readmit(stack: RunningStack, { watch, advance, give }: Run): Promise<void> {
  const { scheduler, regions } = stack.world;
  if (watch.waiting().length === 0) return;
  await advance(scheduler.now() + OPERATOR_SECONDS * 1000);
  for (const region of watch.waiting()) {
    const via = regions.find(({ name }) => name !== region)?.name ?? region;
    await give({ order: 'readmit', region, via });
  }
  await advance(scheduler.now() + failbackLimitMs(stack), () => watch.isBackInService());
}

/** Nothing comes back: clients go on for as long as the drill looks at what is left, then until everybody who is left knows. */
async function afterLoss(
  { world }: RunningStack,
  { fault }: Scenario,
  { watch, clients, advance }: Run,
  tell: (phase: Phase) => void,
): Promise<Ending> {
  await advance((fault.startSeconds + fault.durationSeconds) * 1000);
  tell('settling');
  clients.stop();
  await advance(world.scheduler.now() + NOTICE_LIMIT_SECONDS * 1000, () => watch.isTold());
  await advance(world.scheduler.now() + SETTLE_SECONDS * 1000);
  return {};
}

/** The checkers' threshold counts on the way back too; the rest is the time that a region takes to catch up. */
const failbackLimitMs = ({ settings }: RunningStack): number =>
  (2 * predict(settings).worstDetectionSeconds + FAILBACK_LIMIT_SECONDS) * 1000;

/** How long after heal a region may still be found unhealthy for the first time. */
function lateDetectionMs({ system, settings }: RunningStack, fault: Fault): number {
  const { movesTraffic, probeSeconds } = promiseOf({ system }, fault);
  return movesTraffic ? predict(settings, probeSeconds).worstDetectionSeconds * 1000 : 0;
}
