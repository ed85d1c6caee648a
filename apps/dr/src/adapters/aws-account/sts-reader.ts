// Whose credentials these are.
import type { Identity } from '../../preflight/reader';
import { ask, service } from './ask';

const sts = service(
  () => import('@aws-sdk/client-sts'),
  (sdk, options) => new sdk.STSClient(options),
);

/** Takes no permission: IAM lets everybody ask. */
export const identity = (awsRegion: string): Promise<Identity> =>
  ask({ action: 'sts:GetCallerIdentity', resource: 'the credentials', awsRegion }, async () => {
    const { sdk, client } = await sts(awsRegion);
    const { Account, Arn } = await client.send(new sdk.GetCallerIdentityCommand({}));
    return { account: Account ?? '', arn: Arn ?? '' };
  });

/** What signs requests that no client in this project makes. */
export async function signing(awsRegion: string) {
  const { config } = (await sts(awsRegion)).client;
  return { credentials: config.credentials, sha256: config.sha256, endpoint: process.env['AWS_ENDPOINT_URL'] };
}
