// What every service of the twin is given: time, chance, the log, the network and the faults. No service has its own.
import type { Graph, Resource } from '@dr/terraform-json';
import { createdInOrder, type Creation } from './creation';
import { FaultState } from './faults';
import { EventLog } from './event-log';
import { LimitMeter } from './limits';
import { ONE_FOR_ONE, type LoadScale } from './load-scale';
import { keepInMemory, type Keep } from './kernel/keep';
import { randomSource, type RandomSource } from './kernel/random';
import { Scheduler } from './kernel/scheduler';
import { Network } from './network';
import { RegionNames, type RegionId } from './region-names';

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
  /** What the log calls an item of that table; undefined: it is none of its clients. @default its keys, the partition key being the id */
  versionOf?(table: string, attributes: Readonly<Record<string, unknown>>): ItemVersion | undefined;
  /** The code of a function; undefined: it is not run. @default of each function, the zip file that the stack names */
  codeOf?(fn: Resource): FunctionCode | undefined;
}

/** What one write made of an item. */
export interface ItemVersion {
  readonly id: string;
  readonly timestamp: string;
}

export interface FunctionCode {
  /** A zip file, or one CommonJS file. */
  readonly path: string;
  /** As in aws_lambda_function, e.g. `index.handler`. */
  readonly handler: string;
  /** Beside those of the stack, and in their place. */
  readonly variables: Readonly<Record<string, string>>;
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
  readonly system: KnownSystem;
  /** Of a first apply that is under way; undefined when the stack has been there for long. */
  readonly creation?: Creation | undefined;
  readonly load: LoadScale;
  /** What is seldom read. */
  readonly keep: Keep;
  /** What is asked of limits; undefined where nobody wants to know. */
  readonly limits?: LimitMeter | undefined;
}

export interface WorldOptions {
  readonly regions: readonly RegionId[];
  readonly seed: number;
  /** @default nothing is known of it */
  readonly system?: KnownSystem;
  /** The stack, when this is its first apply. */
  readonly applied?: Graph | undefined;
  /** Of that apply: the stack that was there before. @default an empty account */
  readonly standing?: Graph | undefined;
  /** Given, limits are metered. @default each simulated request stands for itself */
  readonly load?: LoadScale | undefined;
  /** Of what a long run seldom reads. @default in memory */
  readonly keep?: Keep | undefined;
}

export function makeWorld({
  regions,
  seed,
  system = {},
  applied,
  standing,
  load,
  keep = keepInMemory,
}: WorldOptions): World {
  const scheduler = new Scheduler();
  const random = randomSource(seed);
  const regionNames = new RegionNames(regions);
  const events = new EventLog(() => scheduler.now(), regionNames, keep);
  const faults = new FaultState(
    regionNames,
    events,
    random.stream('faults'),
    random.stream('gray'),
    system.entryFunction,
  );
  const network = new Network(scheduler, faults);
  const creation = applied && createdInOrder(applied, random.stream('creation'), standing);
  const limits = load && new LimitMeter();
  return {
    ...{ scheduler, random, events, network, faults, regions, regionNames, system, creation, limits, keep },
    load: load ?? ONE_FOR_ONE,
  };
}

/** Real requests that one call of the function stands for. Only what clients call grows with their load. */
export const standsFor = ({ load: { perRequest }, system: { entryFunction } }: World, functionName: string): number =>
  entryFunction === undefined || entryFunction === functionName ? perRequest : 1;

export const functionName = ({ system }: World, lambdaName: string): string =>
  system.functionName?.(lambdaName) ?? lambdaName;

/** Virtual ms from which the resource exists. */
export const existsFromMs = ({ creation }: World, address: string): number => creation?.atMs(address) ?? 0;

export const exists = (world: World, address: string): boolean =>
  world.creation === undefined || world.scheduler.now() >= existsFromMs(world, address);
