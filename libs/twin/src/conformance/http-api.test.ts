// HTTP APIs of API Gateway and function URLs: which route takes a request, what the function is handed, what becomes of its answer.
import { answerOf, eventV1, eventV2 } from '../services/http-api/event';
import { routeFor } from '../services/http-api/http-api';

const routes = ['GET /pets/dog/1', 'GET /pets/dog/{id}', 'GET /pets/{proxy+}', 'ANY /{proxy+}', '$default'].map(
  (key) => ({ key, target: undefined, format: '2.0' as const }),
);
const taken = (method: string, path: string) => {
  const found = routeFor(routes, { method, path });
  return [found?.route.key, found?.pathParameters];
};

test.each([
  ['GET', '/pets/dog/1', 'GET /pets/dog/1', undefined],
  ['GET', '/pets/dog/2?a=1', 'GET /pets/dog/{id}', { id: '2' }],
  ['GET', '/pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
  ['POST', '/test/5', 'ANY /{proxy+}', { proxy: 'test/5' }],
  ['GET', '/', '$default', undefined],
])('API-01: %s %s is taken by the most specific route', (method, path, key, parameters) => {
  expect(taken(method, path)).toEqual([key, parameters]);
});

test('API-01: without $default, what no route takes has none', () => {
  expect(routeFor(routes.slice(0, 3), { method: 'PUT', path: '/pets' })).toBeUndefined();
});

const REQUEST = {
  method: 'POST',
  path: '/my/path?a=1&a=2&b=%20x',
  headers: { Host: 'id.execute-api.us-east-1.amazonaws.com', 'Content-Type': 'application/json', Cookie: 'one; two' },
  body: Buffer.from('{"a":1}'),
};
const PASSED = {
  ...{ routeKey: '$default', pathParameters: undefined, stage: '$default', apiId: 'api', requestId: 'r' },
  ...{ clientAddress: '203.0.113.10', epochMs: 1583348638390 },
};

test('API-02: format 2.0 joins what is given twice, and has cookies of their own', () => {
  expect(eventV2(REQUEST, PASSED)).toMatchObject({
    ...{ version: '2.0', routeKey: '$default', rawPath: '/my/path', rawQueryString: 'a=1&a=2&b=%20x' },
    cookies: ['one', 'two'],
    headers: { host: 'id.execute-api.us-east-1.amazonaws.com', 'content-type': 'application/json' },
    queryStringParameters: { a: '1,2', b: ' x' },
    requestContext: {
      domainPrefix: 'id',
      http: { method: 'POST', path: '/my/path', sourceIp: '203.0.113.10' },
      time: '04/Mar/2020:19:03:58 +0000',
      timeEpoch: 1583348638390,
    },
    ...{ body: '{"a":1}', isBase64Encoded: false },
  });
});

test('API-02: format 1.0 has every value, and the last one', () => {
  expect(eventV1(REQUEST, PASSED)).toMatchObject({
    ...{ version: '1.0', path: '/my/path', httpMethod: 'POST' },
    queryStringParameters: { a: '2', b: ' x' },
    multiValueQueryStringParameters: { a: ['1', '2'], b: [' x'] },
    requestContext: { httpMethod: 'POST', stage: '$default' },
    body: '{"a":1}',
  });
});

test('API-02: a body that is no text is base64', () => {
  const image = { ...REQUEST, headers: { 'content-type': 'image/png' }, body: Buffer.from([1, 2]) };
  expect(eventV2(image, PASSED)).toMatchObject({ body: 'AQI=', isBase64Encoded: true });
});

test.each([
  ['a text', 'Hello', 'Hello'],
  ['an object', { message: 'Hello' }, '{"message":"Hello"}'],
])('API-03: in format 2.0 %s without a status is the body of a 200', (_, payload, body) => {
  const answer = answerOf(payload, '2.0');
  expect([answer?.status, answer?.headers['content-type'], answer?.body.toString()]).toEqual([
    200,
    'application/json',
    body,
  ]);
});

test('API-03: an answer with a status is taken as it is; in format 1.0 any other is none', () => {
  const answer = answerOf({ statusCode: 404, headers: { 'X-A': 'b' }, body: 'no' }, '2.0');
  expect([answer?.status, answer?.headers['x-a'], answer?.body.toString()]).toEqual([404, 'b', 'no']);
  expect(answerOf({ message: 'Hello' }, '1.0')).toBeUndefined();
  expect(answerOf({ statusCode: 'no' }, '2.0')).toBeUndefined();
});
