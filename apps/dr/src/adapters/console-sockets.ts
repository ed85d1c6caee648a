// A console's sockets: HTTP and DNS on 127.0.0.1, each on the port that was asked for or the next free one.
import { InputError } from '@dr/contracts';
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type {
  Asked,
  ConsoleWorld,
  DnsAnswering,
  Given,
  HttpAnswer,
  HttpOptions,
  Listening,
} from '../commands/console/ports';
import type { Interruptions } from './interruptions';

const HOST = '127.0.0.1';
const PORTS_TRIED = 100;
const LAST_PORT = 65_535;
const MAX_CONNECTIONS = 256;
const REQUEST_LIMIT_MS = 30_000;
const IDLE_MS = 10_000;
const LINES_BYTES = 1 << 16;
/** RFC 1035: what fits in a datagram whose sender says nothing else, and what the length of a message over TCP can say. */
const [UDP_BYTES, TCP_BYTES] = [512, 65_535] as const;
const BROWSER_LIMIT_MS = 3_000;

export const consoleWorld = (interruptions: Interruptions): ConsoleWorld => ({
  http,
  dns,
  browse,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  holdInterruptions: () => interruptions.hold({ needsReader: true }),
});

/** Throws InputError when there is none. Of 0 the system picks one; for DNS it may be one that TCP has no room on, and it picks again. */
async function onFreePort<T>(wanted: number, listen: (port: number) => Promise<T>): Promise<T> {
  const last = Math.min(wanted + PORTS_TRIED - 1, LAST_PORT);
  for (let tried = wanted; tried <= last; tried += 1) {
    const port = wanted === 0 ? 0 : tried;
    try {
      return await listen(port);
    } catch (cause) {
      const { code = 'unknown' } = cause as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE') continue;
      const why = code === 'EACCES' ? 'may not be used by this user' : `cannot be listened on (${code})`;
      throw new InputError(`port ${port}`, why, 'Name another one with --port, from 1024 on', { cause });
    }
  }
  const what =
    wanted === 0 ? 'stands for any free one, and none was found' : `is taken, and so is every one up to ${last}`;
  throw new InputError(`port ${wanted}`, what, 'Name another one with --port');
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: HOST, port, exclusive: true }, () => {
      server.off('error', reject);
      // A connection that cannot be accepted is no end of all others.
      server.on('error', () => undefined);
      resolve(portOf(server.address()));
    });
  });
}

const portOf = (address: ReturnType<Server['address']>): number =>
  typeof address === 'object' && address !== null ? address.port : 0;

function http(wanted: number, answer: HttpAnswer, options: HttpOptions): Promise<Listening> {
  return onFreePort(wanted, async (asked) => {
    const server = createHttpServer({ requestTimeout: REQUEST_LIMIT_MS }, (request, response) => {
      void respond(request, response, answer, options);
    });
    server.maxConnections = MAX_CONNECTIONS;
    const port = await listening(server, asked);
    const close = (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    return { port, close };
  });
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: HttpAnswer,
  { maxBodyBytes }: HttpOptions,
): Promise<void> {
  // Whoever has gone is told nothing.
  response.on('error', () => undefined);
  try {
    const body = await bodyOf(request, maxBodyBytes);
    if (body.length > maxBodyBytes) response.setHeader('connection', 'close');
    const given = await answer(askedIn(request, body));
    if (response.destroyed) return;
    await send(given, response);
  } catch (error) {
    if (response.destroyed) return;
    if (response.headersSent) return void response.destroy();
    response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}

/** What comes after `maxBytes` and one more is dropped. Rejects when the sender goes before the end. */
function bodyOf(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      if (bytes > maxBytes) return;
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > maxBytes) resolve(Buffer.concat(chunks).subarray(0, maxBytes + 1));
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('close', () => reject(new Error('the request was not finished')));
  });
}

function askedIn(request: IncomingMessage, body: Buffer): Asked {
  const { method = '', url = '', rawHeaders, socket } = request;
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    headers[(rawHeaders[at] ?? '').toLowerCase()] = rawHeaders[at + 1] ?? '';
  // A proxy is asked with the whole address.
  const path = url.replace(/^https?:\/\/[^/?#]*/i, '');
  return { method, path: path.startsWith('/') ? path : `/${path}`, headers, body, port: socket.localPort ?? 0 };
}

async function send(given: Given, response: ServerResponse): Promise<void> {
  if (given === 'nothing') return void response.destroy();
  response.writeHead(given.status, given.headers);
  if ('body' in given) return void response.end(given.body);
  if ('lines' in given) return pipeline(Readable.from(inChunks(given.lines)), response);
  const outlet = {
    get isFull() {
      return response.writableNeedDrain;
    },
    write: (text: string) => void response.write(text),
    end: () => void response.end(),
  };
  response.on('close', given.open(outlet));
}

function* inChunks(lines: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += line;
    if (chunk.length < LINES_BYTES) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

function dns(wanted: number, answer: DnsAnswering): Promise<Listening> {
  return onFreePort(wanted, async (asked) => {
    const udp = createSocket('udp4');
    const port = await new Promise<number>((resolve, reject) => {
      udp.once('error', reject);
      udp.bind({ address: HOST, port: asked, exclusive: true }, () => {
        udp.off('error', reject);
        // A reply that cannot be sent is lost, as datagrams are.
        udp.on('error', () => undefined);
        resolve(udp.address().port);
      });
    });
    udp.on('message', (message, from) => {
      const reply = answer(message, UDP_BYTES);
      if (reply) udp.send(reply, from.port, from.address, () => undefined);
    });
    const connections = new Set<Socket>();
    const tcp = createServer((socket) => {
      connections.add(socket);
      socket.on('close', () => connections.delete(socket));
      serveTcp(socket, answer);
    });
    tcp.maxConnections = MAX_CONNECTIONS;
    try {
      await listening(tcp, port);
    } catch (error) {
      udp.close();
      throw error;
    }
    const close = async (): Promise<void> => {
      for (const socket of connections) socket.destroy();
      await Promise.all([new Promise((done) => tcp.close(done)), new Promise<void>((done) => udp.close(done))]);
    };
    return { port, close };
  });
}

/** Messages one after another, each behind its length. */
function serveTcp(socket: Socket, answer: DnsAnswering): void {
  let waiting = Buffer.alloc(0);
  socket.setTimeout(IDLE_MS, () => socket.destroy());
  socket.on('error', () => undefined);
  socket.on('data', (data: Buffer) => {
    waiting = Buffer.concat([waiting, data]);
    while (waiting.length >= 2) {
      const end = 2 + waiting.readUInt16BE(0);
      if (waiting.length < end) return;
      const reply = answer(waiting.subarray(2, end), TCP_BYTES);
      waiting = waiting.subarray(end);
      if (!reply) return void socket.destroy();
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      // Whoever asks without reading the answers is not waited for.
      if (!socket.write(Buffer.concat([length, reply]))) return void socket.destroy();
    }
  });
}

function browse(address: string): Promise<boolean> {
  const [command, ...before] = BROWSERS[process.platform] ?? ['xdg-open'];
  return new Promise((resolve) => {
    const browser = spawn(command ?? '', [...before, address], { stdio: 'ignore', detached: true });
    // One that is still there after that is showing it.
    const timer = setTimeout(() => resolve(true), BROWSER_LIMIT_MS);
    const is = (shown: boolean): void => {
      clearTimeout(timer);
      resolve(shown);
    };
    browser.on('error', () => is(false));
    browser.on('exit', (code) => is(code === 0));
    browser.unref();
  });
}

const BROWSERS: Readonly<Record<string, readonly string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};
