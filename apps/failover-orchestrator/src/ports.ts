// What failover-orchestrator asks of the world outside, and what it is told of the system.
import type { FailoverRecord, Peer } from '@dr/contracts/system';
import type { BadRecord } from '@dr/contracts/system/records';
import type { AdmissionConstants, MachineTiming } from '@dr/failover';
import type { Clock, FunctionInvoker, Http, Notifier, Table, Telemetry } from '@dr/handler-core';

export interface OrchestratorPorts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly table: Table;
  readonly notifier: Notifier;
  readonly invoker: FunctionInvoker;
  readonly http: Http;
  readonly system: string;
  readonly region: string;
  readonly peers: readonly Peer[];
  readonly validatorFunction: string;
  readonly constants: AdmissionConstants;
  readonly timing: MachineTiming;
  readonly waitForValidation: boolean;
}

/** The same once an execution environment has begun. */
export interface Ports extends OrchestratorPorts {
  readonly tellBad: (bad: readonly BadRecord[]) => void;
  /** The region's own record as this environment last read or wrote it: it stands in for one that somebody has spoiled. */
  readonly known: { record: FailoverRecord | undefined };
}
