// A console as a process of its own, and what curl and dig would ask it. For tests.
import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { request, type OutgoingHttpHeaders } from 'node:http';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { LoggedEvent } from '@dr/event-log';
import { decode, encode, type DecodedPacket } from 'dns-packet';
import type { Endpoints } from '../commands/console/endpoints';

const root = resolve(__dirname, '../../../..');

/** A test that fails ends no console of its own. */
const alive = new Set<ChildProcess>();
afterAll(() => alive.forEach((child) => child.kill('SIGKILL')));

export interface Console {
  readonly child: ChildProcess;
  readonly endpoints: Endpoints;
  /** What it has said on stderr. */
  said(): string;
  /** Sends a signal; resolves to the exit code, or the signal that killed it. */
  end(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
  /** Of what it has left in its directory for temporary files. */
  leftBehind(): readonly string[];
}

/** Started with `--json`. `port`: 0 is any. `env`: what is otherwise than here. `redirected`: as a shell does it, e.g. `<&-`. */
export async function startConsole(
  args: readonly string[] = [],
  port = 0,
  env: NodeJS.ProcessEnv = {},
  redirected = '',
): Promise<Console> {
  const temporary = mkdtempSync(join(tmpdir(), 'dr-console-test-'));
  const command = ['console', '--port', String(port), '--json', ...args];
  const through = ['-c', `exec "$0" "$@" ${redirected}`, process.execPath];
  const child = spawn('/bin/sh', [...through, join(root, 'dist/dr/main.js'), ...command], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: temporary, TZ: 'UTC', ...env },
  });
  alive.add(child);
  child.on('exit', () => alive.delete(child));
  let [out, err] = ['', ''];
  child.stderr.on('data', (data: Buffer) => void (err += data.toString()));
  const ended = new Promise<number | NodeJS.Signals | null>((done) =>
    child.on('exit', (code, signal) => done(code ?? signal)),
  );
  const endpoints = await new Promise<Endpoints>((done, fail) => {
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString();
      if (out.includes('\n')) done(JSON.parse(out) as Endpoints);
    });
    void ended.then((code) => fail(new Error(`the console ended with ${String(code)}: ${err}`)));
  });
  return {
    child,
    endpoints,
    said: () => err,
    end: async (signal = 'SIGINT') => {
      child.kill(signal);
      return ended;
    },
    leftBehind: () => {
      const left = readdirSync(temporary);
      rmSync(temporary, { recursive: true });
      return left;
    },
  };
}

export interface Reply {
  /** 0: the connection ended without an answer. */
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

interface Asking {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

/** One request, as curl makes it. The path goes out as it is given. */
export function curl(
  origin: string,
  path: string,
  { method = 'GET', headers = {}, body }: Asking = {},
): Promise<Reply> {
  const { hostname, port } = new URL(origin);
  return new Promise((done) => {
    const call = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (data: Buffer) => void (text += data.toString()));
      response.on('close', () => done({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    call.on('error', () => done({ status: 0, headers: {}, body: '' }));
    call.end(body);
  });
}

export const steer = (origin: string, command: object): Promise<Reply> =>
  curl(origin, '/control', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-dr-console': '1' },
    body: JSON.stringify(command),
  });

export const queryFor = (name: string, type = 'A'): Buffer =>
  encode({ type: 'query', id: 4_711, questions: [{ type: type as 'A', name }] });

/** One question, as dig asks it. */
export function dig(port: number, name: string, type = 'A'): Promise<DecodedPacket> {
  const socket = createSocket('udp4');
  return new Promise<DecodedPacket>((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`no answer from DNS on port ${port}`)), 30_000);
    socket.on('message', (message) => {
      clearTimeout(timer);
      done(decode(message));
    });
    socket.send(queryFor(name, type), port, '127.0.0.1');
  }).finally(() => socket.close());
}

/** Raw bytes on a connection of their own; resolves to the first that come back, or to none when it ends or `enough` has come first. */
export function overTcp(port: number, bytes: Buffer, enough: Promise<unknown>): Promise<Buffer> {
  return new Promise((done) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    void enough.then(() => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => done(Buffer.concat(chunks)));
  });
}

export interface Message {
  readonly kind: string;
  readonly data: unknown;
}

/** The live page's stream, read until `close`. */
export function watch(origin: string) {
  const messages: Message[] = [];
  const events: LoggedEvent[] = [];
  let text = '';
  const call = request(`${origin}/events`, { agent: false }, (response) => {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      const parts = (text + chunk).split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const [, kind = '', data = ''] = /^event: (\S+)\ndata: (.*)$/.exec(part) ?? [];
        const message = { kind, data: JSON.parse(data) as unknown };
        if (kind === 'events') events.push(...(message.data as LoggedEvent[]));
        else messages.push(message);
      }
    });
    response.on('error', () => undefined);
  });
  call.on('error', () => undefined);
  call.end();
  const latest = (kind: string): unknown => messages.filter((one) => one.kind === kind).at(-1)?.data;
  return { messages, events, latest, close: () => void call.destroy() };
}

export async function until(holds: () => boolean, limitMs = 200_000): Promise<void> {
  let isLate = false;
  const timer = setTimeout(() => (isLate = true), limitMs);
  try {
    while (!holds()) {
      if (isLate) throw new Error('it did not come to that');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } finally {
    clearTimeout(timer);
  }
}
