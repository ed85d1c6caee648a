// What is held of traffic-router, whatever event it is given: no crash, no 5xx, no success without the key, documents to the byte.
import {
  FakeClock,
  FakeSecrets,
  MAX_RESPONSE_BYTES,
  MemoryTable,
  createTelemetry,
  fakeRandom,
  isAlbEvent,
  type Chance,
  type FuzzTarget,
} from '@dr/handler-core';
import { trafficRouter } from '../handler';

const KEY = 'the-key';
const BODIES = [
  '1',
  '{"a":[1,2,{"b":null}]}',
  '"\\u00fc\\ud83d\\ude00"',
  ' [ 1e400 , -0 ] ',
  '{"__proto__":1,"constructor":{}}',
];
const STATUSES = [200, 204, 304, 400, 401, 404, 405, 412, 413, 415, 422];

interface Answer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
}

export const routerTarget: FuzzTarget = {
  world(chance) {
    const clock = new FakeClock();
    const [mumbai, singapore] = [new MemoryTable(), new MemoryTable()];
    const telemetry = createTelemetry({ clock, region: 'mumbai', functionName: 'r', write: () => undefined });
    const auth = { secrets: new FakeSecrets(JSON.stringify({ current: KEY })), secretName: 's' };
    const handler = trafficRouter({
      clock,
      random: fakeRandom(),
      telemetry,
      region: 'mumbai',
      table: mumbai,
      peers: [{ region: 'singapore', table: singapore }],
      auth,
    });
    const written = new Map<string, string>();
    let stamp = '';
    return {
      valid: () => validEvent(chance, stamp),
      async give(event) {
        await clock.advance(Math.floor(chance.next() * 20_000));
        mumbai.failure = chance.next() < 0.05 ? chance.pick(['throttled', 'unavailable', 'denied']) : undefined;
        try {
          const answer = (await handler(event)) as unknown as Answer;
          stamp = stampIn(answer) ?? stamp;
          return { outcome: String(answer.statusCode), wrong: wrongWith(event, answer, written) };
        } catch (error) {
          const isNone = !isAlbEvent(event) && String(error).includes('load balancer events only');
          return { outcome: 'no event', wrong: isNone ? undefined : `crash: ${String(error)}` };
        }
      },
    };
  },
};

function validEvent(chance: Chance, stamp: string): unknown {
  const method = chance.pick(['GET', 'PUT', 'PUT', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']);
  const path = chance.pick([
    '/items/a',
    '/items/a',
    '/items/b%3A1',
    '/items/constructor',
    '/items/a/versions',
    '/ready',
  ]);
  const body = method === 'PUT' ? chance.pick(BODIES) : '';
  const isBase64Encoded = chance.next() < 0.2;
  const optional = (name: string, value: string): object => (chance.next() < 0.2 ? { [name]: value } : {});
  const headers: Record<string, string> = {
    authorization: `Bearer ${KEY}`,
    'content-type': 'application/json',
    ...optional('idempotency-key', `k${Math.floor(chance.next() * 5)}`),
    ...optional('if-match', chance.pick(['*', `"${stamp}"`, `W/"${stamp}"`, `"x", "${stamp}"`])),
    ...optional('if-none-match', chance.pick(['*', `"${stamp}"`, '"x"'])),
  };
  const query = { ...optional('limit', chance.pick(['1', '2', '100'])), ...(stamp ? optional('before', stamp) : {}) };
  const common = { requestContext: { elb: { targetGroupArn: 'arn' } }, httpMethod: method, path, isBase64Encoded };
  const sent = { ...common, body: isBase64Encoded ? Buffer.from(body).toString('base64') : body };
  if (chance.next() < 0.8) return { ...sent, headers, queryStringParameters: query };
  const many = (all: object): object =>
    Object.fromEntries(Object.entries(all).map(([name, value]) => [name, ['x', value]]));
  return { ...sent, multiValueHeaders: many(headers), multiValueQueryStringParameters: many(query) };
}

function wrongWith(event: unknown, answer: Answer, written: Map<string, string>): string | undefined {
  const { statusCode, body } = answer;
  if (!STATUSES.includes(statusCode)) return `status ${statusCode}`;
  if (typeof body !== 'string' || Buffer.byteLength(JSON.stringify(answer)) > MAX_RESPONSE_BYTES) return 'no response';
  const { path, httpMethod, body: sent, isBase64Encoded } = event as Readonly<Record<string, unknown>>;
  const isOpen = path === '/ready';
  if (statusCode < 400 && !isOpen && !hasKey(event)) return 'a success without the key';
  const stamp = stampIn(answer);
  if (statusCode !== 200 || isOpen || stamp === undefined) return undefined;
  if (httpMethod === 'PUT' && typeof sent === 'string') {
    const text = isBase64Encoded === true ? Buffer.from(sent, 'base64').toString('utf8') : sent;
    if ((written.get(stamp) ?? text) !== text) return `another document was acknowledged under ${stamp}`;
    written.set(stamp, text);
    return undefined;
  }
  const expected = written.get(stamp);
  if (httpMethod !== 'GET' && httpMethod !== undefined) return undefined;
  return expected === undefined || body.endsWith(`"value":${expected}}`) ? undefined : `${stamp} came back changed`;
}

/** Looked for by other means than the handler does. */
function hasKey(event: unknown): boolean {
  const { headers, multiValueHeaders } = event as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  const given = Object.entries(headers ?? multiValueHeaders ?? {}).filter(
    ([name]) => name.toLowerCase() === 'authorization',
  );
  return given.some(([, value]) => {
    const text: unknown = Array.isArray(value) ? value.at(-1) : value;
    return typeof text === 'string' && text.trim().replace(/\s+/, ' ').toLowerCase() === `bearer ${KEY}`;
  });
}

/** Of one version; undefined when the answer shows none or many. */
function stampIn({ body }: Answer): string | undefined {
  try {
    const { timestamp } = JSON.parse(body) as { timestamp?: unknown };
    return typeof timestamp === 'string' ? timestamp : undefined;
  } catch {
    return undefined;
  }
}
