// HTTP APIs and function URLs in front of functions that are run: the route of a request, then its function (API-01 to API-04).
import { apiMayInvoke, splitPath, type FunctionFront, type FunctionRoute } from '@dr/stack';
import type { Graph } from '@dr/terraform-json';
import type { HttpRequest, HttpResponse } from '../../http';
import { uuidOf } from '../../runtime/virtual-crypto';
import { functionName, type World } from '../../world';
import type { Connection, FunctionInvoker, InvokeResult } from '../ports';
import { answerOf, eventV1, eventV2 } from './event';

/** HTTP API quotas: an integration is given up after that. */
const INTEGRATION_LIMIT_MS = 30_000;

interface Found {
  readonly route: FunctionRoute;
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
}

type Answers = (request: HttpRequest, connection: Connection) => Promise<HttpResponse>;

/** What stands there answers so. */
export function answersOf(world: World, graph: Graph, front: FunctionFront, functions: FunctionInvoker): Answers {
  const random = world.random.stream(`http-api/${front.address}`);
  const { scheduler } = world;
  return async (request, { clientAddress }) => {
    const found = routeFor(front.routes, request);
    const { target, format, key: routeKey } = found?.route ?? {};
    if (!found || !target || format === undefined || routeKey === undefined) return message(404, 'Not Found');
    if (front.kind === 'http-api' && !apiMayInvoke(graph, target)) return message(500, 'Internal Server Error');
    const passed = {
      ...{ routeKey, pathParameters: found.pathParameters, stage: front.stage, apiId: front.address, clientAddress },
      ...{ requestId: uuidOf(random.bytes(16)), epochMs: scheduler.epochNow() },
    };
    const event = format === '2.0' ? eventV2(request, passed) : eventV1(request, passed);
    const invoked = functions.invoke(target.arn, event, front.kind);
    const result = await scheduler.within<InvokeResult, 'late'>(INTEGRATION_LIMIT_MS, invoked, () => 'late');
    if (result === 'late') return message(503, 'Service Unavailable');
    const response = result.kind === 'ok' ? answerOf(result.payload, format) : undefined;
    return response
      ? { ...response, answeredBy: functionName(world, String(target.fn.values['function_name'])) }
      : failed(front, result);
  };
}

/** [A] A function that is throttled: 429 from a URL, 503 from an API. One that fails or answers in another form: 502, and 500. */
function failed({ kind }: FunctionFront, { kind: met }: InvokeResult): HttpResponse {
  if (kind === 'function-url')
    return met === 'throttled' ? message(429, 'Too Many Requests') : message(502, 'Internal Server Error');
  return met === 'throttled' ? message(503, 'Service Unavailable') : message(500, 'Internal Server Error');
}

function message(status: number, text: string): HttpResponse {
  const body = Buffer.from(JSON.stringify({ message: text }));
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
  return { status, headers, body, answeredBy: 'gateway' };
}

/**
 * A full match of method and path first, then one with a greedy variable, then `$default`. Of several, one that names the method,
 * and then the one that holds more of the path as it is (HTTP APIs, "Routing API requests").
 */
export function routeFor(
  routes: readonly FunctionRoute[],
  request: Pick<HttpRequest, 'method' | 'path'>,
): Found | undefined {
  const segments = splitPath(request.path).path.split('/').filter(Boolean);
  const found = routes.flatMap((route) => matchOf(route, request.method, segments) ?? []);
  return found.sort((a, b) => b.rank - a.rank)[0];
}

const DEFAULT_KEY = '$default';

function matchOf(
  route: FunctionRoute,
  method: string,
  segments: readonly string[],
): (Found & { rank: number }) | undefined {
  if (route.key === DEFAULT_KEY) return { route, pathParameters: undefined, rank: -1 };
  const [asked, path = '/'] = route.key.split(' ');
  if (asked !== 'ANY' && asked !== method) return undefined;
  const wanted = path.split('/').filter(Boolean);
  const greedy = /^\{(\w+)\+\}$/.exec(wanted.at(-1) ?? '')?.[1];
  const fixed = greedy === undefined ? wanted : wanted.slice(0, -1);
  if (greedy === undefined ? segments.length !== fixed.length : segments.length <= fixed.length) return undefined;
  const parameters: Record<string, string> = {};
  let literal = 0;
  for (const [at, part] of fixed.entries()) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name !== undefined) parameters[name] = decodeURIComponent(segments[at] ?? '');
    else if (part === segments[at]) literal += 1;
    else return undefined;
  }
  if (greedy !== undefined) parameters[greedy] = segments.slice(fixed.length).join('/');
  const rank = (greedy === undefined ? 10_000 : 0) + (literal + 1) * 2 + (asked === 'ANY' ? 0 : 1);
  return { route, pathParameters: Object.keys(parameters).length > 0 ? parameters : undefined, rank };
}
