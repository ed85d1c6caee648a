// What each partition of a table in one region still takes.
import { TokenBucket } from '../../kernel/token-bucket';

/** [A] A second's worth may come at once. */
const BURST_SECONDS = 1;
/** Fewer are not looked through. */
const LEAST_SWEPT = 1_024;

/** A partition that takes all that it can is not kept: keys come and go in a long run. */
export class Partitions {
  private readonly buckets = new Map<string, TokenBucket>();
  private sweepAt = LEAST_SWEPT;

  constructor(private readonly unitsASecond: number) {}

  /** Takes nothing. */
  admits(partition: string, nowMs: number): boolean {
    return this.buckets.get(partition)?.hasTokens(nowMs) ?? true;
  }

  take(partition: string, units: number, nowMs: number): void {
    let bucket = this.buckets.get(partition);
    if (!bucket) {
      if (this.buckets.size >= this.sweepAt) this.sweep(nowMs);
      bucket = new TokenBucket(this.unitsASecond, BURST_SECONDS);
      this.buckets.set(partition, bucket);
    }
    bucket.take(units, nowMs);
  }

  get size(): number {
    return this.buckets.size;
  }

  /** The next one is when there are twice as many as are left: each bucket is looked at a few times in all. */
  private sweep(nowMs: number): void {
    for (const [partition, bucket] of this.buckets) if (bucket.isFull(nowMs)) this.buckets.delete(partition);
    this.sweepAt = Math.max(LEAST_SWEPT, 2 * this.buckets.size);
  }
}
