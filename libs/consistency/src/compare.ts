// Comparing two replicas page by page: one side is kept as digests, the other is held against it as it comes.
import { CONTROL_ID } from '@dr/contracts';
import { collapse, conflicts, parseStamp, type Version } from '@dr/failover';
import { digest } from './digest';

export type ItemKey = { readonly id: string; readonly timestamp: string };
export type ReplicaItem = Readonly<Record<string, unknown>> & ItemKey;

/** `missing-here`: only the peer has it. `divergent`: both have the key, with different contents. */
export type DifferenceKind = 'missing-here' | 'missing-there' | 'divergent';

export interface Difference extends ItemKey {
  readonly kind: DifferenceKind;
}

export interface NamedConflict {
  readonly id: string;
  readonly earlier: string;
  readonly later: string;
}

/** More than this is counted but not named. */
const MAX_CONFLICTS_PER_ITEM = 10;

const textOf = ({ id, timestamp }: ItemKey): string => `${id}\n${timestamp}`;
const keyOf = (text: string): ItemKey => {
  const [id = '', timestamp = ''] = text.split('\n');
  return { id, timestamp };
};

/** Control records have one writer each and change all the time: they are not compared. */
export const isCompared = ({ id }: ItemKey): boolean => !id.startsWith(CONTROL_ID);

export class Comparison {
  /** Keys of this replica that the peer has not shown yet. */
  private readonly open = new Map<string, number>();
  private readonly found: Difference[] = [];
  private readonly onlyThere = new Map<string, number>();
  itemsHere = 0;
  itemsThere = 0;

  addHere(item: ReplicaItem): void {
    this.itemsHere += 1;
    this.match(item, this.onlyThere, this.open);
  }

  addThere(item: ReplicaItem): void {
    this.itemsThere += 1;
    this.match(item, this.open, this.onlyThere);
  }

  /** Digests kept right now. */
  get held(): number {
    return this.open.size + this.onlyThere.size;
  }

  /** What differs, once both replicas have been added wholly. */
  differences(): Difference[] {
    const named = (keys: Iterable<string>, kind: DifferenceKind): Difference[] =>
      [...keys].map((text) => ({ ...keyOf(text), kind }));
    return [
      ...this.found,
      ...named(this.onlyThere.keys(), 'missing-here'),
      ...named(this.open.keys(), 'missing-there'),
    ];
  }

  private match(item: ReplicaItem, theirs: Map<string, number>, ours: Map<string, number>): void {
    const text = textOf(item);
    const other = theirs.get(text);
    if (other === undefined) return void ours.set(text, digest(item));
    theirs.delete(text);
    if (other !== digest(item)) this.found.push({ id: item.id, timestamp: item.timestamp, kind: 'divergent' });
  }
}

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

/** Younger than the settle time by its own stamp: replication may still be on its way. */
export function isInFlight({ timestamp }: ItemKey, nowMs: number, settleMs: number): boolean {
  const atMs = parseStamp(timestamp)?.atMs;
  return atMs !== undefined && nowMs - atMs < settleMs;
}

/** Finds conflicts in a scan: DynamoDB gives the versions of one id one after the other. */
export class ConflictFinder {
  private id: string | undefined;
  private versions: Version[] = [];
  private readonly named: NamedConflict[] = [];
  count = 0;

  constructor(private readonly maxNamed: number) {}

  add(item: ReplicaItem): void {
    if (item.id !== this.id) {
      this.close();
      this.id = item.id;
    }
    this.versions.push(item as unknown as Version);
  }

  /** All conflicts so far; call it after the last item. */
  finish(): readonly NamedConflict[] {
    this.close();
    return this.named;
  }

  private close(): void {
    const { id, versions } = this;
    this.versions = [];
    this.id = undefined;
    if (id === undefined || versions.length < 2) return;
    const found = conflicts(collapse(versions), MAX_CONFLICTS_PER_ITEM);
    this.count += found.length;
    for (const conflict of found) if (this.named.length < this.maxNamed) this.named.push({ id, ...conflict });
  }
}
