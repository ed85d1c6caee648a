// One seed: its schedule, drawn or given, run on a fresh twin and judged; and the smallest schedule that breaks the same.
import type { Graph } from '@dr/terraform-json';
import { ofKind } from '../run/run-record';
import type { Schedule } from '../schedule/schedule';
import { startTwin } from '../run/start-twin';
import { drawSchedule, shrinkSchedule } from './seeded-draw';
import { violationsOf, type Violation } from '../judge/judge-schedule';
import { orderOutcomes, type OrderOutcome } from '../judge/order-outcomes';
import { losses, type Losses } from '../measure/outages';
import { runSchedule } from '../run/run-schedule';
import { met, NOTHING_MET, type Sometimes } from './sometimes';

export interface SeedOutcome extends Losses {
  readonly seed: number;
  readonly schedule: Schedule;
  readonly violations: readonly Violation[];
  readonly met: Readonly<Record<Sometimes, number>>;
  readonly orders: readonly OrderOutcome[];
  readonly invocations: number;
  readonly requests: number;
  readonly virtualSeconds: number;
  readonly eventLogHash: string;
}

export interface ShrunkOutcome {
  readonly outcome: SeedOutcome;
  readonly tries: number;
}

/** One seed in so many is followed until the failover machines are at rest, too: minutes of virtual time. */
const THOROUGH_ONE_IN = 8;
/** The id of what no check says, since there is no record to check. */
const RUNS_TO_ITS_END = '0-runs-to-its-end';

/** `seed` is that of everything random; without a schedule it draws that, too. The same outcome in every process. */
export async function runSeed(
  graph: Graph,
  seed: number,
  given?: Schedule,
  observe?: (events: Iterable<string>) => void,
  onProgress?: (virtualSeconds: number) => void,
): Promise<SeedOutcome> {
  const twin = await startTwin({ graph, seed });
  const { world } = twin;
  if (onProgress) world.events.subscribe(() => onProgress(world.scheduler.now() / 1000));
  const schedule =
    given ??
    drawSchedule(
      seed,
      world.regions.map(({ name }) => name),
    );
  const record = await runSchedule({ twin, graph, schedule, thorough: seed % THOROUGH_ONE_IN === 0 });
  observe?.(world.events.lines());
  return {
    seed,
    schedule,
    violations: violationsOf(record),
    met: met(record),
    orders: orderOutcomes(record),
    ...losses(record),
    invocations: ofKind(record.events, 'invocation').filter(({ outcome }) => outcome !== 'throttled').length,
    requests: ofKind(record.events, 'request').length,
    virtualSeconds: Math.round(record.endMs / 1000),
    eventLogHash: world.events.hash(),
  };
}

/** A seed of a search: one that cannot be run to its end is broken too, and costs no other seed its result. */
export async function searchSeed(graph: Graph, seed: number, given?: Schedule): Promise<SeedOutcome> {
  try {
    return await runSeed(graph, seed, given);
  } catch (error) {
    const { world } = await startTwin({ graph, seed });
    const regions = world.regions.map(({ name }) => name);
    return {
      seed,
      schedule: given ?? drawSchedule(seed, regions),
      violations: [
        { id: RUNS_TO_ITS_END, detail: error instanceof Error ? (error.stack ?? error.message) : String(error) },
      ],
      met: NOTHING_MET,
      orders: [],
      failed: 0,
      outages: [],
      invocations: 0,
      requests: 0,
      virtualSeconds: 0,
      eventLogHash: '',
    };
  }
}

/** Makes the seed's own schedule smaller while the check `id` stays broken. */
export async function shrinkSeed(graph: Graph, seed: number, id: string, maxTries: number): Promise<ShrunkOutcome> {
  const { world } = await startTwin({ graph, seed });
  const regions = world.regions.map(({ name }) => name);
  let smallest: SeedOutcome | undefined;
  const fails = async (schedule: Schedule): Promise<boolean> => {
    const outcome = await searchSeed(graph, seed, schedule);
    const failed = outcome.violations.some((violation) => violation.id === id);
    if (failed) smallest = outcome;
    return failed;
  };
  const { schedule, tries } = await shrinkSchedule(seed, regions, fails, maxTries);
  return { outcome: smallest ?? (await searchSeed(graph, seed, schedule)), tries };
}
