// A client's own DNS cache: it asks again only when its answer is older than the TTL it came with (DNS-06).
import type { DnsAnswer, Internet, Site, World } from '@dr/twin';

export class CachingResolver {
  private hasAsked = false;
  private cached: { readonly answer: DnsAnswer; readonly untilMs: number } | undefined;

  constructor(
    private readonly world: World,
    private readonly internet: Internet,
    private readonly owner: { readonly client: string; readonly site: Site },
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
