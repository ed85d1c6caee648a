// One run on the twin: clients from the start, every fault and order at its time, then on until all is over.
import { InputError, type Fault } from '@dr/contracts';
import type { Graph } from '@dr/terraform-json';
import { announcedAlarms } from '@dr/stack';
import type { Load } from '../schedule/scenario';
import { endSeconds, type OrderAction, type Schedule } from '../schedule/schedule';
import type { GivenOrder, Loss, RunningStack, RunRecord } from '../system-under-drill';
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
}

const STEP_MS = 1_000;

/** Same seed of the twin, same plan: the same record. */
export async function simulate(plan: RunPlan): Promise<RunRecord> {
  const { stack, schedule, load, searching, onStep } = plan;
  const { world, system } = stack;
  const watch = new Watch(stack.domain, system.watch?.());
  world.events.subscribe(watch.see);
  for (const event of world.events.events) watch.see(event);
  stack.start();
  const clients = startClients(stack, load, system.workload(stack), searching);
  const advance: Run['advance'] = async (limitMs, until = () => false, stepMs = STEP_MS) => {
    while (world.scheduler.now() < limitMs && !until()) {
      await world.scheduler.runUntil(Math.min(limitMs, world.scheduler.now() + stepMs));
      clients.assertSound();
      onStep?.(watch);
    }
  };
  const done: Done = { losses: [], orders: [] };
  for (const [index, { atMs, act }] of actionsOf(stack, schedule, done).entries()) {
    await advance(atMs);
    if (index === 0 && plan.isWorthIt?.(watch) === false) {
      return recordOf(plan, done, true);
    }
    if (index === 0) watch.faultBegins();
    await act();
  }
  return recordOf(plan, { ...done, ...(await plan.ending({ watch, clients, advance })) }, false);
}

function recordOf({ stack, graph, schedule }: RunPlan, left: Done & Ending, stoppedBeforeFault: boolean): RunRecord {
  const { system, world, domain, settings, replicas } = stack;
  const regions = world.regions.map(({ name }) => name);
  return {
    system,
    events: world.events.events,
    regions,
    domain,
    settings,
    replicas: Object.fromEntries(regions.map((name) => [name, replicas.items(name)])),
    announcedAlarms: announcedAlarms(graph, world.regions),
    schedule,
    stoppedBeforeFault,
    unquiet: [],
    audits: [],
    ...left,
    endMs: world.scheduler.now(),
  };
}

function give(stack: RunningStack, action: OrderAction): Promise<GivenOrder> {
  const { orders } = stack.system;
  if (orders) return orders.give(stack, action);
  throw new InputError(`the order to ${action.order} ${action.region}`, 'means nothing to this system', 'Leave it out');
}

/** Regions with clients' writes that no other region has. Control records are always on their way and do not count. */
export const stillReplicating = ({ world, system, replicas }: RunningStack): string[] =>
  world.regions
    .map(({ name }) => name)
    .filter((region) => replicas.unreplicated(region).some((item) => system.isClientData(item)));

interface Done {
  readonly losses: Loss[];
  readonly orders: GivenOrder[];
}

interface Action {
  readonly atMs: number;
  readonly act: () => void | Promise<void>;
}

/** By time; at one time what ends comes before what begins, and orders last. */
function actionsOf(stack: RunningStack, { faults, orders }: Schedule, done: Done): Action[] {
  const { faults: state } = stack.world;
  const begin = (fault: Fault): void => {
    done.losses.push({ fault, unreplicated: [...stack.replicas.unreplicated(fault.region)] });
    state.start(fault);
  };
  return [
    ...faults.map((fault) => ({ atMs: endSeconds(fault) * 1000, act: () => state.end(fault) })),
    ...faults.map((fault) => ({ atMs: fault.startSeconds * 1000, act: () => begin(fault) })),
    ...orders.map((action) => ({
      atMs: action.atSeconds * 1000,
      act: async () => void done.orders.push(await give(stack, action)),
    })),
  ].sort((a, b) => a.atMs - b.atMs);
}
