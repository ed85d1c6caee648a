// The AWS target over loopback: dynalite as the tables, a small Secrets Manager, and every way in which AWS says no.
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { InputError } from '@dr/contracts';
import { CONTROL_ID, orderKey, type OrderRecord } from '@dr/contracts/system';
// eslint-disable-next-line @nx/enforce-module-boundaries -- what stands in for DynamoDB in the contract suite does so here
import { dynamoDbLoopback } from '../../../../libs/handler-core/src/testing/loopback-adapter';
import { Denied, Unavailable } from '../operate/operator';
import { CREDENTIALS, serveAws, whole } from '../testing/aws-in-test';
import { explained } from './aws-errors';
import { awsOperator } from './aws-operator';

beforeEach(() => Object.assign(process.env, CREDENTIALS));

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

  let close = (): Promise<void> => Promise.resolve();
  afterEach(() => close());

  async function withTable(): Promise<DynamoDBClient> {
    const loopback = await dynamoDbLoopback(TABLE);
    close = loopback.close;
    process.env['AWS_ENDPOINT_URL'] = loopback.identity.endpoint;
    return new DynamoDBClient({ region: 'ap-south-1' });
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
    await serveAws((_request, response) => void response.writeHead(503).end());
    await expect(table('ap-south-1', TABLE).read('a', 'b')).rejects.toThrow(Unavailable);
  });
});

describe('the secret', () => {
  interface Held {
    current?: string;
    readonly versions: Map<string, string>;
  }

  interface Asked {
    readonly SecretString?: string;
    readonly VersionStages?: readonly string[];
    readonly MoveToVersionId?: string;
    readonly RemoveFromVersionId?: string;
  }

  /** As the API reference has PutSecretValue and UpdateSecretVersionStage; undefined: there is no value. */
  function answerOf(held: Held, verb: string, asked: Asked): object | undefined {
    if (verb === 'PutSecretValue') {
      const id = `version-${held.versions.size + 1}`;
      held.versions.set(id, asked.SecretString ?? '');
      if (held.versions.size === 1 || asked.VersionStages?.includes('AWSCURRENT') !== false) held.current = id;
      return {
        VersionId: id,
        VersionStages: [...(asked.VersionStages ?? []), ...(held.current === id ? ['AWSCURRENT'] : [])],
      };
    }
    if (verb === 'UpdateSecretVersionStage') {
      if (asked.RemoveFromVersionId !== held.current)
        return { __type: 'InvalidParameterException', message: 'not there' };
      held.current = asked.MoveToVersionId ?? '';
      return {};
    }
    return held.current === undefined
      ? undefined
      : { SecretString: held.versions.get(held.current), VersionId: held.current };
  }

  /** `error`: says that, whatever it is asked. */
  const secretsManager = (held: Held, error?: string, lost: string[] = []) =>
    whole((request, body, response) => {
      const verb = String(request.headers['x-amz-target']).replace('secretsmanager.', '');
      const found = error === undefined ? answerOf(held, verb, JSON.parse(body) as Asked) : undefined;
      if (lost[0] === verb) return void (lost.pop(), request.socket.destroy());
      const answer = found ?? { __type: error ?? 'ResourceNotFoundException', message: `no: ${error ?? 'no value'}.` };
      response.writeHead('__type' in answer ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer));
    });

  const secretOf = async (held: Held, lost?: string[]) => {
    await serveAws(secretsManager(held, undefined, lost));
    return awsOperator.secret('ap-south-1', 'dr-api-keys');
  };

  test('has no value until one is written, and each version takes the place of the one that is named', async () => {
    const secret = await secretOf({ versions: new Map() });
    expect(await secret.read()).toBeUndefined();
    expect(await secret.write('one', undefined)).toBe('version-1');
    expect(await secret.read()).toEqual({ text: 'one', versionId: 'version-1' });
    expect(await secret.write('two', 'version-1')).toBe('version-2');
    expect(await secret.read()).toEqual({ text: 'two', versionId: 'version-2' });
  });

  test.each([['version-1'], [undefined]])(
    'refuses a value that would replace %s, where version-2 is by now',
    async (replaces) => {
      const secret = await secretOf({
        versions: new Map([
          ['version-1', 'one'],
          ['version-2', 'two'],
        ]),
        current: 'version-2',
      });
      expect(await secret.write('lost', replaces)).toBeUndefined();
      expect(await secret.read()).toEqual({ text: 'two', versionId: 'version-2' });
    },
  );

  test('a move whose answer was lost is not taken for one that somebody else made', async () => {
    const secret = await secretOf({ versions: new Map([['version-1', 'one']]), current: 'version-1' }, [
      'UpdateSecretVersionStage',
    ]);
    expect(await secret.write('two', 'version-1')).toBe('version-2');
  });

  test('fails with what to do when access is denied, and when the secret is not there to be written', async () => {
    await serveAws(secretsManager({ versions: new Map() }, 'AccessDeniedException'));
    await expect(awsOperator.secret('ap-south-1', 'dr-api-keys').read()).rejects.toThrow(
      /^secretsmanager:GetSecretValue on secret dr-api-keys in ap-south-1: is denied .* Use a role/,
    );
    await serveAws(secretsManager({ versions: new Map() }, 'ResourceNotFoundException'));
    await expect(awsOperator.secret('ap-south-1', 'dr-api-keys').write('x', undefined)).rejects.toThrow(
      /Apply the stack first/,
    );
  });
});

describe('a function', () => {
  const lambda = (status: number, headers: Record<string, string>, body: unknown, asked: string[] = []) =>
    whole((request, text, response) => {
      asked.push(`${request.method} ${request.url} ${text}`);
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
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
