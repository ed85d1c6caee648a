// EventBridge: schedules that fire at a phase of their own, and events of AWS services that rules send to functions and buses.
import { InputError } from '@dr/contracts';
import type { Graph } from '@dr/terraform-json';
import type { Random } from '../../kernel/random';
import { EPOCH_MS } from '../../kernel/scheduler';
import { regionSite } from '../../network';
import { uuidOf } from '../../runtime/virtual-crypto';
import { exists, type World } from '../../world';
import { defaultBusArn, readBuses, readRules, type Bus, type Rule, type Target } from './rules';
import type { Authorize, EventSink, FunctionInvoker, ServiceEvent } from '../ports';
import type { DeadLetters } from '../sns/sqs';

export interface EventBridgePorts {
  readonly functions: FunctionInvoker;
  readonly authorize: Authorize;
  /** @default what cannot be delivered is lost */
  readonly deadLetters?: DeadLetters;
}

const MINUTE_MS = 60_000;
const SERVICE = 'events.amazonaws.com';
const INVOKE = 'lambda:InvokeFunction';
const PUT_EVENTS = 'events:PutEvents';
/** [A] From an event to its target, about half a second (EventBridge FAQ). */
const DELIVERY_MS = { median: 300, p99: 1_500 };
/** For 24 hours and up to 185 times with an exponential back-off and jitter (eb-rule-retry-policy); its steps are [A]. */
const MAX_TRIES = 185;
const PAUSE_MS = { first: 1_000, most: 480_000 };

export class EventBridge implements EventSink {
  private readonly rules: readonly Rule[];
  private readonly buses: ReadonlyMap<string, Bus>;
  private readonly phases: Random;
  private readonly chance: Random;

  constructor(
    private readonly world: World,
    graph: Graph,
    private readonly ports: EventBridgePorts,
  ) {
    this.buses = readBuses(graph, world.accountId);
    this.rules = readRules(graph, this.buses, world.accountId);
    for (const rule of this.rules) for (const target of rule.targets) this.checkBus(rule, target);
    this.phases = world.random.stream('eventbridge');
    this.chance = world.random.stream('eventbridge/events');
  }

  start(): void {
    for (const rule of this.rules) if (rule.next) this.schedule(rule, this.phases.integer(MINUTE_MS));
  }

  /** An AWS service's event, to the default bus of its region. */
  emit(awsRegion: string, event: ServiceEvent): void {
    const time = new Date(this.world.scheduler.epochNow()).toISOString().replace(/\.\d+/, '');
    const { accountId: account } = this.world;
    const busArn = defaultBusArn(account, awsRegion);
    if (!this.rules.some((rule) => rule.matches && rule.busArn === busArn)) return;
    const id = uuidOf(this.chance.bytes(16));
    this.route(busArn, { version: '0', id, account, time, region: awsRegion, ...event }, false);
  }

  /** A schedule fires within its minute, each rule at its own moment (EventBridge is precise to the minute). */
  private schedule(rule: Rule, phaseMs: number): void {
    const { scheduler } = this.world;
    if (!rule.next) return;
    const dueMs = rule.next(scheduler.epochNow() - phaseMs) + phaseMs - EPOCH_MS;
    scheduler.at(dueMs, () => {
      if (!this.world.faults.isDown(rule.awsRegion)) {
        for (const target of this.targetsOf(rule)) this.invoke(rule, target, this.scheduledEvent(rule), 'schedule');
      }
      this.schedule(rule, phaseMs);
    });
  }

  /** `wasForwarded`: it came from another bus, and EventBridge does not send it on to a third. */
  private route(busArn: string, event: unknown, wasForwarded: boolean): void {
    for (const rule of this.rules) {
      if (rule.busArn !== busArn || !rule.matches?.(event)) continue;
      for (const target of this.targetsOf(rule)) {
        if (target.kind === 'bus' && wasForwarded) continue;
        const delayMs = this.chance.logNormal(DELIVERY_MS.median, DELIVERY_MS.p99);
        this.world.scheduler.after(delayMs, () => {
          if (target.kind === 'function') this.invoke(rule, target, event, 'eventbridge');
          else void this.forward(rule, target, event);
        });
      }
    }
  }

  private targetsOf({ targets }: Rule): readonly Target[] {
    return targets.filter(({ address }) => exists(this.world, address));
  }

  private invoke(rule: Rule, target: Target, event: unknown, trigger: string): void {
    const { functions } = this.ports;
    if (functions.permits(target.arn, SERVICE, rule.arn))
      functions.invokeAsync(target.arn, target.input ?? event, trigger);
    else this.refuse(rule, target, INVOKE);
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

  /** The role decides for its account; the policy of the bus, where there is one, for the rule that the event came by. */
  private mayPut(rule: Rule, { arn, roleArn }: Target): boolean {
    if (roleArn === undefined) return true;
    const caller = { roleArn, awsRegion: rule.awsRegion, name: 'events' };
    return this.ports.authorize.allows(caller, PUT_EVENTS, arn) && this.lets(rule, arn, roleArn);
  }

  private lets(rule: Rule, busArn: string, roleArn: string): boolean {
    const policy = this.buses.get(busArn)?.policy;
    if (policy === undefined) return rule.awsRegion === busArn.split(':')[3];
    const context = { 'aws:SourceArn': rule.arn };
    return this.ports.authorize.resourcePolicyAllows(policy, {
      principal: { roleArn },
      action: PUT_EVENTS,
      resource: busArn,
      context,
    });
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

  /** A permission that is missing is no fault that passes: no retry (eb-rule-event-delivery). */
  private refuse(rule: Rule, target: Target, action: string): void {
    const region = rule.awsRegion;
    this.world.events.record({ kind: 'denied', region, role: SERVICE, action, resource: target.arn });
    this.keep(rule, target);
  }

  private keep(rule: Rule, { deadLetterArn }: Target): void {
    if (deadLetterArn !== undefined) this.ports.deadLetters?.send(deadLetterArn, SERVICE, rule.arn);
  }

  private scheduledEvent({ awsRegion, arn }: Rule): unknown {
    const time = new Date(this.world.scheduler.epochNow()).toISOString().replace(/\.\d+/, '');
    return {
      version: '0',
      id: uuidOf(this.phases.bytes(16)),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: this.world.accountId,
      time,
      region: awsRegion,
      resources: [arn],
      detail: {},
    };
  }
}
