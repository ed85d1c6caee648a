// traffic-router: the item API of one region behind its load balancer.
import {
  Problem,
  decodeAlb,
  encodeAlb,
  jsonResponse,
  problemResponse,
  type Clock,
  type HttpRequest,
  type HttpResponse,
  type Random,
  type Secrets,
  type Table,
  type Telemetry,
} from '@dr/handler-core';
import type { ItemVersion } from '@dr/contracts';
import { parseBody, parseHistory, parseId, parseIdempotencyKey } from './item-input';
import { latestVersion, versionHistory, writeVersion, type Origin, type Write } from './items';
import { createKeyCheck, type CheckKey } from './keys';
import { createStores, type RunAtStore } from './stores';

export interface RouterPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly table: Table;
  /** The replica to fall back to. */
  readonly peer?: { readonly region: string; readonly table: Table } | undefined;
  readonly region: string;
  /** Absent: the item API is open. */
  readonly auth?: { readonly secrets: Secrets; readonly secretName: string } | undefined;
}

interface Api {
  readonly clock: Clock;
  readonly origin: Origin;
  readonly run: RunAtStore;
  readonly checkKey: CheckKey;
}

/** Once an execution environment; the result, once a request. Rejects only for events that no load balancer sends. */
export function trafficRouter(ports: RouterPorts): (event: unknown) => Promise<Record<string, unknown>> {
  const { clock, telemetry, region, auth, peer } = ports;
  let sequence = 0;
  const api: Api = {
    clock,
    origin: { region, environment: ports.random.hex(4), nextSequence: () => (sequence += 1) },
    run: createStores({ clock, telemetry, local: { region, table: ports.table }, peer }),
    checkKey: auth ? createKeyCheck({ clock, telemetry, ...auth }) : () => Promise.resolve(),
  };
  return async (event) => {
    const request = decodeAlb(event);
    if (!request) throw new Error('traffic-router answers load balancer events only');
    const response = await route(api, region, request).catch((error: unknown) => failed(telemetry, error));
    telemetry.flush();
    return encodeAlb(event, response);
  };
}

/**
 * GET /ready says that the bundle runs and routes. It leaves the table alone on purpose: /health writes to the table
 * itself, and a router whose table is gone still serves through its peer.
 */
async function route(api: Api, region: string, request: HttpRequest): Promise<HttpResponse> {
  if (request.path === '/ready') {
    return request.method === 'GET' ? jsonResponse(200, { ready: true, region }) : notAllowed('GET');
  }
  const [, root, segment, part, ...rest] = request.path.split('/');
  if (root !== 'items') throw noRoute(request.path);
  await api.checkKey(request.headers['authorization']);
  if (!segment || rest.length > 0 || (part !== undefined && part !== 'versions')) throw noRoute(request.path);
  const id = parseId(segment);
  if (part === 'versions') return request.method === 'GET' ? history(api, id, request) : notAllowed('GET');
  switch (request.method) {
    case 'GET':
      return latest(api, id);
    case 'PUT':
      return write(api, { id, content: { value: parseBody(request) }, idempotencyKey: parseIdempotencyKey(request) });
    case 'DELETE':
      return write(api, { id, content: { deleted: true }, idempotencyKey: parseIdempotencyKey(request) });
    default:
      return notAllowed('GET, PUT, DELETE');
  }
}

async function write({ clock, origin, run }: Api, request: Write): Promise<HttpResponse> {
  const { result, region } = await run(writeVersion(clock, origin, request));
  const { id, timestamp, region: takenBy, deleted } = result.version;
  return jsonResponse(
    200,
    { id, timestamp, region: takenBy, ...(deleted ? { deleted } : {}) },
    { ...served(region, timestamp), ...(result.replayed ? { 'idempotency-replayed': 'true' } : {}) },
  );
}

async function latest({ run }: Api, id: string): Promise<HttpResponse> {
  const { result: version, region } = await run(latestVersion(id));
  if (!version) throw notFound(id, region, 'No version of it has arrived in this region');
  if (version.deleted) throw notFound(id, region, `It was deleted at ${version.timestamp}`);
  return jsonResponse(200, shown(version), served(region, version.timestamp));
}

async function history({ run }: Api, id: string, request: HttpRequest): Promise<HttpResponse> {
  const { result, region } = await run(versionHistory(id, parseHistory(request)));
  const { versions, next } = result;
  const body = { id, versions: versions.map(shown), ...(next === undefined ? {} : { next }) };
  return jsonResponse(200, body, { 'x-data-region': region });
}

const shown = ({ previous: _previous, ...version }: ItemVersion): Omit<ItemVersion, 'previous'> => version;

const served = (region: string, stamp: string): Record<string, string> => ({
  'x-data-region': region,
  etag: `"${stamp}"`,
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

function notAllowed(allow: string): never {
  throw new Problem(405, 'method-not-allowed', 'The method is not allowed here', `Allowed: ${allow}`, { allow });
}

function failed(telemetry: Telemetry, error: unknown): HttpResponse {
  if (error instanceof Problem) return problemResponse(error);
  telemetry.log('ERROR', 'request failed', { error });
  return problemResponse(new Problem(500, 'internal', 'Something went wrong here', 'The failure has been logged'));
}
