// Runs a schedule on a twin: clients from the start, every fault and order at its time, then on until all is at rest.
import { LOSS_KINDS, type Fault } from '@dr/contracts';
import { CONTROL_ID, orderKey, type OrderRecord } from '@dr/contracts/system';
import { readControlRecords } from '@dr/contracts/system/records';
import { nextOrderNumber } from '@dr/failover';
import { isClientData, type GivenOrder, type Loss, type RunRecord } from './run-record';
import { calmFromSeconds, endSeconds, type OrderAction, type Schedule } from '../schedule/schedule';
import { announcedAlarms } from '../judge/stack-facts';
import type { OperableTwin } from './twin-port';
import { Watch } from './watch';
import { startClients, type Clients } from './workload';
import type { Graph } from '@dr/terraform-json';
import { auditRetries } from './audit';
import { carefulClients } from './careful-clients';
import { LOAD_SECONDS } from '../search/draw';

export interface ScheduleOptions {
  readonly twin: OperableTwin;
  readonly graph: Graph;
  readonly schedule: Schedule;
  /** Wait for the failover machines too, which takes some minutes more after a failover. */
  readonly thorough?: boolean;
}

const WORKLOAD = { clients: 24, requestsPerSecond: 8, writeShare: 0.5 } as const;
/** Clients go on for so long after the last fault, at least. */
const AFTERWARDS_SECONDS = 15;
/** A client's time-out and a little more: nothing of it is on its way any more. */
const LAST_REQUESTS_MS = 5_000;
const STEP_MS = 1_000;
const REST_STEP_MS = 2_000;
/** What has not come to rest by then never will: catching up takes 60 s, detection 42 s, a minute's tick, twice over. */
const REST_LIMIT_MS = 300_000;
const DEFAULT_EXPIRY_SECONDS = 8 * 3_600;

/** Same seed of the twin, same schedule: the same record. */
export async function runSchedule({ twin, graph, schedule, thorough = false }: ScheduleOptions): Promise<RunRecord> {
  const { world } = twin;
  const regions = world.regions.map(({ name }) => name);
  const watch = new Watch(twin.domain);
  world.events.subscribe(watch.see);
  for (const event of world.events.events) watch.see(event);
  twin.start();
  const clients = startClients(twin, WORKLOAD, carefulClients(twin));
  const done: Done = { losses: [], orders: [] };
  for (const { atMs, act } of actionsOf(twin, schedule, done)) {
    await advance(twin, clients, atMs);
    await act();
  }
  const loadEndMs = Math.max(LOAD_SECONDS, calmFromSeconds(schedule) + AFTERWARDS_SECONDS) * 1000;
  await advance(twin, clients, loadEndMs);
  clients.stop();
  await advance(twin, clients, loadEndMs + LAST_REQUESTS_MS);
  const unrest = (): string[] => [
    ...watch.unrest(regions, { machines: thorough }),
    ...regions
      .filter((region) => twin.replicas.unreplicated(region).some(isClientData))
      .map((region) => `${region} still replicates`),
  ];
  while (unrest().length > 0 && world.scheduler.now() < loadEndMs + REST_LIMIT_MS) {
    await world.scheduler.runUntil(world.scheduler.now() + REST_STEP_MS);
  }
  const audits = await auditRetries(twin);
  return {
    events: world.events.events,
    regions,
    domain: twin.domain,
    settings: twin.settings,
    replicas: Object.fromEntries(regions.map((name) => [name, twin.replicas.items(name)])),
    announcedAlarms: announcedAlarms(graph, world.regions),
    authenticated: twin.apiKey !== undefined,
    stoppedBeforeFault: false,
    schedule,
    ...done,
    loadEndMs,
    endMs: world.scheduler.now(),
    unquiet: unrest(),
    audits,
  };
}

interface Done {
  readonly losses: Loss[];
  readonly orders: GivenOrder[];
}

interface Action {
  readonly atMs: number;
  readonly act: () => void | Promise<void>;
}

/** By time; at one time what ends comes before what begins, and orders last. */
function actionsOf(twin: OperableTwin, { faults, orders }: Schedule, done: Done): Action[] {
  const { faults: state } = twin.world;
  const begin = (fault: Fault): void => {
    if (LOSS_KINDS.includes(fault.kind)) {
      done.losses.push({ fault, unreplicated: [...twin.replicas.unreplicated(fault.region)] });
    }
    state.start(fault);
  };
  return [
    ...faults.map((fault) => ({ atMs: endSeconds(fault) * 1000, act: () => state.end(fault) })),
    ...faults.map((fault) => ({ atMs: fault.startSeconds * 1000, act: () => begin(fault) })),
    ...orders.map((action) => ({
      atMs: action.atSeconds * 1000,
      act: async () => void done.orders.push(await give(twin, action)),
    })),
  ].sort((a, b) => a.atMs - b.atMs);
}

async function advance({ world }: OperableTwin, clients: Clients, untilMs: number): Promise<void> {
  while (world.scheduler.now() < untilMs) {
    await world.scheduler.runUntil(Math.min(untilMs, world.scheduler.now() + STEP_MS));
    clients.assertSound();
  }
}

/** As the operator's tool does: read what the region of `via` knows, and write the next order about the target there. */
async function give({ world, control }: OperableTwin, action: OrderAction): Promise<GivenOrder> {
  const { order: kind, region: target, via, expiresSeconds = DEFAULT_EXPIRY_SECONDS } = action;
  const nowMs = world.scheduler.epochNow();
  const expiresAtMs = nowMs + expiresSeconds * 1000;
  const items = await control.read(via);
  if (!items) return { action, number: null, expiresAtMs };
  const regions = world.regions.map(({ name }) => name);
  const number = nextOrderNumber(readControlRecords(items, regions, nowMs), target);
  const timestamp = orderKey(via, target);
  const order: OrderRecord = { id: CONTROL_ID, timestamp, writer: via, target, kind, number, expiresAtMs };
  return { action, number: (await control.put(via, order)) ? number : null, expiresAtMs };
}
