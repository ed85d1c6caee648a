// Route 53 answers: which record of a name a resolver is told, by routing policy and health (DNS-01 to DNS-05).
import { ALIAS_TTL_SECONDS } from '@dr/contracts';
import {
  type Asker,
  askerNear,
  type Candidate,
  candidates,
  type DnsRecord,
  type HealthView,
  MAX_CHAIN,
  normalName,
} from '@dr/stack';
import type { Random } from '../../kernel/random';
import { regionSite, type Site } from '../../site';
import { exists, type World } from '../../world';
import type { DnsAnswer, Door, Doors } from '../ports';
import type { HealthChecks } from './health-checks';

export class Route53 {
  static readonly reads = ['aws_route53_record', 'aws_route53_zone'];
  private readonly random: Random;
  private readonly health: HealthView;
  /** Last recorded answer of each name and place. */
  private readonly answered = new Map<string, string>();

  constructor(
    private readonly world: World,
    /** By name. */
    private readonly records: ReadonlyMap<string, readonly DnsRecord[]>,
    private readonly ports: { readonly health: HealthChecks; readonly doors: Doors },
  ) {
    this.random = world.random.stream('route53/weighted');
    this.health = {
      check: (id) => ports.health.isHealthy(id),
      endpoint: (name) => ports.doors.find(name)?.targetsHealthy(),
      recordsOf: (name) => this.records.get(name) ?? [],
    };
  }

  /** Records the first answers, and every change of them from now on. */
  start(): void {
    this.recordAnswers();
    this.ports.health.onChange(() => this.recordAnswers());
    this.ports.doors.onTargetHealth(() => this.recordAnswers());
  }

  resolve(name: string, from: Site): DnsAnswer | null {
    let at = normalName(name);
    const simple: number[] = [];
    const chosen: number[] = [];
    for (let links = 0; links < MAX_CHAIN; links += 1) {
      const door = this.ports.doors.find(at);
      if (door && door.passesTo === undefined) return this.answer(door.towards?.(from) ?? door, door, chosen, simple);
      if (door?.passesTo !== undefined) {
        at = normalName(door.passesTo);
        continue;
      }
      const records = this.recordsOf(at);
      const record = records && this.choose(records, from);
      if (!record || record.target === undefined) return null;
      // An alias to another record has the TTL of what it leads to.
      const isTransparent = record.isAlias && !this.ports.doors.find(record.target);
      if (!isTransparent) (records.length > 1 ? chosen : simple).push(record.ttlSeconds);
      else if (records.length > 1) chosen.push(this.ttlBehind(record.target));
      at = record.target;
    }
    return null;
  }

  /**
   * Resolvers cache each link of a chain for its own TTL, and only a link with a choice can change: its TTL is how long a
   * client keeps going to the same region.
   */
  private answer(led: Door, door: Door, chosen: readonly number[], simple: readonly number[]): DnsAnswer {
    const zones = door.movesClients ? undefined : led.nodes?.listed();
    return {
      ...(zones === undefined ? {} : { zones }),
      loadBalancer: door.dnsName,
      awsRegion: led.awsRegion,
      ttlSeconds: chosen.length > 0 ? Math.max(...chosen) : Math.min(ALIAS_TTL_SECONDS, ...simple),
    };
  }

  private recordsOf(name: string): readonly DnsRecord[] | undefined {
    const records = this.records.get(name);
    if (!records || !this.world.creation) return records;
    const created = records.filter(({ address }) => exists(this.world, address));
    return created.length > 0 ? created : undefined;
  }

  private ttlBehind(name: string): number {
    return this.records.get(name)?.[0]?.ttlSeconds ?? ALIAS_TTL_SECONDS;
  }

  private choose(records: readonly DnsRecord[], from: Site): DnsRecord | undefined {
    const candidates = this.candidates(records, from);
    if (candidates.length < 2) return candidates[0]?.record;
    const total = candidates.reduce((sum, candidate) => sum + candidate.weight, 0);
    let left = this.random.next() * total;
    return (candidates.find((candidate) => (left -= candidate.weight) < 0) ?? candidates[0])?.record;
  }

  private candidates(records: readonly DnsRecord[], from: Site): readonly Candidate[] {
    return candidates(records, askerAt(from), this.health);
  }

  /** AWS regions that a client at `from` may be sent to. */
  private reachable(name: string, from: Site, depth: number): readonly string[] {
    const door = this.ports.doors.find(name);
    if (depth >= MAX_CHAIN) return [];
    if (door?.passesTo !== undefined) return this.reachable(normalName(door.passesTo), from, depth + 1);
    if (door) return [(door.towards?.(from) ?? door).awsRegion];
    return this.candidates(this.recordsOf(name) ?? [], from).flatMap(({ record }) =>
      record.target === undefined ? [] : this.reachable(record.target, from, depth + 1),
    );
  }

  private isMoved(records: readonly DnsRecord[]): boolean {
    return records.some(({ target }) => target !== undefined && this.ports.doors.find(target)?.movesClients === true);
  }

  private recordAnswers(): void {
    // Only a name with several records has a choice, or one that an accelerator chooses for.
    for (const [name] of [...this.records].filter(([, records]) => records.length > 1 || this.isMoved(records))) {
      for (const { awsRegion: from } of this.world.regions) {
        const regions = [...new Set(this.reachable(name, regionSite(from), 0))].sort();
        const key = `${name} ${from}`;
        if (this.answered.get(key) === regions.join()) continue;
        this.answered.set(key, regions.join());
        this.world.events.record({ kind: 'dns-answer', name, from, regions });
      }
    }
  }
}

/** Who is at a place that is told apart from the region nearest to it, else somebody near that region. */
const askerAt = ({ at, place }: Site): Asker => (place ? { ...place, awsRegion: at } : askerNear(at));
