// AWS stand-ins for contract suites: dynalite and small JSON services over real loopback HTTP.
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { EventEmitter } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Attributes } from '../adapters/attribute-values';
import type { AwsIdentity } from '../adapters/aws-request';
import { refusalOfItem, refusalOfKey } from './dynamodb-rules';

// eslint-disable-next-line @nx/enforce-module-boundaries -- only the contract suite runs against the engine; it has no types.
const dynalite = require('dynalite') as (options: object) => Server;

const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };

export interface Loopback {
  readonly identity: AwsIdentity;
  close(): Promise<void>;
}

const listening = async (server: Server): Promise<Loopback> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    identity: { credentials: CREDENTIALS, endpoint: `http://127.0.0.1:${port}` },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

type Handler = (request: EventEmitter, response: ServerResponse) => void;

/**
 * dynalite, and what DynamoDB refuses beside: it counts characters where DynamoDB counts bytes, and takes any depth. AWS's answer is given
 * in its place, so that no test passes on what AWS would not store.
 */
function strictDynalite(): Server {
  const engine = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  const [handle] = engine.listeners('request') as Handler[];
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const refused = refusalOf(String(request.headers['x-amz-target']), JSON.parse(body.toString('utf8')));
      if (refused) {
        const error = { __type: 'com.amazon.coral.validate#ValidationException', message: refused };
        response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(error));
        return;
      }
      const { method, url, headers } = request;
      handle?.(Object.assign(Readable.from([body]), { method, url, headers }), response);
    });
  });
}

interface Input {
  readonly Item: Attributes;
  readonly ExpressionAttributeValues: Attributes;
}

function refusalOf(target: string, { Item, ExpressionAttributeValues: values }: Input): string | undefined {
  if (target.endsWith('.PutItem')) return refusalOfItem(Item);
  if (!target.endsWith('.Query')) return undefined;
  return Object.entries(values)
    .map(([name, value]) => refusalOfKey(name === ':id' ? 'id' : 'timestamp', value.S))
    .find((refused) => refused !== undefined);
}

export async function dynamoDbLoopback(table: string): Promise<Loopback> {
  const loopback = await listening(strictDynalite());
  const client = new DynamoDBClient({ region: 'ap-south-1', ...loopback.identity });
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['id', 'timestamp'].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'id', KeyType: 'HASH' },
        { AttributeName: 'timestamp', KeyType: 'RANGE' },
      ],
    }),
  );
  client.destroy();
  return loopback;
}

export interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One service that answers as told; `undefined` as answer: never. */
export function serviceLoopback(answer: (received: Received) => Answer | undefined): Promise<Loopback> {
  return listening(
    createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        const given = answer({ url: request.url ?? '', headers: request.headers, body });
        if (given) response.writeHead(given.status, given.headers).end(given.body);
      });
    }),
  );
}
