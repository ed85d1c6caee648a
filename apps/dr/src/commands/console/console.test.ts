// A console as people have it: its page, its sockets, and what it refuses. A process of its own, and real sockets.
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_POPULATIONS, type DrillReport } from '@dr/contracts';
import { readLog, type EventOf } from '@dr/event-log';
import { RunLog, worstOf } from '@dr/player';
import { departures, unseen } from '../../terminal/json-shape';
import { curl, dig, startConsole, steer, until, watch, type Console } from '../../testing/console-process';
import { ENDPOINTS_JSON } from './json-shape';

const directory = mkdtempSync(join(tmpdir(), 'dr-console-'));
afterAll(() => rmSync(directory, { recursive: true }));
const LOAD = ['--clients', '40', '--rate', '8'];

/** The region that DNS answers near another one, as the page was told last. */
const answered = (events: readonly { readonly kind: string }[], from: string): string | undefined =>
  events
    .filter((event): event is EventOf<'dns-answer'> => event.kind === 'dns-answer')
    .filter((event) => event.from === from && event.name === 'app.example.com')
    .at(-1)?.regions[0];

/** What dig says: the region's own word in the answer, and the address. */
async function dug({ dns }: Console['endpoints'], near: string) {
  const port = dns.vantages.find(({ region }) => region === near)?.port ?? 0;
  const { answers = [], additionals = [] } = await dig(port, dns.name);
  const texts = additionals.flatMap((record) => (record.type === 'TXT' ? [record.data].flat().map(String) : []));
  return { region: texts[0]?.split('=')[1], addresses: answers.map((one) => (one.type === 'A' ? one.data : one.type)) };
}

test('one truth: what is broken by hand moves clients within the bound of a drill, and page, curl, dig, aws and log agree', async () => {
  const file = join(directory, 'console.jsonl');
  const running = await startConsole(['--speed', '100', '--events', file, ...LOAD]);
  const { endpoints } = running;
  expect({
    departures: departures({ schema: 1, ...endpoints }, ENDPOINTS_JSON),
    unseen: unseen([{ schema: 1, ...endpoints }], ENDPOINTS_JSON),
  }).toEqual({ departures: [], unseen: [] });
  const [mumbai, singapore] = endpoints.regions as [
    Console['endpoints']['regions'][number],
    (typeof endpoints.regions)[number],
  ];
  const page = watch(endpoints.page);
  const atMs = (): number => (page.latest('clock') as { atMs: number } | undefined)?.atMs ?? 0;
  await until(() => atMs() > 60_000);
  const before = await dug(endpoints, 'mumbai');
  expect(before).toEqual({ region: answered(page.events, 'mumbai'), addresses: [mumbai.answersAs] });
  expect(await curl(mumbai.loadBalancer, '/health')).toMatchObject({
    status: 200,
    body: expect.stringContaining('"mumbai"') as string,
  });

  expect((await steer(endpoints.page, { do: 'begin', fault: { kind: 'region-dark', region: 'mumbai' } })).status).toBe(
    204,
  );
  await until(() => (page.latest('given') as { faults: unknown[] }).faults.length === 1);
  // Nothing answers, for a minute of virtual time; the region that lives does.
  expect((await curl(mumbai.loadBalancer, '/health')).status).toBe(0);
  expect((await curl(singapore.loadBalancer, '/health')).status).toBe(200);
  await until(() => answered(page.events, 'mumbai') === 'singapore');
  expect(await dug(endpoints, 'mumbai')).toEqual({ region: 'singapore', addresses: [singapore.answersAs] });
  const movedMs = atMs();
  await until(() => atMs() > movedMs + 60_000);
  expect((await steer(endpoints.page, { do: 'end-all' })).status).toBe(204);
  await until(() => answered(page.events, 'mumbai') === 'mumbai');
  expect((await dug(endpoints, 'mumbai')).addresses).toEqual([mumbai.answersAs]);
  const backMs = atMs();
  await until(() => atMs() > backMs + 100_000);

  expect(await running.end('SIGINT')).toBe(130);
  expect(running.leftBehind()).toEqual([]);
  const log = new RunLog(readLog(readFileSync(file, 'utf8'), file));
  expect(log.header).toMatchObject({
    run: 'live',
    faults: [],
    orders: [],
    clients: 40,
    populations: DEFAULT_POPULATIONS,
    predicted: { worstClientSeconds: 57 },
  });
  expect(log.end).toMatchObject({ passed: true, reasons: [] });
  // What other clients met is said apart, with their own percentiles.
  expect(running.said()).toMatch(
    /Other clients, whom the promise is not about:\n +affected +p50 +p95 +worst +bound\n(?:keeps|stretches|far) /,
  );
  expect([...log.clients.apart.keys()].sort()).toEqual(['far', 'keeps', 'stretches']);
  // The page was told of every event, in order, and how it ended.
  expect(JSON.stringify(page.events)).toBe(JSON.stringify(log.events));
  expect(page.latest('end')).toEqual(log.end);

  const drill = ['drill', ...LOAD, '--duration', '100', '--json'];
  const { rto, predicted } = JSON.parse(
    execFileSync(process.execPath, ['dist/dr/main.js', ...drill]).toString(),
  ) as DrillReport;
  const live = ((worstOf(log)?.atMs ?? Infinity) - (log.firstFaultMs ?? 0)) / 1000;
  const bound = log.header.predicted?.worstClientSeconds ?? 0;
  expect(bound).toBe(predicted.worstClientSeconds);
  for (const seconds of [live, rto?.worstSeconds ?? Infinity]) {
    expect(seconds).toBeGreaterThan(bound / 2);
    expect(seconds).toBeLessThanOrEqual(bound);
  }
});

describe('a console that little happens on', () => {
  let running: Console;
  beforeAll(async () => {
    running = await startConsole(['--clients', '2', '--rate', '0.5', '--populations', 'none', '--open'], 0, {
      PATH: directory,
    });
  });
  afterAll(async () => {
    expect(await running.end('SIGTERM')).toBe(143);
    expect(running.leftBehind()).toEqual([]);
  });
  const origins = (): string[] => [
    running.endpoints.page,
    ...running.endpoints.regions.flatMap(({ loadBalancer, dynamodb }) => [loadBalancer, dynamodb]),
  ];

  test('where there is no browser, it says so and goes on', async () => {
    await until(() => running.said().includes('browser'));
    const said = `There is no browser to show ${running.endpoints.page}/ in: open it yourself.`;
    expect(running.said().split('\n')).toContain(said);
    expect((await curl(running.endpoints.page, '/')).status).toBe(200);
  });

  test('every listener refuses a foreign host and a foreign origin', async () => {
    for (const origin of origins()) {
      for (const headers of [
        { host: 'evil.example' },
        { origin: 'http://evil.example' },
        { host: `evil.example:${new URL(origin).port}` },
      ])
        expect([origin, headers, (await curl(origin, '/', { headers })).status]).toEqual([origin, headers, 403]);
    }
  });

  test('the page serves nothing outside of it, and steers for nobody without its header', async () => {
    const { page } = running.endpoints;
    for (const path of ['/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc/passwd', '/dr.config.ts'])
      expect(await curl(page, path)).toMatchObject({ status: 404 });
    const headers = { 'content-type': 'application/json' };
    expect((await curl(page, '/control', { method: 'POST', headers, body: '{"do":"pause"}' })).status).toBe(403);
  });

  test("the load balancer answers to the system's names, takes what an item may have, and refuses more", async () => {
    const { apiKey, regions } = running.endpoints;
    const [{ loadBalancer = '' } = {}] = regions;
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
    const put = await curl(loadBalancer, '/items/from-curl', { method: 'PUT', headers, body: '{"a":1}' });
    expect(put).toMatchObject({ status: 200, headers: { 'x-data-region': 'mumbai' } });
    const named = { ...headers, host: 'app.example.com' };
    expect(JSON.parse((await curl(loadBalancer, '/items/from-curl', { headers: named })).body)).toMatchObject({
      value: { a: 1 },
    });
    expect((await curl(loadBalancer, '/items/from-curl')).status).toBe(401);
    expect((await curl(loadBalancer, '/items/from-curl', { method: 'HEAD', headers })).body).toBe('');
    const expecting = { ...headers, expect: '100-continue' };
    expect(
      (await curl(loadBalancer, '/items/big', { method: 'PUT', headers: expecting, body: '{"a":2}' })).status,
    ).toBe(200);
    const big = await curl(loadBalancer, '/items/big', { method: 'PUT', headers, body: 'x'.repeat((1 << 20) + 1) });
    expect(big).toMatchObject({ status: 413, headers: { connection: 'close' } });
  });

  test('DynamoDB answers as the AWS command line expects, whoever signs, and feels what is in force', async () => {
    const { page, regions } = running.endpoints;
    const [{ dynamodb = '', table = '' } = {}] = regions;
    const call = (operation: string, input: object) =>
      curl(dynamodb, '/', {
        method: 'POST',
        headers: { 'x-amz-target': `DynamoDB_20120810.${operation}`, 'content-type': 'application/x-amz-json-1.0' },
        body: JSON.stringify(input),
      });
    expect(JSON.parse((await call('ListTables', {})).body)).toEqual({ TableNames: [table] });
    expect(JSON.parse((await call('DescribeTable', { TableName: table })).body)).toMatchObject({
      Table: { TableName: table },
    });
    expect(JSON.parse((await call('Scan', { TableName: table })).body)).toMatchObject({
      Items: expect.any(Array) as unknown[],
    });
    expect(await call('GetItem', { TableName: 'none', Key: { id: { S: 'a' } } })).toMatchObject({ status: 400 });
    expect(await call('DropEverything', {})).toMatchObject({
      status: 400,
      body: expect.stringContaining('UnknownOperation') as string,
    });
    const broken = await curl(dynamodb, '/', {
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.Scan' },
      body: '{',
    });
    expect(broken).toMatchObject({ status: 400, body: expect.stringContaining('SerializationException') as string });
    const fault = { kind: 'dynamodb-throttled', region: 'mumbai' };
    await steer(page, { do: 'begin', fault, seconds: 7_200 });
    expect(await call('Scan', { TableName: table })).toMatchObject({
      status: 400,
      body: expect.stringContaining('Throttling') as string,
    });
    await steer(page, { do: 'end-all' });
    expect((await call('Scan', { TableName: table })).status).toBe(200);
  });

  test('time can be stopped, and goes on; what makes no sense is refused in words', async () => {
    const { page } = running.endpoints;
    const seen = watch(page);
    const clock = () => seen.latest('clock') as { atMs: number; asked: number; paused: boolean } | undefined;
    await until(() => clock() !== undefined);
    expect((await steer(page, { do: 'speed', asked: 20 })).status).toBe(204);
    await until(() => clock()?.asked === 20);
    for (const asked of [0, 101, '10', null]) expect((await steer(page, { do: 'speed', asked })).status).toBe(400);
    expect((await steer(page, { do: 'pause' })).status).toBe(204);
    await until(() => clock()?.paused === true);
    const stoodMs = clock()?.atMs ?? NaN;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(clock()?.atMs).toBe(stoodMs);
    await steer(page, { do: 'resume' });
    await until(() => (clock()?.atMs ?? 0) > stoodMs);
    const { status, body } = await steer(page, { do: 'begin', fault: { kind: 'meteor', region: 'mumbai' } });
    expect([status, (JSON.parse(body) as { error: string }).error]).toEqual([
      400,
      expect.stringMatching(/^fault\.kind "meteor": .*Use one of/),
    ]);
    seen.close();
  });

  test('the log so far is a log that was cut off', async () => {
    const { body, headers } = await curl(running.endpoints.page, '/log');
    expect(headers['content-disposition']).toMatch(/attachment/);
    const { header, events, end } = readLog(body, 'log');
    expect({ run: header.run, end }).toEqual({ run: 'live', end: null });
    expect(header.populations).toBeUndefined();
    expect(events.filter((event) => 'population' in event)).toEqual([]);
    expect(events.length).toBeGreaterThan(10);
  });
});

test('shares that make no sense are refused before anything runs, as those of a drill', async () => {
  const refused = startConsole(['--populations', 'keeps=2']);
  await expect(refused).rejects.toThrow(/ended with 2: .*--populations "keeps=2": the share "2" of keeps is none/s);
});

test('a port that is taken: the next free one, and it is said; two consoles at once do not meet', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const quiet = ['--clients', '2', '--rate', '0.5'];
  const first = await startConsole(quiet, port);
  const second = await startConsole(quiet, port);
  const portsOf = ({ endpoints: { page, dns, regions } }: Console): string[] => [
    ...[page, ...regions.flatMap(({ loadBalancer, dynamodb }) => [loadBalancer, dynamodb])].map(
      (one) => new URL(one).port,
    ),
    ...dns.vantages.map((one) => String(one.port)),
  ];
  const all = [...portsOf(first), ...portsOf(second)];
  expect(new Set(all).size).toBe(all.length);
  for (const one of [first, second]) {
    expect(one.said()).toMatch(new RegExp(`^Port ${port} is taken: the page is at \\d+\\.$`, 'm'));
    expect((await curl(one.endpoints.page, '/')).status).toBe(200);
    expect((await dig(one.endpoints.dns.port, 'app.example.com')).answers).toHaveLength(1);
  }
  expect(await first.end()).toBe(130);
  expect(await second.end()).toBe(130);
  other.close();
  for (const one of [first, second]) expect(one.leftBehind()).toEqual([]);
});
