// Alarms for a function of an opt-in region, where SNS does not deliver: their events go from the bus of their region to one beside it.
import { CloudwatchEventBus } from '@cdktf/provider-aws/lib/cloudwatch-event-bus';
import { CloudwatchEventBusPolicy } from '@cdktf/provider-aws/lib/cloudwatch-event-bus-policy';
import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { alarmNamePrefix } from '@dr/contracts/system';
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
  constructor(scope: Construct, id: string, { target, deadLetters, sources }: AlarmEventsProps) {
    super(scope, id, target.place);
    const { place } = target;
    const name = `${place.system}-alarms-${place.name}`;
    const eventPattern = alarmEventPattern(place.system);
    const bus = new CloudwatchEventBus(this, MAIN_RESOURCE, { name: checkedName('event bus', name) });
    const rule = new CloudwatchEventRule(this, 'rule', {
      name: checkedName('rule', name),
      description: `Alarms of other regions, to ${target.name}`,
      eventBusName: bus.name,
      eventPattern,
    });
    const delivered = new CloudwatchEventTarget(this, 'target', {
      rule: rule.name,
      eventBusName: bus.name,
      arn: target.aliasArn,
      dependsOn: [target.allowService('alarm_events', SERVICE, rule.arn)],
      deadLetterConfig: { arn: deadLetters.take(SERVICE, rule.arn) },
    });
    const role = serviceRole(this, '', {
      name: `${place.system}-${place.name}-alarm-events`,
      service: SERVICE,
      statements: [{ sid: 'Alarms', actions: ['events:PutEvents'], resources: [bus.arn] }],
    });
    const ways = sources.map((source) => ({
      source,
      rule: new CloudwatchEventRule(this, `from_${idOf(source)}`, {
        provider: source.place.provider,
        name: checkedName('rule', `${place.system}-alarms-to-${place.name}`),
        description: `Alarms of this region, to ${place.name}, where SNS does not deliver them`,
        eventPattern,
      }),
    }));
    const mayCome = new CloudwatchEventBusPolicy(this, 'bus_policy', {
      eventBusName: bus.name,
      policy: policyJson([
        {
          sid: 'Alarms',
          principal: { AWS: `arn:aws:iam::${place.accountId}:root` },
          actions: ['events:PutEvents'],
          resources: [bus.arn],
          conditions: { ArnEquals: { 'aws:SourceArn': ways.map((way) => way.rule.arn) } },
        },
      ]),
    });
    for (const way of ways) {
      new CloudwatchEventTarget(this, `from_${idOf(way.source)}_target`, {
        provider: way.source.place.provider,
        rule: way.rule.name,
        arn: bus.arn,
        roleArn: role.arn,
        deadLetterConfig: { arn: way.source.deadLetters.take(SERVICE, way.rule.arn) },
        // EventBridge checks the bus's policy when it gets the target, and the role must be known by then.
        dependsOn: [mayCome, role.ready, delivered],
      });
    }
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
