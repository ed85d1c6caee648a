// A drill: warm up, break a region, heal it, wait until all is back, then measure, check and explain.
import type { DrillReport } from '@dr/contracts';
import { predict } from '@dr/failover';
import type { Graph } from '@dr/terraform-json';
import { effectOf } from '../schedule/fault-effects';
import { judge } from '../report/report';
import { isClientData, type DrillRun, type Loss } from './run-record';
import type { Scenario } from '../schedule/scenario';
import { announcedAlarms } from '../judge/stack-facts';
import type { ReplicaItem, Twin } from './twin-port';
import { Watch } from './watch';
import { startClients } from './workload';

export interface Progress {
  readonly phase: 'warm-up' | 'fault' | 'recovery' | 'settling';
  readonly virtualSeconds: number;
  readonly requests: number;
  readonly failures: number;
  /** What last changed, e.g. `mumbai unhealthy`. */
  readonly latest: string;
}

export interface DrillOptions {
  readonly twin: Twin;
  /** The stack the twin was started from: causes are named by its addresses. */
  readonly graph: Graph;
  readonly scenario: Scenario;
  /** The command that repeats this drill. */
  readonly replay: string;
  /** Wall clock, ms: only `simulation.wallSeconds` depends on it. */
  readonly wallMs: () => number;
  readonly onProgress?: (progress: Progress) => void;
}

const STEP_MS = 1000;
/** Bounds of what is waited for; a stack that is not done by then is reported as it is. */
const FAILBACK_LIMIT_SECONDS = 180;
const NOTICE_LIMIT_SECONDS = 180;
const DRAIN_LIMIT_SECONDS = 120;
/** With more failures than this before any fault, a loss would show nothing that is not already lost. */
const WARM_UP_FAILED_SHARE = 0.1;
/** After the last cache has expired: requests on the way, replication behind them. */
const SETTLE_SECONDS = 10;

/** Same twin seed, same stack, same scenario: the same report but for `wallSeconds`. */
export async function runDrill(options: DrillOptions): Promise<DrillReport> {
  const startedMs = options.wallMs();
  const run = await simulate(options);
  const { twin, graph, replay } = options;
  return judge(run, graph, twin, { replay, wallSeconds: (options.wallMs() - startedMs) / 1000 });
}

async function simulate(options: DrillOptions): Promise<DrillRun> {
  const { twin, scenario, onProgress } = options;
  const { world } = twin;
  const { fault, workload } = scenario;
  const watch = new Watch(twin.domain);
  world.events.subscribe(watch.see);
  twin.start();
  const clients = startClients(twin, workload);
  const advance = async (phase: Progress['phase'], until: () => boolean, limitMs: number): Promise<void> => {
    while (!until() && world.scheduler.now() < limitMs) {
      await world.scheduler.runUntil(Math.min(limitMs, world.scheduler.now() + STEP_MS));
      clients.assertSound();
      const { requests, failures, latest } = watch;
      onProgress?.({ phase, virtualSeconds: world.scheduler.now() / 1000, requests, failures, latest });
    }
  };
  const never = (): boolean => false;
  const startMs = fault.startSeconds * 1000;
  const healMs = startMs + fault.durationSeconds * 1000;

  await advance('warm-up', never, startMs);
  if (watch.failures > watch.requests * WARM_UP_FAILED_SHARE) return record(options, startMs, []);
  watch.faultBegins();
  const unreplicated = [...twin.replicas.unreplicated(fault.region)];
  world.faults.start(fault);
  await advance('fault', never, healMs);
  world.faults.end(fault);
  // A fault that is over before it is found may still take its region out: found late, or while it catches up.
  const restMs = healMs + lateDetectionMs(twin, scenario);
  const isOver = (): boolean => world.scheduler.now() >= restMs && watch.isBackInService();
  await advance('recovery', isOver, healMs + failbackLimitMs(twin));
  // Clients go on until every cache has expired; what people are still told after that needs no traffic.
  const quietMs = Math.max(world.scheduler.now(), watch.changedMs + twin.settings.ttlSeconds * 1000);
  await advance('settling', never, quietMs + SETTLE_SECONDS * 1000);
  clients.stop();
  const loadEndMs = world.scheduler.now();
  const isTold = (): boolean => (watch.hasFailedOver() ? watch.isFailbackTold() : !watch.isAlarmed());
  await advance('settling', isTold, world.scheduler.now() + NOTICE_LIMIT_SECONDS * 1000);
  const toldMs = world.scheduler.now();
  await advance('settling', never, toldMs + SETTLE_SECONDS * 1000);
  await advance('settling', () => isReplicated(twin), toldMs + DRAIN_LIMIT_SECONDS * 1000);

  return record(options, loadEndMs, [{ fault, unreplicated }]);
}

/** Without losses: it was stopped before the fault. */
function record({ twin, graph, scenario }: DrillOptions, loadEndMs: number, losses: readonly Loss[]): DrillRun {
  const { world, domain, settings, apiKey } = twin;
  const { fault, objective } = scenario;
  return {
    events: world.events.events,
    regions: world.regions.map((region) => region.name),
    domain,
    settings,
    schedule: { faults: [fault], orders: [] },
    fault,
    objective,
    stoppedBeforeFault: losses.length === 0,
    losses,
    orders: [],
    loadEndMs,
    endMs: world.scheduler.now(),
    unquiet: [],
    audits: [],
    replicas: replicasOf(twin),
    announcedAlarms: announcedAlarms(graph, world.regions),
    authenticated: apiKey !== undefined,
  };
}

/** The checkers' threshold counts on the way back too; the rest is the time that a region takes to catch up. */
const failbackLimitMs = ({ settings }: Twin): number =>
  (2 * predict(settings).worstDetectionSeconds + FAILBACK_LIMIT_SECONDS) * 1000;

/** How long after heal a region may still be found unhealthy for the first time. */
function lateDetectionMs({ settings }: Twin, { fault }: Scenario): number {
  const effect = effectOf(fault.kind, fault.functionName);
  return effect.movesTraffic ? predict(settings, effect.probeSeconds).worstDetectionSeconds * 1000 : 0;
}

/** Heartbeats never stop, so control records are always on their way and do not count. */
const isReplicated = (twin: Twin): boolean =>
  twin.world.regions.every(({ name }) => !twin.replicas.unreplicated(name).some(isClientData));

const replicasOf = (twin: Twin): Readonly<Record<string, readonly ReplicaItem[]>> =>
  Object.fromEntries(twin.world.regions.map(({ name }) => [name, twin.replicas.items(name)]));
