// The network: who can reach whom right now, and how long it takes. Faults cut it; nothing else decides reachability.
import type { FaultState } from './faults';
import { oneWayMs } from '@dr/contracts';
import type { Scheduler } from './kernel/scheduler';

/** Where a packet comes from or goes to. `at` is an AWS region id: for clients and checkers the one nearest to them. */
export interface Site {
  readonly group: 'clients' | 'checkers' | 'region';
  readonly at: string;
}

export const regionSite = (awsRegion: string): Site => ({ group: 'region', at: awsRegion });

/** What became of a packet: `dropped` (nobody answers) or `refused` (a reset comes back). */
export type Delivery = 'delivered' | 'dropped' | 'refused';

/** Why a connection or request got no HTTP response. */
export type HttpFailure = 'refused' | 'connect-timeout' | 'response-timeout';

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
