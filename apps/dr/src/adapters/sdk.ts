// What all adapters share that use the AWS SDK. It is loaded at the first call: a drill must not wait for it. It takes
// credentials, profiles and AWS_ENDPOINT_URL from the environment, as every AWS tool does.
import { explained, type AwsCall } from './aws-errors';

/** Options of every client. A dark region must not hold an operator up: connect, then answer, twice at most. */
export const PATIENCE = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 4_000, throwOnRequestTimeout: true },
} as const;

/** Resolves as `work` does. Rejects with what its failure means to an operator. */
export async function saying<T>(call: AwsCall, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(error, call);
  }
}

/** `make`, called at the first call only. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** The SDK warns at its first client of what later versions of it will need; the version here is pinned. */
export function quietly<T>(make: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return make();
  } finally {
    process.emitWarning = emitWarning;
  }
}
