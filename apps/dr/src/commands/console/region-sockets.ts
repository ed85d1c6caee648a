// The sockets of one region: its load balancer as curl finds it, and DynamoDB as the AWS command line does. What comes in meets the twin
// at its own time, and the faults that are in force then.
import type { LiveRun, RunningStack } from '@dr/drills';
import type { HttpFailure, HttpRequest, HttpResponse, RegionId } from '@dr/twin';
import { isLoopback, nameIn, refusal } from './guard';
import type { Asked, Given } from './ports';

/** Virtual time after which a connection that gets no answer is closed: an idle load balancer's (ELB, connection idle timeout). */
export const SILENCE_SECONDS = 60;
const SILENCE_MS = SILENCE_SECONDS * 1_000;
/** One byte more is refused by the load balancer itself, where a function is the target (ELB, Lambda functions as targets). */
export const MAX_ITEM_BYTES = 1_048_576;
/** DynamoDB API reference. */
export const MAX_DYNAMODB_BYTES = 16 << 20;

/** Of one connection, and of no use to what is behind it (RFC 9110, 7.6.1). */
const HOP_BY_HOP = [
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'expect'],
];
const READS = ['GET', 'HEAD', 'OPTIONS'];

type Steered = Pick<LiveRun, 'touch'>;

/** `loadBalancer`: its DNS name. `names`: of the system, which callers may ask for as well. */
export function loadBalancerSocket(
  stack: RunningStack,
  live: Steered,
  {
    region,
    loadBalancer,
    names,
  }: { readonly region: RegionId; readonly loadBalancer: string; readonly names: readonly string[] },
): (asked: Asked) => Promise<Given> {
  const { awsRegion } = region;
  const site = { group: 'clients', at: awsRegion } as const;
  return async (asked) => {
    const refused = refusal(asked, names);
    if (refused !== undefined) return { status: 403, headers: { 'content-type': 'text/plain' }, body: `${refused}\n` };
    if (!READS.includes(asked.method)) live.touch();
    const answered = await stack.internet.request(
      site,
      { loadBalancer, awsRegion, ttlSeconds: 0 },
      { protocol: 'https', port: 443 },
      requestOf(asked, stack.domain),
      { connectMs: SILENCE_MS, responseMs: SILENCE_MS },
    );
    return givenOf(answered);
  };
}

/** As the load balancer's client on the internet would send it: by name, in one piece. */
function requestOf({ method, path, headers, body, port }: Asked, domain: string): HttpRequest {
  const connection = (headers['connection'] ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const kept = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name) && !connection.includes(name));
  const host = headers['host'] ?? '';
  return {
    method,
    path,
    headers: {
      ...Object.fromEntries(kept),
      host: isLoopback(host.toLowerCase(), port) ? domain : nameIn(host),
      ...(body.length > 0 ? { 'content-length': String(body.length) } : {}),
    },
    body,
  };
}

/** What a server may not send: an interim answer in the place of the last one. */
const LEAST_STATUS = 200;
const WITHOUT_BODY = [204, 304];

function givenOf(answered: HttpResponse | HttpFailure): Given {
  if (typeof answered === 'string') return 'nothing';
  const { status, headers, body } = answered;
  if (status < LEAST_STATUS) return { status: 502, body: '' };
  const isOfLength = (name: string): boolean => name === 'content-length' && WITHOUT_BODY.includes(status);
  const kept = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name) && !isOfLength(name));
  return { status, headers: Object.fromEntries(kept), body };
}

const CONTENT_TYPE = 'application/x-amz-json-1.0';
/** Any signature will do: who reaches the loopback may do everything to a twin. */
const SIGNED = {
  'content-type': CONTENT_TYPE,
  authorization: 'AWS4-HMAC-SHA256 Credential=console, SignedHeaders=host, Signature=none',
  'x-amz-date': '20260105T000000Z',
};
const WRITES = /^(Put|Update|Delete|BatchWrite|Transact)/;

export function dynamodbSocket(stack: RunningStack, live: Steered, region: RegionId): (asked: Asked) => Promise<Given> {
  return async (asked) => {
    const refused = refusal(asked);
    if (refused !== undefined) return problem(403, 'AccessDeniedException', refused);
    const { method, headers, body } = asked;
    if (method === 'GET') return { status: 200, body: `healthy: dynamodb.${region.awsRegion}.amazonaws.com ` };
    if (method !== 'POST') return { status: 404, body: '<UnknownOperationException/>\n' };
    if (body.length > MAX_DYNAMODB_BYTES)
      return problem(413, 'RequestEntityTooLarge', 'The request is larger than 16 MB');
    if (!isObject(body)) return problem(400, 'SerializationException', 'The body is no JSON object');
    const target = headers['x-amz-target'] ?? '';
    if (WRITES.test(target.split('.')[1] ?? '')) live.touch();
    const request: HttpRequest = { method, path: '/', headers: { ...SIGNED, 'x-amz-target': target }, body };
    const { scheduler } = stack.world;
    const called = stack.operator.call(region.name, 'dynamodb', request);
    return givenOf(await scheduler.within(SILENCE_MS, called, () => 'response-timeout' as const));
  };
}

function problem(status: number, type: string, message: string): Given {
  const body = JSON.stringify({ __type: `com.amazon.coral.service#${type}`, message });
  return { status, headers: { 'content-type': CONTENT_TYPE }, body };
}

function isObject(body: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
