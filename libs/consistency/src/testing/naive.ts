// What a run has to find, by the plainest means: all of both replicas in memory at once. For tests.
import { conflicts, parseStamp, type Version } from '@dr/failover';
import { differenceOf, isCompared, type Difference, type ReplicaItem } from '../compare';
import { MAX_CONFLICTS_PER_ITEM } from '../conflict-finder';

export interface NaiveReport {
  readonly itemsHere: number;
  readonly itemsThere: number;
  readonly missingHere: number;
  readonly missingThere: number;
  readonly divergent: number;
  readonly conflicting: number;
  readonly differences: readonly Difference[];
}

export function compareNaively(
  here: readonly ReplicaItem[],
  there: readonly ReplicaItem[],
  startedAtMs: number,
): NaiveReport {
  const counts = ({ timestamp }: ReplicaItem): boolean => (parseStamp(timestamp)?.atMs ?? 0) <= startedAtMs;
  const keyed = (items: readonly ReplicaItem[]): Map<string, ReplicaItem> =>
    new Map(
      items.filter((item) => isCompared(item) && counts(item)).map((item) => [`${item.id}\n${item.timestamp}`, item]),
    );
  const [mine, theirs] = [keyed(here), keyed(there)];
  const differences = [...new Set([...mine.keys(), ...theirs.keys()])].sort().flatMap((name) => {
    const item = (mine.get(name) ?? theirs.get(name)) as ReplicaItem;
    return differenceOf(item, mine.get(name), theirs.get(name)) ?? [];
  });
  const of = (kind: Difference['kind']): number => differences.filter((one) => one.kind === kind).length;
  const byId = new Map<string, Version[]>();
  for (const item of mine.values()) byId.set(item.id, [...(byId.get(item.id) ?? []), item as unknown as Version]);
  const crossed = [...byId.values()].map((versions) => conflicts(versions, MAX_CONFLICTS_PER_ITEM).length);
  return {
    itemsHere: mine.size,
    itemsThere: theirs.size,
    missingHere: of('missing-here'),
    missingThere: of('missing-there'),
    divergent: of('divergent'),
    conflicting: crossed.reduce((a, b) => a + b, 0),
    differences,
  };
}
