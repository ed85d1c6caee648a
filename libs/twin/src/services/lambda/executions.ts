// Executions at once. Where one stands for many that come one after the other, it is their mean over a while that counts.

/** [A] Of a warm request: a simulated one stands for `perRequest` real ones that follow each other, so for so long each. */
const TYPICAL_MS = 20;
/** At any instant; the mean over a while stays within the limit itself. */
const MOST_AT_AN_INSTANT = 2;

export class ExecutionsAtOnce {
  private busy = 0;
  /** Of a run with `perRequest` above 1: executions x ms that may still be had beyond the limit. */
  private spare: number;
  private readonly most: number;
  private atMs = 0;

  constructor(
    readonly limit: number,
    private readonly perRequest: number,
  ) {
    this.most = perRequest === 1 ? 0 : limit * perRequest * TYPICAL_MS;
    this.spare = this.most;
  }

  admits(executions: number, nowMs: number): boolean {
    if (this.perRequest === 1) return this.busy + executions <= this.limit;
    this.pass(nowMs);
    return this.spare > 0 && this.busy + executions <= MOST_AT_AN_INSTANT * this.limit;
  }

  begin(executions: number, nowMs: number): void {
    this.pass(nowMs);
    this.busy += executions;
  }

  end(executions: number, nowMs: number): void {
    this.pass(nowMs);
    this.busy -= executions;
  }

  private pass(nowMs: number): void {
    this.spare = Math.min(this.most, this.spare + (this.limit - this.busy) * (nowMs - this.atMs));
    this.atMs = nowMs;
  }
}
