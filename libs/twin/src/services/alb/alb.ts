// Application load balancers with Lambda targets: a listener's rules, then a function, a redirect or a fixed answer.
import { GLOBAL_REGION, InputError } from '@dr/contracts';
import {
  type Action,
  type ConnectionLimits,
  connectionLimitsOf,
  type Listener,
  locationOf,
  NODE_CHECK,
  normalName,
  readAclPorts,
  readListeners,
  readOpenPorts,
  readNames,
  ruleFor,
} from '@dr/stack';
import { type Graph, type Resource, textOf } from '@dr/terraform-json';
import type { HttpRequest, HttpResponse } from '../../http';
import type { Random } from '../../kernel/random';
import { regionSite } from '../../site';
import { exists, type World } from '../../world';
import type { Connection, Door, Doors } from '../ports';
import { decodeLambdaResponse, lambdaEvent, MAX_LAMBDA_BYTES, withoutHopByHop } from './event';
import { LoadBalancerNodes } from './nodes';
import { TargetGroup, type TargetPorts } from './targets';

const NODE_INTERVAL_MS = NODE_CHECK.intervalSeconds * 1_000;

/** Every load balancer of the stack, by its DNS name. */
export class LoadBalancers implements Doors {
  static readonly reads = [
    'aws_lb',
    'aws_lb_listener',
    'aws_lb_listener_rule',
    'aws_lb_target_group',
    'aws_lb_target_group_attachment',
  ];
  private readonly byName = new Map<string, LoadBalancer>();
  private readonly listeners: (() => void)[] = [];

  /** `run`: those that are. @default every one of the stack */
  constructor(world: World, graph: Graph, ports: TargetPorts, run = graph.ofType('aws_lb')) {
    const changed = (): void => this.listeners.forEach((listener) => listener());
    for (const resource of run) {
      const balancer = new LoadBalancer(world, graph, resource, ports, changed);
      this.byName.set(balancer.dnsName, balancer);
    }
  }

  start(): void {
    for (const balancer of this.byName.values()) balancer.start();
  }

  find(dnsName: string): LoadBalancer | undefined {
    return this.byName.get(normalName(dnsName));
  }

  onTargetHealth(listener: () => void): void {
    this.listeners.push(listener);
  }
}

export class LoadBalancer implements Door {
  /** In lower case. */
  readonly dnsName: string;
  readonly awsRegion: string;
  readonly limits: ConnectionLimits;
  private readonly suffix: string;
  private readonly listeners: readonly Listener[];
  private readonly groups: ReadonlyMap<string, TargetGroup>;
  private readonly isPortOpen: (port: number) => boolean;
  private readonly random: Random;
  readonly nodes: LoadBalancerNodes;
  /** Does an alias record ask Route 53 to check the load balancer's nodes? */
  private readonly isEvaluated: boolean;
  /** Route 53's verdict on its nodes. */
  private readonly reached = { healthy: true, streak: 0 };

  constructor(
    private readonly world: World,
    graph: Graph,
    resource: Resource,
    private readonly ports: TargetPorts,
    private readonly onHealth: () => void,
  ) {
    const type = textOf(resource.values, 'load_balancer_type') ?? 'application';
    if (type !== 'application') {
      throw new InputError(
        `${resource.address}: load_balancer_type "${type}"`,
        'cannot invoke Lambda functions by path',
        'Use an application load balancer',
      );
    }
    const arn = graph.attribute(resource, 'arn');
    this.dnsName = normalName(String(graph.attribute(resource, 'dns_name')));
    this.suffix = String(graph.attribute(resource, 'arn_suffix'));
    this.awsRegion = resource.awsRegion;
    this.limits = connectionLimitsOf(resource.values);
    this.listeners = readListeners(graph, arn);
    const [groupsAdmit, acls] = [readOpenPorts(graph, resource), readAclPorts(graph, resource)];
    this.isPortOpen = (port) => groupsAdmit(port) && acls.closedBy(port).length === 0;
    this.random = world.random.stream(`alb/${resource.address}`);
    this.nodes = new LoadBalancerNodes(world, graph, resource);
    this.isEvaluated = readNames(graph).records.some(
      ({ target, evaluateTargetHealth }) => evaluateTargetHealth && target === this.dnsName,
    );
    const forwardedTo = this.listeners.flatMap(({ rules }) =>
      rules.flatMap(({ action }) => (action.kind === 'forward' ? action.groups : [])),
    );
    this.groups = new Map(
      graph
        .ofType('aws_lb_target_group')
        .filter((group) => forwardedTo.some(({ arn }) => arn === graph.attribute(group, 'arn')))
        .map((group) => new TargetGroup(world, graph, group, ports, onHealth))
        .map((group) => [group.arn, group]),
    );
  }

  start(): void {
    for (const group of this.groups.values()) group.start(this.suffix, this.nodes);
    if (this.isEvaluated) this.world.scheduler.after(this.random.between(0, NODE_INTERVAL_MS), () => this.askNodes());
  }

  /** Can those who check its nodes reach one, whatever it answers? */
  private answersCheckers(): boolean {
    const { faults } = this.world;
    const checkers = { group: 'checkers', at: GLOBAL_REGION } as const;
    return (
      !faults.isDown(this.awsRegion) &&
      !faults.hits('alb-dark', this.awsRegion) &&
      !this.nodes.areAllDark &&
      faults.delivery(checkers, regionSite(this.awsRegion)) === 'delivered'
    );
  }

  /** Route 53's own check of the nodes. */
  private askNodes(): void {
    this.world.scheduler.after(NODE_INTERVAL_MS, () => this.askNodes());
    const answers = this.answersCheckers();
    this.reached.streak = answers === this.reached.healthy ? 0 : this.reached.streak + 1;
    if (this.reached.streak < NODE_CHECK.failureThreshold) return;
    this.reached.healthy = answers;
    this.reached.streak = 0;
    this.onHealth();
  }

  portState(port: number): 'open' | 'closed' | 'filtered' {
    if (!this.isPortOpen(port)) return 'filtered';
    return this.listenerOn(port) ? 'open' : 'closed';
  }

  speaksTls(port: number): boolean {
    return this.listenerOn(port)?.isTls === true;
  }

  /**
   * What Route 53 reads for `evaluate_target_health` (DNS-05). [A] An empty group beside others does nothing; where no group has a
   * target, the load balancer is unhealthy. A load balancer that forwards to no group is as healthy as its nodes.
   */
  targetsHealthy(): boolean {
    return this.reached.healthy && this.groupsHealthy();
  }

  /** GA-02. */
  looksWell(): boolean {
    return this.answersCheckers() && this.groupsHealthy();
  }

  private groupsHealthy(): boolean {
    const groups = [...this.groups.values()];
    const live = groups.filter(({ hasTarget }) => hasTarget);
    return (groups.length === 0 || live.length > 0) && live.every((group) => group.isHealthy);
  }

  async handle(request: HttpRequest, connection: Connection): Promise<HttpResponse> {
    this.put('RequestCount', 1);
    const response = await this.respond(request, connection);
    if (response.answeredBy === 'load-balancer' && response.status >= 500) this.put('HTTPCode_ELB_5XX_Count', 1);
    return response;
  }

  private async respond(request: HttpRequest, connection: Connection): Promise<HttpResponse> {
    const listener = this.listenerOn(connection.port);
    if (!listener || (listener.isTls && connection.protocol === 'http')) return problem(400);
    const { action } = ruleFor(listener, request);
    switch (action.kind) {
      case 'fixed-response': {
        const body = Buffer.from(action.body);
        const headers = { 'content-type': action.contentType, 'content-length': String(body.length) };
        return { status: action.status, headers, body, answeredBy: 'fixed-response' };
      }
      case 'redirect': {
        const headers = { location: locationOf(action, request, connection), 'content-length': '0' };
        return { status: action.status, headers, body: Buffer.alloc(0), answeredBy: 'redirect' };
      }
      case 'forward':
        return this.forward(this.pick(action), request, connection);
    }
  }

  /** ALB-03. ALB-05: an unhealthy target gets the request all the same, since it is the only one. */
  private async forward(group: TargetGroup, request: HttpRequest, connection: Connection): Promise<HttpResponse> {
    if (request.body.length > MAX_LAMBDA_BYTES) return problem(413);
    this.put('RequestCount', 1, group);
    const startedMs = this.world.scheduler.now();
    const forwarded = { ...connection, traceId: this.traceId() };
    const result = await group.invoke(lambdaEvent(request, group.arn, group.multiValue, forwarded), 'alb');
    if (result.kind === 'no-target') return problem(503);
    this.putBoth('TargetResponseTime', (this.world.scheduler.now() - startedMs) / 1_000, group);
    if (result.kind === 'unreachable') return problem(504);
    const response = result.kind === 'ok' ? decodeLambdaResponse(result.payload, group.multiValue) : undefined;
    if (!response) {
      this.putBoth('LambdaUserError', 1, group);
      return problem(502);
    }
    if (response.status >= 500) this.putBoth('HTTPCode_Target_5XX_Count', 1, group);
    return { ...response, headers: withoutHopByHop(response.headers), answeredBy: group.functionName };
  }

  private pick({ groups }: Extract<Action, { kind: 'forward' }>): TargetGroup {
    const total = groups.reduce((sum, { weight }) => sum + weight, 0);
    let left = groups.length > 1 ? this.random.next() * total : 0;
    const arn = (groups.find(({ weight }) => (left -= weight) < 0) ?? groups[0])?.arn ?? '';
    return this.groups.get(arn) as TargetGroup;
  }

  private listenerOn(port: number): Listener | undefined {
    const found = this.listeners.find((listener) => listener.port === port && exists(this.world, listener.address));
    if (!found || !this.world.creation) return found;
    return { ...found, rules: found.rules.filter(({ address }) => exists(this.world, address)) };
  }

  /** For the load balancer as a whole, and for its pair with the group. */
  private putBoth(name: string, value: number, group: TargetGroup): void {
    this.put(name, value);
    this.put(name, value, group);
  }

  private put(name: string, value: number, group?: TargetGroup): void {
    const dimensions = { ...(group ? { TargetGroup: group.suffix } : {}), LoadBalancer: this.suffix };
    this.ports.metrics.put({ awsRegion: this.awsRegion, namespace: 'AWS/ApplicationELB', name, dimensions, value });
  }

  private traceId(): string {
    const time = Math.floor(this.world.scheduler.epochNow() / 1_000).toString(16);
    return `Root=1-${time}-${this.random.bytes(12).toString('hex')}`;
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  413: 'Request Entity Too Large',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

function problem(status: number): HttpResponse {
  const body = Buffer.from(`<html><head><title>${status} ${TITLES[status]}</title></head></html>`);
  const headers = { 'content-type': 'text/html', 'content-length': String(body.length) };
  return { status, headers, body, answeredBy: 'load-balancer' };
}
