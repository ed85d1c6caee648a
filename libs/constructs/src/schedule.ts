// An EventBridge schedule that invokes a function with AWS's own scheduled event.
import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import type { Construct } from 'constructs';
import type { DeadLetters } from './dead-letters';
import type { RegionFunction } from './function';
import { checkedName } from './names';
import { MAIN_RESOURCE, Placed } from './region';

export interface ScheduleProps {
  readonly target: RegionFunction;
  /** Keeps events that found no function. */
  readonly deadLetters: DeadLetters;
  /** e.g. `rate(1 minute)`. */
  readonly expression: string;
}

export class Schedule extends Placed {
  constructor(scope: Construct, id: string, { target, deadLetters, expression }: ScheduleProps) {
    super(scope, id, target.place);
    const rule = new CloudwatchEventRule(this, MAIN_RESOURCE, {
      name: checkedName('rule', `${target.place.system}-${target.name}`),
      description: `Invokes ${target.name}: ${expression}`,
      scheduleExpression: expression,
    });
    const permission = target.allowService('schedule', 'events.amazonaws.com', rule.arn);
    new CloudwatchEventTarget(this, 'target', {
      rule: rule.name,
      arn: target.aliasArn,
      deadLetterConfig: { arn: deadLetters.take('events.amazonaws.com', rule.arn) },
      dependsOn: [permission],
    });
  }
}
