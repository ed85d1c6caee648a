// Finds versions that crossed, in a scan that may be interrupted: what it must remember is small, whatever an item's history.
import { crossedBy, IDEMPOTENCY_WINDOW_MS, parseStamp, type Version } from '@dr/failover';
import type { ReplicaItem } from './compare';

export interface NamedConflict {
  readonly id: string;
  readonly earlier: string;
  readonly later: string;
}

/** Only what the next version is held against; the rest of an item's history is forgotten. JSON. */
export interface ConflictState {
  readonly count: number;
  readonly named: readonly NamedConflict[];
  /** The item that the scan is in. */
  readonly id: string | null;
  readonly ofItem: number;
  readonly recent: readonly Version[];
  /** Idempotency keys and the time of their last use, epoch ms. */
  readonly keys: readonly (readonly [key: string, lastMs: number])[];
}

export const NO_CONFLICTS: ConflictState = { count: 0, named: [], id: null, ofItem: 0, recent: [], keys: [] };

/** More than this are neither counted nor named. */
export const MAX_CONFLICTS_PER_ITEM = 10;
/** How many versions of an item a version is held against. A writer's `previous` nearly always names one of the last few. */
export const LOOK_BACK_VERSIONS = 16;

/** DynamoDB gives the versions of one id one after the other, in the order of their stamps. */
export class ConflictFinder {
  private count: number;
  private readonly named: NamedConflict[];
  private id: string | null;
  private ofItem: number;
  private recent: Version[];
  private keys: (readonly [string, number])[];

  constructor(
    private readonly maxNamed: number,
    state: ConflictState = NO_CONFLICTS,
  ) {
    this.count = state.count;
    this.named = [...state.named];
    this.id = state.id;
    this.ofItem = state.ofItem;
    this.recent = [...state.recent];
    this.keys = [...state.keys];
  }

  add(item: ReplicaItem): void {
    const { id } = item;
    if (id !== this.id) {
      this.id = id;
      this.ofItem = 0;
      this.recent = [];
      this.keys = [];
    }
    const version = versionOf(item);
    if (this.isRetry(version)) return;
    const found = crossedBy(version, this.recent, MAX_CONFLICTS_PER_ITEM - this.ofItem);
    this.ofItem += found.length;
    this.count += found.length;
    for (const conflict of found) if (this.named.length < this.maxNamed) this.named.push({ id, ...conflict });
    this.recent = [...this.recent.slice(1 - LOOK_BACK_VERSIONS), version];
  }

  snapshot(): ConflictState {
    const { count, named, id, ofItem, recent, keys } = this;
    return { count, named: [...named], id, ofItem, recent, keys };
  }

  /** A key that comes again within the window is the same write, taken by two regions: it crosses nothing. */
  private isRetry({ idempotencyKey: key, timestamp }: Version): boolean {
    if (key === undefined) return false;
    const atMs = parseStamp(timestamp)?.atMs ?? 0;
    const lastMs = this.keys.find(([known]) => known === key)?.[1];
    const others = this.keys.filter(([known]) => known !== key);
    this.keys = [...others.slice(1 - LOOK_BACK_VERSIONS), [key, atMs]];
    return lastMs !== undefined && atMs - lastMs <= IDEMPOTENCY_WINDOW_MS;
  }
}

function versionOf(item: ReplicaItem): Version {
  const { timestamp, region, idempotencyKey, previous } = item as unknown as Version;
  return {
    timestamp,
    region,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(previous === undefined ? {} : { previous }),
  };
}
