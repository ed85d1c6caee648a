// What may be read of an AWS account, over the SDK. Nothing here changes anything.
import { GLOBAL_REGION } from '@dr/contracts';
import type { PreflightReader } from '../../preflight/reader';
import type { StatusReader } from '../../status/reader';
import { orAbsent, service } from '../sdk';
import { ask } from './ask';
import { bucket } from './bucket-reader';
import { quotaReader } from './quota-reader';
import { route53Reader } from './route53-reader';
import { lambda, sns } from '../services';
import { statusReader } from './status-reader';
import { identity } from './sts-reader';

const iam = service(
  () => import('@aws-sdk/client-iam'),
  (sdk, options) => new sdk.IAMClient(options),
);

export const preflightReader: PreflightReader = {
  identity,
  ...quotaReader,
  ...route53Reader,
  bucket,

  concurrency: (awsRegion) =>
    ask({ action: 'lambda:GetAccountSettings', resource: 'the account', awsRegion }, async () => {
      const { sdk, client } = await lambda(awsRegion);
      const { AccountLimit } = await client.send(new sdk.GetAccountSettingsCommand({}));
      const limit = AccountLimit?.ConcurrentExecutions ?? 0;
      return { limit, unreserved: AccountLimit?.UnreservedConcurrentExecutions ?? limit };
    }),

  reservedConcurrency: (awsRegion, FunctionName) =>
    ask({ action: 'lambda:GetFunctionConcurrency', resource: `function ${FunctionName}`, awsRegion }, async () => {
      const { sdk, client } = await lambda(awsRegion);
      const answer = await orAbsent(['ResourceNotFoundException'], () =>
        client.send(new sdk.GetFunctionConcurrencyCommand({ FunctionName })),
      );
      return answer?.ReservedConcurrentExecutions ?? 0;
    }),

  hasRole: (RoleName) =>
    ask({ action: 'iam:GetRole', resource: `role ${RoleName}`, awsRegion: GLOBAL_REGION }, async () => {
      const { sdk, client } = await iam(GLOBAL_REGION);
      const answer = await orAbsent(['NoSuchEntityException', 'NoSuchEntity'], () =>
        client.send(new sdk.GetRoleCommand({ RoleName })),
      );
      return answer !== undefined;
    }),

  inSmsSandbox: (awsRegion) =>
    ask({ action: 'sns:GetSMSSandboxAccountStatus', resource: 'the account', awsRegion }, async () => {
      const { sdk, client } = await sns(awsRegion);
      return (await client.send(new sdk.GetSMSSandboxAccountStatusCommand({}))).IsInSandbox !== false;
    }),
};

export const awsAccount: PreflightReader & StatusReader = { ...preflightReader, ...statusReader };
