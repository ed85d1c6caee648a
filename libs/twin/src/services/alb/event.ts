// The event a load balancer hands to a Lambda target, and the response it accepts from one (ALB-01, ALB-02).
import { splitPath } from '@dr/stack';
import type { HttpRequest, HttpResponse } from '../../http';
import { isObject } from '../../is-object';

/** What ALB adds to a request it forwards. */
export interface Forwarded {
  readonly traceId: string;
  readonly clientAddress: string;
  readonly port: number;
  readonly protocol: string;
}

/** ELB lambda-functions: neither the request's body nor the function's response JSON may be larger. */
export const MAX_LAMBDA_BYTES = 1_048_576;

const HEALTH_CHECK_AGENT = 'ELB-HealthChecker/2.0';
const TEXT_TYPES = /^(text\/|application\/(json|javascript|xml)\b)/i;

export function lambdaEvent(
  request: HttpRequest,
  targetGroupArn: string,
  multiValue: boolean,
  forwarded: Forwarded,
): Record<string, unknown> {
  const before = request.headers['x-forwarded-for'];
  const headers = {
    ...lowerCased(request.headers),
    'x-amzn-trace-id': forwarded.traceId,
    'x-forwarded-for': before ? `${before}, ${forwarded.clientAddress}` : forwarded.clientAddress,
    'x-forwarded-port': String(forwarded.port),
    'x-forwarded-proto': forwarded.protocol,
  };
  return eventOf({ ...request, headers }, targetGroupArn, multiValue);
}

/** The request a target health check makes (target-group-health-checks). */
export function healthCheckEvent(targetGroupArn: string, path: string, multiValue: boolean): Record<string, unknown> {
  const headers = { 'user-agent': HEALTH_CHECK_AGENT };
  return eventOf({ method: 'GET', path, headers, body: Buffer.alloc(0) }, targetGroupArn, multiValue);
}

function eventOf(request: HttpRequest, targetGroupArn: string, multiValue: boolean): Record<string, unknown> {
  const { path, query } = splitPath(request.path);
  const asked = { requestContext: { elb: { targetGroupArn } }, httpMethod: request.method, path };
  return { ...asked, ...fields(multiValue, query, request.headers), ...body(request) };
}

/** Single-value mode keeps the last value of a repeated parameter. Nothing is URL-decoded. */
function fields(
  multiValue: boolean,
  query: string,
  headers: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const parameters = query
    .split('&')
    .filter(Boolean)
    .map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    });
  if (!multiValue) return { queryStringParameters: Object.fromEntries(parameters), headers };
  const all: Record<string, string[]> = {};
  for (const [name, value] of parameters) all[name] = [...(all[name] ?? []), value];
  return {
    multiValueQueryStringParameters: all,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
  };
}

function body({ headers, body: bytes }: HttpRequest): { readonly body: string; readonly isBase64Encoded: boolean } {
  if (bytes.length === 0 || isTextBody(headers)) return { body: bytes.toString('utf8'), isBase64Encoded: false };
  return { body: bytes.toString('base64'), isBase64Encoded: true };
}

/** By what it says of itself. */
export const isTextBody = (headers: HttpRequest['headers']): boolean =>
  TEXT_TYPES.test(headers['content-type'] ?? '') && headers['content-encoding'] === undefined;

/** The HTTP response. undefined where ALB answers 502: the payload is too large, or not of the documented shape. */
export function decodeLambdaResponse(payload: unknown, multiValue: boolean): HttpResponse | undefined {
  if (!isObject(payload) || Buffer.byteLength(JSON.stringify(payload)) > MAX_LAMBDA_BYTES) return undefined;
  const { statusCode, body: text = '', isBase64Encoded = false } = payload;
  const isStatus =
    typeof statusCode === 'number' && Number.isInteger(statusCode) && statusCode >= 100 && statusCode < 600;
  if (!isStatus || (text !== null && typeof text !== 'string') || typeof isBase64Encoded !== 'boolean')
    return undefined;
  const headers = readHeaders(payload[multiValue ? 'multiValueHeaders' : 'headers'], multiValue);
  if (!headers) return undefined;
  const bytes = Buffer.from(text ?? '', isBase64Encoded ? 'base64' : 'utf8');
  return {
    status: statusCode,
    headers: { 'content-type': 'application/octet-stream', ...headers, 'content-length': String(bytes.length) },
    body: bytes,
  };
}

/** Headers with text values, or in multi-value mode with lists of them; undefined for any other shape. */
function readHeaders(headers: unknown, multiValue: boolean): Record<string, string> | undefined {
  if (!isObject(headers ?? {})) return undefined;
  const entries = Object.entries(headers ?? {});
  if (!entries.every(([, value]) => (multiValue ? Array.isArray(value) : typeof value === 'string'))) return undefined;
  return lowerCased(Object.fromEntries(entries.map(([name, value]) => [name, [value].flat().join(', ')])));
}

/** ELB lambda-functions: "does not honor hop-by-hop headers". Those of RFC 9110, and the older ones (ALB-08). */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade']);
const isHopByHop = (name: string): boolean => HOP_BY_HOP.has(name) || name.startsWith('proxy-');

/** What of a function's headers, in lower case, the load balancer passes on. */
export const withoutHopByHop = (headers: HttpResponse['headers']): HttpResponse['headers'] =>
  Object.keys(headers).some(isHopByHop)
    ? Object.fromEntries(Object.entries(headers).filter(([name]) => !isHopByHop(name)))
    : headers;

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
