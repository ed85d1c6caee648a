// One request of a client, from DNS to the outcome that its user sees, logged as one `request` event.
import type { PopulationName } from '@dr/contracts';
import { CLIENT_WAIT_SECONDS } from '@dr/failover';
import type {
  ClientInternet,
  DnsAnswer,
  HttpFailure,
  HttpRequest,
  HttpResponse,
  Internet,
  RegionId,
  Site,
  World,
} from '@dr/twin';
import type { Answer, Operation, RunningStack } from '../system-under-drill';

const TIMEOUT_MS = CLIENT_WAIT_SECONDS.timeout * 1000;
/** A client whose name does not resolve is sent to no region. */
export const NO_REGION = 'none';
export const HTTPS = { protocol: 'https', port: 443 } as const;

export interface ClientIdentity {
  readonly client: string;
  /** The nearest region. */
  readonly home: string;
  readonly population?: PopulationName;
  readonly line: ClientLine;
}

/** How a client's requests get to a name. */
export interface ClientLine {
  send(name: string, request: HttpRequest, timeoutMs: number): Sent;
}

/** Where the request went, and what comes back; nothing where the name did not resolve. */
export interface Sent {
  readonly awsRegion?: string;
  readonly reply?: Promise<HttpResponse | HttpFailure>;
}

export interface ClientPlace {
  readonly site?: Site;
  /** Does its resolver hold an answer from before, or none yet? */
  readonly cache?: 'held' | 'new';
  /** How long the client itself keeps what its resolver says, whatever the TTL. @default 0 */
  readonly ownCacheSeconds?: number;
}

/** Of a client that honours the TTL and opens a new connection for each request. `home`: the nearest region. */
export function identityOf(
  { world, internet }: Pick<RunningStack, 'world' | 'internet'>,
  client: string,
  home: RegionId,
  { site = { group: 'clients', at: home.awsRegion }, cache = 'held', ownCacheSeconds = 0 }: ClientPlace = {},
): ClientIdentity {
  const resolver = new CachingResolver(world, internet, { client, site }, { hasAsked: cache === 'new' });
  const asked = ownCacheSeconds > 0 ? new OwnCache(world, resolver, ownCacheSeconds) : resolver;
  return { client, home: home.name, line: newConnections(internet, site, asked) };
}

export const newConnections = (internet: ClientInternet, site: Site, resolver: Resolver): ClientLine => ({
  send(name, request, timeoutMs) {
    const target = resolver.resolve(name);
    if (!target) return {};
    const timeouts = { connectMs: timeoutMs, responseMs: timeoutMs };
    const awsRegion = internet.leadsTo(site, target);
    return { awsRegion, reply: internet.request(site, target, HTTPS, request, timeouts) };
  },
});

/** Never takes longer than the client's time-out. */
export async function exchange(
  stack: Pick<RunningStack, 'world' | 'domain'>,
  { client, home, population, line }: ClientIdentity,
  operation: Operation,
  timeoutMs = TIMEOUT_MS,
): Promise<Answer> {
  const { world, domain } = stack;
  const startedMs = world.scheduler.now();
  const { awsRegion, reply: sent } = line.send(domain, operation.toHttp(domain), timeoutMs);
  const reply = sent
    ? await world.scheduler.within<HttpResponse | HttpFailure, HttpFailure>(timeoutMs, sent, () => 'response-timeout')
    : 'refused';
  const answer = operation.judge(reply);
  const { method, route, itemId, details } = operation;
  world.events.record({
    kind: 'request',
    client,
    home,
    ...(population === undefined ? {} : { population }),
    method,
    route,
    itemId,
    region: awsRegion ?? NO_REGION,
    startedMs,
    ...answer,
    ...details,
  });
  return answer;
}

/** Whom a client asks for a name. */
interface Resolver {
  /** null when the name does not exist. */
  resolve(name: string): DnsAnswer | null;
}

/** [A] Others ask the same resolver so often, so that its phase is not that of a client which asks seldom. */
const OTHERS_ASK_EVERY_MS = 1_000;

/** What a program keeps for itself, as a JVM does: it knows no TTL. */
class OwnCache implements Resolver {
  private isShared = false;
  private kept: { readonly answer: DnsAnswer; readonly untilMs: number } | undefined;

  constructor(
    private readonly world: World,
    private readonly resolver: Resolver,
    private readonly seconds: number,
  ) {}

  resolve(name: string): DnsAnswer | null {
    const nowMs = this.world.scheduler.now();
    if (this.kept && nowMs < this.kept.untilMs) return this.kept.answer;
    if (!this.isShared) this.share(name);
    const answer = this.resolver.resolve(name);
    this.kept = answer ? { answer, untilMs: nowMs + this.seconds * 1000 } : undefined;
    return answer;
  }

  private share(name: string): void {
    this.isShared = true;
    this.world.scheduler.after(OTHERS_ASK_EVERY_MS, () => {
      this.resolver.resolve(name);
      this.share(name);
    });
  }
}

interface CacheOptions {
  /** It holds no answer from before. @default false */
  readonly hasAsked?: boolean;
  /** It keeps an answer for so long at least, whatever its TTL. @default 0 */
  readonly leastTtlSeconds?: number;
}

/** A client's own DNS cache: it asks again only when its answer is older than the TTL it came with (DNS-06), or than its own least (CL-05). */
export class CachingResolver implements Resolver {
  private cached: { readonly answer: DnsAnswer; readonly untilMs: number } | undefined;
  private hasAsked: boolean;
  private readonly leastTtlSeconds: number;

  /** `owner.site`: where it asks from. */
  constructor(
    private readonly world: World,
    private readonly internet: Internet,
    private readonly owner: { readonly client: string; readonly site: Site },
    { hasAsked = false, leastTtlSeconds = 0 }: CacheOptions = {},
  ) {
    this.hasAsked = hasAsked;
    this.leastTtlSeconds = leastTtlSeconds;
  }

  /** null when the name does not exist; that is not cached. */
  resolve(name: string): DnsAnswer | null {
    const nowMs = this.world.scheduler.now();
    if (this.cached && nowMs < this.cached.untilMs) return this.cached.answer;
    const answer = this.internet.resolve(name, this.owner.site);
    const ttlSeconds = Math.max(answer?.ttlSeconds ?? 0, this.leastTtlSeconds) * this.firstShare();
    this.cached = answer ? { answer, untilMs: nowMs + ttlSeconds * 1000 } : undefined;
    if (answer) {
      this.world.events.record({
        kind: 'dns-query',
        name,
        client: this.owner.client,
        region: answer.awsRegion,
        ttlSeconds,
      });
    }
    return answer;
  }

  /** The first answer is one that the resolver has held for a while: else all caches would end together. */
  private firstShare(): number {
    if (this.hasAsked) return 1;
    this.hasAsked = true;
    return 1 - this.world.random.stream(`resolver/${this.owner.client}`).next();
  }
}
