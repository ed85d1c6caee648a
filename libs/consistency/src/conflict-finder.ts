// Finds versions that crossed, in a scan that may be interrupted: what it must remember is small, whatever an item's history.
import { CONFLICT_REACH, crossed, IDEMPOTENCY_WINDOW_MS, keyUsedAtMs, type Version } from '@dr/failover';
import type { ReplicaItem } from './compare';
import { compared, ordered, shown } from './bounded';
import { digest } from './digest';

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
  readonly recent: readonly Neighbour[];
  /** The last uses of idempotency keys. */
  readonly keys: readonly KeyUse[];
}

/** `repeat`: it counts as a place in the order, and crosses nothing. */
type Neighbour = Version & { readonly repeat?: true };

/** Of a version: its key, when that was used (epoch ms), a digest of what was written, its stamp (empty: it repeats another one). */
type KeyUse = readonly [key: string, usedAtMs: number, content: number, stamp: string];

export const NO_CONFLICTS: ConflictState = { count: 0, named: [], id: null, ofItem: 0, recent: [], keys: [] };

/** More than this are neither counted nor named. */
export const MAX_CONFLICTS_PER_ITEM = 10;
/** How many uses of keys of an item are remembered. */
const KEY_USES = 16;

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** DynamoDB gives the versions of one id one after the other, in the order of their stamps. */
export class ConflictFinder {
  /** But for `recent`, which changes with each item. */
  private readonly state: Mutable<Omit<ConflictState, 'recent'>>;
  private recent: Neighbour[];

  constructor(
    private readonly maxNamed: number,
    state: ConflictState = NO_CONFLICTS,
  ) {
    // A run that an older version of the function began remembers less of a key.
    this.state = { ...state, keys: state.keys.filter((use) => use.length === 4) };
    this.recent = [...state.recent];
  }

  add(item: ReplicaItem): void {
    const { state } = this;
    const { id } = item;
    if (id !== state.id) {
      Object.assign(state, { id, ofItem: 0, keys: [] });
      this.recent = [];
    }
    const version = versionIn(item);
    const { repeat, contradicted } = this.useKey(version);
    if (repeat) {
      this.remember({ ...neighbourOf(version), repeat: true });
      return;
    }
    const met = this.recent.filter((earlier) => !earlier.repeat && crossed(earlier, version));
    const stamps = [...met.map(({ timestamp }) => timestamp).reverse(), ...contradicted];
    if (stamps.length > 0) this.name(id, [...new Set(stamps)], version.timestamp);
    this.remember(neighbourOf(version));
  }

  snapshot(): ConflictState {
    return { ...this.state, recent: [...this.recent] };
  }

  private name(id: string, stamps: readonly string[], later: string): void {
    const { state } = this;
    const found = stamps.slice(0, MAX_CONFLICTS_PER_ITEM - state.ofItem);
    state.ofItem += found.length;
    state.count += found.length;
    const conflicts = found.map((earlier) => ({ id: shown(id), earlier: shown(earlier), later: shown(later) }));
    if (conflicts.length > 0) state.named = [...state.named, ...conflicts].slice(0, this.maxNamed);
  }

  private remember(version: Neighbour): void {
    this.recent.push(version);
    if (this.recent.length > CONFLICT_REACH) this.recent.shift();
  }

  /** A key used again within the window is the same write if the content is the same; with another content it contradicts the first. */
  private useKey(version: Version): { readonly repeat: boolean; readonly contradicted: readonly string[] } {
    const { idempotencyKey: key, timestamp, json, value, deleted } = version;
    if (key === undefined) return { repeat: false, contradicted: [] };
    const usedAtMs = keyUsedAtMs(version);
    const content = digest({ json, value, deleted });
    const uses = this.state.keys.filter(
      ([known, knownAtMs]) => known === key && Math.abs(usedAtMs - knownAtMs) <= IDEMPOTENCY_WINDOW_MS,
    );
    const repeat = uses.some(([, , known]) => known === content);
    this.state.keys = [...this.state.keys.slice(1 - KEY_USES), [key, usedAtMs, content, repeat ? '' : timestamp]];
    const others = uses.filter(([, , known, stamp]) => known !== content && stamp !== '');
    return { repeat, contradicted: others.map(([, , , stamp]) => stamp) };
  }
}

/** What is looked at of an item, which anybody may have written. */
function versionIn(item: ReplicaItem): Version {
  const { timestamp, region, previous, idempotencyKey, keyUsedAtMs: usedAtMs, json, value, deleted } = item;
  return {
    timestamp,
    region: compared(region),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey: compared(idempotencyKey) }),
    ...(typeof usedAtMs === 'number' ? { keyUsedAtMs: usedAtMs } : {}),
    ...(previous === null ? { previous } : {}),
    ...(typeof previous === 'string' ? { previous: ordered(previous) } : {}),
    // Of these a digest is kept.
    ...({ json, value, deleted } as Pick<Version, 'json' | 'value' | 'deleted'>),
  };
}

/** What crossing is told by; neither keys nor contents are kept. */
const neighbourOf = ({ timestamp, region, previous }: Version): Neighbour =>
  previous === undefined ? { timestamp, region } : { timestamp, region, previous };
