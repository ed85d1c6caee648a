// A live run in real time: slices of it, as the pacer allows; between two of them what people want is done, and pages are sent what is new.
import { InputError } from '@dr/contracts';
import { describeFault, Pacer, type LiveRun, type Pace } from '@dr/drills';
import type { Controls } from './page-api';

export const SPEEDS = { least: 0.1, most: 100 } as const;
/** Real time of a slice, and of the pause when the run is where it should be. */
const SLICE_MS = 40;
const PAUSE_MS = 10;
/** Virtual time of a step, after which it is asked whether the slice is over. */
const STEP_MS = 100;
const LOOK_EVERY_MS = 100;

export interface SessionWorld {
  wallMs(): number;
  sleep(ms: number): Promise<void>;
}

export class Session {
  private readonly pacer: Pacer;
  private readonly wishes: (() => Promise<void>)[] = [];

  constructor(
    readonly live: LiveRun,
    private readonly world: SessionWorld,
    speed: number,
  ) {
    this.pacer = new Pacer(checkedSpeed(speed, '--speed'), this.at());
  }

  /** Runs until the condition holds. `onLook`: about ten times a second. Rejects with what is a defect. */
  async run(isOver: () => boolean, onLook: () => void): Promise<void> {
    let lookedMs = Number.NEGATIVE_INFINITY;
    while (!isOver()) {
      for (const wish of this.wishes.splice(0)) await wish();
      const startMs = this.world.wallMs();
      const goalMs = this.live.isFull ? this.live.nowMs : this.pacer.goal(this.at());
      await this.live.advance(goalMs, () => this.world.wallMs() - startMs < SLICE_MS && !this.live.isFull, STEP_MS);
      if (this.world.wallMs() - lookedMs >= LOOK_EVERY_MS) {
        lookedMs = this.world.wallMs();
        onLook();
      }
      if (this.live.nowMs >= goalMs) await this.world.sleep(PAUSE_MS);
    }
  }

  get pace(): Pace {
    return this.pacer.pace(this.at());
  }

  /** Each is done between two slices. */
  readonly controls: Controls = {
    begin: (fault, seconds) => this.wish(() => void this.live.begin(fault, seconds)),
    end: (id) => this.wish(() => this.live.end(id)),
    endAll: () => this.wish(() => this.live.endAll()),
    order: (order) => this.wish(() => this.give(order)),
    speed: (asked) => this.wish(() => this.pacer.ask(checkedSpeed(asked, 'asked'), this.at())),
    pause: () => this.wish(() => this.pacer.pause()),
    resume: () => this.wish(() => this.pacer.resume(this.at())),
  };

  /** What is in force, for the page. */
  given(): object {
    return {
      faults: this.live.faults,
      orders: this.live.orders.slice(-MAX_ORDERS).map(({ action: { order, region, via, atSeconds }, number }) => ({
        order,
        region,
        via,
        atMs: atSeconds * 1000,
        number,
      })),
    };
  }

  /** `region-dark in mumbai`; empty: nothing is in force. */
  get inForce(): string {
    return this.live.faults.map(({ fault }) => describeFault(fault)).join(', ');
  }

  private async give(order: unknown): Promise<void> {
    const { action, number } = await this.live.order(order);
    if (number !== null) return;
    const what = `the order to ${action.order} ${action.region}`;
    throw new InputError(what, `was not given: ${action.via} does not answer`, 'Give it by way of another region');
  }

  private wish(act: () => void | Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.wishes.push(async () => {
        try {
          await act();
          resolve();
        } catch (error) {
          reject(error as Error);
        }
      });
    });
  }

  private at() {
    return { realMs: this.world.wallMs(), virtualMs: this.live.nowMs };
  }
}

const MAX_ORDERS = 50;
const LEAST_LAG_MS = 1_000;

/** The lag comes early: a narrow terminal cuts the line off. */
export function paceInWords({ asked, reached, behindMs, paused }: Pace): string {
  const lag = behindMs >= LEAST_LAG_MS ? `, time lag ${(behindMs / 1_000).toFixed(1)} s` : '';
  return paused ? 'paused' : `${reached.toFixed(1)} of ${asked} x${lag}`;
}

/** Throws InputError. */
export function checkedSpeed(asked: unknown, what: string): number {
  const { least, most } = SPEEDS;
  if (typeof asked === 'number' && asked >= least && asked <= most) return asked;
  throw new InputError(
    `${what} ${JSON.stringify(asked) ?? ''}`.trim(),
    'is no speed',
    `Give a number from ${least} to ${most}`,
  );
}
