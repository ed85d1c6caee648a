// How much of everything an account may have, has, and pays for.
import { GLOBAL_REGION } from '@dr/contracts';
import type { OptInStatus, PreflightReader, Tagged } from '../../operate/preflight/reader';
import { orAbsent, service } from '../sdk';
import { ask, pages } from './ask';

const calling = { calling: ask };
const computing = service('ec2', async () => (await import('@aws-sdk/client-ec2')).EC2, calling);
const functions = service('lambda', async () => (await import('@aws-sdk/client-lambda')).Lambda, calling);
const iam = service('iam', async () => (await import('@aws-sdk/client-iam')).IAM, calling);
const tables = service('dynamodb', async () => (await import('@aws-sdk/client-dynamodb')).DynamoDB, calling);
const load = async () => (await import('@aws-sdk/client-service-quotas')).ServiceQuotas;
const quotas = service('servicequotas', load, calling);
export const sns = service('sns', async () => (await import('@aws-sdk/client-sns')).SNS, calling);
export const elb = service(
  'elasticloadbalancing',
  async () => (await import('@aws-sdk/client-elastic-load-balancing-v2')).ElasticLoadBalancingV2,
  calling,
);
/** One permission covers all that is read of budgets (Service Authorization Reference, "Actions for AWS Budget Service"). */
const budgetActions = { DescribeBudgets: 'ViewBudget', DescribeNotificationsForBudget: 'ViewBudget' };
const costs = service('budgets', async () => (await import('@aws-sdk/client-budgets')).Budgets, {
  ...calling,
  actions: budgetActions,
});

const systemOf = (tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined): Tagged => ({
  system: tags?.find(({ Key }) => Key === 'System')?.Value ?? null,
});

export const accountReader = {
  regions: async () => {
    const { Regions = [] } = await computing(GLOBAL_REGION, 'the account').describeRegions({ AllRegions: true });
    return new Map(Regions.map((one) => [one.RegionName ?? '', one.OptInStatus as OptInStatus]));
  },

  vpcs: (awsRegion) =>
    pages(async (from) => {
      const { Vpcs = [], NextToken } = await computing(awsRegion, 'VPCs').describeVpcs({ NextToken: from });
      return { items: Vpcs.map(({ Tags }) => systemOf(Tags)), next: NextToken };
    }),

  addresses: async (awsRegion) => {
    const { Addresses = [] } = await computing(awsRegion, 'elastic IP addresses').describeAddresses({});
    return Addresses.map(({ Tags }) => systemOf(Tags));
  },

  loadBalancers: (awsRegion) =>
    pages(async (Marker) => {
      const page = await elb(awsRegion, 'load balancers').describeLoadBalancers({ Marker });
      const ours = (page.LoadBalancers ?? []).filter(({ Type }) => Type === 'application');
      return { items: ours.map(({ LoadBalancerName }) => LoadBalancerName ?? ''), next: page.NextMarker };
    }),

  /** The quota of this account, or where it has none of its own, the default. */
  quota: async (awsRegion, { serviceCode, quotaCode }) => {
    const asked = { ServiceCode: serviceCode, QuotaCode: quotaCode };
    const reader = quotas(awsRegion, `quota ${serviceCode}/${quotaCode}`);
    const own = await orAbsent(['NoSuchResourceException'], reader.getServiceQuota(asked));
    return own?.Quota?.Value ?? (await reader.getAWSDefaultServiceQuota(asked)).Quota?.Value ?? 0;
  },

  budgets: async (AccountId) => {
    const reader = costs(GLOBAL_REGION, 'budgets');
    const all = await pages(async (from) => {
      const { Budgets = [], NextToken } = await reader.describeBudgets({ AccountId, NextToken: from });
      return { items: Budgets.filter(({ BudgetType }) => BudgetType === 'COST'), next: NextToken };
    });
    return Promise.all(
      all.map(async ({ BudgetName = '', BudgetLimit, TimeUnit }) => {
        // A notification always has somebody to tell: the last one's removal removes it (API, DeleteSubscriber).
        const { Notifications } = await reader.describeNotificationsForBudget({ AccountId, BudgetName });
        const limitUsd = BudgetLimit?.Unit === 'USD' ? Number(BudgetLimit.Amount) : null;
        return { name: BudgetName, limitUsd, timeUnit: TimeUnit ?? '', notifications: Notifications?.length ?? 0 };
      }),
    );
  },

  concurrency: async (awsRegion) => {
    const { AccountLimit } = await functions(awsRegion, 'the account').getAccountSettings({});
    const limit = AccountLimit?.ConcurrentExecutions ?? 0;
    return { limit, unreserved: AccountLimit?.UnreservedConcurrentExecutions ?? limit };
  },

  reservedConcurrency: async (awsRegion, FunctionName) => {
    const asked = functions(awsRegion, `function ${FunctionName}`).getFunctionConcurrency({ FunctionName });
    return (await orAbsent(['ResourceNotFoundException'], asked))?.ReservedConcurrentExecutions ?? 0;
  },

  hasRole: async (RoleName) => {
    const asked = iam(GLOBAL_REGION, `role ${RoleName}`).getRole({ RoleName });
    return (await orAbsent(['NoSuchEntityException', 'NoSuchEntity'], asked)) !== undefined;
  },

  tableRecovery: async (awsRegion, TableName) => {
    const asked = tables(awsRegion, `table ${TableName}`).describeContinuousBackups({ TableName });
    const found = await orAbsent(['TableNotFoundException', 'ResourceNotFoundException'], asked);
    if (!found) return 'none';
    const { PointInTimeRecoveryDescription: recovery } = found.ContinuousBackupsDescription ?? {};
    return recovery?.PointInTimeRecoveryStatus === 'ENABLED' ? 'on' : 'off';
  },

  inSmsSandbox: async (awsRegion) =>
    (await sns(awsRegion, 'the account').getSMSSandboxAccountStatus({})).IsInSandbox !== false,
} satisfies Partial<PreflightReader>;
