// How far a live run may go now: real time times the speed that is asked for, never more, and a backlog is made up at twice the speed.

export interface Pace {
  /** Virtual seconds a second. */
  readonly asked: number;
  /** The same, as measured over the last seconds; 0 while it is paused. */
  readonly reached: number;
  /** Real ms that the run lacks since the speed was set: what it has still to make up, and what it has given up. */
  readonly behindMs: number;
  readonly paused: boolean;
}

/** A longer gap between two looks is no time of the run: the machine slept, or somebody stopped the process. */
export const MAX_GAP_MS = 1_000;
/** More than that is not made up, ms of real time: it would be hours at a speed that nobody asks for any more. */
export const MAX_BACKLOG_MS = 5_000;
const CATCHING_UP = 2;
const MEASURED_OVER_MS = 3_000;

interface Look {
  readonly realMs: number;
  readonly virtualMs: number;
}

/** Pure: told the time, asked for the next goal. `realMs` is a monotonic clock, `virtualMs` the run's own. */
export class Pacer {
  private asked: number;
  private paused = false;
  /** At the last call of `goal`. */
  private last: Look;
  /** Virtual ms that the run has been allowed and has not used. */
  private backlogMs = 0;
  /** Real ms that were given up. */
  private lostMs = 0;
  private looks: Look[];

  constructor(asked: number, at: Look) {
    this.asked = asked;
    this.last = at;
    this.looks = [at];
  }

  /** From now on. Whatever was to be made up belonged to the former speed. */
  ask(asked: number, at: Look): void {
    this.asked = asked;
    this.startOver(at);
  }

  pause(): void {
    this.paused = true;
  }

  resume(at: Look): void {
    if (!this.paused) return;
    this.paused = false;
    this.startOver(at);
  }

  /** The virtual ms that the run may go to, where it stands now. Call it now and then: a second without a call is the most that counts. */
  goal({ realMs, virtualMs }: Look): number {
    const passedMs = Math.min(Math.max(0, realMs - this.last.realMs), MAX_GAP_MS);
    // What was allowed at the last call and not used is what is left to make up.
    const unused = Math.max(0, this.backlogMs - Math.max(0, virtualMs - this.last.virtualMs));
    this.last = { realMs, virtualMs };
    if (this.paused) {
      this.backlogMs = 0;
      return virtualMs;
    }
    const due = passedMs * this.asked;
    const most = MAX_BACKLOG_MS * this.asked;
    this.backlogMs = Math.min(unused + due, most);
    this.lostMs += (unused + due - this.backlogMs) / this.asked;
    this.look({ realMs, virtualMs });
    // Whole ms, so that what people do falls on one; the rest stays to be made up.
    return virtualMs + Math.floor(Math.min(this.backlogMs, Math.max(due * CATCHING_UP, 1)));
  }

  /** `virtualMs`: where the run stands. */
  pace({ virtualMs }: Pick<Look, 'virtualMs'>): Pace {
    const [first = this.last] = this.looks;
    const overMs = this.last.realMs - first.realMs;
    const reached = this.paused || overMs <= 0 ? 0 : (this.last.virtualMs - first.virtualMs) / overMs;
    const owedMs = Math.max(0, this.backlogMs - Math.max(0, virtualMs - this.last.virtualMs)) / this.asked;
    return { asked: this.asked, reached, behindMs: this.lostMs + owedMs, paused: this.paused };
  }

  private startOver(at: Look): void {
    this.last = at;
    this.backlogMs = 0;
    this.lostMs = 0;
    this.looks = [at];
  }

  /** One that is as old as what is measured over, and those since. */
  private look(at: Look): void {
    this.looks.push(at);
    while ((this.looks[1]?.realMs ?? Infinity) <= at.realMs - MEASURED_OVER_MS) this.looks.shift();
  }
}
