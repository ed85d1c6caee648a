// Names and requests of a system in virtual time: DNS answers follow its health checks, requests its faults. For tests.
import type { RegionConfig } from '@dr/contracts/system/config';
import type { Network, UndoSchedule } from '../operate/gameday/ports';

const TTL_SECONDS = 10;
const ROUND_TRIP_MS = 120;

/** One region of the system. */
export interface Site {
  readonly region: RegionConfig;
  concurrency: number | null;
  readonly aclRules: Set<number>;
  readonly schedules: Map<string, UndoSchedule>;
  readonly templates: Map<string, { id: string; seconds: number; runs: { id: string; status: string }[] }>;
  /** Times at which its service went and came back, in turn. */
  readonly changes: number[];
}

interface World {
  readonly sites: ReadonlyMap<string, Site>;
  isHealthy(site: Site): boolean;
  isReached(site: Site): boolean;
  ask<T>(what: string, act: () => T): Promise<T>;
  sleep(ms: number): Promise<void>;
}

export function networkOf(world: World): Network {
  const sites = [...world.sites.values()];
  const address = (region: RegionConfig): string => `address of ${region.name}`;
  const answer = (name: string): RegionConfig => {
    const named = sites.find(({ region }) => name.startsWith(`${region.name}.`));
    const healthy = sites.find((site) => world.isHealthy(site));
    return (named ?? healthy ?? (sites[0] as Site)).region;
  };
  return {
    resolve: (name) => world.ask('', () => ({ ttlSeconds: TTL_SECONDS, addresses: [address(answer(name))] })),
    connection: (kept) => {
      let open: string | undefined;
      return {
        close: () => undefined,
        get: async (request) => {
          const to = open ?? (await request.address());
          const site = sites.find(({ region }) => address(region) === to) as Site;
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
