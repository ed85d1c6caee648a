// Reserved concurrency of the functions, out of the account's quota; only when the config states that quota.
import { InputError } from '@dr/contracts';
import { OTHER_FUNCTIONS_CONCURRENCY, shareOf, UNRESERVED_MIN, type FunctionName } from '@dr/contracts/system';
import type { DrConfig } from '@dr/contracts/system/config';

/** Throws InputError when the quota cannot carry the whole load, which the survivor of a lost region gets. */
export function reservedConcurrency({ options, objectives }: DrConfig): Partial<Record<FunctionName, number>> {
  const quota = options.lambdaConcurrencyQuota;
  if (quota === undefined) return {};
  const share = shareOf(quota, objectives.requestsPerSecond);
  if (share.kind === 'too-little') {
    throw new InputError(
      `dr.config.ts: options.lambdaConcurrencyQuota = ${quota}`,
      `is less than the ${share.needed} concurrent executions that one region needs for ${objectives.requestsPerSecond} requests/s`,
      `Raise the account's quota to ${share.needed} or more in every region (to ${share.needed + UNRESERVED_MIN} to reserve them), or lower objectives.requestsPerSecond`,
    );
  }
  return share.kind === 'reserved' ? { 'traffic-router': share.router, ...OTHER_FUNCTIONS_CONCURRENCY } : {};
}

/** Said at synth where the load fits, but no share of the quota can be kept for this system. */
export function concurrencyWarnings({ options, objectives }: DrConfig): string[] {
  const quota = options.lambdaConcurrencyQuota;
  if (quota === undefined) return [];
  const share = shareOf(quota, objectives.requestsPerSecond);
  if (share.kind === 'reserved') return [];
  return [
    `options.lambdaConcurrencyQuota = ${quota}: nothing is reserved, since AWS keeps ${UNRESERVED_MIN} unreserved; any other function ` +
      `of the account can take what this system needs (${share.needed}). From a quota of ${share.needed + UNRESERVED_MIN} on its share is reserved`,
  ];
}
