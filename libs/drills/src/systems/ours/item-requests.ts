// Requests of the item API, and how their answers count for a client.
import type { HttpFailure, HttpResponse } from '@dr/twin';
import type { Answer, Operation } from '../../system-under-drill';

export interface ItemRequest {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly itemId: string;
  readonly value?: unknown;
  readonly idempotencyKey?: string;
  /** Sent as If-Match with this stamp; `*`: as If-None-Match, there must be none. */
  readonly follows?: string;
  /** The key is one that the acknowledged write with this stamp has used: to be refused where that write is known. */
  readonly reuses?: string;
}

/** `apiKey` undefined: without one. */
export function itemOperation(request: ItemRequest, apiKey: string | undefined): Operation {
  const { method, itemId, follows, reuses } = request;
  return {
    method,
    route: `${method} /items/{id}`,
    itemId,
    details: { ...(follows === undefined ? {} : { follows }), ...(reuses === undefined ? {} : { reuses }) },
    toHttp: (host) => itemRequest(host, request, apiKey),
    judge: (reply) => judge(request, reply),
  };
}

function itemRequest(host: string, request: ItemRequest, apiKey: string | undefined): ReturnType<Operation['toHttp']> {
  const body = request.value === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(request.value));
  return {
    method: request.method,
    path: `/items/${request.itemId}`,
    headers: {
      ...headersOf(host, apiKey),
      ...(body.length > 0 ? { 'content-type': 'application/json', 'content-length': String(body.length) } : {}),
      ...(request.idempotencyKey === undefined ? {} : { 'idempotency-key': request.idempotencyKey }),
      ...precondition(request),
    },
    body,
  };
}

export const headersOf = (host: string, apiKey: string | undefined): Record<string, string> => ({
  host,
  accept: 'application/json',
  ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
});

function precondition({ follows }: ItemRequest): Record<string, string> {
  if (follows === undefined) return {};
  return follows === '*' ? { 'if-none-match': '*' } : { 'if-match': `"${follows}"` };
}

function judge(request: ItemRequest, reply: HttpResponse | HttpFailure): Answer {
  if (typeof reply === 'string') return { outcome: reply };
  const isGood = reply.status >= 200 && reply.status < 300;
  const dataRegion = reply.headers['x-data-region'];
  const stamp = isGood ? stampIn(reply.body) : undefined;
  return {
    outcome: isGood || isExpected(request, reply) ? 'ok' : 'http-error',
    status: reply.status,
    ...(dataRegion === undefined ? {} : { dataRegion }),
    ...(stamp === undefined ? {} : { stamp }),
  };
}

/** No such item; not as the request expects; the key belongs to another request. Only the system itself can say so, no load balancer. */
const isExpected = ({ method, follows, reuses }: ItemRequest, { status, headers }: HttpResponse): boolean =>
  (headers['content-type'] ?? '').startsWith('application/problem+json') &&
  ((status === 404 && method === 'GET') ||
    (status === 412 && follows !== undefined) ||
    (status === 422 && reuses !== undefined));

/** The version's sort key out of the answer; undefined when there is none to find. */
function stampIn(body: Buffer): string | undefined {
  try {
    const value = JSON.parse(body.toString('utf8')) as { timestamp?: unknown } | null;
    return typeof value?.timestamp === 'string' ? value.timestamp : undefined;
  } catch {
    return undefined;
  }
}
