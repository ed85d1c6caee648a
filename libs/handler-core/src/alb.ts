// The event shell of a load balancer: its request decoded, our response encoded (Elastic Load Balancing, lambda-functions).

export interface HttpRequest {
  readonly method: string;
  /** As sent: not URL-decoded. */
  readonly path: string;
  /** URL-decoded; the last value of a repeated parameter. */
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names; the last value of a repeated header, but all of those that are lists (RFC 9110, 5.3). */
  readonly headers: Readonly<Record<string, string>>;
  /** null: its bytes are no UTF-8. */
  readonly body: string | null;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Nothing else is certain of an event that somebody else than a load balancer may have sent. */
interface AlbEvent extends Fields {
  readonly requestContext: Fields;
}

export const isAlbEvent = (event: unknown): event is AlbEvent =>
  isFields(event) && isFields(event['requestContext']) && event['requestContext']['elb'] !== undefined;

/** undefined for an event of another kind. A field of a load balancer's event that has the wrong type counts as absent. */
export function decodeAlb(event: unknown): HttpRequest | undefined {
  if (!isAlbEvent(event)) return undefined;
  const query = event['queryStringParameters'] ?? lastOf(event['multiValueQueryStringParameters']);
  return {
    method: textOr(event['httpMethod'], 'GET'),
    path: textOr(event['path'], '/'),
    query: mapped(query, decoded, decoded),
    headers: mapped(event['headers'] ?? joinedOrLast(event['multiValueHeaders']), (name) => name.toLowerCase()),
    body: bodyOf(event),
  };
}

/** Answers in the mode of the request: ALB drops headers of the other mode. */
export function encodeAlb(event: unknown, response: HttpResponse): Record<string, unknown> {
  const multiValue = isAlbEvent(event) && event['multiValueHeaders'] !== undefined;
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

/** ELB, "Lambda functions as targets", limits: the response JSON has at most 1 MB; the smaller one that this may mean. */
export const MAX_RESPONSE_BYTES = 1_000_000;

/** Of a text, in the response JSON that the load balancer counts: quotes, backslashes and line breaks take two bytes there. */
export const bytesInResponse = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;

export const jsonResponse = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse => jsonTextResponse(status, JSON.stringify(body), headers);

/** The body is JSON already. */
export const jsonTextResponse = (
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  body,
});

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

const lastOf = (values: unknown): Fields =>
  Object.fromEntries(
    entriesOf(values).map(([name, all]): [string, unknown] => [name, Array.isArray(all) ? all.at(-1) : undefined]),
  );

const LISTS = ['if-match', 'if-none-match'];

/** In the other mode a load balancer itself keeps the last line of each header (ELB, "Lambda functions as targets"). */
function joinedOrLast(values: unknown): Fields {
  const lists = entriesOf(values).flatMap(([name, all]): [string, string][] => {
    const isList = LISTS.includes(name.toLowerCase()) && Array.isArray(all);
    return isList && all.every((line) => typeof line === 'string') ? [[name, all.join(', ')]] : [];
  });
  return { ...lastOf(values), ...Object.fromEntries(lists) };
}

function mapped(
  pairs: unknown,
  name: (name: string) => string,
  value: (value: string) => string = (given) => given,
): Record<string, string> {
  const found: Record<string, string> = {};
  if (!isFields(pairs) || Array.isArray(pairs)) return found;
  for (const key of Object.keys(pairs)) {
    const given = pairs[key];
    if (typeof given !== 'string') continue;
    const called = name(key);
    // A client may call a header __proto__: as the name of a property of ours it would be lost.
    if (called === '__proto__')
      Object.defineProperty(found, called, {
        value: value(given),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    else found[called] = value(given);
  }
  return found;
}

const entriesOf = (value: unknown): [string, unknown][] =>
  isFields(value) && !Array.isArray(value) ? Object.entries(value) : [];

function bodyOf({ body, isBase64Encoded }: AlbEvent): string | null {
  if (typeof body !== 'string') return '';
  if (isBase64Encoded !== true) return body;
  const bytes = Buffer.from(body, 'base64');
  const text = bytes.toString('utf8');
  // Decoding puts a replacement character for what is no UTF-8: the bytes do not come back.
  return Buffer.from(text).equals(bytes) ? text : null;
}

/** A stray percent sign is kept as it is: a parameter is checked by the route that reads it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
