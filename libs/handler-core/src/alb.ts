// The event shell of a load balancer: its request decoded, our response encoded (Elastic Load Balancing, lambda-functions).

export interface HttpRequest {
  readonly method: string;
  /** As sent: not URL-decoded. */
  readonly path: string;
  /** URL-decoded; the last value of a repeated parameter. */
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names; the last value of a repeated header. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface AlbEvent {
  readonly requestContext?: { readonly elb?: unknown };
  readonly httpMethod?: string;
  readonly path?: string;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly multiValueQueryStringParameters?: Readonly<Record<string, readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
}

export const isAlbEvent = (event: unknown): event is AlbEvent =>
  typeof event === 'object' && event !== null && (event as AlbEvent).requestContext?.elb !== undefined;

export function decodeAlb(event: unknown): HttpRequest | undefined {
  if (!isAlbEvent(event)) return undefined;
  const query = event.queryStringParameters ?? lastOf(event.multiValueQueryStringParameters);
  return {
    method: event.httpMethod ?? 'GET',
    path: event.path ?? '/',
    query: mapped(query, decoded, decoded),
    headers: mapped(event.headers ?? lastOf(event.multiValueHeaders), (name) => name.toLowerCase()),
    body: bodyOf(event),
  };
}

/** Answers in the mode of the request: ALB drops headers of the other mode. */
export function encodeAlb(event: unknown, response: HttpResponse): Record<string, unknown> {
  const multiValue = isAlbEvent(event) && event.multiValueHeaders !== undefined;
  return {
    statusCode: response.status,
    isBase64Encoded: false,
    ...(multiValue
      ? { multiValueHeaders: Object.fromEntries(Object.entries(response.headers).map(([name, v]) => [name, [v]])) }
      : { headers: response.headers }),
    body: response.body,
  };
}

/** The event by which one function asks another as if a client had. */
export const syntheticGet = (path: string): Record<string, unknown> => ({
  requestContext: { elb: { targetGroupArn: 'synthetic' } },
  httpMethod: 'GET',
  path,
  queryStringParameters: {},
  headers: { 'user-agent': 'dr-health-checker/1' },
  body: '',
  isBase64Encoded: false,
});

export const jsonResponse = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  body: JSON.stringify(body),
});

const lastOf = (values: Readonly<Record<string, readonly string[]>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.at(-1) ?? '']));

const mapped = (
  pairs: Readonly<Record<string, string>>,
  name: (name: string) => string,
  value: (value: string) => string = (given) => given,
): Record<string, string> => Object.fromEntries(Object.entries(pairs).map(([key, given]) => [name(key), value(given)]));

function bodyOf({ body, isBase64Encoded }: AlbEvent): string {
  if (!body) return '';
  return isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
}

/** A stray percent sign is kept as it is: a parameter is checked by the route that reads it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
