// Route 53 of the twin on the wire: one message in, one message out, for the stack's own names (RFC 1035, 2308, 6891).
import { AUTHORITATIVE_ANSWER, decode, encode, TRUNCATED_RESPONSE, type Answer, type Packet } from 'dns-packet';
import type { DnsAnswering } from './ports';

/** What a resolver at one place is told. */
export interface Vantage {
  readonly zones: readonly string[];
  /** Names with an address, in lower case. */
  readonly names: readonly string[];
  /** undefined: no answer now. */
  resolve(name: string): Resolved | undefined;
}

export interface Resolved {
  readonly address: string;
  readonly ttlSeconds: number;
  /** For people: what else there is to know of it. */
  readonly notes: readonly string[];
}

const HEADER_BYTES = 12;
const [RESPONSE, OPCODE, RECURSION_DESIRED] = [0x8000, 0x7800, 0x0100] as const;
const RCODE = { ok: 0, malformed: 1, noSuchName: 3, notImplemented: 4, refused: 5 } as const;
const TYPE = { a: 1, ns: 2, soa: 6, any: 255 } as const;
/** Of zones as a whole: nobody may copy them. */
const TRANSFERS = [251, 252];
const CLASS = { internet: 1, any: 255 } as const;
/** What this side takes in a datagram, and gives at most (DNS flag day 2020). */
const UDP_BYTES = 1_232;
/** Of a zone in Route 53 that nobody has changed (Route 53: SOA and NS records). */
const SOA = { serial: 1, refresh: 7_200, retry: 900, expire: 1_209_600, minimum: 86_400 } as const;
const SOA_TTL_SECONDS = 900;
const NAME_SERVER = 'localhost';
const BAD_VERSION = 1;

interface Question {
  /** With its type and class, as it came. */
  readonly bytes: Buffer;
  readonly name: string;
  readonly type: number;
  readonly dnsClass: number;
}

interface Reply {
  readonly code: number;
  readonly answers?: readonly Answer[];
  readonly authorities?: readonly Answer[];
  readonly additionals?: readonly Answer[];
}

export const dnsAnswering =
  (vantage: Vantage): DnsAnswering =>
  (message, maxBytes) => {
    // What has no header names no question; a response is none. Neither gets an answer, or two servers would talk for ever.
    if (message.length < HEADER_BYTES || message.readUInt16BE(2) & RESPONSE) return undefined;
    if (message.readUInt16BE(2) & OPCODE) return written(message, { code: RCODE.notImplemented });
    const question = questionIn(message);
    const extension = question && extensionIn(message);
    if (!question || extension === 'malformed') return written(message, { code: RCODE.malformed });
    const reply = extension?.version ? { code: RCODE.ok } : replyTo(question, vantage);
    const room = Math.max(maxBytes, Math.min(extension?.udpBytes ?? 0, UDP_BYTES));
    return fitting(message, question, reply, extension, room);
  };

/** undefined: there is not exactly one, or it is not whole. */
function questionIn(message: Buffer): Question | undefined {
  if (message.readUInt16BE(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (;;) {
    const length = message[at];
    // Nothing stands before the question that a pointer could lead to.
    if (length === undefined || length > 63 || at + length + 1 - HEADER_BYTES > 255) return undefined;
    at += 1;
    if (length === 0) break;
    if (at + length > message.length) return undefined;
    labels.push(message.toString('latin1', at, at + length).toLowerCase());
    at += length;
  }
  if (at + 4 > message.length) return undefined;
  const [type, dnsClass] = [message.readUInt16BE(at), message.readUInt16BE(at + 2)];
  return { bytes: message.subarray(HEADER_BYTES, at + 4), name: labels.join('.'), type, dnsClass };
}

interface Extension {
  readonly udpBytes: number;
  readonly version: number;
}

/** EDNS. undefined: the question came without. */
function extensionIn(message: Buffer): Extension | 'malformed' | undefined {
  try {
    const found = (decode(message).additionals ?? []).filter(({ type }) => type === 'OPT');
    if (found.length > 1) return 'malformed';
    const [opt] = found as unknown as { readonly udpPayloadSize: number; readonly ednsVersion: number }[];
    return opt && { udpBytes: opt.udpPayloadSize, version: opt.ednsVersion };
  } catch {
    return 'malformed';
  }
}

function replyTo({ name, type, dnsClass }: Question, { zones, names, resolve }: Vantage): Reply {
  const zone = zones.filter((one) => name === one || name.endsWith(`.${one}`)).sort((a, b) => b.length - a.length)[0];
  const isInternet = dnsClass === CLASS.internet || dnsClass === CLASS.any;
  if (zone === undefined || !isInternet || TRANSFERS.includes(type)) return { code: RCODE.refused };
  const soa = soaOf(zone);
  if (name === zone && type === TYPE.soa) return { code: RCODE.ok, answers: [soa] };
  if (name === zone && type === TYPE.ns)
    return { code: RCODE.ok, answers: [{ type: 'NS', name, ttl: SOA.expire, data: NAME_SERVER }] };
  // A name above one that exists exists (RFC 8020).
  const exists = name === zone || names.some((one) => one === name || one.endsWith(`.${name}`));
  if (!exists) return { code: RCODE.noSuchName, authorities: [soa] };
  const asksForAddress = type === TYPE.a || type === TYPE.any;
  const resolved = asksForAddress && names.includes(name) ? resolve(name) : undefined;
  if (!resolved) return { code: RCODE.ok, authorities: [soa] };
  const ttl = resolved.ttlSeconds;
  return {
    code: RCODE.ok,
    answers: [{ type: 'A', name, ttl, data: resolved.address }],
    additionals: [{ type: 'TXT', name, ttl, data: [...resolved.notes] }],
  };
}

const soaOf = (zone: string): Answer => ({
  type: 'SOA',
  name: zone,
  ttl: SOA_TTL_SECONDS,
  data: { mname: NAME_SERVER, rname: 'awsdns-hostmaster.amazon.com', ...SOA },
});

/** What is only for people is left out first; then it is said that the rest is to be asked for over TCP. */
function fitting(
  message: Buffer,
  question: Question,
  reply: Reply,
  extension: Extension | undefined,
  room: number,
): Buffer {
  const ways: readonly (readonly [Reply, number])[] = [
    [reply, 0],
    [{ ...reply, additionals: [] }, 0],
    [{ code: reply.code }, TRUNCATED_RESPONSE],
  ];
  const all = ways.map(
    ([one, flags]) =>
      () =>
        written(message, one, { question, extension, flags }),
  );
  const fits = all.find((write) => write().length <= room) ?? all.at(-1);
  return fits ? fits() : Buffer.alloc(0);
}

interface Around {
  readonly question?: Question;
  readonly extension?: Extension | undefined;
  readonly flags?: number;
}

function written(message: Buffer, reply: Reply, { question, extension, flags = 0 }: Around = {}): Buffer {
  const wished = message.readUInt16BE(2) & (OPCODE | RECURSION_DESIRED);
  const isRefused = reply.code === RCODE.refused || !question;
  const encoded = encode({
    type: 'response',
    id: message.readUInt16BE(0),
    flags: wished | flags | (isRefused ? 0 : AUTHORITATIVE_ANSWER) | reply.code,
    answers: [...(reply.answers ?? [])],
    authorities: [...(reply.authorities ?? [])],
    additionals: [...(reply.additionals ?? []), ...(extension ? [optOf(extension)] : [])],
  } as Packet);
  if (!question) return encoded;
  // The question goes back byte by byte: who asks may compare the letters' case.
  encoded.writeUInt16BE(1, 4);
  return Buffer.concat([encoded.subarray(0, HEADER_BYTES), question.bytes, encoded.subarray(HEADER_BYTES)]);
}

const optOf = ({ version }: Extension): Answer =>
  ({
    type: 'OPT',
    name: '.',
    udpPayloadSize: UDP_BYTES,
    extendedRcode: version > 0 ? BAD_VERSION : 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  }) as unknown as Answer;
