// A target group with a Lambda target: invoking it, and judging its health (ALB-03, ALB-04).
import { InputError } from '@dr/contracts';
import { attachmentsOf } from '@dr/stack';
import { blockOf, flagOf, type Graph, numberOf, type Resource, textOf } from '@dr/terraform-json';
import type { Random } from '../../kernel/random';
import { existsFromMs, functionName, type World } from '../../world';
import type { FunctionInvoker, InvokeResult, Metrics } from '../ports';
import { decodeLambdaResponse, healthCheckEvent } from './event';
import type { LoadBalancerNodes } from './nodes';

export interface TargetPorts {
  readonly functions: FunctionInvoker;
  readonly metrics: Metrics;
}

/** A node of the load balancer. There is one in each zone, and each checks the target by itself. `initial`: no verdict yet. */
interface Node {
  /** undefined where the stack does not tell. */
  readonly zone: string | undefined;
  state: 'initial' | 'healthy' | 'unhealthy';
  streak: number;
  lastPassed: boolean | undefined;
}

interface HealthCheck {
  readonly path: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  readonly matches: (status: number) => boolean;
}

/** How long ALB waits for Lambda to accept the invocation (load-balancer-troubleshooting). */
const LAMBDA_CONNECT_MS = 10_000;
const REPORT_EVERY_MS = 60_000;
/** ELBv2 API reference, CreateTargetGroup. */
const THRESHOLDS = { least: 2, most: 10 } as const;
/** [A] The first check of a new target comes within this time. */
const FIRST_CHECK_MS = 2_000;
const SERVICE = 'elasticloadbalancing.amazonaws.com';

export class TargetGroup {
  readonly arn: string;
  readonly suffix: string;
  readonly multiValue: boolean;
  private readonly awsRegion: string;
  private readonly functionArn: string | undefined;
  /** Address of what puts the function behind the group. */
  private readonly attachment: string;
  private readonly check: HealthCheck | undefined;
  private readonly random: Random;
  /** None where health checks are off. */
  private nodes: readonly Node[] = [];
  private balancer: LoadBalancerNodes | undefined;
  private loadBalancerSuffix: string | undefined;

  constructor(
    private readonly world: World,
    graph: Graph,
    resource: Resource,
    private readonly ports: TargetPorts,
    private readonly onHealth: () => void,
  ) {
    this.arn = String(graph.attribute(resource, 'arn'));
    this.suffix = String(graph.attribute(resource, 'arn_suffix'));
    this.awsRegion = resource.awsRegion;
    this.multiValue = flagOf(resource.values, 'lambda_multi_value_headers_enabled') === true;
    const attachment = readAttachment(graph, resource, this.arn);
    this.functionArn = attachment && textOf(attachment.values, 'target_id');
    this.attachment = attachment?.address ?? '';
    this.check = readHealthCheck(resource);
    this.random = world.random.stream(`alb/${resource.address}`);
  }

  get hasTarget(): boolean {
    return this.functionArn !== undefined;
  }

  /** The function as people call it, for the log. */
  get functionName(): string {
    return functionName(this.world, this.functionArn?.split(':')[6] ?? this.suffix);
  }

  /**
   * For Route 53, the target is unhealthy once every node finds it unhealthy [A]. [A] A target without a verdict counts as healthy: a
   * drill begins on a stack that has been running, not on one that is being created.
   */
  get isHealthy(): boolean {
    const nodes = this.nodes.filter((node) => !this.isDark(node));
    return this.hasTarget && (nodes.length === 0 || nodes.some(({ state }) => state !== 'unhealthy'));
  }

  private isDark({ zone }: Node): boolean {
    return zone !== undefined && this.balancer?.isDark(zone) === true;
  }

  start(loadBalancerSuffix: string, balancer: LoadBalancerNodes): void {
    this.loadBalancerSuffix = loadBalancerSuffix;
    this.balancer = balancer;
    const zones = balancer.zones.length > 0 ? balancer.zones : [undefined];
    const { check } = this;
    if (!check || !this.hasTarget) return;
    const fromMs = existsFromMs(this.world, this.attachment);
    this.nodes = zones.map((zone) => ({ zone, state: 'initial', streak: 0, lastPassed: undefined }));
    for (const node of this.nodes) {
      const firstMs = fromMs + this.random.between(0, FIRST_CHECK_MS);
      this.world.scheduler.at(firstMs, () => void this.checkForever(check, node));
    }
    this.world.scheduler.at(fromMs + REPORT_EVERY_MS / 2, () => this.reportForever());
  }

  /** ALB answers 503 to `no-target`, 504 to `unreachable` (after ten seconds), and 502 to every other failure. */
  async invoke(
    event: unknown,
    trigger: string,
  ): Promise<InvokeResult | { readonly kind: 'no-target' | 'not-permitted' }> {
    if (this.functionArn === undefined) return { kind: 'no-target' };
    if (!this.ports.functions.permits(this.functionArn, SERVICE, this.arn)) return { kind: 'not-permitted' };
    const startedMs = this.world.scheduler.now();
    const result = await this.ports.functions.invoke(this.functionArn, event, trigger);
    if (result.kind === 'unreachable') {
      await this.world.scheduler.sleep(startedMs + LAMBDA_CONNECT_MS - this.world.scheduler.now());
    }
    return result;
  }

  private async checkForever(check: HealthCheck, node: Node): Promise<void> {
    // The interval runs from check to check, however long the target takes to answer (target-group-health-checks).
    this.world.scheduler.after(check.intervalMs, () => void this.checkForever(check, node));
    // The load balancer's nodes are in the region: while it is down, nobody checks.
    if (this.world.faults.isDown(this.awsRegion) || this.isDark(node)) return;
    const probe = this.invoke(healthCheckEvent(this.arn, check.path, this.multiValue), 'alb-health');
    const result = await this.world.scheduler.within(check.timeoutMs, probe, () => undefined);
    if (!this.world.faults.isDown(this.awsRegion) && !this.isDark(node))
      this.judge(check, node, this.passes(check, result));
  }

  private passes(check: HealthCheck, result: Awaited<ReturnType<TargetGroup['invoke']>> | undefined): boolean {
    if (result?.kind !== 'ok') return false;
    const response = decodeLambdaResponse(result.payload, this.multiValue);
    return response !== undefined && check.matches(response.status);
  }

  private judge(check: HealthCheck, node: Node, passed: boolean): void {
    node.streak = node.lastPassed === passed ? node.streak + 1 : 1;
    node.lastPassed = passed;
    const found = passed ? 'healthy' : 'unhealthy';
    const needed = node.state === 'initial' && passed ? 1 : passed ? check.healthyThreshold : check.unhealthyThreshold;
    if (node.state === found || node.streak < needed) return;
    node.state = found;
    this.report();
    this.onHealth();
  }

  private reportForever(): void {
    this.report();
    this.world.scheduler.after(REPORT_EVERY_MS, () => this.reportForever());
  }

  private report(): void {
    if (this.loadBalancerSuffix === undefined || this.world.faults.isDown(this.awsRegion)) return;
    const dimensions = { TargetGroup: this.suffix, LoadBalancer: this.loadBalancerSuffix };
    const base = { awsRegion: this.awsRegion, namespace: 'AWS/ApplicationELB', dimensions };
    for (const { state } of this.nodes.filter((node) => !this.isDark(node))) {
      this.ports.metrics.put({ ...base, name: 'HealthyHostCount', value: state === 'healthy' ? 1 : 0 });
      this.ports.metrics.put({ ...base, name: 'UnHealthyHostCount', value: state === 'unhealthy' ? 1 : 0 });
    }
  }
}

/** What attaches the group's only target; AWS takes no second one. Throws InputError for a target that is no function. */
function readAttachment(graph: Graph, group: Resource, arn: string): Resource | undefined {
  const [attachment, second] = attachmentsOf(graph, arn);
  if (!attachment) return undefined;
  const type = textOf(group.values, 'target_type');
  const target = textOf(attachment.values, 'target_id') ?? '';
  if (type !== 'lambda' || second || !target.startsWith('arn:aws:lambda:')) {
    throw new InputError(
      `${(second ?? attachment).address}: target "${target}" of ${group.address} (${type ?? 'instance'})`,
      'is not the single Lambda function that the twin can put behind a load balancer',
      'Use target_type lambda and attach one function or alias ARN',
    );
  }
  return attachment;
}

/**
 * Without the block, health checks of a Lambda group are off (the API's default). With it, the provider's defaults hold (schema of
 * aws_lb_target_group): on, 30 s, three up, three down. Timeout, path and matcher have the API's defaults.
 */
function readHealthCheck({ address, values }: Resource): HealthCheck | undefined {
  const check = blockOf(values, 'health_check');
  if (!check || flagOf(check, 'enabled') === false) return undefined;
  return {
    path: textOf(check, 'path') ?? '/',
    intervalMs: (numberOf(check, 'interval', { least: 5, most: 300 }) ?? 30) * 1_000,
    timeoutMs: (numberOf(check, 'timeout', { least: 2, most: 120 }) ?? 30) * 1_000,
    healthyThreshold: numberOf(check, 'healthy_threshold', THRESHOLDS) ?? 3,
    unhealthyThreshold: numberOf(check, 'unhealthy_threshold', THRESHOLDS) ?? 3,
    matches: matcher(address, textOf(check, 'matcher') ?? '200'),
  };
}

/** What the API takes for a target group of an application load balancer (ELBv2 API reference, Matcher). */
const MATCHER_STATUS = { min: 200, max: 499 };

/** `200`, `200,202` or `200-299`. Throws InputError, as the API refuses the group. */
function matcher(address: string, text: string): (status: number) => boolean {
  const ranges = text.split(',').map((part) => /^(\d{3})(?:-(\d{3}))?$/.exec(part.trim()));
  const bounds = ranges.map((range) => ({ low: Number(range?.[1]), high: Number(range?.[2] ?? range?.[1]) }));
  const taken = bounds.every(({ low, high }) => low >= MATCHER_STATUS.min && low <= high && high <= MATCHER_STATUS.max);
  if (!taken) {
    throw new InputError(
      `${address}: health_check matcher "${text}"`,
      `AWS takes statuses from ${MATCHER_STATUS.min} to ${MATCHER_STATUS.max} there, so a target that answers 503 cannot pass`,
      'Let the health check ask a path that answers 200 whenever the function runs, with matcher "200"',
    );
  }
  return (status) => bounds.some(({ low, high }) => status >= low && status <= high);
}
