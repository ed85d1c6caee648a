// What an on-demand table takes at once, and how that grows. Source: DynamoDB developer guide, on-demand-capacity-mode and warm-throughput.
import { COUNTED_FROM_MS, SETTLED_MS } from '../../load-scale';

/** Throttled is what goes beyond twice the previous peak; a peak is a previous one after this time. */
const GROWTH = 2;
const PEAK_AGE_MS = 30 * 60_000;
/** [A] A peak is the mean of a minute. */
const MINUTE_MS = 60_000;

export class Ramp {
  private peak = 0;
  private counted = 0;
  private minute = { startMs: 0, units: 0 };
  /** Of the last half hour, oldest first. */
  private readonly minutes: { readonly startMs: number; readonly units: number }[] = [];

  /** `ready`, `most`: units a second. */
  constructor(
    private readonly ready: number,
    private readonly most: number,
  ) {}

  perSecond(nowMs: number): number {
    this.pass(nowMs);
    return Math.min(this.most, Math.max(this.ready, GROWTH * this.peak));
  }

  consume(units: number, nowMs: number): void {
    this.pass(nowMs);
    this.minute.units += units;
    if (nowMs >= COUNTED_FROM_MS && nowMs < SETTLED_MS) this.counted += units;
  }

  /** The table has had `share` of the load of this run as a peak. */
  settle(share: number): void {
    this.peak = Math.max(this.peak, (share * this.counted * 1000) / (SETTLED_MS - COUNTED_FROM_MS));
  }

  private pass(nowMs: number): void {
    if (nowMs < this.minute.startMs + MINUTE_MS) return;
    this.minutes.push(this.minute);
    this.minute = { startMs: Math.floor(nowMs / MINUTE_MS) * MINUTE_MS, units: 0 };
    for (
      let first = this.minutes[0];
      first && first.startMs + MINUTE_MS + PEAK_AGE_MS <= nowMs;
      first = this.minutes[0]
    ) {
      this.peak = Math.max(this.peak, (first.units * 1000) / MINUTE_MS);
      this.minutes.shift();
    }
  }
}
