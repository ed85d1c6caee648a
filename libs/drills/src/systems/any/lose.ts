// One run of any stack: all is well, then a region is lost in one way until the end, and every name's clients go on asking.
import { askersOf, checksBehind, type ReviewedFault, type Stack } from '@dr/review';
import { OpaqueTwin, type EventOf } from '@dr/twin';
import { ofKind } from '../../run/run-record';
import type { Events } from '../../system-under-drill';
import { letArrive, startAudience } from './clients';
import { measureName, type Measured, type Times } from './measure';
import { detectionSeconds, originWaitSeconds, settlingSeconds } from './settling';

export interface Seen extends Measured {
  readonly why: string;
  /** Health checks behind the name that went on changing after all should have settled. */
  readonly restless: readonly string[];
}

export interface Loss {
  readonly kind: ReviewedFault;
  /** AWS region. */
  readonly region: string;
  readonly seed: number;
  /** Ids of checks that are taken for failing from then on. @default none */
  readonly failing?: Iterable<string>;
  /** How long clients keep an answer for themselves, whatever the TTL. @default 0 */
  readonly ownCacheSeconds?: number;
}

/** What a run left behind. */
export interface Lost {
  readonly events: Events;
  readonly times: Times;
}

/** By name. */
export async function lose(stack: Stack, names: readonly string[], loss: Loss): Promise<ReadonlyMap<string, Seen>> {
  const places = askersOf(stack).length;
  const { events, times } = await watchLoss(stack, names, loss);
  return new Map(names.map((name) => [name, seenOf(name, places, stack, events, times)]));
}

/** The same, event by event. */
export async function watchLoss(stack: Stack, names: readonly string[], loss: Loss): Promise<Lost> {
  const { kind, region, seed, failing = [], ownCacheSeconds = 0 } = loss;
  const twin = new OpaqueTwin({ graph: stack.graph, seed });
  const { scheduler, faults, events } = twin.world;
  const askers = askersOf(stack);
  const seconds = settlingSeconds(names, stack);
  const times: Times = { faultMs: seconds * 1_000, settledMs: 2 * seconds * 1_000, healMs: 3 * seconds * 1_000 };
  const audiences = names.flatMap((name) => {
    const longestSeconds = originWaitSeconds(name, stack);
    return askers.map((asker, place) => ({ name, place, asker, longestSeconds, ownCacheSeconds }));
  });
  if (audiences.length === 0) return { events: [], times };
  twin.start();
  for (const audience of audiences) startAudience(twin, audience);
  await scheduler.runUntil(times.faultMs);
  faults.start({ kind, region, startSeconds: seconds, durationSeconds: 2 * seconds });
  twin.suppose(failing);
  const lastMs = times.faultMs + detectionSeconds(stack) * 1_000;
  for (const audience of audiences) void letArrive(twin, audience, { lastMs, closeMs: times.settledMs });
  await scheduler.runUntil(times.healMs);
  return { events, times };
}

function seenOf(name: string, places: number, stack: Stack, events: Events, times: Times): Seen {
  const measured = measureName(name, places, events, times);
  const own = new Set([...checksBehind(name, stack)].flatMap((id) => stack.checks.get(id)?.name ?? []));
  const changes = ofKind(events, 'health-check').filter(
    ({ atMs, healthCheck }) => atMs >= times.faultMs && own.has(healthCheck),
  );
  const late = changes.filter(({ atMs }) => atMs >= times.settledMs);
  return {
    ...measured,
    why: inWords(measured, changes, times),
    restless: [...new Set(late.map(({ healthCheck }) => healthCheck))],
  };
}

function inWords(
  { outcome, clients, clientsAffected }: Measured,
  changes: readonly EventOf<'health-check'>[],
  { faultMs }: Times,
): string {
  if (clientsAffected === 0) return 'no client is led there';
  const [first] = changes;
  const found = first
    ? `${first.healthCheck} ${first.healthy ? 'healthy' : 'unhealthy'} after ${Math.round((first.atMs - faultMs) / 1_000)} s`
    : 'no health check changed';
  const whom = `${clientsAffected} of ${clients} clients failed`;
  return outcome === 'never' ? `${whom} and were not served again; ${found}` : `${whom}; ${found}`;
}
