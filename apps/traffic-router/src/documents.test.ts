// Documents come back as they were sent, byte for byte, through the real conversion and a table engine; or they are refused.
import { FakeClock, createTelemetry, dynamoDbTable, fakeRandom, type Table } from '@dr/handler-core';
import fc from 'fast-check';
// eslint-disable-next-line @nx/enforce-module-boundaries -- only these tests run against the engine.
import { dynamoDbLoopback, type Loopback } from '../../../libs/handler-core/src/testing/loopback-adapter';
import { trafficRouter } from './handler';
import { pagesOf, system } from './testing/system';

const HOSTILE = [
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  'Map',
  'Set',
  'Object',
  'N',
  'then',
  'toJSON',
  '',
];

const key = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 6 }));
/** Texts of numbers that a double cannot hold as well as those that it can. */
const numeral = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
  fc.bigInt().map(String),
  fc.constantFrom('-0', '-0.0', '1e400', '-1E+400', '1e-400', '0.1000', '12345678901234567890.12345678901234567890123'),
);
const surrogate = fc.constantFrom('"\\ud800"', '"\\uDFFF\\ud800"', '"\\ufffd"', '"\\u0000"');
const leaf = fc.oneof(
  numeral,
  surrogate,
  fc.string({ unit: 'binary', maxLength: 8 }).map((text) => JSON.stringify(text)),
  fc.constantFrom('true', 'false', 'null'),
);
/** JSON texts, with blanks and with properties of one name. */
const { document } = fc.letrec<{ document: string; list: string; object: string }>((tie) => ({
  document: fc.oneof({ depthSize: 'small', maxDepth: 6 }, leaf, tie('list'), tie('object')),
  list: fc.array(tie('document'), { maxLength: 4 }).map((all) => `[ ${all.join(',\n')}]`),
  object: fc
    .array(fc.tuple(key, tie('document')), { maxLength: 4 })
    .map((all) => `{${all.map(([name, value]) => `${JSON.stringify(name)} :${value}`).join(',\t')}}`),
}));

/** What a client may not send as it is: a raw U+FFFD, which is what a load balancer makes of bytes that are no UTF-8. */
const isRefused = (text: string): boolean => text.includes('\ufffd');

it('in memory', async () => {
  const call = system().at('mumbai');
  await fc.assert(
    fc.asyncProperty(document, fc.boolean(), async (text, asBytes) => {
      const put = await call('PUT', '/items/a', asBytes ? { bytes: Buffer.from(text) } : { body: text });
      expect(put.status).toBe(isRefused(text) ? 400 : 200);
      if (isRefused(text)) return;
      const got = await call('GET', '/items/a');
      expect(got.text).toContain(`"value":${text}}`);
      expect(JSON.stringify(got.body['value'])).toBe(JSON.stringify(JSON.parse(text)));
      expect((await call('GET', '/items/a/versions', { query: { limit: '1' } })).text).toContain(`"value":${text}}`);
    }),
    { numRuns: 300 },
  );
});

describe('in the table engine', () => {
  let loopback: Loopback;
  let table: Table;
  beforeAll(async () => {
    loopback = await dynamoDbLoopback('dr-system-table');
    table = dynamoDbTable({ table: 'dr-system-table', region: 'ap-south-1', identity: loopback.identity });
  });
  afterAll(() => loopback.close());

  it('through the adapter that is deployed', async () => {
    const clock = new FakeClock();
    const telemetry = createTelemetry({ clock, region: 'mumbai', functionName: 'r', write: () => undefined });
    const handler = trafficRouter({ clock, random: fakeRandom(), telemetry, region: 'mumbai', table, peers: [] });
    const call = async (httpMethod: string, body = ''): Promise<{ statusCode: number; body: string }> =>
      (await handler({
        requestContext: { elb: {} },
        httpMethod,
        path: '/items/constructor',
        headers: {},
        body,
      })) as never;
    await fc.assert(
      fc.asyncProperty(
        document.filter((text) => !isRefused(text)),
        async (text) => {
          expect((await call('PUT', text)).statusCode).toBe(200);
          expect((await call('GET')).body).toContain(`"value":${text}}`);
        },
      ),
      { numRuns: 100 },
    );
  });
});

it.each(['constructor', 'toString', 'hasOwnProperty', 'Map', 'a:b', 'A'.repeat(128)])('under the id %s', async (id) => {
  const call = system().at('mumbai');
  expect((await call('PUT', `/items/${id}`, { body: { id } })).status).toBe(200);
  expect((await call('GET', `/items/${id}`)).body).toMatchObject({ id, value: { id } });
});

it.each(['__proto__', '%00', 'a%2Fb', 'a%20b', '%F0%9F%92%A9', 'control-key%23x', '%63ontrol'])(
  'refuses the id %s',
  async (id) => {
    expect((await system().at('mumbai')('PUT', `/items/${id}`, { body: 1 })).status).toBe(400);
  },
);

it('reads what an older version of the function has stored', async () => {
  const { at, mumbai } = system();
  const stamp = (n: number): string => `2026-10-01T00:00:00.00${n}Z#mumbai#0000000f-000001`;
  mumbai.apply({
    id: 'a',
    timestamp: stamp(1),
    region: 'mumbai',
    previous: null,
    value: { old: [1, null] },
    idempotencyKey: 'k',
  });
  mumbai.apply({ id: 'a', timestamp: stamp(2), region: 'mumbai', previous: stamp(1), deleted: true });
  mumbai.apply({ id: 'a', timestamp: stamp(3), region: 'mumbai', previous: stamp(2), value: 0 });
  const call = at('mumbai');
  expect((await call('GET', '/items/a')).body['value']).toBe(0);
  const { entries } = await pagesOf(call, 'a', 2);
  expect(entries.map(({ value, deleted }) => value ?? deleted)).toEqual([0, true, { old: [1, null] }]);
});

describe('a response stays within what a load balancer takes', () => {
  it('with its headers, where the versions alone fill it', async () => {
    const call = system().at('mumbai');
    // Four of them have 128 bytes less than the limit.
    for (let n = 0; n < 4; n += 1) await call('PUT', '/items/a', { body: JSON.stringify('a'.repeat(249_850)) });
    const { entries, replies } = await pagesOf(call, 'a', 100);
    expect(entries).toHaveLength(4);
    for (const { responseBytes } of replies) expect(responseBytes).toBeLessThanOrEqual(1_000_000);
    expect(replies[0]?.responseBytes).toBeGreaterThan(700_000);
  });

  const BYTES = 256 * 1024;
  it.each([
    ['quotes', JSON.stringify('"'.repeat(BYTES / 2 - 1))],
    ['line breaks', `[${'\n'.repeat(BYTES - 2)}]`],
    ['characters of three bytes', JSON.stringify('\u20ac'.repeat(BYTES / 3 - 2))],
    ['plain text', JSON.stringify('a'.repeat(BYTES - 2))],
  ])('of %s, one at a time and in pages', async (_name, body) => {
    const call = system().at('mumbai');
    for (let n = 0; n < 6; n += 1) expect((await call('PUT', '/items/a', { body })).status).toBe(200);
    expect((await call('GET', '/items/a')).responseBytes).toBeLessThan(1_000_000);
    const { entries, replies } = await pagesOf(call, 'a', 100);
    expect(entries).toHaveLength(6);
    for (const { responseBytes } of replies) expect(responseBytes).toBeLessThan(1_000_000);
    expect(replies.length).toBeLessThan(7);
  });
});
