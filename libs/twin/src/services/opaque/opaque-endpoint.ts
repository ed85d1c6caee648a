// An endpoint of which nothing is known but where it is: it answers after a while, until its region or its application is lost.
import { GLOBAL_REGION } from '@dr/contracts';
import {
  APPLICATION_ERROR,
  type ConnectionLimits,
  connectionLimitsOf,
  idleBehind,
  NODE_CHECK,
  ownAnswer,
  targetHealthOf,
  type Endpoint,
  type TargetHealth,
} from '@dr/stack';
import { knownOrAbsent, type Graph } from '@dr/terraform-json';
import type { HttpRequest, HttpResponse } from '../../http';
import type { Random } from '../../kernel/random';
import { regionSite } from '../../site';
import type { World } from '../../world';
import { LoadBalancerNodes } from '../alb/nodes';
import type { Connection, Door } from '../ports';
import { bare, BY_ASSUMPTION } from './assumed';

/** [A] How long an application takes to answer. */
const LATENCY_MS = 50;

/** Consecutive results that contradict a verdict, until there are enough of them. */
class Verdict {
  healthy = true;
  private streak = 0;

  /** True: the verdict has changed. */
  judge(passed: boolean, threshold: number): boolean {
    this.streak = passed === this.healthy ? 0 : this.streak + 1;
    if (this.streak < threshold) return false;
    this.healthy = passed;
    this.streak = 0;
    return true;
  }
}

export class OpaqueEndpoint implements Door {
  readonly dnsName: string;
  readonly awsRegion: string;
  readonly limits?: ConnectionLimits;
  /** Route 53's own, of its nodes. */
  private readonly reached = new Verdict();
  /** Of a load balancer. */
  readonly nodes?: LoadBalancerNodes;
  /** The load balancer's, of the targets of each group that asks for an answer. */
  private readonly groups: readonly { readonly health: TargetHealth; readonly verdict: Verdict }[];
  private readonly random: Random;
  private readonly hasRules: boolean;
  /** All that is behind it is scaled to zero. */
  private readonly isIdle: boolean;

  constructor(
    private readonly world: World,
    private readonly graph: Graph,
    private readonly endpoint: Endpoint,
    private readonly onHealth: () => void,
    /** The application, where it is run. */
    readonly application?: (request: HttpRequest, connection: Connection) => Promise<HttpResponse>,
  ) {
    const { kind, resource, names, awsRegion, isElsewhere } = endpoint;
    this.dnsName = names[0] ?? resource.address;
    this.awsRegion = awsRegion ?? GLOBAL_REGION;
    const limits =
      kind === 'alb' && !isElsewhere ? knownOrAbsent(() => connectionLimitsOf(resource.values)) : undefined;
    if (limits) this.limits = limits;
    const hasGroups = (kind === 'alb' || kind === 'nlb') && !isElsewhere;
    this.isIdle = hasGroups && idleBehind(graph, resource).length > 0;
    this.hasRules = kind === 'alb' && !isElsewhere;
    this.random = world.random.stream(`opaque/${resource.address}`);
    if (hasGroups) this.nodes = new LoadBalancerNodes(world, graph, resource);
    const groups = hasGroups ? targetHealthOf(graph, resource) : [];
    this.groups = groups
      .filter(({ asks, showsInDns }) => asks === 'http' && showsInDns)
      .map((health) => ({ health, verdict: new Verdict() }));
  }

  /** `isEvaluated`: somebody goes by its health. */
  start(isEvaluated: boolean): void {
    if (!isEvaluated) return;
    const ask = (
      verdict: Verdict,
      intervalSeconds: number,
      threshold: number,
      finds: () => boolean | undefined,
    ): void => {
      const intervalMs = intervalSeconds * 1_000;
      const again = (): void => {
        this.world.scheduler.after(intervalMs, again);
        const passed = finds();
        if (passed !== undefined && verdict.judge(passed, threshold)) this.onHealth();
      };
      this.world.scheduler.after(this.random.between(0, intervalMs), again);
    };
    ask(this.reached, NODE_CHECK.intervalSeconds, NODE_CHECK.failureThreshold, () => this.isReached());
    for (const { health, verdict } of this.groups)
      ask(verdict, health.intervalSeconds, health.unhealthyThreshold, () =>
        // The load balancer's nodes are in the region: while it is down, nobody checks.
        this.world.faults.isDown(this.awsRegion) ? undefined : !this.isBroken(),
      );
  }

  /** [A] At every port, with TLS where it is asked for. */
  portState(): 'open' {
    return 'open';
  }

  speaksTls(): boolean {
    return true;
  }

  async handle(request: HttpRequest, connection: Connection): Promise<HttpResponse> {
    if (this.application) return this.application(request, connection);
    const { port } = connection;
    await this.world.scheduler.sleep(LATENCY_MS);
    const own = this.hasRules ? ownAnswer(this.graph, this.endpoint.resource, port, request) : undefined;
    if (own) return bare(own.status, 'load-balancer', own.body);
    return bare(this.isBroken() ? APPLICATION_ERROR : 200, BY_ASSUMPTION);
  }

  targetsHealthy(): boolean {
    return !this.isIdle && this.reached.healthy && this.groups.every(({ verdict }) => verdict.healthy);
  }

  looksWell(): boolean {
    return !this.isIdle && this.isReached() && this.groups.every(({ verdict }) => verdict.healthy);
  }

  private isReached(): boolean {
    const { faults } = this.world;
    const checkers = { group: 'checkers', at: GLOBAL_REGION } as const;
    if (faults.isDown(this.awsRegion) || this.nodes?.areAllDark === true) return false;
    return faults.delivery(checkers, regionSite(this.awsRegion)) === 'delivered';
  }

  /** Files need no application. */
  private isBroken(): boolean {
    const isHit = this.endpoint.kind !== 'bucket' && this.world.faults.hits('app-errors', this.awsRegion);
    return this.isIdle || isHit;
  }
}
