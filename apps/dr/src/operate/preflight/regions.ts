// Is each region enabled, and can it carry the whole load?
import { GLOBAL_REGION } from '@dr/contracts';
import { regionConcurrency, shareOf, UNRESERVED_MIN } from '@dr/contracts/system';
import type { DrConfig } from '@dr/contracts/system/config';
import { isKnown, type Fact } from '../fact';
import type { OptInStatus } from './reader';
import { moreOf } from './quotas';
import { fail, judgedRow, ok, type Finding, type Row } from './row';

const CONCURRENCY = { serviceCode: 'lambda', quotaCode: 'L-B99A9384' };

type Regions = Fact<ReadonlyMap<string, OptInStatus>>;

export const regionRow = (awsRegion: string, regions: Regions): Row =>
  judgedRow('region is enabled', awsRegion, regions, (known) => enabled(awsRegion, known.get(awsRegion)));

/** False also when it is not known. */
export const isDisabled = (awsRegion: string, regions: Regions): boolean =>
  isKnown(regions) && enabled(awsRegion, regions.known.get(awsRegion)).verdict === 'fail';

function enabled(awsRegion: string, status: OptInStatus | undefined): Finding {
  if (status === 'opt-in-not-required') return ok('by default');
  if (status === 'opted-in') return ok('opted in');
  if (awsRegion === GLOBAL_REGION) return fail('no', 'Use an account of the aws partition');
  return fail(
    status === undefined ? 'this account has no such region' : 'not opted in',
    `Enable it: aws account enable-region --region-name ${awsRegion}. That takes minutes to hours. Or use another region ` +
      'in dr.config.ts',
  );
}

export interface LambdaQuota {
  /** The account's quota of executions at once. */
  readonly limit: number;
  /** What is reserved for no function. */
  readonly unreserved: number;
  /** What is already reserved for functions of this system. */
  readonly ours: number;
}

/** The survivor of a lost region takes the whole load, so that each region must be able to. */
export const concurrencyRow = (awsRegion: string, config: DrConfig, quota: Fact<LambdaQuota>): Row =>
  judgedRow('Lambda concurrency', awsRegion, quota, (known) => carries(awsRegion, config, known));

function carries(awsRegion: string, { objectives, options }: DrConfig, quota: LambdaQuota): Finding {
  const { requestsPerSecond } = objectives;
  const { router, others } = regionConcurrency(requestsPerSecond);
  const needed = router + others;
  const load = `${requestsPerSecond} requests/s on one region need ${needed}`;
  const elsewhere = quota.limit - quota.unreserved - quota.ours;
  const found = `quota ${quota.limit}${elsewhere > 0 ? `, ${elsewhere} reserved for other functions` : ''}; ${load}`;
  const stated = options.lambdaConcurrencyQuota;
  const raise = (to: number): string =>
    `${moreOf(CONCURRENCY, awsRegion, to)}. It can take days. Or lower objectives.requestsPerSecond`;
  if (stated === undefined || shareOf(stated, requestsPerSecond).kind !== 'reserved') {
    const free = quota.limit - elsewhere;
    return free >= needed ? ok(found) : fail(found, raise(Math.max(needed + elsewhere, 1_000)));
  }
  // What the stack reserves leaves exactly this unreserved, if the quota is as stated and nobody else reserves.
  const left = quota.limit - elsewhere - (stated - UNRESERVED_MIN);
  if (left >= UNRESERVED_MIN) return ok(`${found}; options.lambdaConcurrencyQuota is ${stated}`);
  return fail(
    `${found}; options.lambdaConcurrencyQuota = ${stated} would leave ${left} unreserved, and AWS keeps ${UNRESERVED_MIN}`,
    `Set options.lambdaConcurrencyQuota to ${quota.limit - elsewhere} or less. ${raise(stated + elsewhere)}`,
  );
}
