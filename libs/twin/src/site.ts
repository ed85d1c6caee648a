// Places of the network, and what a packet or a request between them may end in.
import type { Place } from '@dr/stack';

/** Where a packet comes from or goes to. `at` is an AWS region id: for clients and checkers the one nearest to them. */
export interface Site {
  readonly group: 'clients' | 'checkers' | 'region';
  readonly at: string;
  /** Of clients: where Route 53 finds them. @default the country of that region */
  readonly place?: Place;
}

export const regionSite = (awsRegion: string): Site => ({ group: 'region', at: awsRegion });

/** What became of a packet. `dropped`: nobody answers. `refused`: a reset comes back. */
export type Delivery = 'delivered' | 'dropped' | 'refused';

/** Why a connection or request got no HTTP response. */
export type HttpFailure = 'refused' | 'connect-timeout' | 'response-timeout' | 'bad-certificate';

/** Never settles: the caller's own time-out decides. */
export const silence = (): Promise<never> => new Promise(() => undefined);
