// How much of everything an account may have, has, and pays for.
import { GLOBAL_REGION } from '@dr/contracts';
import type { Budget, OptInStatus, PreflightReader, ServiceQuota, Tagged } from '../../preflight/reader';
import { orAbsent, service } from '../sdk';
import { ask, pages } from './ask';
import { ec2, elb } from '../services';

const quotas = service(
  () => import('@aws-sdk/client-service-quotas'),
  (sdk, options) => new sdk.ServiceQuotasClient(options),
);
const costs = service(
  () => import('@aws-sdk/client-budgets'),
  (sdk, options) => new sdk.BudgetsClient(options),
);

const regions = (): Promise<ReadonlyMap<string, OptInStatus>> =>
  ask({ action: 'ec2:DescribeRegions', resource: 'the account', awsRegion: GLOBAL_REGION }, async () => {
    const { sdk, client } = await ec2(GLOBAL_REGION);
    const { Regions } = await client.send(new sdk.DescribeRegionsCommand({ AllRegions: true }));
    return new Map((Regions ?? []).map((one) => [one.RegionName ?? '', one.OptInStatus as OptInStatus]));
  });

const systemOf = (tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined): Tagged => ({
  system: tags?.find(({ Key }) => Key === 'System')?.Value ?? null,
});

const vpcs = (awsRegion: string): Promise<readonly Tagged[]> =>
  ask({ action: 'ec2:DescribeVpcs', resource: 'VPCs', awsRegion }, async () => {
    const { sdk, client } = await ec2(awsRegion);
    return pages(async (from) => {
      const { Vpcs, NextToken } = await client.send(new sdk.DescribeVpcsCommand(from ? { NextToken: from } : {}));
      return { items: (Vpcs ?? []).map(({ Tags }) => systemOf(Tags)), next: NextToken };
    });
  });

const addresses = (awsRegion: string): Promise<readonly Tagged[]> =>
  ask({ action: 'ec2:DescribeAddresses', resource: 'elastic IP addresses', awsRegion }, async () => {
    const { sdk, client } = await ec2(awsRegion);
    const { Addresses } = await client.send(new sdk.DescribeAddressesCommand({}));
    return (Addresses ?? []).map(({ Tags }) => systemOf(Tags));
  });

const loadBalancers = (awsRegion: string): Promise<readonly string[]> =>
  ask({ action: 'elasticloadbalancing:DescribeLoadBalancers', resource: 'load balancers', awsRegion }, async () => {
    const { sdk, client } = await elb(awsRegion);
    return pages(async (from) => {
      const page = await client.send(new sdk.DescribeLoadBalancersCommand(from ? { Marker: from } : {}));
      const ours = (page.LoadBalancers ?? []).filter(({ Type }) => Type === 'application');
      return { items: ours.map(({ LoadBalancerName }) => LoadBalancerName ?? ''), next: page.NextMarker };
    });
  });

/** The quota of this account, or where it has none of its own, the default. */
async function quota(awsRegion: string, { serviceCode, quotaCode }: ServiceQuota): Promise<number> {
  const asked = { ServiceCode: serviceCode, QuotaCode: quotaCode };
  const resource = `quota ${serviceCode}/${quotaCode}`;
  const { sdk, client } = await quotas(awsRegion);
  const own = await ask({ action: 'servicequotas:GetServiceQuota', resource, awsRegion }, () =>
    orAbsent(['NoSuchResourceException'], () => client.send(new sdk.GetServiceQuotaCommand(asked))),
  );
  if (own?.Quota?.Value !== undefined) return own.Quota.Value;
  const general = await ask({ action: 'servicequotas:GetAWSDefaultServiceQuota', resource, awsRegion }, () =>
    client.send(new sdk.GetAWSDefaultServiceQuotaCommand(asked)),
  );
  return general.Quota?.Value ?? 0;
}

/** One permission covers all that is read of budgets (Service Authorization Reference, "Actions for AWS Budget Service"). */
const budgets = (account: string): Promise<readonly Budget[]> =>
  ask({ action: 'budgets:ViewBudget', resource: 'budgets', awsRegion: GLOBAL_REGION }, async () => {
    const { sdk, client } = await costs(GLOBAL_REGION);
    const all = await pages(async (from) => {
      const asked = { AccountId: account, ...(from ? { NextToken: from } : {}) };
      const { Budgets, NextToken } = await client.send(new sdk.DescribeBudgetsCommand(asked));
      return { items: (Budgets ?? []).filter(({ BudgetType }) => BudgetType === 'COST'), next: NextToken };
    });
    return Promise.all(
      all.map(async ({ BudgetName = '', BudgetLimit, TimeUnit }) => {
        const asked = { AccountId: account, BudgetName };
        // A notification always has somebody to tell: the last one's removal removes it (API, DeleteSubscriber).
        const { Notifications } = await client.send(new sdk.DescribeNotificationsForBudgetCommand(asked));
        const limitUsd = BudgetLimit?.Unit === 'USD' ? Number(BudgetLimit.Amount) : null;
        return { name: BudgetName, limitUsd, timeUnit: TimeUnit ?? '', notifications: Notifications?.length ?? 0 };
      }),
    );
  });

export const quotaReader: Pick<
  PreflightReader,
  'regions' | 'vpcs' | 'addresses' | 'loadBalancers' | 'quota' | 'budgets'
> = { regions, vpcs, addresses, loadBalancers, quota, budgets };
