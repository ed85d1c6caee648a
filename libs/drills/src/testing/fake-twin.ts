// A twin small enough to reason about: two stores, one queue of replication each way, one verdict a region. For tests.
import {
  jsonResponse,
  makeWorld,
  type DnsAnswer,
  type HttpFailure,
  type HttpRequest,
  type HttpResponse,
  type KeptConnection,
  type RegionId,
  type Site,
  type WebPort,
  type World,
} from '@dr/twin';
import type { Operator, ReplicaItem, RunningStack, SystemUnderDrill, VersionName } from '../system-under-drill';
import { OURS } from '../systems/ours';

export const FAKE_REGIONS: readonly RegionId[] = [
  { name: 'mumbai', awsRegion: 'ap-south-1' },
  { name: 'singapore', awsRegion: 'ap-southeast-1' },
];

const SETTINGS = { intervalSeconds: 10, failureThreshold: 3, ttlSeconds: 10 };
const DETECTION_MS = 40_000;
const RECOVERY_MS = 30_000;
const LAG_MS = 800;
export const FAKE_KEY = 'fake-key';

export interface FakeFaults {
  /** Status of every item request, in place of the store's answer. */
  readonly routerStatus?: number;
  /** /health is answered by the load balancer itself. */
  readonly shallowHealth?: boolean;
  /** Nobody is told of anything. */
  readonly silent?: boolean;
}

class FakeTwin implements RunningStack {
  readonly domain = 'app.example.com';
  readonly routing = 'latency';
  readonly settings = SETTINGS;
  readonly notModelled: readonly string[] = [];
  readonly world: World;
  private readonly healthy = new Map(FAKE_REGIONS.map(({ name }) => [name, true]));
  private readonly stores = new Map(FAKE_REGIONS.map(({ name }) => [name, new Map<string, ReplicaItem>()]));
  private readonly waiting = new Map(
    FAKE_REGIONS.map(({ name }) => [name, new Map<string, VersionName & { readonly writtenMs: number }>()]),
  );
  private written = 0;

  constructor(
    seed: number,
    private readonly faults: FakeFaults,
    readonly system: SystemUnderDrill,
  ) {
    this.world = makeWorld({ regions: FAKE_REGIONS, seed, system });
  }

  start(): void {
    const { scheduler, faults } = this.world;
    this.answersChanged();
    this.probe();
    const isFound = (region: string): boolean => this.healthy.get(region) === false;
    faults.onStart((fault) =>
      scheduler.after(DETECTION_MS, () => {
        const { awsRegion = '' } = FAKE_REGIONS.find(({ name }) => name === fault.region) ?? {};
        if (faults.isDown(awsRegion)) this.judge(fault.region, false);
      }),
    );
    faults.onEnd((fault) => {
      if (isFound(fault.region)) scheduler.after(RECOVERY_MS, () => this.judge(fault.region, true));
      scheduler.after(LAG_MS, () => this.replicate());
    });
  }

  readonly replicas = {
    items: (region: string): readonly ReplicaItem[] => [...(this.stores.get(region)?.values() ?? [])],
    unreplicated: (region: string): readonly VersionName[] => [...(this.waiting.get(region)?.values() ?? [])],
    onTheWay: (region: string): readonly VersionName[] => [...(this.waiting.get(region)?.values() ?? [])],
  };

  readonly operator: Operator = {
    read: () => Promise.resolve([]),
    put: () => Promise.resolve(true),
    call: () => Promise.resolve('refused'),
    invoke: () => Promise.reject(new Error('there is no function')),
    secrets: { names: () => ['keys'], read: () => JSON.stringify({ current: FAKE_KEY }), write: () => undefined },
  };

  readonly internet = {
    resolve: (_name: string, from: Site): DnsAnswer => {
      const region = this.answerFor(from.at);
      const { awsRegion = '' } = FAKE_REGIONS.find(({ name }) => name === region) ?? {};
      return { loadBalancer: `${region}-alb`, awsRegion, ttlSeconds: SETTINGS.ttlSeconds };
    },
    leadsTo: (_from: Site, { awsRegion }: DnsAnswer): string => awsRegion,
    request: async (
      from: Site,
      answer: DnsAnswer,
      _target: unknown,
      request: HttpRequest,
    ): Promise<HttpResponse | HttpFailure> => {
      const to: Site = {
        group: 'region',
        at: answer.awsRegion,
      };
      const there = await this.world.network.send(from, to);
      if (there !== 'delivered') return there === 'refused' ? 'refused' : this.hang();
      const response = this.handle(this.world.regionNames.nameOf(answer.awsRegion), request);
      const back = await this.world.network.send(to, from);
      return back === 'delivered' ? response : this.hang();
    },
    keep: (from: Site, answer: DnsAnswer, target: WebPort): KeptConnection => ({
      isOpen: () => false,
      ageMs: 0,
      request: (request) => this.internet.request(from, answer, target, request),
    }),
  };

  private hang(): Promise<HttpFailure> {
    return this.world.scheduler.sleep(60_000).then(() => 'connect-timeout' as const);
  }

  private handle(region: string, { method, path, headers, body }: HttpRequest): HttpResponse {
    if (headers['authorization'] !== `Bearer ${FAKE_KEY}`) return jsonResponse(401, {}, 'application/problem+json');
    if (this.faults.routerStatus !== undefined) return jsonResponse(this.faults.routerStatus, {});
    const id = path.split('/').at(-1) ?? '';
    const store = this.stores.get(region) as Map<string, ReplicaItem>;
    if (method === 'GET') {
      const latest = [...store.values()].filter((item) => item.id === id).at(-1);
      return latest ? jsonResponse(200, latest) : jsonResponse(404, {}, 'application/problem+json');
    }
    const timestamp = `${String(this.world.scheduler.now()).padStart(9, '0')}#${region}#${(this.written += 1)}`;
    const item = { id, timestamp, value: JSON.parse(body.toString('utf8')) as unknown };
    store.set(`${id} ${timestamp}`, item);
    this.waiting.get(region)?.set(`${id} ${timestamp}`, { id, timestamp, writtenMs: this.world.scheduler.now() });
    this.world.events.record({ kind: 'item-written', region, id, timestamp });
    this.world.scheduler.after(LAG_MS, () => this.replicate());
    return jsonResponse(200, item);
  }

  /** Everything older than the lag, both ways, unless a region is down. */
  private replicate(): void {
    const { scheduler, faults, events } = this.world;
    if (FAKE_REGIONS.some(({ awsRegion }) => faults.isDown(awsRegion))) return;
    for (const [from, writes] of this.waiting) {
      const region = FAKE_REGIONS.find(({ name }) => name !== from)?.name ?? '';
      for (const [key, { id, timestamp, writtenMs }] of writes) {
        const lagMs = scheduler.now() - writtenMs;
        if (lagMs < LAG_MS) continue;
        this.stores.get(region)?.set(key, this.stores.get(from)?.get(key) as ReplicaItem);
        events.record({ kind: 'item-replicated', region, from, id, timestamp, lagMs, applied: true });
        writes.delete(key);
      }
    }
  }

  private answerFor(awsRegion: string): string {
    const near = FAKE_REGIONS.find((region) => region.awsRegion === awsRegion)?.name ?? '';
    if (this.healthy.get(near)) return near;
    return FAKE_REGIONS.find(({ name }) => this.healthy.get(name))?.name ?? near;
  }

  private answersChanged(): void {
    for (const { name, awsRegion } of FAKE_REGIONS) {
      const event = {
        kind: 'dns-answer' as const,
        name: this.domain,
        from: name,
        regions: [this.answerFor(awsRegion)],
      };
      this.world.events.record(event);
    }
  }

  private judge(region: string, healthy: boolean): void {
    const checkers = { healthyCheckers: healthy ? 3 : 2, checkers: 16 };
    this.healthy.set(region, healthy);
    this.world.events.record({ kind: 'health-check', healthCheck: `check-${region}`, region, healthy, ...checkers });
    this.answersChanged();
    if (this.faults.silent) return;
    const subject = `${healthy ? 'Failback' : 'Failover'}: ${region}`;
    const sender = { topic: 'alerts', publisher: 'failover-orchestrator', messageId: subject };
    this.world.events.record({ kind: 'published', region: 'singapore', subject, ...sender });
  }

  private probe(): void {
    for (const { name, awsRegion } of FAKE_REGIONS) {
      const dark = this.world.faults.isDown(awsRegion);
      const probe = { kind: 'probe' as const, healthCheck: `check-${name}`, checker: 'us-east-1/0', region: name };
      const answeredBy = this.faults.shallowHealth ? 'fixed-response' : 'health-checker';
      this.world.events.record(
        dark ? { ...probe, outcome: 'connect-timeout' } : { ...probe, outcome: 'healthy', status: 200, answeredBy },
      );
    }
    this.world.scheduler.after(SETTINGS.intervalSeconds * 1000, () => this.probe());
  }
}

interface FakeOptions {
  readonly seed?: number;
  readonly faults?: FakeFaults;
  readonly system?: SystemUnderDrill;
}

export const fakeTwin = ({ seed = 1, faults = {}, system = OURS }: FakeOptions = {}): RunningStack =>
  new FakeTwin(seed, faults, system);
