// node:http and node:https as a function sees them: requests go to the twin's network, never to a socket.
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import type { HttpRequest, HttpResponse } from '../http';
import type { HttpFailure } from '../site';
import type { Gate } from './gate';
import { IncomingAnswer, VirtualSocket } from './http-parts';
import type { VirtualTimers } from './virtual-timers';

export interface HttpTarget {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
}

/** The way out of an execution environment. A promise that never settles is a peer that never answers. */
export interface NetworkPort {
  connect(target: HttpTarget): Promise<'connected' | 'refused' | 'unknown-host'>;
  request(target: HttpTarget, request: HttpRequest): Promise<HttpResponse | HttpFailure>;
}

interface ClientOptions {
  readonly protocol?: string;
  readonly host?: string;
  readonly hostname?: string;
  readonly port?: number | string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

type OnResponse = (response: Readable) => void;

/** What one environment's requests share. Free connections are kept alive, as the SDK and Node do by default. */
interface Client {
  readonly port: NetworkPort;
  readonly gate: Gate;
  readonly timers: VirtualTimers;
  readonly free: Map<string, number>;
}

export interface HttpModules {
  readonly http: Readonly<Record<string, unknown>>;
  readonly https: Readonly<Record<string, unknown>>;
}

export function httpModules(port: NetworkPort, gate: Gate, timers: VirtualTimers): HttpModules {
  const client: Client = { port, gate, timers, free: new Map() };
  const moduleOf = (protocol: 'http' | 'https'): Readonly<Record<string, unknown>> => {
    const request = (...args: unknown[]): ClientRequest => new ClientRequest(client, protocol, args);
    const get = (...args: unknown[]): ClientRequest => {
      const sent = request(...args);
      sent.end();
      return sent;
    };
    return { request, get, Agent, globalAgent: new Agent(), STATUS_CODES: {}, METHODS: [], IncomingMessage: Readable };
  };
  return { http: moduleOf('http'), https: moduleOf('https') };
}

class Agent {
  readonly maxSockets: unknown;
  readonly keepAlive: unknown;
  readonly sockets = {};
  readonly freeSockets = {};
  readonly requests = {};

  constructor(options: Readonly<Record<string, unknown>> = {}) {
    this.maxSockets = options['maxSockets'] ?? Infinity;
    this.keepAlive = options['keepAlive'] ?? true;
  }
  destroy(): void {}
}

class ClientRequest extends EventEmitter {
  socket: VirtualSocket | undefined;
  destroyed = false;
  writableEnded = false;
  readonly method: string;
  readonly path: string;
  private readonly target: HttpTarget;
  private readonly headers: Record<string, string> = {};
  private readonly chunks: Buffer[] = [];
  private readonly signal: AbortSignal | undefined;
  private readonly onAbort = (): void => void this.destroy(abortError(this.signal));

  constructor(
    private readonly client: Client,
    protocol: 'http' | 'https',
    args: readonly unknown[],
  ) {
    super();
    const { options, onResponse } = readArguments(args);
    this.target = targetOf(protocol, options);
    this.method = (options.method ?? 'GET').toUpperCase();
    this.path = options.path ?? '/';
    for (const [name, value] of Object.entries(options.headers ?? {})) this.setHeader(name, value);
    if (onResponse) this.once('response', onResponse);
    this.signal = options.signal;
    if (this.signal?.aborted) process.nextTick(() => this.client.gate.guarded(this.onAbort));
    else this.signal?.addEventListener('abort', this.onAbort, { once: true });
    process.nextTick(() => this.client.gate.guarded(() => this.open(options.timeout)));
  }

  setHeader(name: string, value: unknown): this {
    this.headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : String(value);
    return this;
  }
  getHeader(name: string): string | undefined {
    return this.headers[name.toLowerCase()];
  }
  removeHeader(name: string): void {
    delete this.headers[name.toLowerCase()];
  }
  flushHeaders(): void {}
  setNoDelay(): void {}
  setSocketKeepAlive(): void {}

  setTimeout(delayMs: number, onTimeout?: () => void): this {
    if (onTimeout) this.once('timeout', onTimeout);
    const arm = (socket: VirtualSocket): void => void socket.setTimeout(delayMs, () => this.emit('timeout'));
    if (this.socket) arm(this.socket);
    else this.once('socket', arm);
    return this;
  }

  write(chunk: unknown, encoding?: unknown): boolean {
    this.chunks.push(bytesOf(chunk, encoding));
    return true;
  }

  end(chunk?: unknown, encoding?: unknown): this {
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') this.write(chunk, encoding);
    this.writableEnded = true;
    this.emit('finish');
    if (this.socket && !this.socket.connecting) this.send();
    return this;
  }

  abort(): void {
    this.destroy();
  }

  destroy(error?: Error): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.socket?.destroy();
    this.signal?.removeEventListener('abort', this.onAbort);
    const reason = error ?? Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    process.nextTick(() => {
      this.client.gate.pass(() => {
        if (this.listenerCount('error') > 0 || error) this.emit('error', reason);
        this.emit('close');
      });
    });
    return this;
  }

  private open(timeoutMs: number | undefined): void {
    if (this.destroyed) return;
    const { client } = this;
    const socket = new VirtualSocket(client.timers);
    this.socket = socket;
    const key = keyOf(this.target);
    const kept = client.free.get(key) ?? 0;
    socket.connecting = kept === 0;
    if (timeoutMs) this.setTimeout(timeoutMs);
    this.emit('socket', socket);
    if (kept > 0) {
      client.free.set(key, kept - 1);
      if (this.writableEnded) this.send();
      return;
    }
    void client.port.connect(this.target).then((outcome) => client.gate.pass(() => this.connected(socket, outcome)));
  }

  private connected(socket: VirtualSocket, outcome: 'connected' | 'refused' | 'unknown-host'): void {
    if (this.destroyed) return;
    if (outcome !== 'connected') return void this.destroy(failure(outcome, this.target));
    socket.connecting = false;
    socket.emit('connect');
    socket.emit('secureConnect');
    if (this.writableEnded) this.send();
  }

  private send(): void {
    if (this.destroyed) return;
    const body = this.chunks.length === 1 ? (this.chunks[0] as Buffer) : Buffer.concat(this.chunks);
    if (!this.headers['host']) this.headers['host'] = this.target.host;
    const request: HttpRequest = { method: this.method, path: this.path, headers: this.headers, body };
    const { port, gate } = this.client;
    void port.request(this.target, request).then((answer) => gate.pass(() => this.answered(answer)));
  }

  private answered(answer: HttpResponse | HttpFailure): void {
    if (this.destroyed) return;
    if (typeof answer === 'string') return void this.destroy(failure(answer, this.target));
    const key = keyOf(this.target);
    this.client.free.set(key, (this.client.free.get(key) ?? 0) + 1);
    this.socket?.setTimeout(0);
    this.signal?.removeEventListener('abort', this.onAbort);
    const response = new IncomingAnswer(answer, this.socket);
    response.once('end', () => this.emit('close'));
    if (!this.emit('response', response)) response.resume();
  }
}

/** (url[, options][, callback]) or (options[, callback]), as in Node. */
function readArguments(args: readonly unknown[]): { options: ClientOptions; onResponse: OnResponse | undefined } {
  const onResponse = args.find((argument) => typeof argument === 'function') as OnResponse | undefined;
  const [first, second] = args;
  const extra = typeof second === 'object' && second !== null ? (second as ClientOptions) : {};
  if (typeof first !== 'string' && !(first instanceof URL)) {
    return { options: (first ?? {}) as ClientOptions, onResponse };
  }
  const { hostname, port, pathname, search } = new URL(first);
  return { options: { hostname, port, path: pathname + search, ...extra }, onResponse };
}

function targetOf(protocol: 'http' | 'https', options: ClientOptions): HttpTarget {
  const port = Number(options.port) || (protocol === 'https' ? 443 : 80);
  return { protocol, host: (options.hostname ?? options.host ?? 'localhost').toLowerCase(), port };
}

const keyOf = (target: HttpTarget): string => `${target.protocol}://${target.host}:${target.port}`;

function bytesOf(chunk: unknown, encoding: unknown): Buffer {
  if (typeof chunk !== 'string') return Buffer.from(chunk as Uint8Array);
  return Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
}

const CODES: Readonly<Record<HttpFailure | 'unknown-host', string>> = {
  refused: 'ECONNREFUSED',
  'connect-timeout': 'ETIMEDOUT',
  'response-timeout': 'ETIMEDOUT',
  'unknown-host': 'ENOTFOUND',
  'bad-certificate': 'CERT_HAS_EXPIRED',
};

function failure(kind: HttpFailure | 'unknown-host', { host, port }: HttpTarget): Error {
  const code = CODES[kind];
  if (kind === 'bad-certificate') return Object.assign(new Error('certificate has expired'), { code, host, port });
  const syscall = code === 'ENOTFOUND' ? 'getaddrinfo' : 'connect';
  return Object.assign(new Error(`${syscall} ${code} ${host}:${port}`), { code, syscall, hostname: host, port });
}

const abortError = (signal: AbortSignal | undefined): Error =>
  Object.assign(new Error('The operation was aborted', { cause: signal?.reason }), {
    name: 'AbortError',
    code: 'ABORT_ERR',
  });
