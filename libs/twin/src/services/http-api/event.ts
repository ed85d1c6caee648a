// The events that an HTTP API and a function URL hand to a function, and the answers that they take from one (API-01, API-02).
import { splitPath } from '@dr/stack';
import { TWIN_ACCOUNT_ID } from '@dr/terraform-json';
import type { HttpRequest, HttpResponse } from '../../http';
import { isObject } from '../../is-object';
import { decodeLambdaResponse, isTextBody } from '../alb/event';

/** What the API adds to a request. */
export interface Passed {
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
  readonly stage: string;
  readonly apiId: string;
  readonly requestId: string;
  readonly clientAddress: string;
  readonly epochMs: number;
}

type Event = Readonly<Record<string, unknown>>;

/** Format 2.0: what is given twice is joined by commas. */
export function eventV2(request: HttpRequest, passed: Passed): Event {
  const { path, query } = splitPath(request.path);
  const { routeKey, pathParameters, stage, apiId, requestId, clientAddress: sourceIp, epochMs } = passed;
  const { cookie, ...headers } = lowerCased(request.headers);
  const parameters = mapped(query, (values) => values.join(','));
  const host = headers['host'] ?? '';
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookie === undefined ? {} : { cookies: cookie.split('; ') }),
    headers,
    ...(query === '' ? {} : { queryStringParameters: parameters }),
    requestContext: {
      ...{ accountId: TWIN_ACCOUNT_ID, apiId, domainName: host, domainPrefix: host.split('.')[0] },
      http: { method: request.method, path, protocol: 'HTTP/1.1', sourceIp, userAgent: headers['user-agent'] ?? '' },
      ...{ requestId, routeKey, stage, time: logTime(epochMs), timeEpoch: Math.floor(epochMs) },
    },
    ...(pathParameters ? { pathParameters } : {}),
    ...bodyOf(request),
  };
}

/** Format 1.0, as of a REST API. */
export function eventV1(request: HttpRequest, passed: Passed): Event {
  const { path, query } = splitPath(request.path);
  const { routeKey, pathParameters, stage, apiId, requestId, clientAddress: sourceIp, epochMs } = passed;
  const headers = lowerCased(request.headers);
  const { method: httpMethod } = request;
  const resourcePath = routeKey.split(' ').at(-1) ?? path;
  return {
    ...{ version: '1.0', resource: resourcePath, path, httpMethod, headers },
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: query === '' ? null : mapped(query, (values) => values.at(-1)),
    multiValueQueryStringParameters: query === '' ? null : mapped(query, (values) => values),
    requestContext: {
      ...{ accountId: TWIN_ACCOUNT_ID, apiId, domainName: headers['host'], httpMethod, path, protocol: 'HTTP/1.1' },
      identity: { sourceIp, userAgent: headers['user-agent'] ?? null },
      ...{ requestId, requestTime: logTime(epochMs), requestTimeEpoch: Math.floor(epochMs), resourcePath, stage },
    },
    pathParameters: pathParameters ?? null,
    stageVariables: null,
    ...bodyOf(request),
  };
}

/** undefined: not of the form that it must have. In format 2.0 whatever has no status is the body of a 200. */
export function answerOf(payload: unknown, format: '1.0' | '2.0'): HttpResponse | undefined {
  if (format === '2.0' && !(isObject(payload) && 'statusCode' in payload)) {
    const body = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload ?? null));
    return {
      status: 200,
      headers: { 'content-type': 'application/json', 'content-length': String(body.length) },
      body,
    };
  }
  // [A] Of several values of one header, clients see them joined.
  const response = decodeLambdaResponse(payload, false);
  const many = isObject(payload) && isObject(payload['multiValueHeaders']) ? payload['multiValueHeaders'] : {};
  const joined = Object.entries(many).map(([name, values]) => [name.toLowerCase(), [values].flat().join(', ')]);
  return response && { ...response, headers: { ...response.headers, ...(Object.fromEntries(joined) as object) } };
}

const bodyOf = ({ headers, body }: HttpRequest): Event => {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText = isTextBody(lowerCased(headers));
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
};

const lowerCased = (headers: HttpRequest['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** Decoded, as HTTP APIs hand parameters on. */
function mapped<T>(query: string, of: (values: readonly string[]) => T): Record<string, T> {
  const parameters = new URLSearchParams(query);
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, of(parameters.getAll(name))]));
}

/** `12/Mar/2020:19:03:58 +0000` */
function logTime(epochMs: number): string {
  const [, day, month, year, time] = new Date(epochMs).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
