// What can differ between two replicas: keys that only one holds, and keys whose contents are not the same.
import { CONTROL_ID } from '@dr/contracts/system';
import { digest } from './digest';

export type ItemKey = { readonly id: string; readonly timestamp: string };
export type ReplicaItem = Readonly<Record<string, unknown>> & ItemKey;

/** `missing-here`: only the peer has it. `divergent`: both have the key, with different contents. */
export type DifferenceKind = 'missing-here' | 'missing-there' | 'divergent';

export interface Difference extends ItemKey {
  readonly kind: DifferenceKind;
}

/** Control records have one writer each and change all the time: they are not compared. */
export const isCompared = ({ id }: ItemKey): boolean => !id.startsWith(CONTROL_ID);

/** What is between two copies of one key; undefined when they are equal. */
export function differenceOf(
  key: ItemKey,
  here: ReplicaItem | undefined,
  there: ReplicaItem | undefined,
): Difference | undefined {
  const { id, timestamp } = key;
  if (!here && !there) return undefined;
  if (!here) return { id, timestamp, kind: 'missing-here' };
  if (!there) return { id, timestamp, kind: 'missing-there' };
  return digest(here) === digest(there) ? undefined : { id, timestamp, kind: 'divergent' };
}
