// What clients of a declared system send: each request as often as its share, over the keys that all of them use.
import { BY_ASSUMPTION, type HttpFailure, type HttpResponse, type Random } from '@dr/twin';
import type { Answer, Operation, Workload } from '../../system-under-drill';
import type { Declaration, DeclaredRequest } from './declaration';
import { filled, filledIn, matchedAll, type Named } from './patterns';

export const keysOf = ({ keys: { format, count } }: Declaration): readonly string[] =>
  Array.from({ length: count }, (_, at) => format.replace('{number}', String(at + 1)));

export function workloadOf(declaration: Declaration): Workload {
  const keys = keysOf(declaration);
  /** Keys that somebody's write was acknowledged of: others cannot be read yet. */
  const written = new Set<string>();
  const writes = declaration.requests.filter(({ does }) => does === 'write');
  return {
    next(client, random) {
      let count = 0;
      return () => {
        count += 1;
        const key = pick(keys, random);
        const drawn = byShare(declaration.requests, random);
        const isTooSoon = drawn.does === 'read' && writes.length > 0 && !written.has(key);
        const request = isTooSoon ? byShare(writes, random) : drawn;
        return operationOf(request, { key, version: `${client}-${count}` }, () => written.add(key));
      };
    },
    others: () => [],
  };
}

const pick = <T>(from: readonly T[], random: Random): T => from[random.integer(from.length)] as T;

function byShare(requests: readonly DeclaredRequest[], random: Random): DeclaredRequest {
  const total = requests.reduce((sum, { share }) => sum + share, 0);
  let left = random.next() * total;
  return (requests.find(({ share }) => (left -= share) < 0) ?? requests.at(-1)) as DeclaredRequest;
}

function operationOf(request: DeclaredRequest, named: Required<Named>, onWritten: () => void): Operation {
  const { method, path, does } = request;
  return {
    method,
    route: `${method} ${path}`,
    itemId: named.key,
    toHttp: (host) => httpOf(request, host, named),
    judge(reply) {
      const answer = judged(request, named, reply);
      if (does === 'write' && answer.stamp !== undefined) onWritten();
      return answer;
    },
  };
}

function httpOf({ method, path, headers, body }: DeclaredRequest, host: string, named: Named) {
  const content = body === undefined ? undefined : filledIn(body, named);
  const bytes = Buffer.from(
    content === undefined ? '' : typeof content === 'string' ? content : JSON.stringify(content),
  );
  const type = typeof content === 'string' ? 'text/plain' : 'application/json';
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), filled(value, named)]);
  return {
    method,
    path: path.replace(/\{(key|version)\}/g, (whole) => encodeURIComponent(filled(whole, named))),
    headers: {
      host,
      ...(content === undefined ? {} : { 'content-type': type, 'content-length': String(bytes.length) }),
      ...(Object.fromEntries(given) as Record<string, string>),
    },
    body: bytes,
  };
}

/** A status below 300 says that it was done, and the body must be as declared. */
function judged({ answer, does }: DeclaredRequest, named: Required<Named>, reply: HttpResponse | HttpFailure): Answer {
  if (typeof reply === 'string') return { outcome: reply };
  const { status } = reply;
  const failed = { outcome: 'http-error', status } as const;
  if (!answer.statuses.includes(status)) return failed;
  if (status >= 300 || reply.answeredBy === BY_ASSUMPTION) return { outcome: 'ok', status };
  const json = Object.keys(answer.body).length === 0 ? undefined : jsonIn(reply.body);
  const found = matchedAll(answer.body, (path) => valueAt(json, path));
  if (!found || (found.key ?? named.key) !== named.key) return failed;
  const stamp = does === 'write' ? (found.version ?? named.version) : found.version;
  return { outcome: 'ok', status, ...(stamp === undefined ? {} : { stamp }) };
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** `order.lines.0.revision` */
const valueAt = (json: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | null | undefined)?.[name], json);
