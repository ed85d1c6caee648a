// HTTP messages inside the twin.

export interface HttpRequest {
  readonly method: string;
  /** Path and query as sent, e.g. `/things/a%20b?limit=2`. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Who produced it: a function's name, `fixed-response`, `redirect` or `load-balancer`. Not on the wire. */
  readonly answeredBy?: string;
  /** How long after its status the whole body is sent. @default with the status */
  readonly bodyAfterMs?: number;
}

export const jsonResponse = (status: number, value: unknown, contentType = 'application/json'): HttpResponse => {
  const body = Buffer.from(JSON.stringify(value));
  return { status, headers: { 'content-type': contentType, 'content-length': String(body.length) }, body };
};
