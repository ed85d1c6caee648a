// The way in to an emulated system: names from its resolver, requests to its front doors. Nothing is cached here.
import { decode, encode, type Answer, type DecodedPacket, type RecordType } from 'dns-packet';
import { createSocket } from 'node:dgram';
import { request, type Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

export interface Address {
  readonly address: string;
  readonly port: number;
}

interface Description {
  readonly resolver: Address;
  /** Of every front door, in place of 443. */
  readonly port: number;
  /** Of every front door, in place of 80. */
  readonly httpPort: number;
  /** By AWS region: where one asks as someone near it. */
  readonly resolvers: Readonly<Record<string, Address>>;
}

export interface Names {
  /** NOERROR, NXDOMAIN, SERVFAIL or REFUSED. */
  readonly code: string;
  readonly records: readonly { readonly name: string; readonly type: string; readonly ttl: number; data: string }[];
}

export interface EdgeCall {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** One that keeps connections alive; without it each call has a connection of its own. */
  readonly agent?: Agent;
  /** @default 443 */
  readonly listenerPort?: 80 | 443;
  /** AWS region: resolves as someone near it. */
  readonly near?: string;
  readonly timeoutMs?: number;
}

export interface EdgeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

const DNS_TIMEOUT_MS = 2_000;
const CALL_TIMEOUT_MS = 10_000;
const POLL_MS = 500;

export class EmulatedEdge {
  constructor(private readonly endpoint: string) {}

  async description(): Promise<Description> {
    return (await (await fetch(`${this.endpoint}/edge`)).json()) as Description;
  }

  async ask(name: string, type: RecordType = 'A', near?: string): Promise<Names> {
    const { resolver, resolvers } = await this.description();
    const { address, port } = near === undefined ? resolver : resolvers[near]!;
    const question = encode({ type: 'query', id: 1, flags: 0x100, questions: [{ name, type }] });
    const socket = createSocket('udp4');
    try {
      const packet = await new Promise<DecodedPacket & { rcode?: string }>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no answer for ${name}`)), DNS_TIMEOUT_MS);
        socket.on('message', (message) => {
          clearTimeout(timer);
          resolve(decode(message));
        });
        socket.send(question, port, address);
      });
      return { code: packet.rcode ?? '', records: (packet.answers ?? []).map(plainRecord) };
    } finally {
      socket.close();
    }
  }

  /** The address that the name leads to. */
  async addressOf(name: string, near?: string): Promise<string> {
    const { code, records } = await this.ask(name, 'A', near);
    const address = records.find(({ type }) => type === 'A')?.data;
    if (address === undefined) throw new Error(`${name}: ${code}, and no address`);
    return address;
  }

  /** Rejects when nothing has come within the time, or when the connection ends. */
  async call(name: string, { near, listenerPort = 443, timeoutMs = CALL_TIMEOUT_MS, ...call }: EdgeCall = {}) {
    const { port, httpPort } = await this.description();
    const host = await this.addressOf(name, near);
    return exchange({ ...call, name, host, port: listenerPort === 443 ? port : httpPort, timeoutMs });
  }

  /** The first answer that `wanted` takes, or the last one when the time is up; undefined for none at all. */
  async until(name: string, call: EdgeCall, wanted: (answer: EdgeAnswer) => boolean, limitSeconds: number) {
    const deadline = Date.now() + limitSeconds * 1_000;
    let last: EdgeAnswer | undefined;
    while (Date.now() < deadline) {
      last = await this.call(name, call).catch(() => undefined);
      if (last && wanted(last)) break;
      await pause(POLL_MS);
    }
    return last;
  }
}

interface Exchange extends EdgeCall {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
}

function exchange({ name, host, port, timeoutMs, method = 'GET', path = '/', headers, body, agent }: Exchange) {
  return new Promise<EdgeAnswer>((resolve, reject) => {
    const sent = request(
      { host, port, method, path, headers: { host: name, ...headers }, agent: agent ?? false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          clearTimeout(timer);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
        });
      },
    );
    const timer = setTimeout(() => sent.destroy(new Error(`${name}${path}: timed out`)), timeoutMs);
    sent.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    sent.end(body);
  });
}

function plainRecord(record: Answer): Names['records'][number] {
  const { name, type, ttl = 0, data } = record as { name: string; type: string; ttl?: number; data: unknown };
  return { name, type, ttl, data: String(data) };
}
