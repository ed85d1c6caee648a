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

/** The SDK warns at its first client of what later versions of it will need; the version here is pinned. */
function quietly<T>(make: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return make();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Resolves to undefined where AWS says by one of `names` that there is no such thing. */
export async function orAbsent<T>(names: readonly string[], send: () => Promise<T>): Promise<T | undefined> {
  try {
    return await send();
  } catch (thrown) {
    if (names.includes((thrown as Error).name)) return undefined;
    throw thrown;
  }
}

/** The SDK of one service, loaded at the first use, with one client a region. */
export function service<S, C>(
  load: () => Promise<S>,
  make: (sdk: S, options: typeof PATIENCE & { readonly region: string }) => C,
): (awsRegion: string) => Promise<{ readonly sdk: S; readonly client: C }> {
  const clients = new Map<string, C>();
  return async (awsRegion) => {
    const sdk = await load();
    const client = clients.get(awsRegion) ?? quietly(() => make(sdk, { region: awsRegion, ...PATIENCE }));
    clients.set(awsRegion, client);
    return { sdk, client };
  };
}
