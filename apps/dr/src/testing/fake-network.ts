// Names and requests of a system in virtual time: DNS answers follow its health checks, requests its faults. For tests.
import type { RegionConfig } from '@dr/contracts/config';
import type { Network } from '../gameday/ports';
import type { FakeGameDay, Site } from './fake-game-day';

const TTL_SECONDS = 10;
const ROUND_TRIP_MS = 120;

export function networkOf(world: FakeGameDay): Network {
  const address = (region: RegionConfig): string => `address of ${region.name}`;
  const answer = (name: string): RegionConfig => {
    const named = world.options.regions.find((region) => name.startsWith(`${region.name}.`));
    const healthy = world.options.regions.filter((region) => world.isHealthy(world.site(region.name)));
    return named ?? healthy[0] ?? (world.options.regions[0] as RegionConfig);
  };
  return {
    resolve: (name) =>
      world.ask('', () => ({ ttlSeconds: TTL_SECONDS, addresses: [address(answer(name))], names: [name] })),
    connection: (kept) => {
      let open: string | undefined;
      return {
        close: () => undefined,
        get: async (request) => {
          const to = open ?? (await request.address());
          const site = [...world.sites.values()].find(({ region }) => address(region) === to) as Site;
          if (!world.isReached(site)) {
            open = undefined;
            await world.sleep(request.timeoutMs);
            return { outcome: 'timeout' };
          }
          await world.sleep(ROUND_TRIP_MS);
          if (kept) open = to;
          if (site.concurrency === 0) return { outcome: 'http-error', status: request.path === '/health' ? 503 : 502 };
          return { outcome: 'ok', status: 200, body: JSON.stringify({ ready: true, region: site.region.name }) };
        },
      };
    },
  };
}
