// Expiry of items: each region deletes what has expired, in its own time, and the deletion replicates (DDB-05).
import type { TableConfig } from '@dr/stack';
import type { World } from '../../world';
import type { AttributeMap, DynamoEngine, ItemChange } from './engine';

/** [A] Shortest and longest. AWS: "typically within two days", "within a few days". Until then the item is read like any other. */
const DELETION_DELAY_MS = [0, 48 * 3_600_000] as const;

export class TimeToLive {
  constructor(
    private readonly world: World,
    private readonly table: TableConfig,
    private readonly engines: ReadonlyMap<string, DynamoEngine>,
    /** Commits the deletion in that region. */
    private readonly commit: (awsRegion: string, table: string, ...change: ItemChange) => void,
  ) {}

  /** An item was written in the region. Plans its deletion when it has an expiry. */
  written(awsRegion: string, key: string, item: AttributeMap | undefined): void {
    const expiry = this.expiryOf(item);
    if (expiry === undefined) return;
    const { scheduler, random } = this.world;
    const delayMs = random.stream(`ttl/${this.table.name}/${awsRegion}`).between(...DELETION_DELAY_MS);
    const inMs = expiry * 1000 - scheduler.epochNow() + delayMs;
    scheduler.after(inMs, () => this.expire(awsRegion, key, expiry));
  }

  private expire(awsRegion: string, key: string, expiry: number): void {
    const engine = this.engines.get(awsRegion);
    const item = engine?.read(this.table.name, key);
    // The item is gone, or was written again with another expiry.
    if (!engine || !item || this.expiryOf(item) !== expiry) return;
    engine.apply(this.table.name, key, undefined);
    this.commit(awsRegion, this.table.name, key, undefined, item);
  }

  private expiryOf(item: AttributeMap | undefined): number | undefined {
    const attribute = this.table.ttlAttribute === undefined ? undefined : item?.[this.table.ttlAttribute];
    const seconds = Number(attribute?.['N']);
    return Number.isFinite(seconds) ? seconds : undefined;
  }
}
