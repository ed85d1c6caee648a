// Replication of one global table (DDB-01 to DDB-08): each item on its own, last writer wins, held while regions are apart.
import type { TableConfig } from '@dr/stack';
import { entryOf } from '../../kernel/entry-of';
import { Timetable } from '../../kernel/timetable';
import { regionSite } from '../../site';
import type { ItemVersion, World } from '../../world';
import { KeptKeys } from '../kept-keys';
import type { Metrics } from '../ports';
import type { AttributeMap, DynamoEngine, ItemChange } from './engine';
import { fromAttributes } from './items';
import { Outbox, type Claim, type Stamp, type UnreplicatedWrite } from './outbox';
import { lagMs } from './replication-lag';
import type { TableLimits } from './table-limits';

/** [A] Fault replication-slow. */
const SLOW_LAG_MS = { median: 8_000, p99: 20_000 };
/** [A] A replicated write that the receiver throttles is tried again after this time. */
const THROTTLED_AGAIN_MS = 1_000;
/** Two writes of an item in one instant still have an order. */
const TICK_MS = 0.001;

/** What goes from one region to another. */
interface Link {
  readonly from: string;
  readonly to: string;
  readonly outbox: Outbox;
  /** When changes arrive, by their numbers in the outbox. */
  readonly arrivals: Timetable;
}

export interface ReplicationPorts {
  readonly metrics: Metrics;
  readonly limits: TableLimits;
  /** Called after an item was written in a region, by anyone. */
  onWritten(awsRegion: string, key: string, item: AttributeMap | undefined): void;
}

export class Replication {
  private readonly links = new Map<string, Link>();
  /** Numbers of the changes that arrived while the regions were apart, oldest first. */
  private readonly held = new Map<Link, number[]>();
  private readonly keys: KeptKeys;

  constructor(
    private readonly world: World,
    private readonly table: TableConfig,
    private readonly engines: ReadonlyMap<string, DynamoEngine>,
    private readonly ports: ReplicationPorts,
  ) {
    this.keys = new KeptKeys(world);
    world.faults.onEnd(() => this.resume());
  }

  /** A write was committed in the region. Stamps it, and sends it to every other replica. */
  committed(from: string, ...[key, item, deleted]: ItemChange): void {
    const { world, table } = this;
    const { id, timestamp } = this.namesOf(item ?? deleted);
    world.events.record({ kind: 'item-written', region: from, id, timestamp });
    if (item && world.system.isControlRecord?.(id, item)) {
      world.events.record({ kind: 'control-written', region: from, timestamp, record: fromAttributes(item) });
    }
    const stamp = this.nextStamp(from, key);
    this.engines.get(from)?.stamp(table.name, key, textOf(stamp));
    this.ports.onWritten(from, key, item);
    const claim = this.claimOf(id, item);
    for (const to of table.awsRegions) {
      if (to === from) continue;
      const link = this.link(from, to);
      const change = { key, ...(item ? { item } : {}), id, timestamp, stamp, writtenMs: world.scheduler.now() };
      this.deliverLater(link, link.outbox.add(change, claim));
    }
  }

  unreplicated(from: string, to: string): UnreplicatedWrite[] {
    return Array.from(this.onTheWay(from, to), ({ id, timestamp, writtenMs }) => ({ id, timestamp, writtenMs }));
  }

  /** The same, oldest first, each read when it is asked for: a region may lack 300,000. */
  onTheWay(from: string, to: string): Iterable<UnreplicatedWrite> {
    return this.link(from, to).outbox;
  }

  /** A region's clock may be behind the stamps that it holds. Its next write is the latest all the same. */
  private nextStamp(from: string, key: string): Stamp {
    const { scheduler, faults } = this.world;
    const now = scheduler.now() + faults.clockSkewMs(from);
    const known = this.stampIn(from, key);
    return { ms: known ? Math.max(now, known.ms + TICK_MS) : now, regionIndex: this.table.awsRegions.indexOf(from) };
  }

  private deliverLater(link: Link, change: number): void {
    const { from, to, arrivals } = link;
    const chance = this.world.random.stream(`replication/${this.table.name}/${from}/${to}`);
    const afterMs = this.isSlow(link) ? chance.logNormal(SLOW_LAG_MS.median, SLOW_LAG_MS.p99) : lagMs(chance, from, to);
    arrivals.after(afterMs, change);
  }

  /** [A] Replication to and from a region whose endpoint has no name is as late as where it is slow: AWS says "prolonged". */
  private isSlow({ from, to }: Link): boolean {
    const { faults } = this.world;
    if (faults.hits('replication-slow', from)) return true;
    return [from, to].some((region) => faults.isNameEmpty('dynamodb', region));
  }

  private arrived(link: Link, number: number): void {
    const { world } = this;
    const { from, to, outbox } = link;
    if (this.isCut(from, to)) return void entryOf(this.held, link, () => []).push(number);
    // A write takes units of the receiving replica as well; throttled there, it waits (CAP-04).
    if (!this.ports.limits.replicates(to, this.table.name, outbox.claimOf(number)))
      return link.arrivals.after(THROTTLED_AGAIN_MS, number);
    const { key, item, stamp, id, timestamp, writtenMs } = outbox.take(number);
    const applied = isAfter(stamp, this.stampIn(to, key));
    if (applied) {
      this.engines.get(to)?.apply(this.table.name, key, item, textOf(stamp));
      this.ports.onWritten(to, key, item);
    }
    const value = world.scheduler.now() - writtenMs;
    world.events.record({ kind: 'item-replicated', region: to, from, id, timestamp, lagMs: value, applied });
    const dimensions = { TableName: this.table.name, ReceivingRegion: to };
    this.ports.metrics.put({
      awsRegion: from,
      namespace: 'AWS/DynamoDB',
      name: 'ReplicationLatency',
      dimensions,
      value,
    });
  }

  private claimOf(id: string, item: AttributeMap | undefined): Claim {
    const { system, load } = this.world;
    // What the system writes for itself does not grow with the load of its clients.
    const isOne = load.perRequest === 1 || (item !== undefined && system.isControlRecord?.(id, item) === true);
    return this.ports.limits.claimOf(this.table.name, item, isOne ? 1 : load.perRequest);
  }

  /** Sends what was held, each item with a lag of its own (DDB-08: replication resumes where it stopped). */
  private resume(): void {
    for (const [link, changes] of this.held) {
      if (this.isCut(link.from, link.to)) continue;
      this.held.delete(link);
      for (const change of changes) this.deliverLater(link, change);
    }
  }

  /** Regions are apart, or KMS of one of them refuses the key of its replica [A]. */
  private isCut(from: string, to: string): boolean {
    const { faults } = this.world;
    const cutAt = (region: string): boolean =>
      faults.isDown(region) || faults.hits('replication-paused', region) || faults.hits('partition', region);
    const isLocked = (region: string): boolean =>
      this.table.usesKms && !this.keys.has(region, `${this.table.name} replication`);
    if (cutAt(from) || cutAt(to) || faults.isLinkCut(regionSite(from), regionSite(to))) return true;
    return isLocked(from) || isLocked(to);
  }

  private namesOf(item: AttributeMap | undefined): ItemVersion {
    const { name: table, hashKey, rangeKey } = this.table;
    const { system } = this.world;
    const text = (name: string | undefined): string => String(Object.values(item?.[name ?? ''] ?? { S: '' })[0]);
    if (!system.versionOf) return { id: text(hashKey), timestamp: text(rangeKey) };
    const known = system.versionOf(table, fromAttributes(item ?? {}));
    return known ?? { id: `${table}/${text(hashKey)}`, timestamp: text(rangeKey) };
  }

  /** Those of deleted items stay, as tombstones. */
  private stampIn(awsRegion: string, key: string): Stamp | undefined {
    const text = this.engines.get(awsRegion)?.stampOf(this.table.name, key);
    return text === undefined ? undefined : stampOf(text);
  }

  private link(from: string, to: string): Link {
    return entryOf(this.links, `${from} ${to}`, () => {
      const arrivals = new Timetable(this.world.scheduler, (change) => this.arrived(link, change));
      const link: Link = { from, to, outbox: new Outbox(this.world.keep), arrivals };
      return link;
    });
  }
}

/** As it is kept beside the item: a number's text is read as the same number again. */
const textOf = ({ ms, regionIndex }: Stamp): string => `${ms} ${regionIndex}`;

function stampOf(text: string): Stamp {
  const [ms, regionIndex] = text.split(' ');
  return { ms: Number(ms), regionIndex: Number(regionIndex) };
}

const isAfter = (a: Stamp, b: Stamp | undefined): boolean =>
  !b || a.ms > b.ms || (a.ms === b.ms && a.regionIndex > b.regionIndex);
