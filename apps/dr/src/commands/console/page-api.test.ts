// Who is answered, what is served, and what a wish that makes no sense gets.
import { InputError } from '@dr/contracts';
import { pageApi, type Controls } from './page-api';
import type { Asked, Given } from './ports';

const PORT = 8_080;
const HOST = `127.0.0.1:${PORT}`;

function page() {
  const done: unknown[][] = [];
  const note =
    (what: string) =>
    async (...args: unknown[]): Promise<void> =>
      void done.push([what, ...args]);
  const controls: Controls = {
    begin: note('begin'),
    end: () => Promise.reject(new InputError('fault "7"', 'is not in force', 'In force: none')),
    endAll: note('end-all'),
    order: note('order'),
    speed: note('speed'),
    pause: note('pause'),
    resume: note('resume'),
  };
  const api = pageApi({
    page: '<p>the page',
    endpoints: { dns: 1 },
    open: () => () => undefined,
    log: () => ['{"kind":"log"}\n'],
    controls,
  });
  const ask = (asked: Partial<Asked> = {}): Promise<Exclude<Given, 'nothing'>> =>
    api({
      method: 'GET',
      path: '/',
      body: Buffer.alloc(0),
      port: PORT,
      ...asked,
      headers: { host: HOST, ...asked.headers },
    }) as Promise<Exclude<Given, 'nothing'>>;
  const steer = (command: unknown, headers: Record<string, string> = {}) =>
    ask({
      method: 'POST',
      path: '/control',
      headers: { 'content-type': 'application/json', 'x-dr-console': '1', ...headers },
      body: Buffer.from(typeof command === 'string' ? command : JSON.stringify(command)),
    });
  return { ask, steer, done };
}

test.each(['/', '/?from=a-link', '/endpoints', '/events', '/log'])('%s is served', async (path) => {
  const given = await page().ask({ path });
  expect(given.status).toBe(200);
  expect(given.headers).toMatchObject({
    'content-security-policy': "frame-ancestors 'none'",
    'cache-control': 'no-store',
  });
});

test.each([
  ...['/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc%2fpasswd', '//etc/passwd', '/log/', '/Log'],
  ...['/index.html', '/favicon.ico', '/./', '/%00', '/control', '/events/../log'],
])('%s is nowhere', async (path) => {
  expect(await page().ask({ path })).toMatchObject({ status: 404, body: 'There is nothing here.\n' });
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE'])('%s changes and reads nothing', async (method) => {
  for (const path of ['/', '/log', '/endpoints']) expect((await page().ask({ method, path })).status).toBe(404);
});

test.each([
  ['localhost', {}],
  ['127.0.0.1', { origin: `http://${HOST}` }],
  ['[::1]', {}],
  ['LOCALHOST', { 'sec-fetch-site': 'same-origin' }],
  ['127.0.0.1', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
])('%s with %j is answered', async (name, headers) => {
  expect((await page().ask({ headers: { host: `${name}:${PORT}`, ...headers } })).status).toBe(200);
});

test.each<[string, Record<string, string>]>([
  ['a foreign host', { host: 'evil.example' }],
  ['a foreign host on this port', { host: `evil.example:${PORT}` }],
  ['another port', { host: '127.0.0.1:1' }],
  ['no port', { host: '127.0.0.1' }],
  ['a host that only begins alike', { host: `127.0.0.1:${PORT}.evil.example` }],
  ['a host that only ends alike', { host: `evil.127.0.0.1:${PORT}` }],
  ['another loopback address', { host: `127.0.0.2:${PORT}` }],
  ['no host', { host: '' }],
  ['a foreign origin', { origin: 'http://evil.example' }],
  ['no page', { origin: 'null' }],
  ['another port of this machine', { origin: 'http://127.0.0.1:3000' }],
  ['HTTPS', { origin: `https://${HOST}` }],
  ['a picture in another page', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
  ['a page on another port', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }],
])('%s is refused in one sentence, and steers nothing', async (_, headers) => {
  const { ask, steer, done } = page();
  for (const given of [await ask({ headers }), await steer({ do: 'pause' }, headers)]) {
    expect(given.status).toBe(403);
    expect((given as { body: string }).body).toMatch(/^[^\n]+\.\n$/);
  }
  expect(done).toEqual([]);
});

test('each wish is passed on as it came', async () => {
  const { steer, done } = page();
  const fault = { kind: 'region-dark', region: 'mumbai' };
  const wishes = [
    { do: 'begin', fault, seconds: 300 },
    { do: 'begin', fault },
    { do: 'end-all' },
    { do: 'order', order: 'evacuate', region: 'mumbai', via: 'singapore' },
    { do: 'speed', asked: 10 },
    { do: 'pause' },
    { do: 'resume' },
  ];
  for (const wish of wishes) expect(await steer(wish)).toMatchObject({ status: 204, body: '' });
  expect(done).toEqual([
    ['begin', fault, 300],
    ['begin', fault, undefined],
    ['end-all'],
    ['order', { order: 'evacuate', region: 'mumbai', via: 'singapore' }],
    ['speed', 10],
    ['pause'],
    ['resume'],
  ]);
});

test.each<[string, unknown, Record<string, string>, number, RegExp]>([
  ['without the header', { do: 'pause' }, { 'x-dr-console': '' }, 403, /"x-dr-console: 1" is missing/],
  ['of a form', { do: 'pause' }, { 'content-type': 'text/plain' }, 415, /is not application\/json/],
  ['no JSON', '{', {}, 400, /^the request: is not JSON/],
  ['a list', [], {}, 400, /^the request: is not an object/],
  ['null', null, {}, 400, /^the request: is not an object/],
  ['nothing to do', {}, {}, 400, /^do: is missing: nothing has that name. Use one of begin, end/],
  ['something else', { do: 'toString' }, {}, 400, /^do: "toString": nothing has that name/],
  ['a number', { do: 7 }, {}, 400, /^do: 7: nothing/],
  ['a key too many', { do: 'pause', for: 3 }, {}, 400, /^pause: unknown key "for"/],
  ['what is refused below', { do: 'end', id: '7' }, {}, 400, /^fault "7": is not in force/],
  ['too much', `"${'x'.repeat(70_000)}"`, {}, 413, /has more than 65536 bytes/],
])('a wish: %s', async (_, wish, headers, status, error) => {
  const { steer, done } = page();
  const given = (await steer(wish, headers)) as { status: number; body: string };
  expect(given.status).toBe(status);
  expect((JSON.parse(given.body) as { error: string }).error).toMatch(error);
  expect(done).toEqual([]);
});
