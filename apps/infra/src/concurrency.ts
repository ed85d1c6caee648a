// Reserved concurrency of the functions, out of the account's quota; only when the config states that quota.
import { InputError } from '@dr/contracts';
import { OTHER_FUNCTIONS_CONCURRENCY, shareOf, UNRESERVED_MIN, type FunctionName } from '@dr/contracts/system';
import type { DrConfig } from '@dr/contracts/system/config';

/** undefined: the config states no quota. */
const shareIn = ({ options: { lambdaConcurrencyQuota: quota }, objectives }: DrConfig) =>
  quota === undefined ? undefined : { quota, ...shareOf(quota, objectives.requestsPerSecond) };

/** Throws InputError when the quota cannot carry the whole load, which the survivor of a lost region gets. */
export function reservedConcurrency(config: DrConfig): Partial<Record<FunctionName, number>> {
  const share = shareIn(config);
  if (share?.kind === 'too-little') {
    const { requestsPerSecond } = config.objectives;
    throw new InputError(
      `dr.config.ts: options.lambdaConcurrencyQuota = ${share.quota}`,
      `is less than the ${share.needed} concurrent executions that one region needs for ${requestsPerSecond} requests/s`,
      `Raise the account's quota to ${share.needed} or more in every region (to ${share.needed + UNRESERVED_MIN} to reserve them), or lower objectives.requestsPerSecond`,
    );
  }
  return share?.kind === 'reserved' ? { 'traffic-router': share.router, ...OTHER_FUNCTIONS_CONCURRENCY } : {};
}

/** Said at synth where the load fits, but no share of the quota can be kept for this system. */
export function concurrencyWarnings(config: DrConfig): string[] {
  const share = shareIn(config);
  if (!share || share.kind === 'reserved') return [];
  return [
    `options.lambdaConcurrencyQuota = ${share.quota}: nothing is reserved, since AWS keeps ${UNRESERVED_MIN} unreserved; any other function ` +
      `of the account can take what this system needs (${share.needed}). From a quota of ${share.needed + UNRESERVED_MIN} on its share is reserved`,
  ];
}
