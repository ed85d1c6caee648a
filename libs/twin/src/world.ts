// What every service of the twin is given: time, chance, the log, the network and the faults. No service has its own.
import type { Graph } from '@dr/terraform-json';
import type { Creation } from './creation';
import type { FaultState } from './faults';
import type { EventLog } from './event-log';
import type { RandomSource } from './kernel/random';
import type { Scheduler } from './kernel/scheduler';
import type { Network } from './network';
import type { RegionId, RegionNames } from './region-names';

/** What the twin is told of the system that the stack runs, for names and for the log. */
export interface KnownSystem {
  /** What people, faults and the log call a function, by its name in Lambda. @default that name */
  functionName?(lambdaName: string): string;
  /** Hit by a fault of functions that names none. @default every function of the region */
  readonly entryFunction?: string;
  /** The table that holds what clients write. @default the only one of the stack */
  table?(graph: Graph): string | undefined;
  /** Records by which the system steers itself: the log keeps what is written into them. `id`: the partition key. @default none */
  isControlRecord?(id: string, attributes: Readonly<Record<string, unknown>>): boolean;
}

export interface World {
  readonly scheduler: Scheduler;
  readonly random: RandomSource;
  readonly events: EventLog;
  readonly network: Network;
  readonly faults: FaultState;
  /** The system's regions, in the stack's order. */
  readonly regions: readonly RegionId[];
  readonly regionNames: RegionNames;
  readonly accountId: string;
  readonly system: KnownSystem;
  /** Of a first apply that is under way; absent when the stack has been there for long. */
  readonly creation?: Creation;
}

export const functionName = ({ system }: World, lambdaName: string): string =>
  system.functionName?.(lambdaName) ?? lambdaName;

/** Virtual ms from which the resource exists. */
export const existsFromMs = ({ creation }: World, address: string): number => creation?.atMs(address) ?? 0;

export const exists = (world: World, address: string): boolean =>
  world.creation === undefined || world.scheduler.now() >= existsFromMs(world, address);
