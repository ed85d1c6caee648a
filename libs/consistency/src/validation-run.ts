// One validation run as a state machine that reads nothing itself: between two steps it can be stored, and gone on with elsewhere.
import { parseStamp } from '@dr/failover';
import { copiesOf, isSame } from './abreast';
import { shown } from './bounded';
import { differenceOf, isCompared, type Difference, type ItemKey, type ReplicaItem } from './compare';
import { ConflictFinder, type Mutable } from './conflict-finder';
import { digest } from './digest';
import type { OpenKey, OpenKeys } from './open-keys';
import { HERE, type PeerState, type Replica, type RunState, type ScanState } from './stored-run';

/** Items of a page. Small items: a page of DynamoDB's own size (1 MB) takes a small function seconds to decode. */
export const PAGE_ITEMS = 1_000;
/** Keys open at once, of all peers together: about 30 MB of a function's 512. */
export const MAX_OPEN = 50_000;
/** Of ours no {@link MAX_OPEN} take as much; they fill 50 chunk records. */
const MAX_OPEN_BYTES = 15_000_000;
const MAX_SAMPLES = 20;

/** What a comparison may have open at once. */
export interface OpenLimits {
  readonly keys: number;
  readonly bytes: number;
}

const IN_A_FUNCTION: OpenLimits = { keys: MAX_OPEN, bytes: MAX_OPEN_BYTES };

/** Why a comparison ended that found more than it can hold. */
export const tooMany = ({ keys, bytes }: OpenLimits): string =>
  `more than ${keys} keys, or ${bytes / 1e6} MB of them, were in one replica and not in the other, as far as they had been read`;
export const TOO_MANY = tooMany(IN_A_FUNCTION);

export interface PageRequest {
  readonly replica: Replica;
  readonly cursor?: string;
  readonly limit: number;
}

export interface PageAnswer {
  readonly replica: Replica;
  readonly items: readonly ReplicaItem[];
  /** Absent after the last page. */
  readonly cursor?: string | undefined;
}

/** What a page shows that is compared. */
interface Shown {
  readonly items: readonly ReplicaItem[];
  /** How many the replica had shown before. */
  readonly before: number;
}

const NOTHING: Shown = { items: [], before: 0 };

export class ValidationRun {
  private readonly here: Mutable<RunState['here']>;
  private readonly peers: Mutable<PeerState>[];
  private readonly finder: ConflictFinder;
  private pages: number;
  private scannedAtMs: number | undefined;
  private order: OpenKey[] | undefined;
  private readonly startText: string;

  constructor(
    private readonly start: RunState,
    readonly open: OpenKeys,
    /** @default what a function can hold, and store */
    private readonly limits: OpenLimits = IN_A_FUNCTION,
  ) {
    this.startText = new Date(start.startedAtMs).toISOString();
    this.here = { ...start.here };
    this.peers = start.peers.map((peer) => ({ ...peer }));
    this.finder = new ConflictFinder(MAX_SAMPLES, start.conflicts);
    this.pages = start.pages;
    this.scannedAtMs = start.scannedAtMs;
  }

  snapshot(): RunState {
    const { start, here, peers, pages, finder, scannedAtMs } = this;
    return {
      ...start,
      here: { ...here },
      peers: peers.map((peer) => ({ ...peer })),
      pages,
      conflicts: finder.snapshot(),
      ...(scannedAtMs === undefined ? {} : { scannedAtMs }),
    };
  }

  get stage(): 'scanning' | 'settling' | 'finished' {
    if (this.scannedAtMs === undefined) return 'scanning';
    return this.open.size > 0 ? 'settling' : 'finished';
  }

  /** Milliseconds until a difference that is read again counts, as replication has then had its time; never more than `settleMs`. */
  settlesInMs(nowMs: number): number {
    const { settleMs } = this.start;
    return Math.min(settleMs, Math.max(0, (this.scannedAtMs ?? 0) + settleMs - nowMs));
  }

  /**
   * The pages to read next, at the same time. All replicas list their items in the same order, so equal keys meet early while the
   * scans keep abreast: a replica that is ahead, because another lacks items, is asked for less or for nothing.
   */
  nextPages(): PageRequest[] {
    if (this.scannedAtMs !== undefined) return [];
    const lagging = this.peers.map((peer) => (isScanning(peer) ? this.aheadOf(peer) : 0));
    const limitHere = this.here.done ? 0 : Math.max(0, PAGE_ITEMS - Math.max(0, ...lagging));
    const limits = this.peers.map((peer, at) => {
      if (!isScanning(peer)) return 0;
      if (this.here.done) return PAGE_ITEMS;
      return Math.min(PAGE_ITEMS, Math.max(0, limitHere + (lagging[at] ?? 0)));
    });
    const requests: [Replica, ScanState, number][] = [
      [HERE, this.here, limitHere],
      ...this.peers.map((peer, at): [Replica, ScanState, number] => [at, peer, limits[at] ?? 0]),
    ];
    return requests.flatMap(([replica, { cursor }, limit]) =>
      limit > 0 ? [{ replica, ...(cursor === undefined ? {} : { cursor }), limit }] : [],
    );
  }

  /** What {@link nextPages} asked for, all of it. */
  addPages(answers: readonly PageAnswer[], nowMs: number): void {
    const shown = new Map(answers.map((answer) => [answer.replica, this.take(answer)]));
    const here = shown.get(HERE) ?? NOTHING;
    for (const at of this.peers.keys()) this.match(at, here, shown.get(at) ?? NOTHING);
    while (this.open.size > this.limits.keys || this.open.bytes > this.limits.bytes) this.giveUpWidest();
    this.endScan(nowMs);
  }

  /** Up to `count` keys to read again, the same ones until they are settled. */
  nextKeys(count: number): readonly OpenKey[] {
    if (this.scannedAtMs === undefined) return [];
    // Sorted, as the order in which keys were stored is not the one in which they were found.
    this.order ??= [...this.open.values()].sort(byKey).reverse();
    return this.order.slice(-count).reverse();
  }

  /** What a key that {@link nextKeys} gave looks like now. */
  settle(key: OpenKey, here: ReplicaItem | undefined, there: ReplicaItem | undefined): void {
    this.close(key, differenceOf(key, here, there));
  }

  /** A replica cannot be read: what it was compared with ends incomplete. */
  giveUp(replica: Replica, because: string, nowMs: number): void {
    for (const at of replica === HERE ? this.peers.keys() : [replica]) {
      if (isLive(this.peers[at])) this.leave(at, because);
    }
    this.endScan(nowMs);
  }

  reports() {
    const { count, named } = this.finder.snapshot();
    return this.peers.map(({ peer, incompleteBecause, items, samples, ...counts }) => ({
      peer,
      /** False: both replicas were not read to their ends; what is counted is then a lower bound. */
      complete: incompleteBecause === undefined,
      ...(incompleteBecause === undefined ? {} : { incompleteBecause }),
      itemsHere: this.here.items,
      itemsThere: items,
      missingHere: counts.missingHere,
      missingThere: counts.missingThere,
      divergent: counts.divergent,
      /** Versions of one id in this replica that crossed: kept by design, none of them lost. */
      conflicting: count,
      /** Differences of the two scans that were none when their keys were read again: replication was on its way. */
      inFlight: counts.inFlight,
      /** The first, in the order of their keys, for people. */
      samples,
      conflicts: named,
    }));
  }

  /** Counts what a page shows, and returns what of it is compared. */
  private take({ replica, items, cursor }: PageAnswer): Shown {
    this.pages += 1;
    const scan = replica === HERE ? this.here : this.peers[replica];
    if (!scan) return NOTHING;
    if (cursor === undefined) {
      delete scan.cursor;
      scan.done = true;
    } else scan.cursor = cursor;
    const all = items.filter(isCompared);
    // Left out on both sides: it may be on its way for as long as the run lasts.
    const compared = all.filter((item) => !this.isNewer(item));
    const before = scan.items;
    scan.items += compared.length;
    if (replica === HERE) {
      this.here.newer += all.length - compared.length;
      for (const item of compared) this.finder.add(item);
    }
    return { items: compared, before };
  }

  /** Stamps begin with a time that sorts as text; only what sorts after the start needs a closer look. */
  private isNewer({ timestamp }: ItemKey): boolean {
    if (timestamp < this.startText) return false;
    return (parseStamp(timestamp)?.atMs ?? 0) > this.start.startedAtMs;
  }

  /** An item that both pages show alike needs no digest, unless its key is open. Any other stays open until the other side shows it. */
  private match(at: number, here: Shown, there: Shown): void {
    const peer = this.peers[at];
    if (!isLive(peer)) return;
    const same = new Uint8Array(there.items.length);
    const copies = copiesOf(here.items, there.items);
    for (const [place, item] of here.items.entries()) {
      const copy = copies[place] ?? -1;
      if (copy >= 0 && isSame(item, there.items[copy]) && !this.open.get(at, item)) {
        same[copy] = 1;
        met(peer, here.before + place + 1, there.before + copy + 1);
      } else this.show(at, peer, 'here', item, here.before + place + 1);
    }
    for (const [place, item] of there.items.entries())
      if (same[place] === 0) this.show(at, peer, 'there', item, there.before + place + 1);
  }

  private show(
    at: number,
    peer: Mutable<PeerState>,
    side: 'here' | 'there',
    item: ReplicaItem,
    position: number,
  ): void {
    const { id, timestamp } = item;
    const sum = digest(item);
    const known = this.open.get(at, item);
    if (known?.kind !== (side === 'here' ? 'there' : 'here')) {
      this.open.set({ peer: at, kind: side, id, timestamp, digest: sum, position });
      return;
    }
    if (side === 'here') met(peer, position, known.position);
    else met(peer, known.position, position);
    if (known.digest === sum) this.open.delete(at, known);
    else this.open.set({ ...known, kind: 'both' });
  }

  /** By how many items this replica is ahead of the peer's, as far as those that have met tell. */
  private aheadOf({ items, metHere, metThere }: PeerState): number {
    return this.here.items - metHere - (items - metThere);
  }

  private endScan(nowMs: number): void {
    if (this.scannedAtMs !== undefined) return;
    const left = this.peers.filter(isLive);
    if (left.length > 0 && !(this.here.done && left.every(({ done }) => done))) return;
    this.scannedAtMs = nowMs;
  }

  private giveUpWidest(): void {
    const counts = this.peers.map(() => 0);
    for (const { peer } of this.open.values()) counts[peer] = (counts[peer] ?? 0) + 1;
    this.leave(counts.indexOf(Math.max(...counts)), tooMany(this.limits));
  }

  /** A key that one side has shown says nothing while the other side has not been read to its end; contents that differ do. */
  private leave(at: number, because: string): void {
    const peer = this.peers[at] as Mutable<PeerState>;
    peer.incompleteBecause = because;
    delete peer.cursor;
    this.order = undefined;
    for (const open of [...this.open.values()].filter((one) => one.peer === at).sort(byKey)) {
      if (open.kind === 'both') this.close(open, { id: open.id, timestamp: open.timestamp, kind: 'divergent' });
      else this.open.delete(at, open);
    }
  }

  private close(key: OpenKey, difference: Difference | undefined): void {
    const peer = this.peers[key.peer];
    if (!peer || !this.open.get(key.peer, key)) return;
    this.open.delete(key.peer, key);
    const last = this.order?.at(-1);
    if (last && byKey(last, key) === 0) this.order?.pop();
    else this.order = undefined;
    if (!difference) {
      peer.inFlight += 1;
      return;
    }
    peer[COUNTER[difference.kind]] += 1;
    const { id, timestamp, kind } = difference;
    const sample = { id: shown(id), timestamp: shown(timestamp), kind };
    if (peer.samples.length < MAX_SAMPLES) peer.samples = [...peer.samples, sample];
  }
}

const COUNTER = { 'missing-here': 'missingHere', 'missing-there': 'missingThere', divergent: 'divergent' } as const;

const isLive = <P extends PeerState>(peer: P | undefined): peer is P =>
  peer !== undefined && peer.incompleteBecause === undefined;
const isScanning = (peer: PeerState): boolean => isLive(peer) && !peer.done;

/** Up to where the two scans have shown the same keys. */
function met(peer: Mutable<PeerState>, here: number, there: number): void {
  peer.metHere = Math.max(peer.metHere, here);
  peer.metThere = Math.max(peer.metThere, there);
}

const byKey = (a: OpenKey, b: OpenKey): number =>
  a.peer - b.peer || order(a.id, b.id) || order(a.timestamp, b.timestamp);
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
