// What a client sends, checked: ids, bodies, idempotency keys and history parameters, each with a limit and a clear 4xx.
import { CONTROL_ID, ITEM_ID, ITEM_ID_CHARACTERS } from '@dr/contracts/system';
import { parseStamp } from '@dr/failover';
import { IDEMPOTENCY_KEY_CHARACTERS } from '@dr/failover/stored-version';
import { badRequest, Problem, type HttpRequest } from '@dr/handler-core';
import { checkJsonText } from './json-text';

export const LIMITS = {
  idCharacters: ITEM_ID_CHARACTERS,
  /** DynamoDB's items end at 400 KB; escaped in a response, which ends at 1 MB, a body takes up to twice its bytes. */
  bodyBytes: 256 * 1024,
  depth: 16,
  values: 10_000,
  idempotencyKeyCharacters: IDEMPOTENCY_KEY_CHARACTERS,
  stampCharacters: 128,
  historyVersions: 100,
  defaultHistoryVersions: 20,
} as const;

const KEY = /^[\x21-\x7e]+$/;
const UNSURE = /\ufffd|\p{Surrogate}/u;

/** `segment`: as in the path, URL-encoded. */
export function parseId(segment: string): string {
  const id = decodeSegment(segment);
  if (id.length > LIMITS.idCharacters) {
    throw badRequest('bad-id', `The id has ${id.length} characters; at most ${LIMITS.idCharacters} are allowed`);
  }
  if (!ITEM_ID.test(id))
    throw badRequest('bad-id', 'An id begins with a letter or digit, followed by letters, digits or . _ ~ : @ -');
  if (id.startsWith(CONTROL_ID)) throw badRequest('bad-id', `Ids that begin with "${CONTROL_ID}" are the system's own`);
  return id;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest('bad-id', 'The id is not valid URL encoding');
  }
}

/** The document as it was sent, character by character. */
export function parseBody({ headers, body }: HttpRequest): string {
  checkEncoding(headers);
  if (body === null) throw badRequest('not-utf8', 'The body is not UTF-8, which JSON has to be (RFC 8259)');
  const bytes = Buffer.byteLength(body);
  if (bytes > LIMITS.bodyBytes) {
    const detail = `It has ${bytes} bytes; at most ${LIMITS.bodyBytes} are allowed`;
    throw new Problem(413, 'too-large', 'The body is too large', detail);
  }
  // A load balancer puts the replacement character for bytes that are no UTF-8; what the client wrote is then lost.
  if (UNSURE.test(body)) {
    throw badRequest(
      'not-utf8',
      'The body holds U+FFFD or half a surrogate pair: it is not UTF-8, or send it as \\ufffd',
    );
  }
  checkJsonText(body, LIMITS);
  return body;
}

function checkEncoding(headers: HttpRequest['headers']): void {
  const [type = '', ...parameters] = (headers['content-type'] ?? 'application/json').toLowerCase().split(';');
  const charset = parameters.map((one) => one.trim()).find((one) => one.startsWith('charset='));
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  const wrong =
    type.trim() !== 'application/json' && !type.trim().endsWith('+json')
      ? type
      : charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)
        ? charset
        : encoding !== 'identity' && encoding !== ''
          ? `content-encoding: ${encoding}`
          : undefined;
  if (wrong === undefined) return;
  const detail = `Send content-type: application/json, in UTF-8 and not compressed, instead of ${wrong.slice(0, 200)}`;
  throw new Problem(415, 'not-json', 'The body must be JSON', detail);
}

export function parseIdempotencyKey({ headers }: HttpRequest): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (key.length > LIMITS.idempotencyKeyCharacters || !KEY.test(key)) {
    throw badRequest(
      'bad-idempotency-key',
      `Idempotency-Key takes 1 to ${LIMITS.idempotencyKeyCharacters} visible ASCII characters`,
    );
  }
  return key;
}

export interface HistoryParameters {
  readonly limit: number;
  readonly before?: string;
}

export function parseHistory({ query }: HttpRequest): HistoryParameters {
  const unknown = Object.keys(query).find((name) => name !== 'limit' && name !== 'before');
  if (unknown !== undefined)
    throw badRequest('bad-parameter', `Unknown parameter "${unknown}"; allowed: limit, before`);
  const { limit = String(LIMITS.defaultHistoryVersions), before } = query;
  if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > LIMITS.historyVersions) {
    throw badRequest('bad-parameter', `limit = "${limit}" must be a whole number from 1 to ${LIMITS.historyVersions}`);
  }
  // A sort key ends at 1,024 bytes, and a region's name in a stamp at nothing.
  if (before !== undefined && (before.length > LIMITS.stampCharacters || !parseStamp(before))) {
    throw badRequest('bad-parameter', 'before must be the timestamp of a version, as `next` gave it');
  }
  return { limit: Number(limit), ...(before === undefined ? {} : { before }) };
}
