// Route 53 health checks: checkers each decide alone, and a check is healthy while enough of them say so.
import { CHECKERS_A_REGION, GLOBAL_REGION, InputError, isHealthyBy, LOSS_KINDS } from '@dr/contracts';
import type { EndpointSource, HealthCheckSpec } from '@dr/stack';
import type { Site } from '../../site';
import { exists, existsFromMs, type World } from '../../world';
import type { CloudWatch } from '../cloudwatch/cloudwatch';
import type { ProbePath } from '../ports';
import { probe } from './health-checks-probe';

interface Checker {
  readonly id: string;
  readonly site: Site;
  healthy: boolean;
  /** Consecutive results that contradict `healthy`. */
  streak: number;
  /** Its region is lost: it reports nothing, and is left out of the count. */
  isAbsent: boolean;
}

interface Check {
  readonly spec: HealthCheckSpec;
  readonly checkers: readonly Checker[];
  /** Before inversion. */
  healthy: boolean;
}

/** Route 53 has data points of one minute. The twin samples more often, so that Minimum sees a short failure. */
const SAMPLE_EVERY_MS = 10_000;

export class HealthChecks {
  static readonly reads = ['aws_route53_health_check'];
  private readonly checks: ReadonlyMap<string, Check>;
  private readonly listeners: (() => void)[] = [];
  private readonly supposed = new Set<string>();
  private internet: ProbePath | undefined;

  constructor(
    private readonly world: World,
    /** By id. */
    specs: ReadonlyMap<string, HealthCheckSpec>,
    private readonly cloudwatch: Pick<CloudWatch, 'judge' | 'unusable' | 'put'>,
  ) {
    for (const spec of specs.values()) this.checkStream(spec);
    this.checks = new Map([...specs].map(([id, spec]) => [id, { spec, checkers: checkersOf(spec), healthy: true }]));
  }

  start(internet: ProbePath): void {
    this.internet = internet;
    for (const check of this.checks.values()) {
      const { source, isDisabled } = check.spec;
      if (isDisabled || source.kind !== 'endpoint') continue;
      const random = this.world.random.stream(`health-checks/${check.spec.address}`);
      for (const checker of check.checkers) {
        // Checkers are not coordinated (HC-06).
        const firstMs = existsFromMs(this.world, check.spec.address) + random.between(0, source.intervalMs);
        this.world.scheduler.at(firstMs, () => void this.run(check, checker, source));
      }
    }
    // A region's loss changes who is counted, before any probe fails.
    const recount = (): void => {
      for (const check of this.checks.values()) this.countIn(check);
      this.update([...this.checks.values()]);
    };
    this.world.faults.onStart(recount);
    this.world.faults.onEnd(recount);
    recount();
    this.world.scheduler.after(SAMPLE_EVERY_MS / 2, () => this.sample());
  }

  /** A disabled check is healthy, and unhealthy when it is inverted as well (HC-09). */
  isHealthy(healthCheckId: string): boolean {
    const check = this.checks.get(healthCheckId);
    if (!check) return true;
    const healthy = check.healthy && !this.supposed.has(healthCheckId);
    return (check.spec.isDisabled || healthy) !== check.spec.isInverted;
  }

  /** From now on, these checks are taken for failing. */
  suppose(ids: Iterable<string>): void {
    for (const id of ids) this.supposed.add(id);
    this.update([]);
  }

  /** Called after a health check changed its status. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /**
   * [A] A checker that comes back begins with the verdict of the others. What it found before its region was lost is out of date,
   * and could flip the check until the checker has probed often enough.
   */
  private countIn({ checkers, healthy }: Check): void {
    for (const checker of checkers) {
      const isAbsent = !this.isAlive(checker);
      if (checker.isAbsent && !isAbsent) {
        checker.healthy = healthy;
        checker.streak = 0;
      }
      checker.isAbsent = isAbsent;
    }
  }

  private async run(check: Check, checker: Checker, source: EndpointSource): Promise<void> {
    if (this.isAlive(checker)) {
      const result = await probe(this.internet as ProbePath, source, check.spec.id, checker.site);
      if (this.isAlive(checker)) {
        const { region = this.regionOf(check), ...seen } = result;
        const id = { healthCheck: check.spec.name, checker: checker.id, region };
        this.world.events.record({ kind: 'probe', ...id, ...seen });
        this.judge(check, checker, source.threshold, result.outcome === 'healthy');
      }
    }
    // From response to next request (HC-06).
    this.world.scheduler.after(source.intervalMs, () => void this.run(check, checker, source));
  }

  /** HC-05: the threshold counts in both directions. */
  private judge(check: Check, checker: Checker, threshold: number, passed: boolean): void {
    checker.streak = passed === checker.healthy ? 0 : checker.streak + 1;
    if (checker.streak < threshold) return;
    checker.healthy = passed;
    checker.streak = 0;
    const id = { healthCheck: check.spec.name, checker: checker.id, region: this.regionOf(check) };
    this.world.events.record({ kind: 'checker', ...id, healthy: passed });
    this.update([check]);
  }

  /** Recomputes these checks, then those calculated from them. */
  private update(checks: readonly Check[]): void {
    const calculated = [...this.checks.values()].filter(({ spec }) => spec.source.kind === 'calculated');
    const changed = [...new Set([...checks, ...calculated])]
      .sort((a, b) => rank(a) - rank(b))
      .filter((check) => this.recompute(check));
    if (changed.length > 0) for (const listener of this.listeners) listener();
  }

  private recompute(check: Check): boolean {
    const before = this.isHealthy(check.spec.id);
    const counted = check.checkers.filter((checker) => this.isAlive(checker));
    const { source } = check.spec;
    if (source.kind === 'calculated') {
      check.healthy = source.children.filter((id) => this.isHealthy(id)).length >= source.threshold;
    } else if (source.kind === 'metric') {
      const { awsRegion, alarmName, insufficient } = source;
      const verdict = this.cloudwatch.judge(awsRegion, alarmName);
      if (verdict !== 'insufficient') check.healthy = verdict === 'healthy';
      else if (insufficient !== 'LastKnownStatus') check.healthy = insufficient === 'Healthy';
    } else if (counted.length > 0) {
      check.healthy = isHealthyBy(healthyCount(counted), counted.length);
    }
    const healthy = this.isHealthy(check.spec.id);
    if (healthy === before) return false;
    this.world.events.record({
      kind: 'health-check',
      healthCheck: check.spec.name,
      region: this.regionOf(check),
      healthy,
      healthyCheckers: healthyCount(counted),
      checkers: counted.length,
    });
    return true;
  }

  /** HC-11, and the metrics that Route 53 publishes in us-east-1 only (CW-04). */
  private sample(): void {
    this.update([...this.checks.values()].filter(({ spec }) => spec.source.kind === 'metric'));
    if (!this.world.faults.isDown(GLOBAL_REGION)) for (const check of this.checks.values()) this.publish(check);
    this.world.scheduler.after(SAMPLE_EVERY_MS, () => this.sample());
  }

  private publish({ spec, checkers }: Check): void {
    if (spec.isDisabled || !exists(this.world, spec.address)) return;
    const base = { awsRegion: GLOBAL_REGION, namespace: 'AWS/Route53', dimensions: { HealthCheckId: spec.id } };
    this.cloudwatch.put({ ...base, name: 'HealthCheckStatus', value: this.isHealthy(spec.id) ? 1 : 0 });
    const counted = checkers.filter((checker) => this.isAlive(checker));
    if (counted.length === 0) return;
    const value = (100 * healthyCount(counted)) / counted.length;
    this.cloudwatch.put({ ...base, name: 'HealthCheckPercentageHealthy', value });
  }

  private isAlive({ site }: Checker): boolean {
    // The services of us-east-1 may stop while the checkers there go on.
    return !LOSS_KINDS.some((kind) => this.world.faults.hits(kind, site.at));
  }

  /** Where the endpoint's name leads; us-east-1 for checks without one. */
  private regionOf({ spec }: Check): string {
    if (spec.source.kind !== 'endpoint') return GLOBAL_REGION;
    const answer = this.internet?.resolve(spec.source.host, { group: 'checkers', at: GLOBAL_REGION });
    return answer?.awsRegion ?? GLOBAL_REGION;
  }

  private checkStream({ address, source }: HealthCheckSpec): void {
    if (source.kind !== 'metric') return;
    const { awsRegion, alarmName } = source;
    const why = this.cloudwatch.unusable(awsRegion, alarmName);
    if (why === undefined) return;
    throw new InputError(
      `${address}: alarm "${alarmName}" of ${awsRegion}`,
      why,
      'Use an alarm of this stack on one metric with all of its datapoints to alarm',
    );
  }
}

/** Calculated checks come after the checks that they read. */
const rank = ({ spec }: Check): number => (spec.source.kind === 'calculated' ? 1 : 0);

const healthyCount = (checkers: readonly Checker[]): number => checkers.filter(({ healthy }) => healthy).length;

function checkersOf({ source }: HealthCheckSpec): readonly Checker[] {
  if (source.kind !== 'endpoint') return [];
  return source.checkerRegions.flatMap((at) =>
    Array.from({ length: CHECKERS_A_REGION }, (_, i) => ({
      id: `${at}/${i + 1}`,
      site: { group: 'checkers' as const, at },
      healthy: true,
      streak: 0,
      isAbsent: false,
    })),
  );
}
