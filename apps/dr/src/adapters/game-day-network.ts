// The network as a client has it: one DNS question over UDP, one HTTP request over a connection that is kept or not.
import { createSocket } from 'node:dgram';
import { getServers } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { decode, encode, RECURSION_DESIRED, type Answer } from 'dns-packet';
import { InputError } from '@dr/contracts';
import type {
  Connection,
  DnsReply,
  HttpReply,
  Network,
  NetworkOptions,
  RequestOutcome,
} from '../operate/gameday/ports';

const DNS_PORT = 53;
const DNS_TIMEOUT_MS = 2_000;
const DNS_TRIES = 2;
/** What fits into a packet on every path (DNS flag day 2020). */
const UDP_BYTES = 1_232;
const MAX_BODY_BYTES = 64 * 1024;

interface Place {
  readonly host: string;
  readonly port: number;
}

/** `plain`: HTTP in the place of HTTPS, as an emulated AWS has it. */
export function network(options: NetworkOptions, plain: boolean): Network {
  const resolver = options.resolver === undefined ? systemResolver() : placeIn(options.resolver);
  const subnet = options.clientSubnet === undefined ? undefined : subnetIn(options.clientSubnet);
  const port = options.port ?? (plain ? 80 : 443);
  return {
    resolve: async (name) => {
      for (let tries = 1; ; tries += 1) {
        try {
          return await question(resolver, name, subnet);
        } catch (error) {
          if (tries >= DNS_TRIES) throw error;
        }
      }
    },
    connection: (kept) => connection(kept, plain, port),
  };
}

function systemResolver(): Place {
  const [first = '127.0.0.1'] = getServers();
  return isIP(first) ? { host: first, port: DNS_PORT } : placeIn(first);
}

function placeIn(text: string): Place {
  const [, v6, v4, port] = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const host = v6 ?? v4 ?? '';
  if (isIP(host) && Number(port ?? DNS_PORT) <= 65_535) return { host, port: Number(port ?? DNS_PORT) };
  const fix = 'Give one such as 192.0.2.53 or 192.0.2.53:5300';
  throw new InputError(`--resolver "${text}"`, 'is not an address and a port', fix);
}

interface Subnet {
  readonly ip: string;
  readonly sourcePrefixLength: number;
}

function subnetIn(text: string): Subnet {
  const [ip = '', length = '', more] = text.split('/');
  const bits = isIP(ip) === 4 ? 32 : isIP(ip) === 6 ? 128 : 0;
  const sourcePrefixLength = Number(length);
  if (bits > 0 && more === undefined && /^\d+$/.test(length) && sourcePrefixLength <= bits) {
    return { ip, sourcePrefixLength };
  }
  throw new InputError(`--client-subnet "${text}"`, 'is not a network', 'Give one such as 192.0.2.0/24');
}

function question(resolver: Place, name: string, subnet: Subnet | undefined): Promise<DnsReply> {
  const id = Math.floor(Math.random() * 65_536);
  const packet = encode({
    type: 'query',
    id,
    flags: RECURSION_DESIRED,
    questions: [{ type: 'A', name }],
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: UDP_BYTES,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: subnet ? [{ code: 'CLIENT_SUBNET', ...subnet } as never] : [],
      },
    ],
  });
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIP(resolver.host) === 6 ? 'udp6' : 'udp4');
    const done = (act: () => void): void => {
      clearTimeout(timer);
      socket.close();
      act();
    };
    const fail = (why: string): void => done(() => reject(new Error(`${name}: ${why}`)));
    const timer = setTimeout(() => fail(`no answer from ${resolver.host}:${resolver.port}`), DNS_TIMEOUT_MS);
    socket.on('error', (error) => fail(error.message));
    socket.on('message', (message) => {
      const reply = read(message);
      if (reply?.id !== id) return;
      if (reply.code !== 'NOERROR') return fail(reply.code);
      const chain = reply.answers;
      const addresses = chain.flatMap((answer) => (answer.type === 'A' ? [answer.data] : []));
      if (addresses.length === 0) return fail('no address');
      const ttlSeconds = Math.min(...chain.map((answer) => ('ttl' in answer ? (answer.ttl ?? 0) : 0)));
      done(() => resolve({ ttlSeconds, addresses }));
    });
    socket.send(packet, resolver.port, resolver.host);
  });
}

function read(message: Buffer): { id: number; code: string; answers: readonly Answer[] } | undefined {
  try {
    const reply = decode(message);
    const code = String((reply as { rcode?: unknown }).rcode ?? 'NOERROR');
    return {
      id: reply.id ?? -1,
      code,
      answers: (reply.answers ?? []).filter(({ type }) => type === 'A' || type === 'CNAME'),
    };
  } catch {
    return undefined;
  }
}

function connection(kept: boolean, plain: boolean, port: number): Connection {
  // No limit of sockets: a request that waits for one is given the address of the request before it.
  const agent = new (plain ? http : https).Agent({ keepAlive: kept });
  const get: Connection['get'] = async (request) => {
    const once = (): Promise<HttpReply & { stale?: true }> => exchange(agent, plain, port, request);
    const reply = await once();
    // The server had closed a kept connection just then; clients try such a request again on a new one.
    return reply.stale ? once() : reply;
  };
  return { get, close: () => agent.destroy() };
}

function exchange(
  agent: http.Agent,
  plain: boolean,
  port: number,
  { host, path, timeoutMs, address }: Parameters<Connection['get']>[0],
): Promise<HttpReply & { stale?: true }> {
  let unresolved = false;
  const lookup: LookupFunction = (_name, { all }, callback) => {
    address().then(
      (found) => (all ? callback(null, [{ address: found, family: 4 }]) : callback(null, found, 4)),
      (error: Error) => {
        unresolved = true;
        callback(error, '');
      },
    );
  };
  return new Promise((resolve) => {
    const fails = (outcome: RequestOutcome): void => resolve({ outcome });
    const request = (plain ? http : https).get({
      agent,
      host,
      port,
      path,
      lookup,
      headers: { host, accept: 'application/json', 'user-agent': 'dr-gameday' },
      ...(plain ? {} : { servername: host }),
    });
    const timer = setTimeout(() => {
      fails('timeout');
      request.destroy();
    }, timeoutMs);
    request.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (request.reusedSocket && error.code === 'ECONNRESET') resolve({ outcome: 'refused', stale: true });
      else fails(unresolved ? 'dns-failed' : 'refused');
    });
    request.on('response', (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        if (body.length < MAX_BODY_BYTES) body += chunk.toString('utf8');
      });
      response.on('end', () => {
        clearTimeout(timer);
        const status = response.statusCode ?? 0;
        resolve({ outcome: status >= 200 && status < 300 ? 'ok' : 'http-error', status, body });
      });
      response.on('error', () => fails('refused'));
    });
  });
}
