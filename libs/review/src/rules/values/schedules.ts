// Schedules that EventBridge does not take.
import { finding, whyNotScheduled, type Finding } from '@dr/stack';
import { textOf, type Resource } from '@dr/terraform-json';
import { isGiven, takenRule } from './taken';

export const scheduleValues = takenRule({
  kind: 'schedule',
  type: 'aws_cloudwatch_event_rule',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html',
  statement:
    'A rule with a schedule is on the default bus. Its rate has a unit that agrees with its number, its cron has one ? for the day.',
  judge: [expressionFindings, busFindings],
});

const FIX = 'Write rate(1 minute), rate(5 minutes) or cron(minutes hours day-of-month month ? year)';

function* expressionFindings({ address, values }: Resource): Iterable<Finding> {
  const expression = textOf(values, 'schedule_expression');
  const refused = expression === undefined ? undefined : whyNotScheduled(expression);
  if (refused !== undefined) yield finding(address, `has the schedule ${expression}, which ${refused}`, FIX);
}

function* busFindings({ address, values }: Resource): Iterable<Finding> {
  const bus = textOf(values, 'event_bus_name') ?? 'default';
  if (!isGiven(values, 'schedule_expression') || /^(default|arn:.*:event-bus\/default)$/.test(bus)) return;
  const sentence = `has a schedule on the bus ${bus}, and EventBridge runs schedules on the default one alone`;
  yield finding(address, sentence, 'Remove event_bus_name');
}
