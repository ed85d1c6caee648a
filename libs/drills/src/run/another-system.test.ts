// The engine drills a system of which it knows nothing but the port: one that only reads, tells nobody and takes no orders.
import type { SystemUnderDrill } from '../system-under-drill';
import { fakeTwin, FAKE_KEY } from '../testing/fake-twin';
import { graphOf, SOUND_STACK } from '../testing/fixtures';
import { parseScenario } from '../schedule/scenario';
import { runDrill } from './drill';
import { runSchedule } from './run-schedule';
import { placesOf } from './start';

const SHOP: SystemUnderDrill = {
  functions: ['prices'],
  isClientData: () => true,
  promises: () => ({ affectsClients: true, movesTraffic: true, unfelt: false, silent: false, probeSeconds: 4 }),
  workload: () => ({
    next: () => () => ({
      method: 'GET',
      route: 'GET /prices/{id}',
      itemId: 'bread',
      toHttp: (host) => ({
        method: 'GET',
        path: '/prices/bread',
        headers: { host, authorization: `Bearer ${FAKE_KEY}` },
        body: Buffer.alloc(0),
      }),
      judge: (reply) =>
        typeof reply === 'string'
          ? { outcome: reply }
          : { outcome: reply.status < 500 ? 'ok' : 'http-error', status: reply.status },
    }),
    others: () => [],
  }),
};
const graph = graphOf(SOUND_STACK);

test('a lost region is measured, and nobody asks for notices that the system never promised', async () => {
  const twin = fakeTwin({ system: SHOP, faults: { silent: true } });
  const options = {
    objective: { rtoSeconds: 60, rpoSeconds: 5 },
    clients: 20,
    requestsPerSecond: 4,
    durationSeconds: 100,
  };
  const scenario = parseScenario(options, placesOf(SHOP, twin.world.regions));
  const report = await runDrill({ twin, graph, scenario, replay: '', wallMs: () => 0 });
  expect(report.reasons).toEqual([]);
  expect(report.rto?.clientsAffected).toBe(10);
  expect(Object.keys(report.latency)).toEqual(['GET /prices/{id}']);
});

test('fails with an order, which means nothing to it', async () => {
  const order = { order: 'evacuate', region: 'mumbai', via: 'singapore', atSeconds: 5 } as const;
  const run = runSchedule({ twin: fakeTwin({ system: SHOP }), graph, schedule: { faults: [], orders: [order] } });
  await expect(run).rejects.toThrow('the order to evacuate mumbai: means nothing to this system. Leave it out');
});
