// The nodes of a load balancer, one in each of its zones: which of them have power, and which of them its DNS name lists.
import { NODE_CHECK, nodeZonesOf } from '@dr/stack';
import type { Graph, Resource } from '@dr/terraform-json';
import type { Random } from '../../kernel/random';
import type { World } from '../../world';
import { isZoneDark } from '../../zones';
import type { Nodes } from '../ports';

const INTERVAL_MS = NODE_CHECK.intervalSeconds * 1_000;

export class LoadBalancerNodes implements Nodes {
  /** Empty where the stack does not tell: then no zone is the load balancer's. */
  readonly zones: readonly string[];
  private readonly awsRegion: string;
  private readonly random: Random;
  private unlisted: readonly string[] = [];
  /** How many zone faults have begun or ended: a check that is due only acts on the latest. */
  private turns = 0;

  constructor(
    private readonly world: World,
    private readonly graph: Graph,
    balancer: Resource,
  ) {
    this.zones = nodeZonesOf(graph, balancer);
    this.awsRegion = balancer.awsRegion;
    this.random = world.random.stream(`zones/${balancer.address}`);
    const turned = (kind: string): void => (kind === 'zone-dark' ? this.turned() : undefined);
    world.faults.onStart(({ kind }) => turned(kind));
    world.faults.onEnd(({ kind }) => turned(kind));
  }

  isDark(zone: string): boolean {
    return isZoneDark(this.world, this.graph, this.awsRegion, zone);
  }

  /** Whether any zone of the region is dark. Cheaper than asking zone by zone. */
  get isAnyDark(): boolean {
    return this.world.faults.darkZones(this.awsRegion) > 0;
  }

  get areAllDark(): boolean {
    return this.zones.length > 0 && this.zones.every((zone) => this.isDark(zone));
  }

  /** With no node left, all are listed again (ELB fails open). undefined: all. */
  listed(): readonly string[] | undefined {
    if (this.unlisted.length === 0 || this.unlisted.length === this.zones.length) return undefined;
    return this.zones.filter((zone) => !this.unlisted.includes(zone));
  }

  pick(listed: readonly string[] = this.zones): string | undefined {
    return listed[Math.floor(this.random.next() * listed.length)];
  }

  /** Route 53 takes a node out of the name, and in again, after so many checks of its own [A]. */
  private turned(): void {
    this.turns += 1;
    const turn = this.turns;
    const afterMs = INTERVAL_MS * (NODE_CHECK.failureThreshold - 1) + this.random.between(0, INTERVAL_MS);
    this.world.scheduler.after(afterMs, () => {
      if (turn === this.turns) this.unlisted = this.zones.filter((zone) => this.isDark(zone));
    });
  }
}
