// Alarms for a function of an opt-in region, where SNS does not deliver: their events go from the bus of their region to one beside it.
import { CloudwatchEventBus } from '@cdktf/provider-aws/lib/cloudwatch-event-bus';
import { CloudwatchEventBusPolicy } from '@cdktf/provider-aws/lib/cloudwatch-event-bus-policy';
import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { alarmNamePrefix } from '@dr/contracts/system';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import type { DeadLetters } from './dead-letters';
import type { RegionFunction } from './function';
import { checkedName } from './names';
import { policyJson } from './policy';
import { MAIN_RESOURCE, Placed, type PlacedProps } from './region';
import { serviceRole } from './service-role';

/** A region whose alarms the function must hear. */
export interface AlarmSource extends PlacedProps {
  /** Keeps events that found no way out of that region: EventBridge takes queues of the rule's own region only. */
  readonly deadLetters: DeadLetters;
}

export interface AlarmEventsProps {
  readonly target: RegionFunction;
  /** Keeps events that found no function. */
  readonly deadLetters: DeadLetters;
  /** One for each AWS region. */
  readonly sources: readonly AlarmSource[];
}

const SERVICE = 'events.amazonaws.com';

export class AlarmEvents extends Placed {
  private readonly target: RegionFunction;
  private readonly name: string;
  private readonly pattern: string;

  constructor(scope: Construct, id: string, { target, deadLetters, sources }: AlarmEventsProps) {
    super(scope, id, target.place);
    const { place } = target;
    this.target = target;
    this.name = `${place.system}-alarms-${place.name}`;
    this.pattern = alarmEventPattern(place.system);
    const bus = new CloudwatchEventBus(this, MAIN_RESOURCE, {
      name: checkedName('event bus', this.name),
    });
    const delivered = this.deliver(bus, deadLetters);
    const role = serviceRole(this, '', {
      name: `${place.system}-${place.name}-alarm-events`,
      service: SERVICE,
      statements: [{ sid: 'Alarms', actions: ['events:PutEvents'], resources: [bus.arn] }],
    });
    const rules = sources.map((source) => this.ruleOf(source));
    const mayCome = new CloudwatchEventBusPolicy(this, 'bus_policy', {
      eventBusName: bus.name,
      policy: policyJson([
        {
          sid: 'Alarms',
          principal: { AWS: `arn:aws:iam::${place.accountId}:root` },
          actions: ['events:PutEvents'],
          resources: [bus.arn],
          conditions: { ArnEquals: { 'aws:SourceArn': rules.map(({ arn }) => arn) } },
        },
      ]),
    });
    sources.forEach((source, i) => {
      new CloudwatchEventTarget(this, `from_${idOf(source)}_target`, {
        provider: source.place.provider,
        rule: rules[i]?.name ?? '',
        arn: bus.arn,
        roleArn: role.arn,
        deadLetterConfig: { arn: source.deadLetters.take(SERVICE, rules[i]?.arn ?? '') },
        // EventBridge checks the bus's policy when it gets the target, and the role must be known by then.
        dependsOn: [mayCome, role.ready, delivered],
      });
    });
  }

  private deliver(bus: CloudwatchEventBus, deadLetters: DeadLetters): ITerraformDependable {
    const rule = new CloudwatchEventRule(this, 'rule', {
      name: checkedName('rule', this.name),
      description: `Alarms of other regions, to ${this.target.name}`,
      eventBusName: bus.name,
      eventPattern: this.pattern,
    });
    const permission = this.target.allowService('alarm_events', SERVICE, rule.arn);
    return new CloudwatchEventTarget(this, 'target', {
      rule: rule.name,
      eventBusName: bus.name,
      arn: this.target.aliasArn,
      deadLetterConfig: { arn: deadLetters.take(SERVICE, rule.arn) },
      dependsOn: [permission],
    });
  }

  private ruleOf(source: AlarmSource): CloudwatchEventRule {
    const { place } = this.target;
    return new CloudwatchEventRule(this, `from_${idOf(source)}`, {
      provider: source.place.provider,
      name: checkedName('rule', `${place.system}-alarms-to-${place.name}`),
      description: `Alarms of this region, to ${place.name}, where SNS does not deliver them`,
      eventPattern: this.pattern,
    });
  }
}

const idOf = ({ place }: AlarmSource): string => place.name.replaceAll('-', '_');

/** State changes of this system's alarms (CloudWatch user guide, "Alarm events and EventBridge"). */
const alarmEventPattern = (system: string): string =>
  JSON.stringify({
    source: ['aws.cloudwatch'],
    'detail-type': ['CloudWatch Alarm State Change'],
    detail: { alarmName: [{ prefix: alarmNamePrefix(system) }] },
  });
