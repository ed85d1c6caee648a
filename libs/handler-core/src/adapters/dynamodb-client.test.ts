// The client that costs less asks AWS for the very same as the SDK's client does with its default settings.
import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import { cheapDynamoDbClient } from './dynamodb-client';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };
const TableName = 'dr-system-table';
const key = { id: { S: 'a"\u2028\\' }, timestamp: { S: '2026-01-05T00:00:00.000Z' } };
const item = {
  ...key,
  all: { M: { text: { S: 'ü€😀' }, number: { N: '-1.5e3' }, flag: { BOOL: false }, none: { NULL: true } } },
  list: { L: [{ S: '' }, { SS: ['x', 'y'] }, { NS: ['1', '2'] }] },
};

const COMMANDS = {
  GetItem: () => new GetItemCommand({ TableName, Key: key, ConsistentRead: true }),
  PutItem: () =>
    new PutItemCommand({
      ...{ TableName, Item: item, ConditionExpression: '#i <> :i', ReturnConsumedCapacity: 'TOTAL' },
      ...{ ExpressionAttributeNames: { '#i': 'id' }, ExpressionAttributeValues: { ':i': { S: 'b' } } },
    }),
  Query: () =>
    new QueryCommand({
      ...{ TableName, KeyConditionExpression: 'id = :i', ExpressionAttributeValues: { ':i': key.id } },
      ...{ Limit: 3, ScanIndexForward: false, ExclusiveStartKey: key, FilterExpression: undefined },
    }),
  Scan: () => new ScanCommand({ TableName, Segment: 0, TotalSegments: 4 }),
  TransactWriteItems: () =>
    new TransactWriteItemsCommand({ TransactItems: [{ Delete: { TableName, Key: key } }], ClientRequestToken: 'once' }),
};

interface Request {
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array;
}

/** What it would send; nothing is sent. */
async function requestBy(client: DynamoDBClient, command: object): Promise<unknown> {
  let seen: Request | undefined;
  client.middlewareStack.add(
    () => (args) => {
      seen = args.request as Request;
      return Promise.reject(new Error('seen'));
    },
    { name: 'see', step: 'finalizeRequest', priority: 'low', override: true },
  );
  await expect(client.send(command as GetItemCommand)).rejects.toThrow('seen');
  const { headers, body, ...request } = seen as unknown as Request;
  const { authorization = '', ...others } = headers;
  const ofTheCall = /^(x-amz-date|x-amz-user-agent|user-agent|amz-sdk-.*|content-length|x-amz-content-sha256)$/;
  const same = Object.fromEntries(Object.entries(others).filter(([name]) => !ofTheCall.test(name)));
  const scope = /Credential=[^,]*/.exec(authorization)?.[0];
  return { ...request, headers: same, scope, body: JSON.parse(Buffer.from(body).toString()) as unknown };
}

const REGION = 'ap-south-1';
const retries = { maxAttempts: 1, throttled: false };

describe.each<[string, { readonly endpoint?: string }]>([
  ["AWS's endpoint", {}],
  ['an endpoint that is given', { endpoint: 'http://127.0.0.1:8000' }],
])('at %s', (_, at) => {
  test.each(Object.entries(COMMANDS))('%s is the same request', async (_name, command) => {
    const config: DynamoDBClientConfig = { region: REGION, credentials, maxAttempts: 1, ...at };
    const { client } = cheapDynamoDbClient({ credentials, ...at }, REGION, retries);
    const ours = await requestBy(client, command());
    expect(ours).toEqual(await requestBy(new DynamoDBClient(config), command()));
    expect(ours).toMatchObject({ hostname: at.endpoint ? '127.0.0.1' : `dynamodb.${REGION}.amazonaws.com` });
  });
});

test('a call copies few properties of the configuration', () => {
  const { client } = cheapDynamoDbClient({ credentials }, REGION, retries);
  expect(Object.keys(client.config).length).toBeLessThan(
    Object.keys(new DynamoDBClient({ region: REGION }).config).length / 3,
  );
  expect(client.config.requestHandler).toBeDefined();
});
