// What the log says of one region, ready to be asked for any instant.
import type { AlarmState, EventOf, LogHeader } from '@dr/event-log';
import { Steps } from './steps';

export interface Checker {
  readonly id: string;
  readonly healthy: Steps<boolean>;
  /** Every probe: whether it found the region healthy. */
  readonly probes: Steps<boolean>;
}

export class Region {
  readonly served: number[] = [];
  readonly failed: number[] = [];
  readonly invocations = new Map<string, number[]>();
  /** Clients' versions that were committed here, and those that came from elsewhere. */
  readonly written: number[] = [];
  readonly arrived: number[] = [];
  readonly alarms = new Map<string, Steps<AlarmState>>();
  readonly messages: EventOf<'delivered'>[] = [];
  readonly messageTimes: number[] = [];
  readonly checkers = new Map<string, Checker>();
  /** Route 53's verdict, and how many checkers found it healthy then. */
  readonly verdict = new Steps<EventOf<'health-check'>>();
  /** When it wrote a record in which it says what it does. */
  readonly heartbeats: number[] = [];
  /** What it says there, e.g. `serving`, `recovering`, `waiting` (for an order); undefined where it does not say. */
  readonly ownState = new Steps<string | undefined>();
  /** Probes that did not find it healthy. */
  readonly failingProbes: number[] = [];
  /** Messages that are news: that an alarm is over, or has its first data, is none. */
  readonly newsTimes: number[] = [];

  constructor(readonly id: LogHeader['regions'][number]) {}

  get name(): string {
    return this.id.name;
  }

  checker(id: string): Checker {
    let checker = this.checkers.get(id);
    if (!checker) {
      checker = { id, healthy: new Steps(), probes: new Steps() };
      this.checkers.set(id, checker);
    }
    return checker;
  }

  probed({ atMs, checker, outcome }: EventOf<'probe'>): void {
    const healthy = outcome === 'healthy';
    this.checker(checker).probes.add(atMs, healthy);
    if (!healthy) this.failingProbes.push(atMs);
  }

  alarm({ atMs, alarm, state }: EventOf<'alarm'>): void {
    let steps = this.alarms.get(alarm);
    if (!steps) this.alarms.set(alarm, (steps = new Steps()));
    steps.add(atMs, state);
  }

  invoked({ functionName, startedMs, atMs, outcome }: EventOf<'invocation'>): void {
    if (outcome === 'throttled') return;
    let times = this.invocations.get(functionName);
    if (!times) this.invocations.set(functionName, (times = []));
    // Written when it ends; in order of its end.
    times.push(Math.max(startedMs, atMs));
  }

  message(event: EventOf<'delivered'>): void {
    this.messages.push(event);
    this.messageTimes.push(event.atMs);
    if (!event.subject.startsWith('OK')) this.newsTimes.push(event.atMs);
  }
}
