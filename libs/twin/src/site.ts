// Places of the network, and what a request between them may end in.

/** Where a packet comes from or goes to. `at` is an AWS region id: for clients and checkers the one nearest to them. */
export interface Site {
  readonly group: 'clients' | 'checkers' | 'region';
  readonly at: string;
}

export const regionSite = (awsRegion: string): Site => ({ group: 'region', at: awsRegion });

/** Why a connection or request got no HTTP response. */
export type HttpFailure = 'refused' | 'connect-timeout' | 'response-timeout';
