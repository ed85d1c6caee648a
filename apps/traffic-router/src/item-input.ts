// What a client sends, checked: ids, bodies, idempotency keys and history parameters, each with a limit and a clear 4xx.
import { CONTROL_ID } from '@dr/contracts';
import { parseStamp } from '@dr/failover';
import { Problem, type HttpRequest } from '@dr/handler-core';

export const LIMITS = {
  idCharacters: 128,
  /** DynamoDB items end at 400 KB; names and numbers cost more there than in JSON. */
  bodyBytes: 256 * 1024,
  /** DynamoDB nests 32 levels deep. */
  depth: 16,
  values: 10_000,
  idempotencyKeyCharacters: 128,
  historyVersions: 100,
  defaultHistoryVersions: 20,
} as const;

const ID = /^[A-Za-z0-9][A-Za-z0-9._~:@-]*$/;
const KEY = /^[\x21-\x7e]+$/;
/** DynamoDB's numbers reach from 1e-130 to 9.99e125. */
const NUMBER_MAX = 9.9e125;
const NUMBER_MIN = 1e-130;

const badRequest = (code: string, detail: string): Problem =>
  new Problem(400, code, 'The request is not valid', detail);

/** `segment`: as in the path, URL-encoded. */
export function parseId(segment: string): string {
  const id = decodeSegment(segment);
  if (id.length > LIMITS.idCharacters) {
    throw badRequest('bad-id', `The id has ${id.length} characters; at most ${LIMITS.idCharacters} are allowed`);
  }
  if (!ID.test(id))
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

export function parseBody({ headers, body }: HttpRequest): unknown {
  const type = (headers['content-type'] ?? 'application/json').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json' && !type?.endsWith('+json')) {
    throw new Problem(
      415,
      'not-json',
      'The body must be JSON',
      `Send content-type: application/json instead of ${type}`,
    );
  }
  const bytes = Buffer.byteLength(body);
  if (bytes > LIMITS.bodyBytes) {
    throw new Problem(
      413,
      'too-large',
      'The body is too large',
      `It has ${bytes} bytes; at most ${LIMITS.bodyBytes} are allowed`,
    );
  }
  const value = parseJson(body);
  checkValue(value);
  return value;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw badRequest('not-json', `The body is not JSON: ${(error as Error).message}`);
  }
}

/** Walks with its own stack: a deeply nested body must not exhaust the call stack. */
function checkValue(root: unknown): void {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: root, depth: 1 }];
  let seen = 0;
  for (let at = open.pop(); at; at = open.pop()) {
    const { value, depth } = at;
    if ((seen += 1) > LIMITS.values) throw badRequest('too-complex', `The body has more than ${LIMITS.values} values`);
    if (typeof value === 'number') checkNumber(value);
    if (typeof value !== 'object' || value === null) continue;
    if (depth > LIMITS.depth) throw badRequest('too-deep', `The body nests deeper than ${LIMITS.depth} levels`);
    if (!Array.isArray(value) && Object.hasOwn(value, '')) throw badRequest('empty-name', 'A property name is empty');
    for (const child of Object.values(value)) open.push({ value: child, depth: depth + 1 });
  }
}

function checkNumber(value: number): void {
  const size = Math.abs(value);
  if (size > NUMBER_MAX || (size > 0 && size < NUMBER_MIN)) {
    throw badRequest('number-range', `The number ${value} is beyond what the table can hold`);
  }
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
  if (before !== undefined && !parseStamp(before)) {
    throw badRequest('bad-parameter', 'before must be the timestamp of a version, as `next` gave it');
  }
  return { limit: Number(limit), ...(before === undefined ? {} : { before }) };
}
