// EventBridge schedules: rate and cron rules that invoke functions, at a phase of their own, while their region is up.
import { InputError } from '@dr/contracts';
import type { Graph, Resource } from '@dr/terraform-json';
import type { Random } from '../../kernel/random';
import { EPOCH_MS } from '../../kernel/scheduler';
import { uuidOf } from '../../runtime/virtual-crypto';
import { shortName, type World } from '../../world';
import { blockOf, flagOf, textOf } from '../attributes';
import { readSchedule, type NextTime } from './schedule';
import type { FunctionInvoker } from '../ports';
import type { DeadLetters } from '../sns/sqs';

export interface EventBridgePorts {
  readonly functions: FunctionInvoker;
  /** @default what cannot be delivered is lost */
  readonly deadLetters?: DeadLetters;
}

interface Target {
  readonly arn: string;
  readonly input: unknown;
  readonly deadLetterArn: string | undefined;
}

interface ScheduledRule {
  readonly address: string;
  readonly awsRegion: string;
  readonly arn: string;
  readonly next: NextTime;
  readonly targets: readonly Target[];
}

const MINUTE_MS = 60_000;
const SERVICE = 'events.amazonaws.com';

export class EventBridge {
  private readonly rules: readonly ScheduledRule[];
  private readonly random: Random;

  constructor(
    private readonly world: World,
    graph: Graph,
    private readonly ports: EventBridgePorts,
  ) {
    this.rules = graph
      .ofType('aws_cloudwatch_event_rule')
      .filter(isEnabledSchedule)
      .map((rule) => readRule(graph, rule));
    this.random = world.random.stream('eventbridge');
  }

  start(): void {
    for (const rule of this.rules) this.schedule(rule, this.random.integer(MINUTE_MS));
  }

  /** A schedule fires within its minute, each rule at its own moment (EventBridge is precise to the minute). */
  private schedule(rule: ScheduledRule, phaseMs: number): void {
    const { scheduler } = this.world;
    const dueMs = rule.next(scheduler.epochNow() - phaseMs) + phaseMs - EPOCH_MS;
    scheduler.at(dueMs, () => {
      this.fire(rule);
      this.schedule(rule, phaseMs);
    });
  }

  private fire(rule: ScheduledRule): void {
    if (this.world.faults.isDown(rule.awsRegion)) return;
    for (const { arn, input, deadLetterArn } of rule.targets) {
      if (this.ports.functions.permits(arn, SERVICE, rule.arn)) {
        this.ports.functions.invokeAsync(arn, input ?? this.scheduledEvent(rule), 'schedule');
        continue;
      }
      const region = shortName(this.world, rule.awsRegion);
      const action = 'lambda:InvokeFunction';
      this.world.events.record({ kind: 'denied', region, role: SERVICE, action, resource: arn });
      if (deadLetterArn !== undefined) this.ports.deadLetters?.send(deadLetterArn, SERVICE, rule.arn);
    }
  }

  private scheduledEvent({ awsRegion, arn }: ScheduledRule): unknown {
    const time = new Date(this.world.scheduler.epochNow()).toISOString().replace(/\.\d+/, '');
    return {
      version: '0',
      id: uuidOf(this.random.bytes(16)),
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

/** Rules on events are not the twin's: nothing here emits any. */
const isEnabledSchedule = ({ values }: Resource): boolean =>
  textOf(values, 'schedule_expression') !== undefined &&
  flagOf(values, 'is_enabled') !== false &&
  textOf(values, 'state') !== 'DISABLED';

function readRule(graph: Graph, rule: Resource): ScheduledRule {
  const { values, address, awsRegion } = rule;
  const name = textOf(values, 'name') ?? rule.name;
  const targets = graph
    .ofType('aws_cloudwatch_event_target')
    .filter((target) => target.awsRegion === awsRegion && textOf(target.values, 'rule') === name)
    .map((target) => ({
      arn: functionArn(target),
      input: readInput(target),
      deadLetterArn: textOf(blockOf(target.values, 'dead_letter_config') ?? {}, 'arn'),
    }));
  return {
    address,
    awsRegion,
    arn: String(graph.attribute(rule, 'arn')),
    next: readSchedule(address, textOf(values, 'schedule_expression') ?? ''),
    targets,
  };
}

function functionArn({ values, address }: Resource): string {
  const arn = textOf(values, 'arn') ?? '';
  if (arn.split(':')[2] === 'lambda') return arn;
  throw new InputError(`${address}: target "${arn}"`, 'is no Lambda function', 'Schedule functions only');
}

function readInput({ values, address }: Resource): unknown {
  const input = textOf(values, 'input');
  if (input === undefined) return undefined;
  try {
    return JSON.parse(input);
  } catch (cause) {
    throw new InputError(`${address}: input "${input}"`, 'is not JSON', 'Give JSON text', { cause });
  }
}
