// traffic-router: the item API of one region behind its load balancer.
import {
  Problem,
  decodeAlb,
  encodeAlb,
  jsonResponse,
  jsonTextResponse,
  problemResponse,
  type Clock,
  type HttpRequest,
  type HttpResponse,
  type Random,
  type Table,
  type Telemetry,
} from '@dr/handler-core';
import { parseBody, parseHistory, parseId, parseIdempotencyKey } from './item-input';
import { writeVersion, type Origin, type Write } from './item-writes';
import { createKeyCheck, type CheckKey, type KeysOptions } from './keys';
import { etagOf, evaluate, parsePreconditions, preconditionFailed } from './preconditions';
import { entryText, latestVersion, versionHistory } from './shown-versions';
import { badItemTeller } from './bad-items';
import { createRecords, type Records } from './stored-records';
import { createStores, type RunAtStore, type Store } from './stores';

export interface RouterPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly table: Table;
  /** The replicas to fall back to, nearest first. */
  readonly peers: readonly Store[];
  readonly region: string;
  /** Absent: the item API is open. */
  readonly auth?: Pick<KeysOptions, 'secrets' | 'peerSecrets' | 'secretName'> | undefined;
}

interface Api {
  readonly records: Records;
  readonly origin: Origin;
  readonly run: RunAtStore;
  /** Absent: the item API is open. */
  readonly checkKey: CheckKey | undefined;
}

/** Once an execution environment; the result, once a request. Rejects only for events that no load balancer sends. */
export function trafficRouter(ports: RouterPorts): (event: unknown) => Promise<Record<string, unknown>> {
  const { clock, telemetry, region, auth, peers } = ports;
  let sequence = 0;
  const api: Api = {
    records: createRecords(clock, badItemTeller(telemetry)),
    origin: { region, environment: ports.random.hex(4), nextSequence: () => (sequence += 1) },
    run: createStores({ clock, telemetry, local: { region, table: ports.table }, peers }),
    checkKey: auth ? createKeyCheck({ clock, telemetry, ...auth }) : undefined,
  };
  return async (event) => {
    const request = decodeAlb(event);
    if (!request) throw new Error('traffic-router answers load balancer events only');
    let response: HttpResponse;
    try {
      if (api.checkKey && isOfItems(request)) await api.checkKey(request.headers['authorization']);
      response = await route(api, request);
    } catch (error) {
      response = failed(telemetry, error);
    }
    telemetry.flush();
    return encodeAlb(event, request.method === 'HEAD' ? { ...response, body: '' } : response);
  };
}

const METHODS = {
  ready: ['GET', 'HEAD', 'OPTIONS'],
  item: ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'],
  history: ['GET', 'HEAD', 'OPTIONS'],
} as const;

/** Without a key nobody learns which ids and routes there are below. */
const isOfItems = ({ path }: HttpRequest): boolean => path.split('/', 2)[1] === 'items';

/**
 * GET /ready says that the bundle runs and routes. It leaves the table alone on purpose: /health writes to the table
 * itself, and a router whose table is gone still serves through a peer's replica.
 * HEAD is a GET whose body is left out; the headers are the same.
 */
function route(api: Api, request: HttpRequest): HttpResponse | Promise<HttpResponse> {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (request.path === '/ready') {
    if (method === 'GET') return jsonResponse(200, { ready: true, region: api.origin.region });
    return method === 'OPTIONS' ? allowed(METHODS.ready) : notAllowed(METHODS.ready);
  }
  const [, root, segment, part, ...rest] = request.path.split('/');
  if (root !== 'items' || !segment || rest.length > 0 || (part !== undefined && part !== 'versions'))
    throw noRoute(request.path);
  const id = parseId(segment);
  if (part === 'versions') {
    if (method === 'GET') return history(api, id, request);
    return method === 'OPTIONS' ? allowed(METHODS.history) : notAllowed(METHODS.history);
  }
  switch (method) {
    case 'GET':
      return latest(api, id, request);
    case 'PUT':
      return write(api, request, id, { json: parseBody(request) });
    case 'DELETE':
      return write(api, request, id, { deleted: true });
    case 'OPTIONS':
      return allowed(METHODS.item);
    default:
      return notAllowed(METHODS.item);
  }
}

async function write(
  { records, origin, run }: Api,
  request: HttpRequest,
  id: string,
  content: Write['content'],
): Promise<HttpResponse> {
  const [idempotencyKey, preconditions] = [parseIdempotencyKey(request), parsePreconditions(request)];
  const { result, region } = await run(writeVersion(records, origin, { id, content, idempotencyKey, preconditions }));
  const { timestamp, region: takenBy, deleted } = result.version;
  return jsonResponse(
    200,
    { id, timestamp, region: takenBy, ...(deleted ? { deleted } : {}) },
    { ...served(region, timestamp), ...(result.replayed ? { 'idempotency-replayed': 'true' } : {}) },
  );
}

async function latest({ records, run }: Api, id: string, request: HttpRequest): Promise<HttpResponse> {
  const preconditions = parsePreconditions(request);
  const { result: version, region } = await run(latestVersion(records, id));
  if (!version) throw notFound(id, region, 'No version of it has arrived in this region');
  if (version.deleted) throw notFound(id, region, `It was deleted at ${version.timestamp}`);
  const { timestamp } = version;
  const headers = served(region, timestamp);
  switch (preconditions && evaluate(preconditions, timestamp, true)) {
    case 'unmet':
      throw preconditionFailed(timestamp, region);
    case 'not-modified':
      return { status: 304, headers: { 'cache-control': 'no-store', ...headers }, body: '' };
    default:
      return jsonTextResponse(200, entryText({ version }), headers);
  }
}

async function history({ records, run }: Api, id: string, request: HttpRequest): Promise<HttpResponse> {
  const { result, region } = await run(versionHistory(records, id, parseHistory(request)));
  const { versions, next } = result;
  const rest = JSON.stringify({ id, ...(next === undefined ? {} : { next }) });
  const body = `${rest.slice(0, -1)},"versions":[${versions.map(entryText).join(',')}]}`;
  return jsonTextResponse(200, body, { 'x-data-region': region });
}

const served = (region: string, stamp: string): Record<string, string> => ({
  'x-data-region': region,
  etag: etagOf(stamp),
});

const notFound = (id: string, region: string, detail: string): Problem =>
  new Problem(404, 'item-not-found', `There is no item "${id}"`, detail, { 'x-data-region': region });

const noRoute = (path: string): Problem =>
  new Problem(
    404,
    'no-such-route',
    'There is no such route',
    `"${path.slice(0, 200)}" is none of /items/{id}, /items/{id}/versions, /ready`,
  );

const allowed = (methods: readonly string[]): HttpResponse => ({
  status: 204,
  headers: { allow: methods.join(', '), 'cache-control': 'no-store' },
  body: '',
});

function notAllowed(methods: readonly string[]): never {
  const allow = methods.join(', ');
  throw new Problem(405, 'method-not-allowed', 'The method is not allowed here', `Allowed: ${allow}`, { allow });
}

function failed(telemetry: Telemetry, error: unknown): HttpResponse {
  if (error instanceof Problem) return problemResponse(error);
  telemetry.log('ERROR', 'request failed', { error });
  return problemResponse(new Problem(500, 'internal', 'Something went wrong here', 'The failure has been logged'));
}
