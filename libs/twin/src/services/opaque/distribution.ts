// CloudFront: an edge near every client, which asks an origin, and a second one where the first fails a request that only reads.
import { GLOBAL_REGION } from '@dr/contracts';
import { goesOnAtSilence, type Origin } from '@dr/stack';
import type { HttpRequest, HttpResponse } from '../../http';
import type { HttpFailure, Site } from '../../site';
import type { Door, Internet } from '../ports';
import { bare } from './assumed';

/** CloudFront's own value (developer guide, Origin settings): how long it waits for an answer. */
const RESPONSE_MS = 30_000;
/** Requests for which it goes on to a second origin (developer guide, origin failover). */
const READS = ['GET', 'HEAD', 'OPTIONS'];

export class Distribution implements Door {
  readonly awsRegion = GLOBAL_REGION;

  constructor(
    readonly dnsName: string,
    private readonly origins: readonly Origin[],
    private readonly internet: () => Internet,
    /** One origin whose name has a choice: its answers decide, as they would for clients. */
    readonly passesTo: string | undefined,
  ) {}

  towards({ at }: Site): Door {
    return new Edge(this.dnsName, { group: 'clients', at }, this.origins, this.internet());
  }

  portState(): 'open' {
    return 'open';
  }

  speaksTls(): boolean {
    return true;
  }

  /** Edges answer. */
  handle(): Promise<HttpResponse> {
    return Promise.resolve(bare(502, 'distribution'));
  }

  targetsHealthy(): boolean {
    return true;
  }
}

class Edge implements Door {
  /** In no region of the stack. */
  readonly awsRegion = GLOBAL_REGION;

  constructor(
    readonly dnsName: string,
    readonly site: Site,
    private readonly origins: readonly Origin[],
    private readonly internet: Internet,
  ) {}

  portState(): 'open' {
    return 'open';
  }

  speaksTls(): boolean {
    return true;
  }

  targetsHealthy(): boolean {
    return true;
  }

  async handle(request: HttpRequest): Promise<HttpResponse> {
    const [first, second] = this.origins;
    const met = first && (await this.ask(first, request));
    if (!first || met === undefined) return bare(502, 'distribution');
    const isFailed = typeof met === 'string' ? goesOnAtSilence(first) : first.failoverOn.includes(met.status);
    const last = isFailed && second && READS.includes(request.method) ? await this.ask(second, request) : met;
    return typeof last === 'string' ? bare(504, 'distribution') : last;
  }

  private ask({ domain = '', connectSeconds }: Origin, request: HttpRequest): Promise<HttpResponse | HttpFailure> {
    const answer = this.internet.resolve(domain, this.site);
    if (!answer) return Promise.resolve('refused');
    const asked = { ...request, headers: { ...request.headers, host: domain } };
    const timeouts = { connectMs: connectSeconds * 1_000, responseMs: RESPONSE_MS };
    return this.internet.request(this.site, answer, { protocol: 'https', port: 443 }, asked, timeouts);
  }
}
