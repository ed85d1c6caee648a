// Reserved concurrency of the functions, out of the account's quota; only when the config states that quota.
import { InputError, type FunctionName } from '@dr/contracts';
import type { DrConfig } from '@dr/contracts/config';

/** AWS keeps this much of an account's quota unreserved. */
const UNRESERVED_MIN = 100;
/** Enough for 16 checkers at once and their retries; one orchestrator per topic and schedule; one validation run. */
const OTHERS = { 'health-checker': 20, 'failover-orchestrator': 5, 'data-consistency-validator': 2 } as const;
/** [A] Seconds a request holds an environment: the promised p99 of a local request. */
const REQUEST_SECONDS = 0.1;

/** Throws InputError when the quota cannot carry the whole load, which the survivor of a lost region gets. */
export function reservedConcurrency({ options, objectives }: DrConfig): Partial<Record<FunctionName, number>> {
  const quota = options.lambdaConcurrencyQuota;
  if (quota === undefined) return {};
  const others = Object.values(OTHERS).reduce((a, b) => a + b, 0);
  const router = quota - UNRESERVED_MIN - others;
  const needed = Math.ceil(objectives.requestsPerSecond * REQUEST_SECONDS);
  if (router < needed) {
    throw new InputError(
      `dr.config.ts: options.lambdaConcurrencyQuota = ${quota}`,
      `leaves traffic-router ${Math.max(router, 0)} concurrent executions; ${objectives.requestsPerSecond} requests/s need ${needed}`,
      `Raise the account's quota to ${UNRESERVED_MIN + others + needed} or more in every region, or lower objectives.requestsPerSecond`,
    );
  }
  return { 'traffic-router': router, ...OTHERS };
}
