// The network: how long a packet takes, and whether it arrives. Faults cut it; nothing else decides reachability.
import { oneWayMs } from '@dr/contracts';
import type { FaultState } from './faults';
import type { Scheduler } from './kernel/scheduler';
import type { Delivery, Site } from './site';

export class Network {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly faults: FaultState,
  ) {}

  /** Takes the packet's time. Reachability is judged when the packet is sent and when it would arrive. */
  async send(from: Site, to: Site): Promise<Delivery> {
    const atStart = this.faults.delivery(from, to);
    await this.scheduler.sleep(oneWayMs(from.at, to.at));
    return atStart === 'delivered' ? this.faults.delivery(from, to) : atStart;
  }
}
