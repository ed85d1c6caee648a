// One validation run against one peer: scan both replicas, then read the differences again until they have settled.
import {
  Comparison,
  ConflictFinder,
  differenceOf,
  isCompared,
  isInFlight,
  type Difference,
  type DifferenceKind,
  type ItemKey,
  type NamedConflict,
  type ReplicaItem,
} from '@dr/consistency';
import { sleep, withDeadline, type Clock, type Table } from '@dr/handler-core';

export interface PeerReport {
  readonly peer: string;
  /** False: time, memory or the peer ran out before both replicas were read; what is counted is then a lower bound. */
  readonly complete: boolean;
  readonly incompleteBecause?: string;
  readonly itemsHere: number;
  readonly itemsThere: number;
  readonly missingHere: number;
  readonly missingThere: number;
  readonly divergent: number;
  /** Versions of one id that crossed: kept by design, none of them lost. */
  readonly conflicting: number;
  /** Differences that settled on reading again, or are younger than the settle time. */
  readonly inFlight: number;
  /** The first of each kind, for people. */
  readonly samples: readonly Difference[];
  readonly conflicts: readonly NamedConflict[];
}

export interface RunOptions {
  readonly clock: Clock;
  readonly here: Table;
  readonly there: Table;
  readonly peer: string;
  readonly settleMs: number;
  /** Epoch ms after which no new page is asked for. */
  readonly untilMs: number;
}

const PAGE_DEADLINE_MS = 5_000;
const MAX_PAGES = 10_000;
/** Digests held at once: about 60 MB of a function's 512. */
const MAX_HELD = 300_000;
const MAX_SAMPLES = 20;
/** Differences read again one by one; beyond it their age alone decides. */
const MAX_REREAD = 500;
const REREAD_AT_ONCE = 8;
const SETTLE_ROUNDS = 3;

export async function validate(options: RunOptions): Promise<PeerReport> {
  const comparison = new Comparison();
  const finder = new ConflictFinder(MAX_SAMPLES);
  const stoppedBecause = await compareAll(options, comparison, finder);
  const conflicts = finder.finish();
  // A key that only one side has shown says nothing while the other side has not been read to its end.
  const candidates = comparison
    .differences()
    .filter(({ kind }) => stoppedBecause === undefined || kind === 'divergent');
  const { settled, remaining } = await settle(options, candidates);
  const nowMs = options.clock.now();
  const [flying, differing] = partition(remaining, (difference) => isInFlight(difference, nowMs, options.settleMs));
  const count = (kind: DifferenceKind): number => differing.filter((difference) => difference.kind === kind).length;
  return {
    peer: options.peer,
    complete: stoppedBecause === undefined,
    ...(stoppedBecause === undefined ? {} : { incompleteBecause: stoppedBecause }),
    itemsHere: comparison.itemsHere,
    itemsThere: comparison.itemsThere,
    missingHere: count('missing-here'),
    missingThere: count('missing-there'),
    divergent: count('divergent'),
    conflicting: finder.count,
    inFlight: settled + flying.length,
    samples: differing.slice(0, MAX_SAMPLES),
    conflicts,
  };
}

export const differencesIn = ({ missingHere, missingThere, divergent }: PeerReport): number =>
  missingHere + missingThere + divergent;

/** Both replicas side by side, so that equal keys meet early. Resolves with why it stopped before the end, if it did. */
async function compareAll(
  { clock, here, there, untilMs }: RunOptions,
  comparison: Comparison,
  finder: ConflictFinder,
): Promise<string | undefined> {
  const readPage = (table: Table, cursor?: string): ReturnType<Table['scan']> =>
    withDeadline(clock, PAGE_DEADLINE_MS, (signal) => table.scan(cursor, signal));
  let left: string | undefined | null;
  let right: string | undefined | null;
  for (let page = 0; page < MAX_PAGES && (left !== null || right !== null); page += 1) {
    if (clock.now() > untilMs) return 'the time of one run is over';
    if (comparison.held > MAX_HELD) return `more than ${MAX_HELD} keys are unmatched`;
    try {
      const [mine, theirs] = await Promise.all([
        left === null ? undefined : readPage(here, left),
        right === null ? undefined : readPage(there, right),
      ]);
      for (const item of mine?.items.filter(isCompared) ?? []) {
        comparison.addHere(item);
        finder.add(item);
      }
      for (const item of theirs?.items.filter(isCompared) ?? []) comparison.addThere(item);
      if (mine) left = mine.cursor ?? null;
      if (theirs) right = theirs.cursor ?? null;
    } catch (error) {
      return `a replica could not be read: ${(error as Error).message}`;
    }
  }
  return left === null && right === null ? undefined : `more than ${MAX_PAGES} pages`;
}

/** Reads differences again, a settle time apart, and drops those that are none any more. */
async function settle(
  options: RunOptions,
  candidates: readonly Difference[],
): Promise<{ readonly settled: number; readonly remaining: readonly Difference[] }> {
  const unread = candidates.slice(MAX_REREAD);
  let open = candidates.slice(0, MAX_REREAD);
  for (let round = 0; round < SETTLE_ROUNDS && open.length > 0; round += 1) {
    if (options.clock.now() + options.settleMs > options.untilMs) break;
    await sleep(options.clock, options.settleMs / SETTLE_ROUNDS);
    try {
      open = await reread(options, open);
    } catch {
      break;
    }
  }
  const remaining = [...open, ...unread];
  return { settled: candidates.length - remaining.length, remaining };
}

async function reread(options: RunOptions, open: readonly Difference[]): Promise<Difference[]> {
  const still: Difference[] = [];
  for (let at = 0; at < open.length; at += REREAD_AT_ONCE) {
    const batch = open.slice(at, at + REREAD_AT_ONCE);
    const read = await Promise.all(
      batch.map(async (key) => {
        const [here, there] = await Promise.all([one(options, options.here, key), one(options, options.there, key)]);
        return differenceOf(key, here, there);
      }),
    );
    still.push(...read.flatMap((difference) => difference ?? []));
  }
  return still;
}

/** One key through Query, the one permission that the function has for it. */
async function one({ clock }: RunOptions, table: Table, { id, timestamp }: ItemKey): Promise<ReplicaItem | undefined> {
  // The upper end is left out: the smallest string above the key itself.
  const query = { id, from: timestamp, before: `${timestamp} `, limit: 1 };
  const { items } = await withDeadline(clock, PAGE_DEADLINE_MS, (signal) => table.query(query, signal));
  return items[0];
}

function partition<T>(items: readonly T[], first: (item: T) => boolean): [T[], T[]] {
  return [items.filter(first), items.filter((item) => !first(item))];
}
