// Two regions' routers over in-memory replicas, called as a load balancer would.
import { FakeClock, MemoryTable, createTelemetry, fakeRandom, whileTimePasses, type Table } from '@dr/handler-core';
import { trafficRouter, type RouterPorts } from '../handler';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed; empty when there is none. */
  readonly body: Readonly<Record<string, unknown>>;
  /** As it is sent. */
  readonly text: string;
  /** What the load balancer counts. */
  readonly responseBytes: number;
}

export interface Call {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** A text is sent as it is, any other value as its JSON. */
  readonly body?: unknown;
  /** Sent in base64, as a load balancer does with a body of another type than JSON. */
  readonly bytes?: Buffer;
}

export type Region = 'mumbai' | 'singapore';

/** `over`: ports of both regions' routers; `wrap`: what stands before each replica. */
export function system(over: Partial<RouterPorts> = {}, wrap: (table: MemoryTable) => Table = (table) => table) {
  const clock = new FakeClock();
  const mumbai = new MemoryTable();
  const singapore = new MemoryTable();
  const lines: string[] = [];
  const telemetry = createTelemetry({ clock, region: 'mumbai', functionName: 'r', write: (line) => lines.push(line) });
  const random = fakeRandom();
  const at = (region: Region, ports: Partial<RouterPorts> = {}) => {
    const [local, other] = (region === 'mumbai' ? [mumbai, singapore] : [singapore, mumbai]).map(wrap) as [
      Table,
      Table,
    ];
    const peers = [{ region: region === 'mumbai' ? 'singapore' : 'mumbai', table: other }];
    const handler = trafficRouter({ clock, random, telemetry, region, table: local, peers, ...over, ...ports });
    return async (method: string, path: string, call: Call = {}): Promise<Reply> => {
      const event = {
        requestContext: { elb: {} },
        httpMethod: method,
        path,
        queryStringParameters: call.query ?? {},
        headers: call.headers ?? {},
        body: bodyOf(call),
        isBase64Encoded: call.bytes !== undefined,
      };
      const answer = (await whileTimePasses(clock, handler(event))) as {
        statusCode: number;
        headers: Reply['headers'];
        body: string;
      };
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: JSON.parse(answer.body || '{}') as Reply['body'],
        text: answer.body,
        responseBytes: Buffer.byteLength(JSON.stringify(answer)),
      };
    };
  };
  const replicate = (): void => {
    for (const item of mumbai.all()) singapore.apply(item);
    for (const item of singapore.all()) mumbai.apply(item);
  };
  return { clock, mumbai, singapore, lines, at, replicate };
}

const bodyOf = ({ body, bytes }: Call): string => {
  if (bytes) return bytes.toString('base64');
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
};

export interface Entry {
  readonly timestamp: string;
  readonly value?: unknown;
  readonly deleted?: true;
  readonly conflictsWith?: readonly string[];
}

/** The whole history of an item, read in pages. */
export async function pagesOf(
  call: ReturnType<ReturnType<typeof system>['at']>,
  id: string,
  limit: number,
): Promise<{ readonly entries: readonly Entry[]; readonly replies: readonly Reply[] }> {
  const replies: Reply[] = [];
  let before: string | undefined;
  do {
    const query = { limit: String(limit), ...(before === undefined ? {} : { before }) };
    const reply = await call('GET', `/items/${id}/versions`, { query });
    if (reply.status !== 200) throw new Error(`history answers ${reply.status}: ${reply.text}`);
    replies.push(reply);
    before = reply.body['next'] as string | undefined;
  } while (before !== undefined && replies.length < 2_000);
  return { entries: replies.flatMap(({ body }) => body['versions'] as Entry[]), replies };
}
