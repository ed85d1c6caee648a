// A connection that a client keeps: opened once, used for request after request, and closed by one of the two ends.
import type { ConnectionLimits } from '@dr/stack';
import type { HttpRequest, HttpResponse } from '../../http';
import type { HttpFailure } from '../../site';
import type { World } from '../../world';
import type { KeptConnection, Timeouts } from '../ports';

/** [A] After so many time-outs in a row a client takes its connection for dead. */
const TIME_OUTS_THAT_BREAK = 3;
/** [A] Of what is no load balancer: as a load balancer's own defaults. */
export const USUAL_LIMITS: ConnectionLimits = { keepAliveSeconds: 3_600, idleSeconds: 60 };

/** What the network does for a connection. */
export interface Line {
  open(timeoutMs: number): Promise<'open' | HttpFailure>;
  /** `isFirst`: TLS comes before it. */
  send(request: HttpRequest, timeoutMs: number, isFirst: boolean): Promise<HttpResponse | HttpFailure>;
}

export class Connection implements KeptConnection {
  private openedMs: number | undefined;
  /** When the last answer came; undefined: none has. */
  private usedMs: number | undefined;
  private timeOuts = 0;
  private closed = false;

  constructor(
    private readonly world: World,
    private readonly line: Line,
    private readonly limits: ConnectionLimits,
  ) {}

  isOpen(): boolean {
    if (this.closed || this.usedMs === undefined) return false;
    // The end that closes an idle connection says so; whoever hears nothing has the same limit [A].
    return this.world.scheduler.now() - this.usedMs < this.limits.idleSeconds * 1_000;
  }

  get ageMs(): number {
    return this.openedMs === undefined ? 0 : this.world.scheduler.now() - this.openedMs;
  }

  async request(request: HttpRequest, { connectMs, responseMs }: Timeouts): Promise<HttpResponse | HttpFailure> {
    const isFirst = this.openedMs === undefined;
    if (isFirst) {
      const met = await this.line.open(connectMs);
      if (met !== 'open') return this.close(met);
      this.openedMs = this.world.scheduler.now();
    }
    // CL-02: past its age the load balancer takes this request, and closes the connection with the answer.
    const isLast = this.ageMs >= this.limits.keepAliveSeconds * 1_000;
    const reply = await this.line.send(request, responseMs, isFirst);
    this.usedMs = this.world.scheduler.now();
    this.timeOuts = reply === 'response-timeout' ? this.timeOuts + 1 : 0;
    const isBroken = reply === 'refused' || reply === 'connect-timeout' || this.timeOuts >= TIME_OUTS_THAT_BREAK;
    return isLast || isBroken ? this.close(reply) : reply;
  }

  private close<T>(reply: T): T {
    this.closed = true;
    return reply;
  }
}
