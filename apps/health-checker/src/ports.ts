// What health-checker asks of the world outside.
import type { Peer } from '@dr/contracts/system';
import type { AdmissionConstants, PeerDeadlines } from '@dr/failover';
import type { Clock, FunctionInvoker, Http, Table, Telemetry } from '@dr/handler-core';

/** The replica of a peer. */
export interface Replica {
  /** Short region name. */
  readonly name: string;
  readonly table: Table;
}

export interface HealthPorts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly table: Table;
  /** The peers' replicas, nearest first: they know of this region while its own table throttles. */
  readonly replicas: readonly Replica[];
  readonly invoker: FunctionInvoker;
  readonly http: Http;
  readonly region: string;
  readonly peers: readonly Peer[];
  readonly routerFunction: string;
  readonly constants: AdmissionConstants;
  readonly deadlines: PeerDeadlines;
  readonly waitForValidation: boolean;
  /** `manual`: a region that was out of service waits for an order. @default automatic */
  readonly failback?: 'automatic' | 'manual';
  /** Only Route 53's checkers know them. */
  readonly checkTokens: readonly string[];
}
