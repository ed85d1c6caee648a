// Clients seen from here: each asks /ready again and again, as its TTL allows; half open a connection for each request, half keep theirs.
import { CLIENT_WAIT_SECONDS } from '@dr/failover';
import type { Attempt } from '@dr/drills';
import { textField } from '../text-field';
import type { Clock, DnsReply, Network, RequestOutcome } from './ports';

export interface ClientRequest extends Attempt {
  readonly outcome: RequestOutcome;
  /** The client keeps its connection open between requests. */
  readonly kept: boolean;
  readonly status: number | undefined;
  /** Short name of the region that answered, by its own word; undefined: nobody did. */
  readonly region: string | undefined;
}

export interface Watched {
  /** The one that is lost. */
  readonly region: string;
  readonly domain: string;
  /** So many with new connections, and as many with kept ones. */
  readonly clients: number;
  /** Requests a second of each client. */
  readonly rate: number;
  readonly network: Network;
  readonly clock: Clock;
  readonly show: (line: string) => void;
}

/** Says that traffic-router runs and routes, and wants no key. */
const PATH = '/ready';
const TIMEOUT_MS = CLIENT_WAIT_SECONDS.timeout * 1000;
const PAUSE_MS = CLIENT_WAIT_SECONDS.pause * 1000;
/** First requests are spread over this, so that the caches of the clients do not end together. */
const SPREAD_MS = 10_000;

export class Clients {
  /** In order of completion. */
  readonly requests: ClientRequest[] = [];
  private stopped = false;

  constructor(protected readonly watched: Watched) {}

  start(): void {
    const { clients } = this.watched;
    for (let index = 0; index < clients; index += 1) {
      for (const kept of [false, true]) {
        const phaseMs = ((index + (kept ? 0.5 : 0)) * SPREAD_MS) / clients;
        void this.live(`${kept ? 'kept' : 'new'}-${String(index + 1).padStart(2, '0')}`, kept, phaseMs);
      }
    }
  }

  /** Each client ends after the request it is in. */
  stop(): void {
    this.stopped = true;
  }

  private async live(client: string, kept: boolean, phaseMs: number): Promise<void> {
    const { network, clock, domain, rate } = this.watched;
    const resolver = new CachingResolver(network, clock);
    const connection = network.connection(kept);
    await clock.sleep(phaseMs);
    while (!this.stopped) {
      const startedMs = clock.now();
      const reply = await connection.get({
        host: domain,
        path: PATH,
        timeoutMs: TIMEOUT_MS,
        address: () => resolver.address(domain),
      });
      const region = reply.outcome === 'ok' ? textField(reply.body, 'region') : undefined;
      this.requests.push({
        client,
        kept,
        startedMs,
        atMs: clock.now(),
        outcome: reply.outcome,
        status: reply.status,
        region,
      });
      await clock.sleep(reply.outcome === 'ok' ? Math.max(0, startedMs + 1000 / rate - clock.now()) : PAUSE_MS);
    }
    connection.close();
  }
}

/** A client's own cache: it asks again only when its answer is older than the TTL it came with. */
export class CachingResolver {
  private cached: { readonly reply: DnsReply; readonly untilMs: number } | undefined;
  private turn = 0;

  constructor(
    private readonly network: Pick<Network, 'resolve'>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** One address after the other of the answer. Rejects when there is none. */
  async address(name: string): Promise<string> {
    if (!this.cached || this.clock.now() >= this.cached.untilMs) {
      const reply = await this.network.resolve(name);
      this.cached = { reply, untilMs: this.clock.now() + reply.ttlSeconds * 1000 };
    }
    const { addresses } = this.cached.reply;
    this.turn += 1;
    const address = addresses[this.turn % addresses.length];
    if (address === undefined) throw new Error(`${name} has no address`);
    return address;
  }
}
