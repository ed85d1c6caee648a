// EventBridge: schedules that fire within their minute (EB-06), and events of AWS services that rules send to functions and buses.
import { InputError } from '@dr/contracts';
import { TWIN_ACCOUNT_ID, type Graph } from '@dr/terraform-json';
import type { Random } from '../../kernel/random';
import { regionSite } from '../../site';
import { uuidOf } from '../../runtime/virtual-crypto';
import { exists, existsFromMs, type World } from '../../world';
import type { Authorize, EventSink, FunctionInvoker, ServiceEvent } from '../ports';
import type { Queues } from '../sns/sqs';
import { defaultBusArn, readBuses, readRules, type Bus, type Rule, type Target } from './rules';
import { cronAt, MINUTE_MS, rateFrom, type NextTime, type Schedule } from './schedule';

interface EventBridgePorts {
  readonly functions: FunctionInvoker;
  readonly authorize: Authorize;
  readonly deadLetters: Pick<Queues, 'send'>;
}

const SERVICE = 'events.amazonaws.com';
const PUT_EVENTS = 'events:PutEvents';
/** [A] From an event to its target, about half a second (EventBridge FAQ). */
const DELIVERY_MS = { median: 300, p99: 1_500 };
/** [A] From when a schedule is due to its targets: "a delay of several seconds" (eb-create-rule-schedule), within the minute. */
const LATE_MS = { median: 500, p99: 4_000, most: 5_000 };
/** [A] "In rare cases, a single rule can run more than once" (eb-troubleshooting): how rarely, and how much later. */
const TWICE_SHARE = 1e-4;
const TWICE_AFTER_MS = [0, 10_000] as const;
/** Retries go on for 24 hours and up to 185 times, with exponential back-off and jitter (eb-rule-retry-policy). Its steps are [A]. */
const MAX_TRIES = 185;
const PAUSE_MS = { first: 1_000, most: 480_000 };

export class EventBridge implements EventSink {
  static readonly reads = [
    'aws_cloudwatch_event_bus',
    'aws_cloudwatch_event_bus_policy',
    'aws_cloudwatch_event_rule',
    'aws_cloudwatch_event_target',
  ];
  private readonly rules: readonly Rule[];
  private readonly buses: ReadonlyMap<string, Bus>;
  private readonly phases: Random;
  private readonly chance: Random;
  private readonly creations: Random;
  private readonly lateness: Random;
  private readonly twice: Random;

  constructor(
    private readonly world: World,
    graph: Graph,
    private readonly ports: EventBridgePorts,
  ) {
    this.buses = readBuses(graph);
    this.rules = readRules(graph, this.buses);
    for (const rule of this.rules) for (const target of rule.targets) this.checkBus(rule, target);
    this.phases = world.random.stream('eventbridge');
    this.chance = world.random.stream('eventbridge/events');
    this.creations = world.random.stream('eventbridge/creations');
    this.lateness = world.random.stream('eventbridge/lateness');
    this.twice = world.random.stream('eventbridge/twice');
  }

  start(): void {
    for (const rule of this.rules) {
      if (rule.schedule) this.arm(rule, this.timesOf(rule, rule.schedule), this.world.scheduler.now());
    }
  }

  /** An AWS service's event, to the default bus of its region. */
  emit(awsRegion: string, event: ServiceEvent): void {
    const busArn = defaultBusArn(awsRegion);
    if (!this.rules.some((rule) => rule.matches && rule.busArn === busArn)) return;
    this.route(busArn, { ...this.envelope(this.chance, awsRegion), ...event }, false);
  }

  /** What every event has. */
  private envelope(chance: Random, region: string) {
    const time = new Date(this.world.scheduler.epochNow()).toISOString().replace(/\.\d+/, '');
    return { version: '0', id: uuidOf(chance.bytes(16)), account: TWIN_ACCOUNT_ID, time, region };
  }

  /** EventBridge is precise to the minute: each rule has a moment of it. A stack that has long been there has old rules. */
  private timesOf({ address }: Rule, schedule: Schedule): NextTime {
    const phaseMs = this.phases.integer(MINUTE_MS);
    if (schedule.kind === 'cron') return cronAt(schedule.next, phaseMs * (1 - LATE_MS.most / MINUTE_MS));
    const { everyMs } = schedule;
    if (this.world.creation) return rateFrom(existsFromMs(this.world, address), everyMs);
    return rateFrom(phaseMs - (1 + this.creations.integer(everyMs / MINUTE_MS)) * MINUTE_MS, everyMs);
  }

  private arm(rule: Rule, times: NextTime, afterMs: number): void {
    const { scheduler } = this.world;
    const dueMs = times(afterMs);
    scheduler.at(dueMs, () => {
      const lateMs = Math.min(LATE_MS.most, this.lateness.logNormal(LATE_MS.median, LATE_MS.p99));
      scheduler.after(lateMs, () => this.fire(rule));
      this.arm(rule, times, dueMs);
    });
  }

  private fire(rule: Rule): void {
    if (!exists(this.world, rule.address) || this.world.faults.isDown(rule.awsRegion)) return;
    for (const target of this.targetsOf(rule)) {
      const event = this.scheduledEvent(rule);
      this.rarelyTwice(rule, () => this.invoke(rule, target, event, 'schedule'));
    }
  }

  private rarelyTwice({ awsRegion }: Rule, run: () => void): void {
    const { faults, scheduler } = this.world;
    run();
    if (this.twice.next() >= TWICE_SHARE) return;
    scheduler.after(this.twice.between(...TWICE_AFTER_MS), () => {
      if (!faults.isDown(awsRegion)) run();
    });
  }

  /** `wasForwarded`: the event came from another bus. EventBridge does not send it on to a third. */
  private route(busArn: string, event: unknown, wasForwarded: boolean): void {
    for (const rule of this.rules) {
      if (rule.busArn !== busArn || !rule.matches?.(event)) continue;
      for (const target of this.targetsOf(rule)) {
        if (target.kind === 'bus' && wasForwarded) continue;
        const delayMs = this.chance.logNormal(DELIVERY_MS.median, DELIVERY_MS.p99);
        const run = (): void => {
          if (target.kind === 'function') this.invoke(rule, target, event, 'eventbridge');
          else void this.forward(rule, target, event);
        };
        this.world.scheduler.after(delayMs, () => this.rarelyTwice(rule, run));
      }
    }
  }

  private targetsOf({ targets }: Rule): readonly Target[] {
    return targets.filter(({ address }) => exists(this.world, address));
  }

  private invoke(rule: Rule, target: Target, event: unknown, trigger: string): void {
    const { functions } = this.ports;
    if (!functions.permits(target.arn, SERVICE, rule.arn)) return this.refuse(rule, target, 'lambda:InvokeFunction');
    functions.invokeAsync(target.arn, target.input ?? event, trigger);
  }

  private async forward(rule: Rule, target: Target, event: unknown): Promise<void> {
    if (!this.mayPut(rule, target)) return this.refuse(rule, target, PUT_EVENTS);
    const { scheduler, network } = this.world;
    const [from, to] = [regionSite(rule.awsRegion), regionSite(target.arn.split(':')[3] ?? '')];
    for (let tries = 0; tries <= MAX_TRIES; tries += 1) {
      const isUp = !this.world.faults.isDown(rule.awsRegion);
      if (isUp && (from.at === to.at || (await network.send(from, to)) === 'delivered')) {
        return this.route(target.arn, event, true);
      }
      const pause = Math.min(PAUSE_MS.most, PAUSE_MS.first * 2 ** tries);
      await scheduler.sleep(pause * this.chance.between(0.5, 1));
    }
    this.keep(rule, target);
  }

  /** The role must allow it, and so must the policy of the bus, if it has one, for this rule. */
  private mayPut(rule: Rule, { arn, roleArn }: Target): boolean {
    if (roleArn === undefined) return true;
    const caller = { roleArn, awsRegion: rule.awsRegion, name: 'events' };
    return this.ports.authorize.allows(caller, PUT_EVENTS, arn) && this.lets(rule, arn, roleArn);
  }

  private lets(rule: Rule, busArn: string, roleArn: string): boolean {
    const policy = this.buses.get(busArn)?.policy;
    if (policy === undefined) return rule.awsRegion === busArn.split(':')[3];
    const request = { principal: { roleArn }, action: PUT_EVENTS, resource: busArn };
    return this.ports.authorize.resourcePolicyAllows(policy, { ...request, context: { 'aws:SourceArn': rule.arn } });
  }

  /** PutTargets is denied when the bus of another region does not let the rule's events in [A]. */
  private checkBus(rule: Rule, { address, kind, arn, roleArn }: Target): void {
    if (kind !== 'bus' || roleArn === undefined || this.lets(rule, arn, roleArn)) return;
    throw new InputError(
      `${address}: target "${arn}"`,
      `lets no events of ${rule.arn} in: EventBridge denies the target`,
      'Allow events:PutEvents from that rule in an aws_cloudwatch_event_bus_policy of the bus, and depend on it',
    );
  }

  /** EventBridge does not retry what is denied (eb-rule-event-delivery). */
  private refuse(rule: Rule, target: Target, action: string): void {
    this.world.events.denied(rule.awsRegion, SERVICE, action, target.arn);
    this.keep(rule, target);
  }

  private keep(rule: Rule, { deadLetterArn }: Target): void {
    if (deadLetterArn !== undefined) this.ports.deadLetters.send(deadLetterArn, SERVICE, rule.arn);
  }

  private scheduledEvent({ awsRegion, arn }: Rule): unknown {
    const own = { 'detail-type': 'Scheduled Event', source: 'aws.events', resources: [arn], detail: {} };
    return { ...this.envelope(this.phases, awsRegion), ...own };
  }
}
