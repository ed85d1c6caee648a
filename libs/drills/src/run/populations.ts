// Clients that the promise is not about: each population beside the ordinary clients, with its own way to a name.
import { STRETCHED_SECONDS, type Population } from '@dr/contracts';
import type { ClientInternet, KeptConnection, RegionId, Site } from '@dr/twin';
import type { Load } from '../schedule/scenario';
import type { RunningStack } from '../system-under-drill';
import { CachingResolver, HTTPS, newConnections, type ClientIdentity, type ClientLine } from './client-request';

/**
 * [A] They send a third as often as an ordinary client: what is simulated of them is when they are served again, and no load. Still
 * often enough that no connection of theirs is idle for 60 s.
 */
export const PACE_OF_OTHERS = 3;

export const countOf = ({ share }: Population, { clients }: Pick<Load, 'clients'>): number =>
  Math.max(1, Math.round(share * clients));

/** Every client of the load's populations, near each region in turn. */
export const otherClients = (stack: RunningStack, load: Load): readonly ClientIdentity[] =>
  (load.populations ?? []).flatMap((population) =>
    Array.from({ length: countOf(population, load) }, (_, index) => memberOf(stack, population, index)),
  );

function memberOf({ world, internet }: RunningStack, { name, seconds }: Population, index: number): ClientIdentity {
  const { regions } = world;
  const home = regions[index % regions.length] as RegionId;
  const client = `${name}-${String(index).padStart(4, '0')}`;
  const site = nearTo(home);
  const round = Math.floor(index / regions.length);
  const resolver = (from: Site, leastTtlSeconds = 0): CachingResolver =>
    new CachingResolver(world, internet, { client, site: from }, { leastTtlSeconds });
  const lines = {
    keeps: () => new KeptLine(internet, site, resolver(site), seconds),
    stretches: () =>
      newConnections(internet, site, resolver(site, seconds ?? STRETCHED_SECONDS[round % STRETCHED_SECONDS.length])),
    far: () => newConnections(internet, site, resolver(nearTo(regions[(index + 1) % regions.length] as RegionId))),
  } satisfies Record<typeof name, () => ClientLine>;
  return { client, home: home.name, population: name, line: lines[name]() };
}

const nearTo = ({ awsRegion }: RegionId): Site => ({ group: 'clients', at: awsRegion });

/** Keeps a connection, and asks DNS only for a new one. */
class KeptLine implements ClientLine {
  private held: { readonly awsRegion: string; readonly connection: KeptConnection } | undefined;

  constructor(
    private readonly internet: ClientInternet,
    private readonly site: Site,
    private readonly resolver: CachingResolver,
    /** Its own limit. @default none: the other end closes the connection, or it breaks */
    private readonly lifetimeSeconds = Infinity,
  ) {}

  send(...[name, request, timeoutMs]: Parameters<ClientLine['send']>): ReturnType<ClientLine['send']> {
    if (!this.held || !this.isGood(this.held.connection)) this.held = this.open(name);
    if (!this.held) return {};
    const { awsRegion, connection } = this.held;
    const timeouts = { connectMs: timeoutMs, responseMs: timeoutMs };
    return { awsRegion, reply: connection.request(request, timeouts) };
  }

  private isGood(connection: KeptConnection): boolean {
    return connection.isOpen() && connection.ageMs < this.lifetimeSeconds * 1000;
  }

  private open(name: string): typeof this.held {
    const answer = this.resolver.resolve(name);
    if (!answer) return undefined;
    const awsRegion = this.internet.leadsTo(this.site, answer);
    return { awsRegion, connection: this.internet.keep(this.site, answer, HTTPS) };
  }
}
