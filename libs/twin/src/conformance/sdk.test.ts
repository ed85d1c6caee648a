// The AWS SDK, bundled as the Lambdas are, against the twin's services: real wire formats, time-outs and retries in virtual
// time, and the same event log from the same seed.
import type { FaultKind } from '@dr/contracts';
import { buildSync } from 'esbuild';
import { DynamoDb } from '../services/dynamodb/dynamodb';
import { SecretsManager } from '../services/secrets-manager';
import { functionArn, functionWorld, type FunctionOptions, type FunctionWorld } from './function-fixtures';
import { graphOf } from './fixtures';

const SOURCE = `
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

const options = (region) => ({
  region, cacheMiddleware: true, maxAttempts: 2,
  credentials: { accessKeyId: process.env.AWS_ACCESS_KEY_ID, secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY, sessionToken: process.env.AWS_SESSION_TOKEN },
  requestHandler: { connectionTimeout: 300, requestTimeout: 1000, throwOnRequestTimeout: true },
});
const tables = {};
const table = (region) => (tables[region] ??= new DynamoDBClient(options(region)));
const here = process.env.AWS_REGION;
const actions = {
  put: ({ id, region }) => table(region ?? here).send(new PutItemCommand({ TableName: 'dr-system-table', Item: { id: { S: id }, timestamp: { S: 't' } } })),
  get: ({ id, region }) => table(region ?? here).send(new GetItemCommand({ TableName: 'dr-system-table', Key: { id: { S: id }, timestamp: { S: 't' } } })),
  invoke: ({ name, type }) => new LambdaClient(options(here)).send(new InvokeCommand({ FunctionName: name, InvocationType: type, Payload: '{"action":"echo"}' })),
  secret: ({ id }) => new SecretsManagerClient(options(here)).send(new GetSecretValueCommand({ SecretId: id })),
  echo: async () => ({ echo: true }),
};
export const handler = async (event) => {
  const startedMs = Date.now();
  try {
    const { $metadata, ...answer } = await actions[event.action](event);
    const Payload = answer.Payload && JSON.parse(Buffer.from(answer.Payload).toString() || 'null');
    return { ok: true, ...answer, Payload, attempts: $metadata?.attempts };
  } catch (error) {
    return { ok: false, name: error.name, code: error.code, status: error.$metadata?.httpStatusCode, attempts: error.$metadata?.attempts, tookMs: Date.now() - startedMs };
  }
};`;

/** The options of scripts/bundle.mjs. */
const BUNDLE = buildSync({
  stdin: { contents: SOURCE, resolveDir: __dirname, loader: 'js' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  minify: true,
  mainFields: ['module', 'main'],
  supported: { 'dynamic-import': false },
  write: false,
  logLevel: 'silent',
}).outputFiles[0]!.text;

interface SdkWorld extends FunctionWorld {
  readonly dynamo: DynamoDb;
  readonly secrets: SecretsManager;
  ask(event: object): Promise<Readonly<Record<string, unknown>>>;
}

const TABLE = 'arn:aws:dynamodb:*:123456789012:table/dr-system-table';

function sdkWorld(options: Partial<FunctionOptions> = {}): SdkWorld {
  const graph = graphOf([
    {
      type: 'aws_dynamodb_table',
      name: 'table',
      awsRegion: 'ap-south-1',
      values: {
        name: 'dr-system-table',
        billing_mode: 'PAY_PER_REQUEST',
        hash_key: 'id',
        range_key: 'timestamp',
        attribute: ['id', 'timestamp'].map((name) => ({ name, type: 'S' })),
        replica: [{ region_name: 'ap-southeast-1' }],
      },
    },
    {
      type: 'aws_secretsmanager_secret',
      name: 'keys',
      awsRegion: 'ap-southeast-1',
      values: { name: 'keys', replica: [{ region: 'ap-south-1' }] },
    },
  ]);
  const made: { dynamo?: DynamoDb; secrets?: SecretsManager } = {};
  const world = functionWorld({
    code: { f: BUNDLE, g: BUNDLE },
    ...options,
    endpoints(world, iam) {
      made.dynamo = new DynamoDb(world, graph, { authorize: iam, metrics: { put: () => {}, ingestLogLine: () => {} } });
      made.secrets = new SecretsManager(world, graph, iam);
      return [made.dynamo, made.secrets];
    },
  });
  const ask = async (event: object): Promise<Readonly<Record<string, unknown>>> => {
    const result = await world.call('f', event);
    if (result.kind !== 'ok') throw new Error(JSON.stringify(result));
    return result.payload as Readonly<Record<string, unknown>>;
  };
  return { ...world, ask, dynamo: made.dynamo!, secrets: made.secrets! };
}

const faultOf = (kind: FaultKind, region = 'mumbai') => ({ kind, region, startSeconds: 0, durationSeconds: 1 });

test('a written item is read back, here and after the lag at the peer', async () => {
  const world = sdkWorld();
  expect(await world.ask({ action: 'put', id: 'a' })).toEqual({ ok: true, attempts: 1 });
  expect(await world.ask({ action: 'get', id: 'a' })).toMatchObject({ Item: { id: { S: 'a' } } });
  expect(await world.ask({ action: 'get', id: 'a', region: 'ap-southeast-1' })).not.toHaveProperty('Item');
  await world.pass(10_000);
  expect(await world.ask({ action: 'get', id: 'a', region: 'ap-southeast-1' })).toHaveProperty('Item');
});

test('the same seed gives the same event log, another seed another', async () => {
  const hashOf = async (seed: number): Promise<string> => {
    const world = sdkWorld({ seed });
    world.world.faults.start({ ...faultOf('dynamodb-errors'), intensity: 0.3 });
    for (let i = 0; i < 20; i += 1) {
      await world.ask({ action: 'put', id: `i${i}` });
      await world.ask({ action: 'get', id: `i${i}`, region: 'ap-southeast-1' });
    }
    await world.pass(10_000);
    expect(world.world.events.ofKind('item-replicated').length).toBeGreaterThan(10);
    return world.world.events.hash();
  };
  const first = await hashOf(7);
  expect(await hashOf(7)).toBe(first);
  expect(await hashOf(8)).not.toBe(first);
});

test.each<[string, FaultKind, object, object]>([
  [
    'errors are retried, then told',
    'dynamodb-errors',
    { action: 'put' },
    { name: 'InternalServerError', status: 500, attempts: 2 },
  ],
  [
    'throttling is retried, then told',
    'dynamodb-throttled',
    { action: 'put' },
    { name: 'ThrottlingException', status: 400, attempts: 2 },
  ],
  [
    'a slow table runs into the request time-out',
    'dynamodb-slow',
    { action: 'put' },
    { name: 'TimeoutError', attempts: 2 },
  ],
])('fails: %s', async (_name, kind, event, expected) => {
  const world = sdkWorld();
  await world.ask({ action: 'put', id: 'warm' });
  world.world.faults.start(faultOf(kind));
  expect(await world.ask({ id: 'a', ...event })).toMatchObject({ ok: false, ...expected });
});

test.each<[FaultKind, object, number, number]>([
  // Two connections that never open, 300 ms each; with a pooled connection two requests that never end, 1 s each.
  ['region-dark', { name: 'TimeoutError' }, 600, 900],
  ['partition', { name: 'TimeoutError' }, 600, 900],
  ['region-slow', { name: 'TimeoutError' }, 600, 900],
  ['region-refuses', { code: 'ECONNREFUSED' }, 30, 400],
])('fails: a peer behind %s, in the time that the client set', async (kind, expected, leastMs, mostMs) => {
  const world = sdkWorld();
  await world.ask({ action: 'put', id: 'warm' });
  world.world.faults.start(faultOf(kind, 'singapore'));
  const answer = await world.ask({ action: 'put', id: 'a', region: 'ap-southeast-1' });
  expect(answer).toMatchObject({ ok: false, ...expected });
  expect(answer['tookMs']).toBeGreaterThanOrEqual(leastMs);
  expect(answer['tookMs']).toBeLessThan(mostMs);
  expect(await world.ask({ action: 'put', id: 'here' })).toMatchObject({ ok: true });
});

test('FT-04 an endpoint without a name: what is connected goes on, a new connection fails, other services answer', async () => {
  const world = sdkWorld();
  const put = (region?: string) => world.ask({ action: 'put', id: 'a', region });
  world.secrets.setSecret('keys', 'k');
  await put();
  const faults = (['mumbai', 'singapore'] as const).map((region) => faultOf('dns-empty', region));
  for (const fault of faults) world.world.faults.start(fault);
  expect(await put()).toMatchObject({ ok: true });
  const refused = await put('ap-southeast-1');
  expect(refused).toMatchObject({ ok: false, code: 'ENOTFOUND' });
  expect(refused['tookMs']).toBeLessThan(500);
  // A second call at once needs an environment of its own, and so a connection of its own.
  const two = [0, 1].map(() => world.start('f', { action: 'put', id: 'b' }));
  await world.pass(3_000);
  const answers = two.map(({ result }) => (result() as { payload: { ok: boolean; code?: string } }).payload);
  expect(answers).toMatchObject([{ ok: true }, { ok: false, code: 'ENOTFOUND' }]);
  expect(await world.ask({ action: 'secret', id: 'keys' })).toMatchObject({ ok: true });
  for (const fault of faults) world.world.faults.end(fault);
  expect(await put('ap-southeast-1')).toMatchObject({ ok: true });
  world.world.faults.start({ ...faultOf('dns-empty'), service: 'lambda' });
  expect(await world.ask({ action: 'invoke', name: 'g:live' })).toMatchObject({ ok: false, code: 'ENOTFOUND' });
  expect(await put()).toMatchObject({ ok: true });
});

test('fails: a peer whose requests all meet a gray failure, while its own functions reach its table', async () => {
  const world = sdkWorld();
  world.world.faults.start({ ...faultOf('gray', 'singapore'), intensity: 1 });
  const asked = { action: 'put', id: 'a', region: 'ap-southeast-1' };
  expect(await world.ask(asked)).toMatchObject({ ok: false, name: 'ServiceUnavailable', status: 503, attempts: 2 });
  expect(await world.ask({ action: 'put', id: 'here' })).toMatchObject({ ok: true });
  const local = await world.call('f', asked, 'ap-southeast-1');
  expect(local).toMatchObject({ kind: 'ok', payload: { ok: true } });
});

test('FN-05 a call that the role may not make is denied on the wire and in the log', async () => {
  const world = sdkWorld({ allowed: [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: TABLE }] });
  expect(await world.ask({ action: 'get', id: 'a' })).toMatchObject({ ok: true });
  expect(await world.ask({ action: 'put', id: 'a' })).toMatchObject({
    ok: false,
    name: 'AccessDeniedException',
    attempts: 1,
  });
  const resource = TABLE.replace('*', 'ap-south-1');
  expect(world.world.events.ofKind('denied')).toMatchObject([
    { role: 'functions', action: 'dynamodb:PutItem', resource },
  ]);
});

test('one function invokes another by name and alias: answer, error, throttle, later, nobody', async () => {
  const world = sdkWorld();
  const invoke = (more: object = {}) => world.ask({ action: 'invoke', name: 'g:live', ...more });
  expect(await invoke()).toMatchObject({ StatusCode: 200, Payload: { ok: true, echo: true } });
  expect(await invoke({ type: 'Event' })).toMatchObject({ ok: true, StatusCode: 202 });
  await world.pass(1_000);
  expect(world.world.events.ofKind('invocation').filter(({ functionName }) => functionName === 'g')).toHaveLength(2);
  expect(await invoke({ name: 'g:next' })).toMatchObject({ ok: false, name: 'ResourceNotFoundException', status: 404 });
  expect(await invoke({ name: `${functionArn('g')}:live` })).toMatchObject({ StatusCode: 200 });
  world.world.faults.start({ ...faultOf('lambda-errors'), functionName: 'g' });
  expect(await invoke()).toMatchObject({
    ok: true,
    FunctionError: 'Unhandled',
    Payload: { errorType: 'FaultInjected' },
  });
  world.world.faults.start({ ...faultOf('lambda-throttled'), functionName: 'g' });
  expect(await invoke()).toMatchObject({ ok: false, name: 'TooManyRequestsException', status: 429, attempts: 2 });
});

test('a secret is absent until an operator sets it, then read from the replica of the region', async () => {
  const world = sdkWorld();
  expect(await world.ask({ action: 'secret', id: 'keys' })).toMatchObject({
    ok: false,
    name: 'ResourceNotFoundException',
  });
  expect([world.secrets.setSecret('keys', '{"current":"k"}'), world.secrets.setSecret('other', '')]).toEqual([
    true,
    false,
  ]);
  expect(await world.ask({ action: 'secret', id: 'keys' })).toMatchObject({
    SecretString: '{"current":"k"}',
    ARN: expect.stringMatching(/^arn:aws:secretsmanager:ap-south-1:123456789012:secret:keys-[0-9a-f]{6}$/) as string,
  });
});
