// One request of a client, from DNS to the outcome that its user sees, logged as one `request` event.
import { CLIENT_WAIT_SECONDS } from '@dr/failover';
import type { DnsAnswer, HttpFailure, HttpResponse, Internet, RegionId, Site, World } from '@dr/twin';
import type { Answer, Operation, RunningStack } from '../system-under-drill';

export type ClientIdentity = ReturnType<typeof identityOf>;

const TIMEOUT_MS = CLIENT_WAIT_SECONDS.timeout * 1000;
/** A client whose name does not resolve is sent to no region. */
export const NO_REGION = 'none';

/** `home`: the nearest region. `cache`: does its resolver hold an answer from before, or none yet? */
export function identityOf(
  { world, internet }: Pick<RunningStack, 'world' | 'internet'>,
  client: string,
  home: RegionId,
  {
    site = { group: 'clients', at: home.awsRegion },
    cache = 'held',
  }: { readonly site?: Site; readonly cache?: 'held' | 'new' } = {},
) {
  return {
    client,
    home: home.name,
    site,
    resolver: new CachingResolver(world, internet, { client, site }, cache === 'new'),
  };
}

/** Never takes longer than the client's time-out. */
export async function exchange(
  stack: Pick<RunningStack, 'world' | 'domain' | 'internet'>,
  identity: ClientIdentity,
  operation: Operation,
  timeoutMs = TIMEOUT_MS,
): Promise<Answer> {
  const { world, domain, internet } = stack;
  const startedMs = world.scheduler.now();
  const target = identity.resolver.resolve(domain);
  const sent = target
    ? internet.request(identity.site, target, { protocol: 'https', port: 443 }, operation.toHttp(domain), {
        connectMs: timeoutMs,
        responseMs: timeoutMs,
      })
    : undefined;
  const reply = sent
    ? await world.scheduler.within<HttpResponse | HttpFailure, HttpFailure>(timeoutMs, sent, () => 'response-timeout')
    : 'refused';
  const answer = operation.judge(reply);
  const { method, route, itemId, details } = operation;
  world.events.record({
    kind: 'request',
    client: identity.client,
    home: identity.home,
    method,
    route,
    itemId,
    region: target?.awsRegion ?? NO_REGION,
    startedMs,
    ...answer,
    ...details,
  });
  return answer;
}

/** A client's own DNS cache: it asks again only when its answer is older than the TTL it came with (DNS-06). */
class CachingResolver {
  private cached: { readonly answer: DnsAnswer; readonly untilMs: number } | undefined;

  constructor(
    private readonly world: World,
    private readonly internet: Internet,
    private readonly owner: { readonly client: string; readonly site: Site },
    private hasAsked: boolean,
  ) {}

  /** null when the name does not exist; that is not cached. */
  resolve(name: string): DnsAnswer | null {
    const nowMs = this.world.scheduler.now();
    if (this.cached && nowMs < this.cached.untilMs) return this.cached.answer;
    const answer = this.internet.resolve(name, this.owner.site);
    const ttlSeconds = (answer?.ttlSeconds ?? 0) * this.firstShare();
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
