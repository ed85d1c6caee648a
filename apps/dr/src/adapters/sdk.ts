// The services of AWS, as all adapters ask them. The SDK is loaded at the first call: a drill must not wait for it. It takes credentials,
// profiles and AWS_ENDPOINT_URL from the environment, as every AWS tool does.
import { explained, type AwsCall } from './aws-errors';

/** Options of every client. A dark region must not hold an operator up: connect, then answer, twice at most. */
export const PATIENCE = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 4_000, throwOnRequestTimeout: true },
} as const;

/** Makes one call of AWS, and rejects with what its failure means. */
export type Calling = <T>(call: AwsCall, work: () => Promise<T>) => Promise<T>;

/** Rejects with what its failure means to an operator. */
export const saying: Calling = async (call, work) => {
  try {
    return await work();
  } catch (error) {
    throw explained(error, call);
  }
};

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

/** Whether AWS has said one of `names`; an error that explains it has AWS's own as its cause. */
export const isNamed = (error: unknown, names: readonly string[]): boolean =>
  [error as Error, (error as Error).cause as Error | undefined].some(
    (one) => one !== undefined && names.includes(one.name),
  );

/** Resolves to undefined where AWS says by one of `names` that there is no such thing. */
export async function orAbsent<T>(names: readonly string[], asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isNamed(error, names)) return undefined;
    throw error;
  }
}

export interface Service<Client> {
  /** The client of one region, whose calls fail as `calling` says. `resource`: what they are about, such as `table dr-system-table`. */
  (awsRegion: string, resource: string): Client;
  /** The SDK's own, one a region. */
  readonly client: (awsRegion: string) => Promise<Client>;
}

interface ServiceOptions {
  /** Beside {@link PATIENCE}. */
  readonly client?: object;
  /** Permissions with another name than their operation. */
  readonly actions?: Readonly<Record<string, string>>;
  readonly calling?: Calling;
}

type Methods = Readonly<Record<string, (input: unknown) => Promise<unknown>>>;

/** `prefix`: as IAM calls the service. `load` gives the SDK's client class, whose methods are the operations. */
export function service<Client extends object>(
  prefix: string,
  load: () => Promise<new (options: { region: string }) => Client>,
  { client: options = {}, actions = {}, calling = saying }: ServiceOptions = {},
): Service<Client> {
  const clients = new Map<string, Client>();
  const client = async (awsRegion: string): Promise<Client> => {
    const Made = await load();
    const made = clients.get(awsRegion) ?? quietly(() => new Made({ region: awsRegion, ...PATIENCE, ...options }));
    clients.set(awsRegion, made);
    return made;
  };
  const of = (awsRegion: string, resource: string): Client =>
    new Proxy({} as Client, {
      get: (_, method: string) => (input: unknown) => {
        const operation = method.charAt(0).toUpperCase() + method.slice(1);
        const call = { action: `${prefix}:${actions[operation] ?? operation}`, resource, awsRegion };
        return calling(call, async () => ((await client(awsRegion)) as unknown as Methods)[method]?.(input));
      },
    });
  return Object.assign(of, { client });
}
