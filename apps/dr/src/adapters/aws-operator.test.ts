// The AWS target over loopback: dynalite as the tables, a small Secrets Manager, and every way in which AWS says no.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CONTROL_ID, InputError, orderKey, type OrderRecord } from '@dr/contracts';
import { Denied, Unavailable } from '../operator';
import { explained } from './aws-errors';
import { awsOperator } from './aws-operator';

// eslint-disable-next-line @nx/enforce-module-boundaries -- only this test runs against the engine; it has no types.
const dynalite = require('dynalite') as (options: object) => Server;

const NAMES = ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'];
const NO_OTHER_SOURCE = {
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
};
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

const saved = { ...process.env };
const servers: Server[] = [];
beforeEach(() => {
  for (const name of NAMES) delete process.env[name];
  Object.assign(process.env, NO_OTHER_SOURCE, CREDENTIALS);
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  for (const name of [...NAMES, ...Object.keys(NO_OTHER_SOURCE)]) {
    if (saved[name] === undefined) delete process.env[name];
    else process.env[name] = saved[name];
  }
});

/** All of AWS is there from now on, as it is for every AWS tool: the adapter is told nothing. */
async function serveAws(server: Server): Promise<void> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const order = (overrides: Partial<OrderRecord> = {}): OrderRecord => ({
  id: CONTROL_ID,
  timestamp: orderKey('singapore', 'mumbai'),
  writer: 'singapore',
  target: 'mumbai',
  kind: 'evacuate',
  number: 1,
  expiresAtMs: 1_767_600_000_000,
  ...overrides,
});

describe('the table', () => {
  const TABLE = 'dr-system-table';
  const table = awsOperator.table;

  async function withTable(): Promise<DynamoDBClient> {
    await serveAws(dynalite({ createTableMs: 0 }));
    const client = new DynamoDBClient({ region: 'ap-south-1' });
    await client.send(
      new CreateTableCommand({
        TableName: TABLE,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['id', 'timestamp'].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
        KeySchema: [
          { AttributeName: 'id', KeyType: 'HASH' },
          { AttributeName: 'timestamp', KeyType: 'RANGE' },
        ],
      }),
    );
    return client;
  }

  test('takes an order only in the place of the one that was seen', async () => {
    await withTable();
    const here = table('ap-southeast-1', TABLE);
    const second = order({ number: 2, kind: 'readmit', reason: 'patched' });
    expect(await here.putOrder(order(), null)).toBe('written');
    expect(await here.putOrder(second, null)).toBe('refused');
    expect(await here.putOrder(second, 7)).toBe('refused');
    expect(await here.read('order#', 'state$')).toEqual([order()]);
    expect(await here.putOrder(second, 1)).toBe('written');
    expect(await here.read('order#', 'state$')).toEqual([second]);
  });

  test('puts a record where none is, in the place of the one that was meant, or anywhere', async () => {
    await withTable();
    const here = table('ap-southeast-1', TABLE);
    const record = { id: CONTROL_ID, timestamp: 'testing', open: true, name: 'a' };
    const open = { absent: true, holding: ['open', false] } as const;
    expect(await here.put(record, { absent: false, holding: ['name', 'a'] })).toBe('refused');
    expect(await here.put(record, open)).toBe('written');
    expect(await here.put({ ...record, name: 'b' }, open)).toBe('refused');
    expect(await here.put({ ...record, open: false }, { absent: false, holding: ['name', 'b'] })).toBe('refused');
    expect(await here.put({ ...record, open: false }, { absent: false, holding: ['name', 'a'] })).toBe('written');
    expect(await here.put({ ...record, name: 'b' }, open)).toBe('written');
    expect(await here.put({ ...record, name: 'c' }, 'anywhere')).toBe('written');
    expect(await here.read('testing', 'testing$')).toEqual([{ ...record, name: 'c' }]);
  });

  test('reads a range without its upper end, however many pages it takes', async () => {
    const client = await withTable();
    const keys = ['transition#a', 'transition#b', 'transition#c', 'transition#d', 'transition$'];
    for (const key of keys) {
      const Item = { id: { S: CONTROL_ID }, timestamp: { S: key }, filler: { S: 'x'.repeat(390_000) } };
      await client.send(new PutItemCommand({ TableName: TABLE, Item }));
    }
    const read = await table('ap-south-1', TABLE).read('transition#', 'transition$');
    expect(read.map(({ timestamp }) => timestamp)).toEqual(keys.slice(0, 4));
  });

  test('fails with what to do when the table is not there', async () => {
    await withTable();
    await expect(table('ap-south-1', 'other').read('a', 'b')).rejects.toThrow(
      /^table other in ap-south-1: .* Apply the stack/,
    );
  });

  test('fails with what to do when there are no credentials', async () => {
    for (const name of Object.keys(CREDENTIALS)) delete process.env[name];
    await expect(table('ap-south-1', TABLE).read('a', 'b')).rejects.toThrow(InputError);
    await expect(table('ap-south-1', TABLE).read('a', 'b')).rejects.toThrow(/^AWS credentials .* AWS_PROFILE/);
  });

  test('fails as unavailable when the region fails', async () => {
    await serveAws(createServer((_request, response) => void response.writeHead(503).end()));
    await expect(table('ap-south-1', TABLE).read('a', 'b')).rejects.toThrow(Unavailable);
  });
});

describe('the secret', () => {
  /** Holds one value; `error`: says that, whatever it is asked. */
  const secretsManager = (stored: { value?: string }, error?: string): Server =>
    createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        const asked = JSON.parse(body) as { SecretId: string; SecretString?: string; ClientRequestToken?: string };
        const writes = request.headers['x-amz-target'] === 'secretsmanager.PutSecretValue';
        if (writes && asked.SecretString !== undefined) stored.value = asked.SecretString;
        const fails = error ?? (stored.value === undefined ? 'ResourceNotFoundException' : undefined);
        const answer = fails
          ? { __type: fails, message: `no: ${fails}.` }
          : { SecretString: stored.value, VersionId: 'v' };
        response.writeHead(fails ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify(answer));
      });
    });

  test('has no value until one is written', async () => {
    await serveAws(secretsManager({}));
    const secret = awsOperator.secret('ap-south-1', 'dr-api-keys');
    expect(await secret.read()).toBeUndefined();
    expect(await secret.write('{"current":"k"}')).toBe('v');
    expect(await secret.read()).toEqual({ text: '{"current":"k"}', versionId: 'v' });
  });

  test('fails with what to do when access is denied, and when the secret is not there to be written', async () => {
    await serveAws(secretsManager({}, 'AccessDeniedException'));
    await expect(awsOperator.secret('ap-south-1', 'dr-api-keys').read()).rejects.toThrow(
      /^secretsmanager:GetSecretValue on secret dr-api-keys in ap-south-1: is denied .* Use a role/,
    );
    await serveAws(secretsManager({}, 'ResourceNotFoundException'));
    await expect(awsOperator.secret('ap-south-1', 'dr-api-keys').write('x')).rejects.toThrow(/Apply the stack first/);
  });
});

describe('a function', () => {
  const lambda = (status: number, headers: Record<string, string>, body: unknown, asked: string[] = []): Server =>
    createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => (text += String(chunk)));
      request.on('end', () => {
        asked.push(`${request.method} ${request.url} ${text}`);
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
      });
    });
  const fn = () => awsOperator.liveFunction('ap-south-1', 'dr-data-consistency-validator');

  test('is called behind its alias, once, and waited for', async () => {
    const asked: string[] = [];
    await serveAws(lambda(200, {}, { passed: true }, asked));
    expect(await fn().invoke({ run: 'x' })).toEqual({ passed: true });
    expect(asked).toEqual([
      'POST /2015-03-31/functions/dr-data-consistency-validator/invocations?Qualifier=live {"run":"x"}',
    ]);
  });

  test('fails with its own message when it fails, and as unavailable when it is throttled', async () => {
    await serveAws(lambda(200, { 'x-amz-function-error': 'Unhandled' }, { errorMessage: 'no table' }));
    await expect(fn().invoke({})).rejects.toThrow(/^dr-data-consistency-validator in ap-south-1 failed: no table\.$/);
    const asked: string[] = [];
    await serveAws(
      lambda(429, { 'x-amzn-errortype': 'TooManyRequestsException' }, { message: 'Rate exceeded' }, asked),
    );
    await expect(fn().invoke({})).rejects.toThrow(Unavailable);
    expect(asked).toHaveLength(1);
  });

  test('fails with what to do when it is not there', async () => {
    await serveAws(lambda(404, { 'x-amzn-errortype': 'ResourceNotFoundException' }, { message: 'Function not found' }));
    await expect(fn().invoke({})).rejects.toThrow(
      /^function dr-.*:live in ap-south-1: does not exist .* Apply the stack/,
    );
  });
});

test.each([
  [{ name: 'ExpiredTokenException' }, InputError],
  [{ name: 'UnrecognizedClientException' }, InputError],
  [{ name: 'AuthFailure' }, InputError],
  [{ name: 'AccessDeniedException' }, Denied],
  [{ name: 'AuthorizationErrorException' }, Denied],
  [{ name: 'UnauthorizedOperation' }, Denied],
  [{ name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } }, Unavailable],
  [{ name: 'InternalServerError', $metadata: { httpStatusCode: 500 } }, Unavailable],
  [{ name: 'Error', code: 'ENOTFOUND' }, Unavailable],
  [{ name: 'TimeoutError' }, Unavailable],
  [{ name: 'ValidationException', $metadata: { httpStatusCode: 400 } }, Object],
])('%j is told apart', (error, kind) => {
  const call = { action: 'dynamodb:Query', resource: 'table t', awsRegion: 'ap-south-1' };
  const told = explained(error, call);
  expect(told).toBeInstanceOf(kind);
  expect(told === error).toBe(kind === Object);
});

test('chance is not repeated', () => {
  const drawn = Array.from({ length: 100 }, () => awsOperator.randomText(32));
  expect(new Set(drawn).size).toBe(100);
  for (const text of drawn) expect(text).toMatch(/^[\w-]{43}$/);
});
