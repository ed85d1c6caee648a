// An AWS of a test's own over loopback: what it serves is all that the adapters find, as every AWS tool does. For tests.
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
const NO_OTHER_SOURCE = {
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
};

const saved = process.env;
const servers: Server[] = [];
beforeAll(() => {
  const kept = Object.entries(saved).filter(([name]) => !name.startsWith('AWS_'));
  process.env = { ...Object.fromEntries(kept), ...NO_OTHER_SOURCE, ...CREDENTIALS };
});
afterAll(() => {
  process.env = saved;
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/** Resolves to its port, which is free again after the tests of the file. */
export async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A request with its whole body. */
export const whole =
  (answer: (request: IncomingMessage, body: string, response: ServerResponse) => void): RequestListener =>
  (request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => answer(request, body, response));
  };

/** All of AWS is there from now on. */
export async function serveAws(listener: RequestListener): Promise<void> {
  process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${await serve(listener)}`;
}
