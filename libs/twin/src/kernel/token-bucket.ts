// A token bucket that is refilled all the time. The time is passed in.

/** Sums of fractions are not exact: less than this is nothing. */
const NOTHING = 1e-9;

export class TokenBucket {
  private level: number;
  private atMs = 0;

  /** Full at first. It holds as many tokens as arrive in `burstSeconds`. */
  constructor(
    private perSecond: number,
    private readonly burstSeconds: number,
  ) {
    this.level = perSecond * burstSeconds;
  }

  /** A request passes while any token is left, even if it then takes more than there are: the next ones wait until the debt is paid back. */
  hasTokens(nowMs: number): boolean {
    this.refill(nowMs);
    return this.level > NOTHING;
  }

  take(tokens: number, nowMs: number): void {
    this.refill(nowMs);
    this.level -= tokens;
  }

  /** A new one would be the same. Leaves the level as it is: sums of fractions depend on when they are made. */
  isFull(nowMs: number): boolean {
    return this.levelAt(nowMs) === this.perSecond * this.burstSeconds;
  }

  /** Takes effect now. A higher rate raises what the bucket can hold, and adds no tokens. */
  setRate(perSecond: number, nowMs: number): void {
    if (perSecond === this.perSecond) return;
    this.refill(nowMs);
    this.perSecond = perSecond;
    this.level = Math.min(this.level, perSecond * this.burstSeconds);
  }

  private refill(nowMs: number): void {
    this.level = this.levelAt(nowMs);
    this.atMs = nowMs;
  }

  private levelAt(nowMs: number): number {
    const full = this.perSecond * this.burstSeconds;
    return Math.min(full, this.level + (this.perSecond * (nowMs - this.atMs)) / 1000);
  }
}
