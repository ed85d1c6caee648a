// The network: who can reach whom right now, and how long it takes. Faults cut it; nothing else decides reachability.
import type { FaultState } from './faults';
import { oneWayMs } from '@dr/contracts';
import type { Scheduler } from './kernel/scheduler';
import type { Site } from './site';

export { regionSite, type HttpFailure, type Site } from './site';

/** What became of a packet: `dropped` (nobody answers) or `refused` (a reset comes back). */
export type Delivery = 'delivered' | 'dropped' | 'refused';

export class Network {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly faults: FaultState,
  ) {}

  /** One way, now. Within a region only the region's own loss matters. */
  delivery(from: Site, to: Site): Delivery {
    return this.faults.delivery(from, to);
  }

  oneWayMs(from: Site, to: Site): number {
    return oneWayMs(from.at, to.at);
  }

  /** Takes the packet's time; true when it arrives. Reachability is judged when it is sent and when it would arrive. */
  async send(from: Site, to: Site): Promise<Delivery> {
    const atStart = this.delivery(from, to);
    await this.scheduler.sleep(this.oneWayMs(from, to));
    return atStart === 'delivered' ? this.delivery(from, to) : atStart;
  }
}
