// One request of a client, from DNS to the outcome that its user sees, logged as one `request` event.
import { CLIENT_WAIT_SECONDS } from '@dr/failover';
import type { HttpFailure, HttpRequest, HttpResponse, Site, World } from '@dr/twin';
import type { CachingResolver } from './resolver';
import type { Twin } from './twin-port';

export interface ClientIdentity {
  readonly client: string;
  /** Short name of the nearest region. */
  readonly home: string;
  readonly site: Site;
  readonly resolver: CachingResolver;
}

export interface Operation {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly itemId: string;
  readonly value?: unknown;
  readonly idempotencyKey?: string;
  /** Sent as If-Match with this stamp; `*`: as If-None-Match, there must be none. */
  readonly follows?: string;
  /** The key is one that the acknowledged write with this stamp has used: to be refused where that write is known. */
  readonly reuses?: string;
}

export interface Answer {
  readonly outcome: Outcome;
  readonly status?: number;
  readonly dataRegion?: string;
  /** Of what was written or read. */
  readonly stamp?: string;
}

type Outcome = 'ok' | 'http-error' | HttpFailure;

const TIMEOUT_MS = CLIENT_WAIT_SECONDS.timeout * 1000;
/** A client whose name does not resolve is sent to no region. */
export const NO_REGION = 'none';

/** True when the user got what was asked for. Never takes longer than the client's time-out. */
export const sendRequest = async (...request: Parameters<typeof exchange>): Promise<boolean> =>
  (await exchange(...request)).outcome === 'ok';

/** Never takes longer than the client's time-out. */
export async function exchange(
  twin: Twin,
  identity: ClientIdentity,
  operation: Operation,
  apiKey: string | undefined,
): Promise<Answer> {
  const { world } = twin;
  const startedMs = world.scheduler.now();
  const answer = identity.resolver.resolve(twin.domain);
  const reply = answer
    ? await withinTimeout(
        world,
        twin.internet.request(
          identity.site,
          answer,
          { protocol: 'https', port: 443 },
          toHttp(twin.domain, operation, apiKey),
          { connectMs: TIMEOUT_MS, responseMs: TIMEOUT_MS },
        ),
      )
    : 'refused';
  const outcome = outcomeOf(operation, reply);
  const answered: Answer = { outcome, ...(typeof reply === 'string' ? {} : described(reply, outcome)) };
  const { follows, reuses } = operation;
  world.events.record({
    kind: 'request',
    client: identity.client,
    home: identity.home,
    method: operation.method,
    route: `${operation.method} /items/{id}`,
    itemId: operation.itemId,
    region: answer?.region ?? NO_REGION,
    startedMs,
    ...answered,
    ...(follows === undefined ? {} : { follows }),
    ...(reuses === undefined ? {} : { reuses }),
  });
  return answered;
}

const withinTimeout = (world: World, reply: Promise<HttpResponse | HttpFailure>): Promise<HttpResponse | HttpFailure> =>
  world.scheduler.within<HttpResponse | HttpFailure, HttpFailure>(TIMEOUT_MS, reply, () => 'response-timeout');

function toHttp(host: string, operation: Operation, apiKey: string | undefined): HttpRequest {
  const body = operation.value === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(operation.value));
  return {
    method: operation.method,
    path: `/items/${operation.itemId}`,
    headers: {
      host,
      accept: 'application/json',
      ...(body.length > 0 ? { 'content-type': 'application/json', 'content-length': String(body.length) } : {}),
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      ...(operation.idempotencyKey === undefined ? {} : { 'idempotency-key': operation.idempotencyKey }),
      ...precondition(operation),
    },
    body,
  };
}

function precondition({ follows }: Operation): Record<string, string> {
  if (follows === undefined) return {};
  return follows === '*' ? { 'if-none-match': '*' } : { 'if-match': `"${follows}"` };
}

function outcomeOf(operation: Operation, reply: HttpResponse | HttpFailure): Outcome {
  if (typeof reply === 'string') return reply;
  if (reply.status >= 200 && reply.status < 300) return 'ok';
  // A good answer only when the system itself gives it, and not a load balancer.
  const problem = (reply.headers['content-type'] ?? '').startsWith('application/problem+json');
  return problem && isExpected(operation, reply.status) ? 'ok' : 'http-error';
}

/** No such item; not as the request expects; the key belongs to another request. */
const isExpected = ({ method, follows, reuses }: Operation, status: number): boolean =>
  (status === 404 && method === 'GET') ||
  (status === 412 && follows !== undefined) ||
  (status === 422 && reuses !== undefined);

function described(reply: HttpResponse, outcome: Outcome): { status: number; dataRegion?: string; stamp?: string } {
  const dataRegion = reply.headers['x-data-region'];
  const stamp = outcome === 'ok' && reply.status < 300 ? stampIn(reply.body) : undefined;
  return {
    status: reply.status,
    ...(dataRegion === undefined ? {} : { dataRegion }),
    ...(stamp === undefined ? {} : { stamp }),
  };
}

/** The version's sort key out of the answer; undefined when there is none to find. */
function stampIn(body: Buffer): string | undefined {
  try {
    const value = JSON.parse(body.toString('utf8')) as { timestamp?: unknown } | null;
    return typeof value?.timestamp === 'string' ? value.timestamp : undefined;
  } catch {
    return undefined;
  }
}
