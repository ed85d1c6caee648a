// One run on the twin: clients from the start, every fault and order at its time, then on until all is over.
import { Sequence } from '@dr/event-log';
import type { Graph } from '@dr/terraform-json';
import { announcedAlarms } from '@dr/stack';
import type { Load } from '../schedule/scenario';
import { endSeconds, type OrderAction, type Schedule } from '../schedule/schedule';
import type { RunningStack, RunRecord } from '../system-under-drill';
import { Acts } from './acts';
import { startClients, type Clients } from './clients';
import { Watch } from './watch';

/** What was seen at the end, and after it. */
export type Ending = Partial<Pick<RunRecord, 'unquiet' | 'audits'>>;

export interface RunPlan {
  readonly stack: RunningStack;
  /** The stack that the twin was started from. */
  readonly graph: Graph;
  readonly schedule: Schedule;
  readonly load: Load;
  /** With clients that cost an ordinary run its figures. */
  readonly searching?: boolean;
  /** Asked before the first fault or order; false: the run ends there. */
  readonly isWorthIt?: (watch: Watch) => boolean;
  /** From the last fault or order to the end. */
  readonly ending: (run: Run) => Promise<Ending>;
  readonly onStep?: (watch: Watch) => void;
}

export interface Run {
  readonly watch: Watch;
  readonly clients: Clients;
  /** Goes on until the condition holds, and no longer than to `limitMs`. */
  advance(limitMs: number, until?: () => boolean, stepMs?: number): Promise<void>;
  /** An operator gives an order now. */
  give(order: Omit<OrderAction, 'atSeconds'>): Promise<void>;
}

const STEP_MS = 1_000;

/** Same seed of the twin, same plan: the same record. */
export async function simulate(plan: RunPlan): Promise<RunRecord> {
  const { stack, schedule, load, searching, onStep } = plan;
  const { world } = stack;
  const { watch, clients } = begin(stack, load, searching);
  const advance: Run['advance'] = async (limitMs, until = () => false, stepMs = STEP_MS) => {
    while (world.scheduler.now() < limitMs && !until()) {
      await world.scheduler.runUntil(Math.min(limitMs, world.scheduler.now() + stepMs));
      clients.assertSound();
      onStep?.(watch);
    }
  };
  const acts = new Acts(stack);
  for (const [index, { atMs, act }] of actionsOf(schedule, acts).entries()) {
    await advance(atMs);
    if (index === 0 && plan.isWorthIt?.(watch) === false) {
      return recordOf(plan, acts, { stoppedBeforeFault: true });
    }
    if (index === 0) watch.faultBegins();
    await act();
  }
  const give: Run['give'] = async (order) =>
    void (await acts.give({ ...order, atSeconds: world.scheduler.now() / 1000 }));
  return recordOf(plan, acts, await plan.ending({ watch, clients, advance, give }));
}

/** Arms everything, and lets clients in. The watch sees all from the first event on. */
export function begin(stack: RunningStack, load: Load, searching?: boolean): Pick<Run, 'watch' | 'clients'> {
  const { events } = stack.world;
  const watch = new Watch(stack.domain, stack.system.watch?.());
  events.subscribe(watch.see);
  for (const event of events) watch.see(event);
  stack.start();
  return { watch, clients: startClients(stack, load, stack.system.workload(stack), searching) };
}

/** The run up to now. `schedule`: what has been done to it. */
export function recordOf(
  { stack, graph, schedule, load }: Pick<RunPlan, 'stack' | 'graph' | 'schedule' | 'load'>,
  { losses, orders }: Pick<RunRecord, 'losses' | 'orders'>,
  left: Ending & Partial<Pick<RunRecord, 'stoppedBeforeFault'>>,
): RunRecord {
  const { system, world, domain, settings, replicas } = stack;
  const regions = world.regions.map(({ name }) => name);
  return {
    system,
    events: world.events,
    regions,
    domain,
    settings,
    replicas: Object.fromEntries(regions.map((name) => [name, replicas.items(name)])),
    announcedAlarms: announcedAlarms(graph, world.regions),
    populations: load.populations ?? [],
    schedule,
    stoppedBeforeFault: false,
    losses,
    orders,
    ...(system.orders?.returnsByOrder?.(graph) ? { returnsByOrder: true as const } : {}),
    unquiet: [],
    audits: [],
    ...left,
    endMs: world.scheduler.now(),
  };
}

/**
 * Those of `regions` with clients' writes that another of them does not have. Control records are always on their way and do not count.
 */
export const stillReplicating = (
  { world, system, replicas }: RunningStack,
  regions: readonly string[] = world.regions.map(({ name }) => name),
): string[] =>
  regions.filter((region) => Sequence.of(replicas.onTheWay(region, regions)).some((item) => system.isClientData(item)));

interface Action {
  readonly atMs: number;
  readonly act: () => void | Promise<void>;
}

/** By time; at one time what ends comes before what begins, and orders last. */
function actionsOf({ faults, orders }: Schedule, acts: Acts): Action[] {
  return [
    ...faults
      .filter(({ neverHeals }) => !neverHeals)
      .map((fault) => ({ atMs: endSeconds(fault) * 1000, act: () => acts.end(fault) })),
    ...faults.map((fault) => ({ atMs: fault.startSeconds * 1000, act: () => acts.begin(fault) })),
    ...orders.map((action) => ({
      atMs: action.atSeconds * 1000,
      act: async () => void (await acts.give(action)),
    })),
  ].sort((a, b) => a.atMs - b.atMs);
}
