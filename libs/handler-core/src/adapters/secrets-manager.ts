// The Secrets port over Secrets Manager's GetSecretValue, in the function's own region.
import type { Secrets } from '../ports';
import { sendAws, type AwsIdentity } from './aws-request';

/** No such secret, no value yet, or it is being deleted: to a reader all the same. */
const NO_VALUE = /ResourceNotFoundException|InvalidRequestException/;

export const secretsManager = (identity: AwsIdentity, region: string): Secrets => ({
  async read(name, signal) {
    const { status, body } = await sendAws(
      identity,
      {
        service: 'secretsmanager',
        region,
        method: 'POST',
        path: '/',
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'secretsmanager.GetSecretValue' },
        body: JSON.stringify({ SecretId: name }),
      },
      signal,
    );
    if (status === 200) return (JSON.parse(body) as { SecretString?: string }).SecretString;
    if (status === 400 && NO_VALUE.test(body)) return undefined;
    throw new Error(`Secrets Manager answered ${status} for ${name}: ${body.slice(0, 300)}`);
  },
});
