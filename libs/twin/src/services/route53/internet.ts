// The internet: names through Route 53, then TCP, TLS and HTTP over the network, with what a fault does to each packet.
import type { HttpRequest, HttpResponse } from '../../http';
import { silence, type Delivery, type HttpFailure, type Site } from '../../site';
import type { World } from '../../world';
import type { ClientInternet, DnsAnswer, Door, Doors, KeptConnection, ProbePath, Timeouts, WebPort } from '../ports';
import { Connection, USUAL_LIMITS } from './kept-connection';
import { Way } from './way';
import type { Route53 } from './route53';

/** A lost SYN is sent again after these pauses, ms (RFC 6298: 1 s, doubled). */
const SYN_RETRY_MS = [1_000, 2_000, 4_000] as const;

/** Addresses of RFC 5737: what a load balancer sees of its caller. */
const CLIENT_ADDRESSES = { clients: '203.0.113.10', checkers: '192.0.2.10', region: '198.51.100.10' } as const;

export class PublicInternet implements ProbePath, ClientInternet {
  constructor(
    private readonly world: World,
    private readonly ports: { readonly dns: Route53; readonly doors: Doors },
  ) {}

  resolve(name: string, from: Site): DnsAnswer | null {
    return this.ports.dns.resolve(name, from);
  }

  /** Connecting ends with TCP's handshake. TLS, the request and the status share the response time-out (HC-01). */
  async request(
    from: Site,
    answer: DnsAnswer,
    target: WebPort,
    request: HttpRequest,
    timeouts: Timeouts,
  ): Promise<HttpResponse | HttpFailure> {
    const way = this.wayTo(answer, from);
    const connected = await this.open(way, target.port, timeouts.connectMs);
    if (connected !== 'open') return connected;
    const { responseMs, bodyMs } = timeouts;
    const { scheduler } = this.world;
    const exchange = this.exchange(way, target, request);
    if (bodyMs === undefined) return scheduler.within(responseMs, exchange.then(withBody), late);
    const head = await scheduler.within(responseMs, exchange, late);
    return bodyMs === 0 ? head : scheduler.within(bodyMs, withBody(head), late);
  }

  leadsTo(from: Site, { loadBalancer }: DnsAnswer): string {
    const door = this.ports.doors.find(loadBalancer) as Door;
    return (door.towards?.(from) ?? door).awsRegion;
  }

  /** It stays with one node of the load balancer. */
  keep(from: Site, answer: DnsAnswer, target: WebPort): KeptConnection {
    const way = this.wayTo(answer, from);
    const line = {
      open: (timeoutMs: number) => this.open(way, target.port, timeoutMs),
      send: (request: HttpRequest, timeoutMs: number, isFirst: boolean) =>
        this.world.scheduler.within(timeoutMs, this.exchange(way, target, request, isFirst).then(withBody), late),
    };
    return new Connection(this.world, line, way.door.limits ?? USUAL_LIMITS);
  }

  connect(from: Site, answer: DnsAnswer, port: number, timeoutMs: number): Promise<'open' | HttpFailure> {
    return this.open(this.wayTo(answer, from), port, timeoutMs);
  }

  private async open(way: Way, port: number, timeoutMs: number): Promise<'open' | HttpFailure> {
    const { scheduler } = this.world;
    const state = way.door.portState(port);
    // Packets to a port that a security group closes are dropped.
    if (state === 'filtered') {
      await scheduler.sleep(timeoutMs);
      return 'connect-timeout';
    }
    return scheduler.within(timeoutMs, this.handshake(way, state), () => 'connect-timeout' as const);
  }

  /** Zones of nodes are of a load balancer's own name: an accelerator asks for those itself. */
  private wayTo({ loadBalancer, zones }: DnsAnswer, from: Site): Way {
    const door = this.ports.doors.find(loadBalancer) as Door;
    const behind = door.towards?.(from);
    return behind ? new Way(from, behind, behind.nodes?.listed()) : new Way(from, door, zones);
  }

  private async handshake(way: Way, state: 'open' | 'closed'): Promise<'open' | 'refused'> {
    for (const pauseMs of [...SYN_RETRY_MS, undefined]) {
      const sentMs = this.world.scheduler.now();
      const met = await this.roundTrip(way);
      if (met === 'refused' || (met === 'delivered' && state === 'closed')) return 'refused';
      if (met === 'delivered') {
        // The delay is of the whole handshake, so that it stays below the limits it is chosen for (region-slow).
        const delayMs = this.world.faults.connectDelayMs(way.door.awsRegion);
        await this.world.scheduler.sleep(sentMs + delayMs - this.world.scheduler.now());
        return 'open';
      }
      if (pauseMs !== undefined) await this.world.scheduler.sleep(sentMs + pauseMs - this.world.scheduler.now());
    }
    return silence();
  }

  /** Settles only when a status gets back. Lost packets are not sent again: the caller gives up first. */
  private async exchange(
    way: Way,
    { protocol, port }: WebPort,
    request: HttpRequest,
    isFirst = true,
  ): Promise<Head | 'refused' | 'bad-certificate'> {
    const { faults } = this.world;
    const { from, to, door } = way;
    const { awsRegion } = door;
    // A region that only accepts connections (region-slow) is silent from here on.
    if (to.group === 'region' && faults.isDown(awsRegion) && faults.delivery(from, to) === 'delivered')
      return silence();
    if (protocol === 'https' && isFirst) {
      const met = await this.roundTrip(way);
      if (met !== 'delivered') return orSilence(met);
      if (!door.speaksTls(port)) return 'refused';
      // Checkers do not look at it (HC-04), and an edge of CloudFront has a certificate of its own.
      const isLookedAt = from.group !== 'checkers' && to.group === 'region';
      if (isLookedAt && faults.hits('certificate-expired', awsRegion)) return 'bad-certificate';
    }
    const there = await this.packet(way, 'there', awsRegion);
    if (there !== 'delivered') return orSilence(there);
    const isGray = to.group === 'region' && faults.isStruckByGray(from, awsRegion);
    const response = isGray
      ? UNAVAILABLE
      : await door.handle(request, { protocol, port, clientAddress: CLIENT_ADDRESSES[from.group] });
    const bodyComes = response.bodyAfterMs ? this.bodyOf(way, awsRegion, response.bodyAfterMs) : undefined;
    // An answer that left before a fault and would arrive during it is lost.
    const back = await this.packet(way, 'back', awsRegion);
    if (back !== 'delivered') return orSilence(back);
    return bodyComes ? { ...response, bodyComes } : response;
  }

  private async bodyOf(way: Way, awsRegion: string, afterMs: number): Promise<Delivery> {
    await this.world.scheduler.sleep(afterMs);
    return this.packet(way, 'back', awsRegion);
  }

  private async roundTrip(way: Way): Promise<Delivery> {
    const there = await this.packet(way, 'there', way.to.at);
    if (there === 'dropped') return there;
    const back = await this.packet(way, 'back', way.to.at);
    return there === 'refused' ? there : back;
  }

  private async packet(way: Way, towards: 'there' | 'back', awsRegion: string): Promise<Delivery> {
    const { faults, network } = this.world;
    const isDark = (): boolean => faults.hits('alb-dark', awsRegion) || way.isDark();
    const dark = isDark();
    const [sender, receiver] = towards === 'there' ? [way.from, way.to] : [way.to, way.from];
    const met = await network.send(sender, receiver);
    if (met !== 'delivered') return met;
    return dark || isDark() ? 'dropped' : met;
  }
}

/** An answer whose status has arrived, and its body too where nothing says when it comes. */
interface Head extends HttpResponse {
  readonly bodyComes?: Promise<Delivery>;
}

const late = (): 'response-timeout' => 'response-timeout';

/** [A] What a request meets that a gray failure strikes: the edge of the region answers, and nothing behind it is asked. */
const UNAVAILABLE: HttpResponse = { status: 503, headers: {}, body: Buffer.alloc(0), answeredBy: 'load-balancer' };

const orSilence = (met: Delivery): Promise<'refused'> => (met === 'refused' ? Promise.resolve(met) : silence());

async function withBody<F extends HttpFailure>(head: Head | F): Promise<HttpResponse | F | 'refused'> {
  if (typeof head === 'string' || !head.bodyComes) return head;
  const { bodyComes, ...response } = head;
  const met = await bodyComes;
  return met === 'delivered' ? response : orSilence(met);
}
