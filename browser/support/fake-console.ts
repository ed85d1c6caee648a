// A console for tests that plays a recorded log, so that a page can be looked at in states that no real console comes into when it is told:
// the connection lost, the run cut off, a command refused.
import type { LogFile } from '@dr/event-log';
import { livePageOf, type PlayerAssets } from '@dr/player';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const TICK_MS = 100;
const SLICE = 2_000;

export interface FakeConsole {
  readonly url: string;
  /** Bodies of what was asked of it. */
  readonly asked: unknown[];
  /** Ends every connection; a page may come again after `forMs`. */
  drop(forMs: number): void;
  say(kind: string, data: unknown): void;
  close(): Promise<void>;
}

/** `fromMs`: instant of the log at which it begins. Whoever asks for an order is refused. */
export async function fakeConsole(assets: PlayerAssets, log: LogFile, speed: number, fromMs = 0): Promise<FakeConsole> {
  const { header, events, end } = log;
  const live = { ...header, run: 'live' as const };
  const streams = new Set<ServerResponse>();
  const asked: unknown[] = [];
  let atMs = fromMs;
  let sent = events.filter((event) => event.atMs <= atMs).length;
  let closedUntilMs = 0;
  const write = (stream: ServerResponse, kind: string, data: unknown): void => {
    stream.write(`event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const say = (kind: string, data: unknown): void => streams.forEach((stream) => write(stream, kind, data));
  const clock = () => ({ atMs, asked: speed, reached: speed * 0.8, behindMs: 1_200, paused: false, events: sent });
  const given = () => ({ faults: inForce(events.slice(0, sent)), orders: [] });

  const timer = setInterval(() => {
    if (end && atMs >= end.atMs) return;
    atMs += TICK_MS * speed;
    const from = sent;
    while (sent < events.length && (events[sent] as { atMs: number }).atMs <= atMs) sent += 1;
    const next = events.slice(from, sent);
    if (next.length > 0) say('events', next);
    if (next.some(({ kind }) => kind.startsWith('fault-'))) say('given', given());
    say('clock', clock());
    if (end && atMs >= end.atMs) say('end', end);
  }, TICK_MS);

  const stream = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 300\n\n');
    write(response, 'log', live);
    write(response, 'clock', clock());
    for (let from = 0; from < sent; from += SLICE)
      write(response, 'events', events.slice(from, Math.min(sent, from + SLICE)));
    write(response, 'given', given());
    if (end && atMs >= end.atMs) write(response, 'end', end);
    streams.add(response);
    response.on('close', () => streams.delete(response));
  };
  const control = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const command = JSON.parse(body) as { do: string };
    asked.push(command);
    const refused = command.do === 'order';
    response.writeHead(refused ? 400 : 204, { 'content-type': 'application/json' });
    response.end(refused ? JSON.stringify({ error: 'No order can be given: this run is a recording.' }) : undefined);
  };
  const server = createServer((request, response) => {
    if (Date.now() < closedUntilMs) return void response.destroy();
    if (request.url === '/events') return stream(response);
    if (request.url === '/control') return void control(request, response);
    if (request.url === '/endpoints') return void response.end(JSON.stringify(endpointsOf(log)));
    if (request.url === '/') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      return void response.end(livePageOf(assets, { assumptions: ['one'] }));
    }
    response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const drop = (forMs: number): void => {
    closedUntilMs = Date.now() + forMs;
    server.closeAllConnections();
  };
  const close = async (): Promise<void> => {
    clearInterval(timer);
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked, drop, say, close };
}

type Event = LogFile['events'][number];

function inForce(events: readonly Event[]) {
  const begun = events.filter(({ kind }) => kind === 'fault-start').length;
  const faults = events.flatMap((event) => (event.kind === 'fault-start' && 'fault' in event ? [event.fault] : []));
  const over = events.filter(({ kind }) => kind === 'fault-end').length;
  return faults.slice(over, begun).map((fault, index) => ({ id: String(over + index + 1), fault, endsAtMs: null }));
}

function endpointsOf({ header }: LogFile) {
  return {
    dns: {
      ...{ address: '127.0.0.1', port: 5300, name: header.domain },
      vantages: header.regions.map(({ name }, index) => ({ region: name, port: 5300 + index })),
    },
    regions: header.regions.map(({ name, awsRegion }, index) => ({
      ...{ name, awsRegion, loadBalancer: `http://127.0.0.1:${8081 + index}`, answersAs: `127.0.1.${index + 1}` },
      ...{ dynamodb: `http://127.0.0.1:${8091 + index}`, table: 'dr-items' },
    })),
    apiKey: 'key-of-this-run',
    choices: {
      faults: [
        { kind: 'region-dark', title: 'the region loses power', needs: ['region'] },
        { kind: 'lambda-errors', title: 'the function fails every invocation', needs: ['region', 'functionName'] },
        { kind: 'link-cut', title: 'packets from one place to another vanish', needs: ['from', 'to'] },
        { kind: 'us-east-1-down', title: 'the services in us-east-1 stop', needs: [] },
      ],
      ...{ functions: ['traffic-router', 'health-checker'], orders: ['evacuate', 'readmit'], maxSpeed: 100 },
    },
  };
}
