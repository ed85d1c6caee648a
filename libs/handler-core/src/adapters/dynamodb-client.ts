// The SDK's DynamoDB client, set up to cost as little of a small function's CPU as it can (docs/decisions/0006 has measurements).
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type { Cancellation } from '../cancellation';
import { requestSigner, type AwsIdentity } from './aws-request';
import { systemClock } from './system';

export interface CheapClient {
  /** Its calls go through {@link send} of the client; the signal of a call is that of its command's input. */
  readonly client: DynamoDBClient;
  /** Aborts the call that is made with this very input object once `signal` does. */
  readonly abortWith: (input: object, signal: Cancellation) => void;
}

/** The logger's filter makes a scan page take four times as long; the others add headers that nobody reads. */
const UNUSED_MIDDLEWARE = ['loggerMiddleware', 'getUserAgentMiddleware', 'recursionDetectionMiddleware'];

export interface Retries {
  /** Calls in all, the first included. */
  readonly maxAttempts: number;
  /** The SDK waits for up to 1 s before it asks a throttled table again: more than a caller with a deadline has. */
  readonly throttled: boolean;
}

export function cheapDynamoDbClient(identity: AwsIdentity, region: string, retries: Retries): CheapClient {
  const config: DynamoDBClientConfig = {
    region,
    maxAttempts: retries.maxAttempts,
    ...identity,
    // One signer for all calls; by default each makes its own out of a copy of the whole configuration.
    signer: requestSigner(identity, 'dynamodb', region),
    // The identity names the endpoint, if any: without this each call looks for one in the environment and in files.
    ignoreConfiguredEndpointUrls: true,
    cacheMiddleware: true,
  };
  const client = new DynamoDBClient(config);
  for (const name of UNUSED_MIDDLEWARE) client.middlewareStack.remove(name);
  if (!retries.throttled) leaveThrottled(client);
  writeAsTheyAre(client);
  readAsTheyCome(client);
  copyLess(client);
  return { client, abortWith: routeSignals(client) };
}

/**
 * Requests are JSON already, and leave as it: the SDK looks up the schema of each attribute, to write bytes in base64 and to drop what no
 * schema has. Ours have neither (attribute-values.ts). Each request is written and flushed in one go.
 */
function writeAsTheyAre({ config }: DynamoDBClient): void {
  const protocol = config.protocol as unknown as { serializer: Serializer };
  let text = '';
  const { serializer } = protocol;
  protocol.serializer = {
    setSerdeContext: (context) => serializer.setSerdeContext(context),
    write: (_, input) => void (text = JSON.stringify(input)),
    flush: () => text,
  };
}

/** The SDK's interface of what writes a request (ShapeSerializer). */
interface Serializer {
  setSerdeContext(context: unknown): void;
  write(schema: unknown, input: unknown): void;
  flush(): string;
}

/** What the middleware reads of a copy of the configuration: for the endpoint, and of an answer that is an error. */
const COPIED = [
  'region',
  'endpoint',
  'isCustomEndpoint',
  'ignoreConfiguredEndpointUrls',
  'endpointProvider',
  'serviceId',
  'useDualstackEndpoint',
  'useFipsEndpoint',
  'accountIdEndpointMode',
  'credentials',
  'streamCollector',
];

/** For each call the middleware copies the whole configuration three times. A copy has own properties alone; the others are inherited. */
function copyLess(client: DynamoDBClient): void {
  const whole: Readonly<Record<string, unknown>> = { ...client.config };
  const own = Object.fromEntries(COPIED.flatMap((name) => (name in whole ? [[name, whole[name]]] : [])));
  Object.assign(client, { config: Object.assign(Object.create(client.config), own) });
}

/** Of the SDK's interface of a protocol. */
type ReadAnswer = (operation: unknown, context: unknown, response: Answer) => Promise<object>;
interface Answer {
  readonly statusCode: number;
  readonly body: unknown;
}

/**
 * Answers are taken as the JSON that they are, with bytes in base64. The SDK asks for the schema of each attribute of each item, and
 * changes those of bytes alone. It still reads errors, which have classes.
 */
function readAsTheyCome({ config }: DynamoDBClient): void {
  const protocol = config.protocol as { deserializeResponse: ReadAnswer };
  const readAny = protocol.deserializeResponse.bind(protocol);
  protocol.deserializeResponse = async (operation, context, response) => {
    if (response.statusCode !== 200) return readAny(operation, context, response);
    const { buffer, byteOffset, byteLength } = await config.streamCollector(response.body);
    const text = Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
    return Object.assign({}, JSON.parse(text || '{}'), { $metadata: { httpStatusCode: response.statusCode } });
  };
}

type Strategy = Awaited<ReturnType<DynamoDBClient['config']['retryStrategy']>>;
type TokenStrategy = Extract<Strategy, { acquireInitialRetryToken: unknown }>;

/** A strategy that refuses to go on fails the call with the error that it was asked about. */
function leaveThrottled({ config }: DynamoDBClient): void {
  const { retryStrategy } = config;
  const prompt = async (): Promise<TokenStrategy> => {
    const strategy = (await retryStrategy()) as TokenStrategy;
    return {
      acquireInitialRetryToken: (scope) => strategy.acquireInitialRetryToken(scope),
      recordSuccess: (token) => strategy.recordSuccess(token),
      refreshRetryTokenForRetry: (token, error) =>
        error.errorType === 'THROTTLING'
          ? Promise.reject(new Error('a throttled call is not tried again'))
          : strategy.refreshRetryTokenForRetry(token, error),
    };
  };
  let made: Promise<TokenStrategy> | undefined;
  config.retryStrategy = () => (made ??= prompt());
}

/** The SDK keeps its resolved middleware only if `send` has no options, so a signal goes beside the input to the request handler. */
function routeSignals({ middlewareStack, config }: DynamoDBClient): CheapClient['abortWith'] {
  const signals = new WeakMap<object, Cancellation>();
  middlewareStack.add(
    (next) => (args) => {
      const signal = signals.get(args.input);
      if (signal) signals.set(args.request as object, signal);
      return next(args);
    },
    { name: 'routeSignals', step: 'finalizeRequest', priority: 'low' },
  );
  const { requestHandler } = config;
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = async (request, options) => {
    const abortSignal = signals.get(request);
    const answer = await handle(request, abortSignal ? { ...options, abortSignal } : options);
    systemClock.heard(answer.response.headers['date']);
    return answer;
  };
  return (input, signal) => void signals.set(input, signal);
}
