// AWS stand-ins for contract suites: dynalite and small JSON services over real loopback HTTP.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AwsIdentity } from '../adapters/aws-request';

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

export async function dynamoDbLoopback(table: string): Promise<Loopback> {
  const loopback = await listening(dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 }));
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
