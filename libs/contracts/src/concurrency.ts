// How many Lambda executions at once one region needs: the survivor of a lost region takes the whole load.
import type { FunctionName } from './names';

/** AWS refuses to reserve what would leave less than this unreserved (Lambda, "Configuring reserved concurrency"). */
export const UNRESERVED_MIN = 100;
/** Enough for 16 checkers at once and their retries; one orchestrator per topic and schedule; one validation run. */
export const OTHER_FUNCTIONS_CONCURRENCY = {
  'health-checker': 20,
  'failover-orchestrator': 5,
  'data-consistency-validator': 2,
} as const satisfies Partial<Record<FunctionName, number>>;
/** [A] Seconds a request holds an environment: the promised p99 of a local request. */
const REQUEST_SECONDS = 0.1;

export interface RegionConcurrency {
  /** For traffic-router. */
  readonly router: number;
  /** For all other functions together. */
  readonly others: number;
}

/** Executions at once that one region needs to serve `requestsPerSecond` alone. */
export function regionConcurrency(requestsPerSecond: number): RegionConcurrency {
  return {
    router: Math.ceil(requestsPerSecond * REQUEST_SECONDS),
    others: Object.values(OTHER_FUNCTIONS_CONCURRENCY).reduce((sum, one) => sum + one, 0),
  };
}
