// The Secrets port over Secrets Manager's GetSecretValue, in the region that is named.
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { abortSignalOf } from '../cancellation';
import type { Secrets } from '../ports';
import type { AwsIdentity } from './aws-request';

const MAX_ATTEMPTS = 2;
/** No such secret, no value yet, or it is being deleted: to a reader all the same. */
const NO_VALUE: readonly string[] = ['ResourceNotFoundException', 'InvalidRequestException'];

export function secretsManager(identity: AwsIdentity, region: string): Secrets {
  let made: SecretsManagerClient | undefined;
  // Made when it is first used: that of a peer hardly ever is.
  const client = (): SecretsManagerClient => {
    if (made) return made;
    made = new SecretsManagerClient({ region, maxAttempts: MAX_ATTEMPTS, ...identity });
    made.middlewareStack.remove('loggerMiddleware');
    return made;
  };
  return {
    async read(name, signal) {
      try {
        const command = new GetSecretValueCommand({ SecretId: name });
        return (await client().send(command, signal ? { abortSignal: abortSignalOf(signal) } : {})).SecretString;
      } catch (error) {
        if (error instanceof Error && NO_VALUE.includes(error.name)) return undefined;
        throw error;
      }
    },
  };
}
