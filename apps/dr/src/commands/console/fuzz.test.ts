// 10,000 messages that mean nothing, or almost something, to every listener of a console. It answers as before.
import { createSocket } from 'node:dgram';
import fc from 'fast-check';
import { curl, dig, overTcp, queryFor, startConsole, steer, type Console } from '../../testing/console-process';

const SEED = 1;
const [HTTP, UDP, TCP] = [5_000, 4_000, 1_000] as const;
const AT_ONCE = 50;

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((one) => Buffer.from(one));

/** Some bytes are others, some are missing, some came twice. */
const spoiled = (valid: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  fc
    .tuple(
      valid,
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255), fc.nat(9)), { maxLength: 8 }),
    )
    .map(([message, changes]) => {
      let now = Buffer.from(message);
      for (const [share, value, how] of changes) {
        const at = Math.floor(share * now.length);
        if (how < 8 && at < now.length) now[at] = value;
        if (how === 8) now = now.subarray(0, at);
        if (how === 9) now = Buffer.concat([now.subarray(0, at), now.subarray(Math.floor(at / 2))]);
      }
      return now;
    });

const ITEM = { TableName: 'dr-system-table', Key: { id: { S: 'a' }, timestamp: { S: 'b' } } };
const OPERATIONS: readonly (readonly [string, object])[] = [
  ['GetItem', ITEM],
  ['PutItem', { TableName: 'dr-system-table', Item: { id: { S: 'a' }, timestamp: { S: 'b' }, n: { N: '1' } } }],
  [
    'UpdateItem',
    {
      ...ITEM,
      UpdateExpression: 'SET #a = :a',
      ExpressionAttributeNames: { '#a': 'a' },
      ExpressionAttributeValues: { ':a': { N: '2' } },
    },
  ],
  ['DeleteItem', { ...ITEM, ConditionExpression: 'attribute_exists(id)' }],
  [
    'Query',
    {
      TableName: 'dr-system-table',
      KeyConditionExpression: 'id = :i',
      ExpressionAttributeValues: { ':i': { S: 'a' } },
    },
  ],
  ['Scan', { TableName: 'dr-system-table', Limit: 1 }],
  ['BatchGetItem', { RequestItems: { 'dr-system-table': { Keys: [ITEM.Key] } } }],
  ['BatchWriteItem', { RequestItems: { 'dr-system-table': [{ DeleteRequest: { Key: ITEM.Key } }] } }],
  ['DescribeTable', { TableName: 'dr-system-table' }],
  ['ListTables', {}],
];

/** A request whose body, and then the whole of it, may be spoiled. */
function requests({ port }: URL, apiKey: string): fc.Arbitrary<Buffer> {
  const head = (line: string, more: readonly string[], body: Buffer): Buffer =>
    Buffer.concat([
      Buffer.from([line, `Host: 127.0.0.1:${port}`, ...more, `Content-Length: ${body.length}`, '', ''].join('\r\n')),
      body,
    ]);
  const mayBeSpoiled = (value: string) =>
    fc.oneof(fc.constant(Buffer.from(value)), spoiled(fc.constant(Buffer.from(value))));
  const dynamodb = fc
    .constantFrom(...OPERATIONS)
    .chain(([operation, input]) =>
      mayBeSpoiled(JSON.stringify(input)).map((body) =>
        head(
          'POST / HTTP/1.1',
          ['Content-Type: application/x-amz-json-1.0', `X-Amz-Target: DynamoDB_20120810.${operation}`],
          body,
        ),
      ),
    );
  const item = fc
    .tuple(fc.constantFrom('GET', 'PUT', 'DELETE', 'PATCH'), mayBeSpoiled('{"a":1}'), fc.webPath())
    .map(([method, body, path]) =>
      head(
        `${method} /items${path || '/a'} HTTP/1.1`,
        [`Authorization: Bearer ${apiKey}`, 'Content-Type: application/json'],
        body,
      ),
    );
  const control = mayBeSpoiled('{"do":"speed","asked":10}').map((body) =>
    head('POST /control HTTP/1.1', ['Content-Type: application/json', 'X-Dr-Console: 1'], body),
  );
  const odd = fc
    .constantFrom(
      `GET / HTTP/1.1\r\n\r\n`,
      `GET / HTTP/9.9\r\nHost: a\r\n\r\n`,
      `GET  /  HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
      `CONNECT evil.example:443 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
      `GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
      `PUT /items/a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx`,
      `PUT /items/a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n`,
      `PUT /items/a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 99999999999999999999\r\n\r\nx`,
      `PUT /items/a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nExpect: 200-ok\r\nContent-Length: 1\r\n\r\nx`,
      `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
      `GET /events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
      `GET /log HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
      `OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
    )
    .map((text) => Buffer.from(text, 'latin1'));
  const sound = fc.oneof(dynamodb, item, control, odd);
  return fc.oneof(
    { weight: 3, arbitrary: sound },
    { weight: 5, arbitrary: spoiled(sound) },
    { weight: 1, arbitrary: bytes(400) },
  );
}

const questions = fc.oneof(
  {
    weight: 6,
    arbitrary: spoiled(
      fc.constantFrom(...['A', 'AAAA', 'TXT', 'SOA'].map((type) => queryFor('app.example.com', type))),
    ),
  },
  { weight: 2, arbitrary: bytes(700) },
);
const behindLengths = fc.array(questions, { minLength: 1, maxLength: 3 }).map((messages) =>
  Buffer.concat(
    messages.map((message) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(message.length);
      return Buffer.concat([length, message]);
    }),
  ),
);

/** Some at once, and the next ones when the console has answered `asked` twice after that: no clock says how fast it has to be. */
async function inTurns(
  all: readonly Buffer[],
  portOf: (at: number) => number,
  asked: () => Promise<unknown>,
): Promise<number> {
  let answered = 0;
  for (let at = 0; at < all.length; at += AT_ONCE) {
    let enough = (): void => undefined;
    const until = new Promise<void>((resolve) => (enough = resolve));
    const sent = all.slice(at, at + AT_ONCE).map((message, index) => overTcp(portOf(at + index), message, until));
    for (let times = 0; times < 2; times += 1) await asked();
    enough();
    answered += (await Promise.all(sent)).filter(({ length }) => length > 0).length;
  }
  return answered;
}

async function toUdp(ports: readonly number[], messages: readonly Buffer[]): Promise<void> {
  const socket = createSocket('udp4');
  const send = (message: Buffer, at: number): Promise<void> =>
    new Promise((done) => socket.send(message, ports[at % ports.length] ?? 0, '127.0.0.1', () => done()));
  for (let at = 0; at < messages.length; at += AT_ONCE) {
    for (const [index, message] of messages.slice(at, at + AT_ONCE).entries()) await send(message, at + index);
    // None of them may be lost because all come at once.
    await dig(ports[0] ?? 0, 'app.example.com');
  }
  await new Promise<void>((done) => socket.close(done));
}

async function answersAsBefore({ endpoints: { page, dns, regions, apiKey } }: Console): Promise<void> {
  expect((await curl(page, '/')).status).toBe(200);
  expect((await steer(page, { do: 'resume' })).status).toBe(204);
  for (const { port } of dns.vantages) expect((await dig(port, dns.name)).answers).toHaveLength(1);
  for (const { loadBalancer, dynamodb } of regions) {
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
    expect((await curl(loadBalancer, '/items/after', { method: 'PUT', headers, body: '{"a":1}' })).status).toBe(200);
    const target = { 'x-amz-target': 'DynamoDB_20120810.DescribeTable' };
    const asked = { method: 'POST', headers: target, body: '{"TableName":"dr-system-table"}' };
    expect((await curl(dynamodb, '/', asked)).status).toBe(200);
  }
}

test('10,000 fuzzed messages: every listener lives, and answers as before', async () => {
  const running = await startConsole(['--clients', '2', '--rate', '0.5']);
  const { page, regions, dns, apiKey } = running.endpoints;
  await answersAsBefore(running);
  const origins = [page, ...regions.flatMap(({ loadBalancer, dynamodb }) => [loadBalancer, dynamodb])].map(
    (one) => new URL(one),
  );
  const sampled = origins.map((origin, at) =>
    fc.sample(requests(origin, apiKey ?? ''), { numRuns: HTTP / origins.length, seed: SEED + at }),
  );
  const ports = dns.vantages.map(({ port }) => port);
  let answered = 0;
  for (const [at, messages] of sampled.entries()) {
    const { port, origin } = origins[at] as URL;
    answered += await inTurns(
      messages,
      () => Number(port),
      () => curl(origin, '/'),
    );
  }
  await toUdp(ports, fc.sample(questions, { numRuns: UDP, seed: SEED }));
  const overStreams = fc.sample(behindLengths, { numRuns: TCP, seed: SEED });
  await inTurns(
    overStreams,
    (at) => ports[at % ports.length] ?? 0,
    () => dig(ports[0] ?? 0, 'app.example.com'),
  );
  // Many are refused, and refusing is an answer: a console that hears nothing would pass otherwise.
  expect(answered).toBeGreaterThan(HTTP / 4);
  expect(running.child.exitCode).toBeNull();
  await answersAsBefore(running);
  expect(running.said()).not.toMatch(/defect|Error/);
  expect(await running.end()).toBe(130);
  expect(running.leftBehind()).toEqual([]);
});
