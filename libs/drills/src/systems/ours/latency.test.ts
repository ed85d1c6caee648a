// What a request takes while nothing is broken, in the twin's model: within its region, and in the other one.
import { ascending, percentile } from '../../measure/measure';
import { startClients } from '../../run/clients';
import { clientRequests } from '../../run/run-record';
import { withSynthesizedStack } from '../../testing/synthesized-stack';
import type { RequestEvent } from '../../system-under-drill';
import { OURS, startOurs } from '.';

/** Long enough that the environments which start at first are less than one request of a hundred. */
const SECONDS = 180;

it('answers 99 % within 100 ms near by and within 200 ms from the other region', async () => {
  // With this policy the clients of both regions are sent to one.
  const requests = await withSynthesizedStack(['--routing', 'failover'], async (graph) => {
    const twin = await startOurs({ graph, seed: 1 });
    twin.start();
    startClients(twin, { clients: 60, requestsPerSecond: 20, writeShare: 0.5 }, OURS.workload(twin));
    await twin.world.scheduler.runUntil(SECONDS * 1000);
    return clientRequests(twin.world);
  });
  const p99 = (of: (request: RequestEvent) => boolean): number => {
    const times = ascending(requests.filter(of).map(({ atMs, startedMs }) => atMs - startedMs));
    expect(times.length).toBeGreaterThan(500);
    return percentile(times, 99);
  };
  expect(requests.every(({ outcome }) => outcome === 'ok')).toBe(true);
  expect(p99(({ home, region }) => home === region)).toBeLessThanOrEqual(100);
  expect(p99(({ home, region }) => home !== region)).toBeLessThanOrEqual(200);
}, 120_000);
