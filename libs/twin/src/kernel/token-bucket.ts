// A token bucket that is refilled all the time. The time is passed in.

/** Sums of fractions are not exact: less than this is nothing. */
const NOTHING = 1e-9;

export class TokenBucket {
  private level: number;
  private atMs = 0;

  /** Full at first. It holds what comes in so many seconds. */
  constructor(
    private perSecond: number,
    private readonly burstSeconds: number,
  ) {
    this.level = perSecond * burstSeconds;
  }

  /** A request passes while anything is left, and may take more than that: later ones wait until it is paid back. */
  hasTokens(nowMs: number): boolean {
    this.refill(nowMs);
    return this.level > NOTHING;
  }

  take(tokens: number, nowMs: number): void {
    this.refill(nowMs);
    this.level -= tokens;
  }

  /** From now on. A bucket that grows is not filled by that. */
  setRate(perSecond: number, nowMs: number): void {
    if (perSecond === this.perSecond) return;
    this.refill(nowMs);
    this.perSecond = perSecond;
    this.level = Math.min(this.level, perSecond * this.burstSeconds);
  }

  private refill(nowMs: number): void {
    const full = this.perSecond * this.burstSeconds;
    this.level = Math.min(full, this.level + (this.perSecond * (nowMs - this.atMs)) / 1000);
    this.atMs = nowMs;
  }
}
