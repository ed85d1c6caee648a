// Stands in for Route 53's checkers and the regional names: asks each region's /health all the time, and hands the latest
// answers out over HTTP as GET /<region>/health.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { HttpAnswer, RegionFunctions } from './lambda-client';

const AGENT = { 'user-agent': 'Amazon-Route53-Health-Check-Service (ref e2e; report http://amzn.to/1vsZADi)' };
const INTERVAL_MS = 2_000;
const SERVING_LIMIT_MS = 180_000;
const BAD_GATEWAY = 502;

export class Prober {
  private readonly latest = new Map<string, HttpAnswer>();
  private running = true;
  private readonly loops: Promise<unknown>;

  private constructor(
    regions: Readonly<Record<string, RegionFunctions>>,
    private readonly server: Server,
  ) {
    this.loops = Promise.all(Object.entries(regions).map(([name, functions]) => this.probe(name, functions)));
  }

  static async start(regions: Readonly<Record<string, RegionFunctions>>): Promise<Prober> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const prober = new Prober(regions, server);
    server.on('request', ({ url = '' }, response) => {
      const answer = prober.latest.get(url.split('/')[1] ?? '');
      response.writeHead(answer?.statusCode ?? BAD_GATEWAY).end(JSON.stringify(answer?.body ?? null));
    });
    return prober;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The region's answer once it is 200, or the last one when the time is up. */
  async untilServing(region: string): Promise<HttpAnswer | undefined> {
    const started = Date.now();
    while (this.latest.get(region)?.statusCode !== 200 && Date.now() - started < SERVING_LIMIT_MS) {
      await pause(INTERVAL_MS / 2);
    }
    return this.latest.get(region);
  }

  async stop(): Promise<void> {
    this.running = false;
    this.server.close();
    await this.loops;
  }

  private async probe(region: string, functions: RegionFunctions): Promise<void> {
    while (this.running) {
      try {
        this.latest.set(region, await functions.http('health-checker', { path: '/health', headers: AGENT }));
      } catch (error) {
        // What a load balancer makes of a function that fails.
        this.latest.set(region, { statusCode: BAD_GATEWAY, headers: {}, body: String(error) });
      }
      await pause(INTERVAL_MS);
    }
  }
}
