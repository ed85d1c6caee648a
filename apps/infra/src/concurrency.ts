// Reserved concurrency of the functions, out of the account's quota; only when the config states that quota.
import {
  InputError,
  OTHER_FUNCTIONS_CONCURRENCY,
  regionConcurrency,
  UNRESERVED_MIN,
  type FunctionName,
} from '@dr/contracts';
import type { DrConfig } from '@dr/contracts/config';

/** Throws InputError when the quota cannot carry the whole load, which the survivor of a lost region gets. */
export function reservedConcurrency({ options, objectives }: DrConfig): Partial<Record<FunctionName, number>> {
  const quota = options.lambdaConcurrencyQuota;
  if (quota === undefined) return {};
  const { router: needed, others } = regionConcurrency(objectives.requestsPerSecond);
  const router = quota - UNRESERVED_MIN - others;
  if (router < needed) {
    throw new InputError(
      `dr.config.ts: options.lambdaConcurrencyQuota = ${quota}`,
      `leaves traffic-router ${Math.max(router, 0)} concurrent executions; ${objectives.requestsPerSecond} requests/s need ${needed}`,
      `Raise the account's quota to ${UNRESERVED_MIN + others + needed} or more in every region, or lower objectives.requestsPerSecond`,
    );
  }
  return { 'traffic-router': router, ...OTHER_FUNCTIONS_CONCURRENCY };
}
