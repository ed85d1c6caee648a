// One call of DynamoDB's API, handed to dynalite's own checks and actions. A request that is not as SDKs send it goes through dynalite's HTTP
// handler, which knows what to say of it.
import { EventEmitter } from 'node:events';
import { crc32 } from 'node:zlib';
import type { HttpRequest, HttpResponse } from '../../http';

export type RequestHandler = (request: EventEmitter, response: unknown) => void;
type Json = Readonly<Record<string, unknown>>;
type Done = (error: unknown, answer?: unknown) => void;

/** dynalite/validations. */
export interface Checks {
  checkTypes(input: Json, types: unknown): Json;
  checkValidations(input: Json, types: unknown, custom: unknown, store: unknown): void;
}

/** dynalite/actions/NAME and dynalite/validations/NAME. */
export interface Operation {
  readonly run: (store: unknown, input: Json, done: Done) => void;
  readonly rules: { readonly types: unknown; readonly custom: unknown };
}

/** What dynalite throws when it refuses a call. */
interface Refusal {
  readonly statusCode: number;
  readonly body: unknown;
}

const CONTENT_TYPE = 'application/x-amz-json-1.0';
const TARGET = /^DynamoDB_20120810\.\w+$/;
const SIGNED = /^AWS4-HMAC-SHA256 Credential=[^ ,=]+, SignedHeaders=[^ ,=]+, Signature=[^ ,=]+$/;
/** Dynalite takes no larger body. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

/** Is it what dynalite's HTTP handler would find nothing to say of? */
export const isOrdinary = ({ method, path, headers, body }: HttpRequest): boolean =>
  method === 'POST' &&
  path === '/' &&
  headers['content-type'] === CONTENT_TYPE &&
  TARGET.test(headers['x-amz-target'] ?? '') &&
  headers['origin'] === undefined &&
  headers['x-amz-date'] !== undefined &&
  SIGNED.test(headers['authorization'] ?? '') &&
  body.length <= MAX_REQUEST_BYTES;

/** `input` is used up. Rejects with what dynalite throws other than a refusal. */
export function call(checks: Checks, store: unknown, { run, rules }: Operation, input: Json): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      const { statusCode, body } = (error ?? {}) as Partial<Refusal>;
      if (statusCode === undefined) reject(error instanceof Error ? error : new Error(String(error)));
      else resolve(answerOf(statusCode, body));
    };
    try {
      const checked = checks.checkTypes(input, rules.types);
      checks.checkValidations(checked, rules.types, rules.custom, store);
      run(store, checked, (error, answer) => (error ? fail(error) : resolve(answerOf(200, answer))));
    } catch (error) {
      fail(error);
    }
  });
}

function answerOf(status: number, answer: unknown): HttpResponse {
  const body = Buffer.from(JSON.stringify(answer));
  const headers = {
    'x-amz-crc32': String(crc32(body)),
    'content-type': CONTENT_TYPE,
    'content-length': String(body.length),
  };
  return { status, headers, body };
}

/** Through dynalite's HTTP handler. */
export function callOverHttp(handler: RequestHandler, request: HttpRequest): Promise<HttpResponse> {
  return new Promise((resolve) => {
    const { method, path: url, headers: given } = request;
    const incoming = Object.assign(new EventEmitter(), { method, url, headers: given });
    const headers: Record<string, string> = {};
    const response = {
      statusCode: 200,
      setHeader: (name: string, value: unknown) => void (headers[name.toLowerCase()] = String(value)),
      end(body?: string) {
        resolve({ status: response.statusCode, headers, body: Buffer.from(body ?? '') });
      },
    };
    handler(incoming, response);
    if (request.body.length > 0) incoming.emit('data', request.body);
    incoming.emit('end');
  });
}
