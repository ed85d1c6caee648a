// One seed: its schedule, drawn or given, run on a fresh twin and judged; and the smallest schedule that breaks the same.
import { violationsOf, type Violation } from '../judge/judge-schedule';
import { losses, type Losses } from '../measure/outages';
import { ofKind } from '../run/run-record';
import { runSchedule } from '../run/run-schedule';
import { placesOf, startTwin, type Subject } from '../run/start';
import type { Places, Schedule } from '../schedule/schedule';
import type { OrderOutcome, RunningStack } from '../system-under-drill';
import { drawSchedule, shrinkSchedule } from './seeded-draw';

export interface SeedOutcome extends Losses {
  readonly seed: number;
  readonly schedule: Schedule;
  readonly violations: readonly Violation[];
  /** How often the run met each of the things that a big batch must have met. */
  readonly met: Readonly<Record<string, number>>;
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

/** One seed in so many is followed until slow machinery is at rest, too: minutes of virtual time. */
const THOROUGH_ONE_IN = 8;
/** The id of what no check says, since there is no record to check. */
const RUNS_TO_ITS_END = '0-runs-to-its-end';
const NOTHING_DONE = { failed: 0, outages: [], invocations: 0, requests: 0, virtualSeconds: 0 };

/** `seed` is that of everything random; without a schedule it draws that, too. The same outcome in every process. */
export async function runSeed(
  subject: Subject,
  seed: number,
  given?: Schedule,
  observe?: (stack: RunningStack) => void,
  onProgress?: (virtualSeconds: number) => void,
): Promise<SeedOutcome> {
  const twin = await startTwin({ ...subject, seed });
  const { world, system } = twin;
  if (onProgress) world.events.subscribe(() => onProgress(world.scheduler.now() / 1000));
  const schedule = given ?? drawSchedule(seed, placesOf(system, world.regions, subject.graph));
  const record = await runSchedule({ twin, graph: subject.graph, schedule, thorough: seed % THOROUGH_ONE_IN === 0 });
  observe?.(twin);
  return {
    seed,
    schedule,
    violations: violationsOf(record),
    met: Object.fromEntries(Object.entries(system.sometimes ?? {}).map(([name, count]) => [name, count(record)])),
    orders: system.orders?.outcomes(record) ?? [],
    ...losses(record),
    invocations: ofKind(record.events, 'invocation')
      .where(({ outcome }) => outcome !== 'throttled')
      .count(),
    requests: ofKind(record.events, 'request').count(),
    virtualSeconds: Math.round(record.endMs / 1000),
    eventLogHash: world.events.hash(),
  };
}

/** A seed of a search: one that cannot be run to its end is broken too, and costs no other seed its result. */
export async function searchSeed(subject: Subject, seed: number, given?: Schedule): Promise<SeedOutcome> {
  try {
    return await runSeed(subject, seed, given);
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return {
      seed,
      schedule: given ?? drawSchedule(seed, await placesAt(subject, seed)),
      violations: [{ id: RUNS_TO_ITS_END, detail }],
      met: {},
      orders: [],
      ...NOTHING_DONE,
      eventLogHash: '',
    };
  }
}

/** Makes the seed's own schedule smaller while the check `id` stays broken. */
export async function shrinkSeed(subject: Subject, seed: number, id: string, maxTries: number): Promise<ShrunkOutcome> {
  let smallest: SeedOutcome | undefined;
  const fails = async (schedule: Schedule): Promise<boolean> => {
    const outcome = await searchSeed(subject, seed, schedule);
    const failed = outcome.violations.some((violation) => violation.id === id);
    if (failed) smallest = outcome;
    return failed;
  };
  const { schedule, tries } = await shrinkSchedule(seed, await placesAt(subject, seed), fails, maxTries);
  return { outcome: smallest ?? (await searchSeed(subject, seed, schedule)), tries };
}

async function placesAt(subject: Subject, seed: number): Promise<Places> {
  const { world } = await startTwin({ ...subject, seed });
  return placesOf(subject.system, world.regions, subject.graph);
}
