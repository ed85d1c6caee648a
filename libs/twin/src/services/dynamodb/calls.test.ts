// A call that goes straight to dynalite's actions is answered as one through its HTTP handler.
import type { TableConfig } from '@dr/stack';
import { DynamoEngine } from './engine';

const TABLE = {
  name: 'things',
  awsRegions: ['eu-west-1'],
  hashKey: 'id',
  rangeKey: 'at',
  attributes: [
    { name: 'id', type: 'S' },
    { name: 'at', type: 'S' },
  ],
  indexes: [],
  onDemand: true,
} as unknown as TableConfig;

const SIGNED = 'AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host;x-amz-date, Signature=c';
const ORDINARY = { 'content-type': 'application/x-amz-json-1.0', authorization: SIGNED, 'x-amz-date': 'd' };
/** Dynalite says the same of either order; only its HTTP handler knows this one. */
const OVER_HTTP = { ...ORDINARY, authorization: SIGNED.replace(', Signature=c', '').replace(' ', ' Signature=c, ') };

const item = (id: string, at: string, more = {}) => ({ id: { S: id }, at: { S: at }, ...more });
const key = { TableName: 'things', Key: item('a', '1') };

const CALLS: readonly (readonly [string, Record<string, unknown>])[] = [
  ['PutItem', { TableName: 'things', Item: item('a', '1', { n: { N: '5' }, text: { S: 'é "x"' } }) }],
  ['PutItem', { TableName: 'things', Item: item('a', '1'), ConditionExpression: 'attribute_not_exists(id)' }],
  ['PutItem', { TableName: 'things', Item: { id: { S: 'a' } } }],
  ['PutItem', { TableName: 'things', Item: item('a', '1', { n: { N: 'no number' } }) }],
  ['PutItem', { TableName: 'nothing', Item: item('a', '1') }],
  ['PutItem', { TableName: 'things', Item: item('b', '2'), Unknown: 1 }],
  ['PutItem', { TableName: 7 }],
  ['GetItem', key],
  ['UpdateItem', { ...key, UpdateExpression: 'SET n = n + :one', ExpressionAttributeValues: { ':one': { N: '1' } } }],
  [
    'Query',
    { TableName: 'things', KeyConditionExpression: 'id = :id', ExpressionAttributeValues: { ':id': { S: 'a' } } },
  ],
  [
    'Query',
    { TableName: 'things', KeyConditionExpression: 'id = :no', ExpressionAttributeValues: { ':id': { S: 'a' } } },
  ],
  ['Scan', { TableName: 'things', Limit: 1 }],
  ['DeleteItem', { ...key, ReturnValues: 'ALL_OLD' }],
  ['DescribeTable', { TableName: 'things' }],
];

test('both ways give the same status, body and headers', async () => {
  const engines = [ORDINARY, OVER_HTTP].map((headers) => {
    const engine = new DynamoEngine('eu-west-1', () => undefined);
    engine.createTable(TABLE);
    return { engine, headers };
  });
  const handler = jest.spyOn(engines[0]!.engine as unknown as { handler: () => void }, 'handler');
  for (const [operation, input] of CALLS) {
    const answers = await Promise.all(
      engines.map(async ({ engine, headers }) => {
        const target = { 'x-amz-target': `DynamoDB_20120810.${operation}` };
        const body = Buffer.from(JSON.stringify(input));
        const request = { method: 'POST', path: '/', headers: { ...headers, ...target }, body };
        const answer = await engine.send(operation, request, structuredClone(input));
        const rest = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => name !== 'x-amzn-requestid'));
        return { status: answer.status, headers: rest, body: answer.body.toString() };
      }),
    );
    expect([operation, answers[0]]).toEqual([operation, answers[1]]);
  }
  expect(handler).not.toHaveBeenCalled();
});

test.each([
  ['without a signature', { authorization: undefined }, 'MissingAuthenticationTokenException'],
  ['half signed', { authorization: 'AWS4-HMAC-SHA256 Credential=a' }, 'IncompleteSignatureException'],
  ['of another version of the API', { 'x-amz-target': 'DynamoDB_1999.GetItem' }, 'UnknownOperationException'],
])('a call %s is refused', async (_, changed, type) => {
  const engine = new DynamoEngine('eu-west-1', () => undefined);
  engine.createTable(TABLE);
  const headers = { ...ORDINARY, 'x-amz-target': 'DynamoDB_20120810.GetItem', ...changed } as Record<string, string>;
  const request = { method: 'POST', path: '/', headers, body: Buffer.from(JSON.stringify(key)) };
  const answer = await engine.send('GetItem', request, { ...key });
  expect(answer.status).toBe(400);
  expect(answer.body.toString()).toContain(type);
});
