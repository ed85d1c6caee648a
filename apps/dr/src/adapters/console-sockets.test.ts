// Sockets of a console on a machine whose ports are in use.
import { createServer, type Server } from 'node:net';
import { consoleWorld } from './console-sockets';
import { Interruptions } from './interruptions';

const world = consoleWorld(new Interruptions());
const HOST = '127.0.0.1';
/** One free port in nine, as Linux picks them (32768 to 60999), is then free for UDP alone. */
const TAKEN = 3_000;

const taken: Server[] = [];
beforeAll(async () => {
  const listen = (server: Server) =>
    new Promise<void>((done, fail) => server.once('error', fail).listen({ host: HOST, port: 0 }, done));
  for (let count = 0; count < TAKEN; count += 1) {
    const server = createServer();
    await listen(server);
    taken.push(server);
  }
});
afterAll(() => Promise.all(taken.map((server) => new Promise((done) => server.close(done)))));

test('DNS on any free port finds one that is free for UDP and TCP, though others have taken many of TCP', async () => {
  const open = [];
  try {
    for (let count = 0; count < 80; count += 1) open.push(await world.dns(0, () => undefined));
    expect(new Set(open.map(({ port }) => port)).size).toBe(80);
  } finally {
    await Promise.all(open.map((one) => one.close()));
  }
});
